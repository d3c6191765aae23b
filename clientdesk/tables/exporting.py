"""A list as a file: exactly what is shown, by the same filters, order and columns (S1, SD9); streamed, whatever its length."""

from collections.abc import Iterator
from typing import ClassVar, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise

from clientdesk import list_memory, saved_views
from clientdesk.lists import Listing
from clientdesk.rights import Right
from clientdesk.search_form import Memo
from clientdesk.spreadsheets import SHEET_ROWS, Value, write_csv, write_xlsx
from clientdesk.tables.columns import Columns
from clientdesk.tables.pages import TablePage
from clientdesk.tables.picking import picked_keys

BATCH = 1000
FORMATS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


class Export(TablePage):
    """The rows of the list, or of it only those that were picked, as workbook or CSV. Whoever may not see a record does not get it."""

    right = Right.EXPORT
    not_filters = TablePage.not_filters | {"format", "pick"}
    formats: ClassVar = tuple(FORMATS)
    nothing_picked: ClassVar[str | Promise]
    too_many: ClassVar[str | Promise]

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        kind = request.GET.get("format", "")
        kind = kind if kind in self.formats else "xlsx"
        self.memory = list_memory.recall(request.user, self.spec.page)
        listing = self.read_list()
        records = self.narrowed(listing.narrowed(self.queryset()))
        if "query" in request.GET and "all" not in request.GET:
            picked = picked_keys(request.GET)
            if not picked:
                messages.info(request, self.nothing_picked)
                return self.back(listing)
            records = records.filter(pk__in=picked)
        if reason := self.why_not(records, kind):
            messages.error(request, reason)
            return self.back(listing)
        headers = {"Content-Disposition": f'attachment; filename="{self.filename(kind)}"'}
        content = self.content(listing, records, kind)
        # A streamed answer is no HttpResponse by its class, but one by what it does.
        return cast("HttpResponse", StreamingHttpResponse(content, content_type=FORMATS[kind], headers=headers))

    def narrowed(self, records: QuerySet) -> QuerySet:
        """Return those of the list's `records` that the file is about."""
        return records

    def why_not(self, records: QuerySet, format: str) -> str:
        """Return why there can be no such file of `records`, or an empty text."""
        is_too_long = format == "xlsx" and records.order_by()[SHEET_ROWS - 1 : SHEET_ROWS].exists()
        return str(self.too_many) if is_too_long else ""

    def filename(self, format: str) -> str:
        """Return the name under which the file is saved."""
        return f"{self.table.page}-{timezone.localdate().isoformat()}.{format}"

    def content(self, listing: Listing, records: QuerySet, format: str) -> Iterator[bytes]:
        """Stream the file."""
        rows = table(listing, records, self.columns)
        return write_csv(rows) if format == "csv" else write_xlsx(rows, sheet=str(self.table.words["many"]))

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
        return HttpResponseRedirect(f"{self.table.url('list')}{listing.url()}", status=303)


def _without_list(params: QueryDict) -> str:
    kept = params.copy()
    for name in set(params) - {"query", "pick", "all", "format", "saved"}:
        del kept[name]
    return kept.urlencode()


def table(listing: Listing, records: QuerySet, columns: Columns) -> Iterator[list[Value]]:
    """Yield the head and a row for each of `records`, in the order of `listing`, reading BATCH of them at a time."""
    columns.has_words = False
    shown = [column for column in columns.shown if column.name not in columns.not_in_files]
    yield [head for column in shown for head in columns.heads_in_files(column)]
    for batch in listing.batches(columns.read_for_files(records), BATCH):
        for row in columns.rows(batch):
            yield [cell for column in shown for cell in columns.in_files(column.name, row)]
