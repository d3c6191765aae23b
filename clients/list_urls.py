"""Addresses of the clients list and what is done from it, below /clients/."""

from django.urls import path

from clientdesk.tables.urls import addresses
from clients import list_views
from clients.bulk_views import BulkClients
from clients.exporting import ExportClients
from clients.table import TABLE

urlpatterns = [
    *addresses(TABLE, list_views.ClientList, ExportClients, BulkClients),
    path("choose/", list_views.ChooseKind.as_view(), name="choose"),
    path("add/", list_views.AddClient.as_view(), name="add"),
    path("similar/", list_views.SimilarClients.as_view(), name="similar"),
]
