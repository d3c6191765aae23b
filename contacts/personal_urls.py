"""Addresses of a contact's history and personal data, below /contacts/<pk>/."""

from django.urls import path

from contacts import history_views, personal_views

urlpatterns = [
    path("history/", history_views.ContactHistory.as_view(), name="history"),
    path("dossier/", personal_views.ContactDossier.as_view(), name="dossier"),
    path("erase/", personal_views.EraseContact.as_view(), name="erase"),
    path("hold/", personal_views.HoldContact.as_view(), name="hold"),
    path("hold/lift/", personal_views.LiftHoldOfContact.as_view(), name="lift_hold"),
]
