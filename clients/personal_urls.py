"""Addresses about the personal data of a client, below /clients/<pk>/."""

from django.urls import path

from clients import personal_views

urlpatterns = [
    path("dossier/", personal_views.ClientDossier.as_view(), name="dossier"),
    path("erase/", personal_views.EraseClient.as_view(), name="erase"),
    path("hold/", personal_views.HoldClient.as_view(), name="hold"),
    path("hold/lift/", personal_views.LiftHoldOfClient.as_view(), name="lift_hold"),
]
