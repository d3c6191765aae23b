"""Addresses of possible duplicates and of merges, below /clients/."""

from django.urls import path

from clients import duplicate_views

urlpatterns = [
    path("duplicates/", duplicate_views.DuplicatePairs.as_view(), name="duplicates"),
    path("duplicates/scan/", duplicate_views.scan, name="scan_duplicates"),
    path("duplicates/dismiss/", duplicate_views.dismiss_pair, name="dismiss_pair"),
]
