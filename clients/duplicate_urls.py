"""Addresses of possible duplicates and of merges, below /clients/."""

from django.urls import path

from clients import duplicate_views, merge_views

urlpatterns = [
    path("duplicates/", duplicate_views.DuplicatePairs.as_view(), name="duplicates"),
    path("duplicates/scan/", duplicate_views.scan, name="scan_duplicates"),
    path("duplicates/dismiss/", duplicate_views.dismiss_pair, name="dismiss_pair"),
    path("merge/<int:first>/<int:second>/", merge_views.MergeClients.as_view(), name="merge"),
    path("<int:pk>/merge/", merge_views.MergeWith.as_view(), name="merge_with"),
    path("merges/<int:pk>/", merge_views.Merged.as_view(), name="merged"),
    path("merges/<int:pk>/undo/", merge_views.undo_merge, name="undo_merge"),
]
