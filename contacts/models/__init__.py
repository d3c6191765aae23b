"""The places and people of a client, the settings lists about them, and what hangs on a contact."""

from contacts.models.actions import CalendarFeed, CrmAction, CrmActionQuerySet, CrmMailing
from contacts.models.channels import SocialAccount
from contacts.models.dictionaries import Position, SocialNetwork
from contacts.models.parts import ContactFormats, ContactMove, ContactPair
from contacts.models.people import Contact, ContactOffice, ContactQuerySet, sort_key
from contacts.models.places import Department, Office
from contacts.models.templates import MailTemplate
from contacts.models.unwanted import UnwantedAddress

__all__ = [
    "CalendarFeed",
    "Contact",
    "ContactFormats",
    "ContactMove",
    "ContactOffice",
    "ContactPair",
    "ContactQuerySet",
    "CrmAction",
    "CrmActionQuerySet",
    "CrmMailing",
    "Department",
    "MailTemplate",
    "Office",
    "Position",
    "SocialAccount",
    "SocialNetwork",
    "UnwantedAddress",
    "sort_key",
]
