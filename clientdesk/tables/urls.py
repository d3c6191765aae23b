"""The addresses of a list and of what is done from it."""

from collections.abc import Callable
from typing import cast

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.generic import View

from clientdesk.tables import view_pages
from clientdesk.tables.bulk_views import Bulk, BulkRun, BulkUndo
from clientdesk.tables.exporting import Export
from clientdesk.tables.pages import TablePage
from clientdesk.tables.shape import Table


def addresses(table: Table, page: type[TablePage], export: type[Export], bulk: type[Bulk] | None = None) -> list[URLPattern]:
    """Return the addresses of `table`, whose list is `page`, whose file is `export` and whose acts on many are asked for by `bulk`;
    without it nothing is done with many."""

    def of(view: type[View], **more: object) -> Callable[..., HttpResponseBase]:
        # A page of its own for this list, so that whatever reads attributes of a view's class finds them.
        return cast("type[View]", type(view.__name__, (view,), {"table": table, **more})).as_view()

    acts = []
    if bulk:
        acts = [
            path("bulk/", bulk.as_view(), name="bulk"),
            path("bulk/<int:pk>/", of(BulkRun, acts=bulk.acts), name="bulk_run"),
            path("bulk/<int:pk>/undo/", of(BulkUndo, acts=bulk.acts), name="bulk_undo"),
        ]
    return [
        path("", page.as_view(), name="list"),
        path("export/", export.as_view(), name="export"),
        *acts,
        path("columns/", of(view_pages.ChooseColumns), name="columns"),
        path("views/save/", of(view_pages.SaveView), name="save_view"),
        path("views/restore/", of(view_pages.RestoreView), name="restore_view"),
        path("views/<int:pk>/rename/", of(view_pages.RenameView), name="rename_view"),
        path("views/<int:pk>/overwrite/", of(view_pages.OverwriteView), name="overwrite_view"),
        path("views/<int:pk>/delete/", of(view_pages.DeleteView), name="delete_view"),
    ]
