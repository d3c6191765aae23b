"""Clients, the registry of companies, the settings lists that describe them, and what hangs on a client."""

from clients.models.client import Client, ClientQuerySet, client_search_key, same_name_error, same_name_sentence
from clients.models.company import Company, company_search_key
from clients.models.custom import CustomField
from clients.models.dictionaries import Branch, Category, CategoryUser, CompanyType, Industry, LeadSource, StaffBranch
from clients.models.parts import ClientDocument, ClientFormats, ClientIndustry, DuplicatePair, Responsible

__all__ = [
    "Branch",
    "Category",
    "CategoryUser",
    "Client",
    "ClientDocument",
    "ClientFormats",
    "ClientIndustry",
    "ClientQuerySet",
    "Company",
    "CompanyType",
    "CustomField",
    "DuplicatePair",
    "Industry",
    "LeadSource",
    "Responsible",
    "StaffBranch",
    "client_search_key",
    "company_search_key",
    "same_name_error",
    "same_name_sentence",
]
