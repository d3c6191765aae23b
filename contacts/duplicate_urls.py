"""Addresses of possible duplicates among contacts and of their merges, below /contacts/."""

from django.urls import path

from contacts import duplicate_views, merge_views

urlpatterns = [
    path("duplicates/", duplicate_views.DuplicatePairs.as_view(), name="duplicates"),
    path("duplicates/scan/", duplicate_views.ScanContacts.as_view(), name="scan_duplicates"),
    path("duplicates/dismiss/", duplicate_views.DismissContacts.as_view(), name="dismiss_pair"),
    path("merge/<int:first>/<int:second>/", merge_views.MergeContacts.as_view(), name="merge"),
    path("<int:pk>/merge/", merge_views.MergeWith.as_view(), name="merge_with"),
    path("merges/<int:pk>/", merge_views.MergedContacts.as_view(), name="merged"),
    path("merges/<int:pk>/undo/", merge_views.UndoContacts.as_view(), name="undo_merge"),
]
