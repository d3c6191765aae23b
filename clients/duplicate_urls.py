"""Addresses of possible duplicates and of merges, below /clients/."""

from django.urls import path

from clients import duplicate_views, merge_views

urlpatterns = [
    path("duplicates/", duplicate_views.DuplicatePairs.as_view(), name="duplicates"),
    path("duplicates/scan/", duplicate_views.ScanClients.as_view(), name="scan_duplicates"),
    path("duplicates/dismiss/", duplicate_views.DismissClients.as_view(), name="dismiss_pair"),
    path("merge/<int:first>/<int:second>/", merge_views.MergeClients.as_view(), name="merge"),
    path("<int:pk>/merge/", merge_views.MergeWith.as_view(), name="merge_with"),
    path("merges/<int:pk>/", merge_views.MergedClients.as_view(), name="merged"),
    path("merges/<int:pk>/undo/", merge_views.UndoClients.as_view(), name="undo_merge"),
]
