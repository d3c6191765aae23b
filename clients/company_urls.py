"""Addresses of the registry of companies, below /companies/."""

from django.urls import path

from clients import company_views as views

app_name = "companies"

urlpatterns = [
    path("", views.CompanyList.as_view(), name="list"),
    path("export/", views.ExportCompanies.as_view(), name="export"),
    path("add/", views.AddCompany.as_view(), name="add"),
    path("search/", views.SimilarCompanies.as_view(), name="search"),
    path("<int:pk>/", views.CompanyDetail.as_view(), name="detail"),
    path("<int:pk>/edit/", views.EditCompany.as_view(), name="edit"),
]
