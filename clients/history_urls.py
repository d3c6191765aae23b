"""Addresses of a client's history and personal data, below /clients/<pk>/."""

from django.urls import path

from clients import history_views

urlpatterns = [
    path("history/", history_views.ClientHistory.as_view(), name="history"),
]
