"""The clients list as a file: exactly what is shown, by the same filters, order and columns (S1, SD9); streamed, whatever its length."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk import list_memory, saved_views
from clientdesk.lists import Listing
from clientdesk.rights import Right
from clientdesk.search_form import Memo
from clientdesk.spreadsheets import SHEET_ROWS, Value, write_csv, write_xlsx
from clients import custom
from clients.columns import Columns, Row
from clients.list_views import ClientList
from clients.picking import picked_keys

BATCH = 1000
FORMATS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


class ExportClients(ClientList):
    """The rows of the list, or of it only those that were picked, as workbook or CSV. Whoever may not see a client does not get it."""

    right = Right.EXPORT
    not_filters = ClientList.not_filters | {"format", "pick"}

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        kind = request.GET.get("format", "")
        kind = kind if kind in FORMATS else "xlsx"
        self.memory = list_memory.recall(request.user, self.spec.page)
        listing = self.read_list()
        clients = listing.narrowed(self.queryset())
        if "query" in request.GET and "all" not in request.GET:
            picked = picked_keys(request.GET)
            if not picked:
                messages.info(request, _("Select at least one client to export."))
                return self.back(listing)
            clients = clients.filter(pk__in=picked)
        if kind == "xlsx" and clients.order_by()[SHEET_ROWS - 1 : SHEET_ROWS].exists():
            messages.error(request, _("A sheet holds 1,048,575 clients, and these are more. Export them as a CSV file."))
            return self.back(listing)
        name = f"clients-{timezone.localdate().isoformat()}.{kind}"
        rows = table(listing, clients, self.columns)
        content = write_csv(rows) if kind == "csv" else write_xlsx(rows, sheet=str(_("Clients")))
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        # A streamed answer is no HttpResponse by its class, but one by what it does.
        return cast("HttpResponse", StreamingHttpResponse(content, content_type=FORMATS[kind], headers=headers))

    def read_list(self) -> Listing:
        """Return the list that the address asks for; the bar of picked rows sends it as one text, `query`."""
        if "query" in self.request.GET:
            self.request.GET = QueryDict(f"{self.request.GET['query']}&{_without_list(self.request.GET)}")
        views = list(saved_views.seen_by(self.request.user, self.spec.page))
        listing = self.read(views, Memo())
        self.arrange(listing)
        return listing

    def back(self, listing: Listing) -> HttpResponse:
        """Return to the list as it was."""
        return HttpResponseRedirect(f"{reverse('clients:list')}{listing.url()}", status=303)


def _without_list(params: QueryDict) -> str:
    kept = params.copy()
    for name in set(params) - {"query", "pick", "all", "format", "saved"}:
        del kept[name]
    return kept.urlencode()


def table(listing: Listing, clients: QuerySet, columns: Columns) -> Iterator[list[Value]]:
    """Yield the head and a row for each of `clients`, in the order of `listing`, reading BATCH of them at a time."""
    shown = [column for column in columns.shown if column.name != "shortcuts"]
    head: list[Value] = []
    for column in shown:
        head.append(str(column.label))
        if column.name == "contact":
            head.append(_("E-mail of the primary contact"))
    yield head
    for batch in listing.batches(columns.read(clients), BATCH):
        for row in columns.rows(batch):
            yield [cell for column in shown for cell in _cells(columns, column.name, row)]


def _cells(columns: Columns, name: str, row: Row) -> list[Value]:
    if name == "contact":
        return [str(row.contact), row.contact.email] if row.contact else ["", ""]
    if name == "portal":
        return [str(row.access.state.label) if row.access else ""]
    if field := columns.fields.get(name):
        stored = row.client.custom.get(field.key)
        found = custom.typed(field, stored)
        if isinstance(found, datetime):
            return [timezone.localtime(found)]
        return [found] if isinstance(found, date | Decimal) else [custom.shown(field, stored)]
    found = columns.value(name, row.client, row.contact)
    return [found if isinstance(found, date) else str(found or "")]
