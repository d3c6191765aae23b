"""Addresses of the clients list and what is done from it, below /clients/."""

from django.urls import path

from clients import bulk_views, exporting, list_views, view_pages

urlpatterns = [
    path("", list_views.ClientList.as_view(), name="list"),
    path("export/", exporting.ExportClients.as_view(), name="export"),
    path("bulk/", bulk_views.Bulk.as_view(), name="bulk"),
    path("bulk/<int:pk>/", bulk_views.BulkRun.as_view(), name="bulk_run"),
    path("bulk/<int:pk>/undo/", bulk_views.bulk_undo, name="bulk_undo"),
    path("columns/", view_pages.choose_columns, name="columns"),
    path("views/save/", view_pages.SaveView.as_view(), name="save_view"),
    path("views/restore/", view_pages.restore_view, name="restore_view"),
    path("views/<int:pk>/rename/", view_pages.RenameView.as_view(), name="rename_view"),
    path("views/<int:pk>/overwrite/", view_pages.overwrite_view, name="overwrite_view"),
    path("views/<int:pk>/delete/", view_pages.delete_view, name="delete_view"),
    path("choose/", list_views.ChooseKind.as_view(), name="choose"),
    path("add/", list_views.AddClient.as_view(), name="add"),
    path("similar/", list_views.SimilarClients.as_view(), name="similar"),
]
