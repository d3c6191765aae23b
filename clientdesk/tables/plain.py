"""Lists whose columns are not chosen on the page, as a file: what the filters leave, in the order of the list, in the columns that are
ticked beside the button."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clientdesk.lists import Listing
from clientdesk.rights import Right
from clientdesk.search_form import Memo
from clientdesk.spreadsheets import SHEET_ROWS, Value, write_csv, write_xlsx
from clientdesk.tables.exporting import BATCH, FORMATS
from clientdesk.views import ListPage


@dataclass(frozen=True)
class FileColumn:
    """One column of a file: its name in the address, its head, and what it says of a row of the list."""

    name: str
    label: str | Promise
    value: Callable[..., Value | datetime | object]

    def cell(self, row: object) -> Value:
        """Return the cell of `row`: a moment in the present time zone, a number as such, anything else in words."""
        found = self.value(row)
        if isinstance(found, datetime):
            return timezone.localtime(found)
        return found if isinstance(found, int) else str(found or "")


@dataclass(frozen=True)
class FileOf:
    """The file of a list: the name of its address, the `name` under which it is saved, what its sheet is called, its columns."""

    address: str
    name: str
    sheet: str | Promise
    columns: tuple[FileColumn, ...]

    def offered(self, listing: Listing) -> dict[str, object]:
        """Return what the button of the list shows: where the file is, what goes along, and the columns."""
        kept = [(name, value) for name, values in QueryDict(listing.query).lists() for value in values]
        return {"url": reverse(self.address), "kept": kept, "columns": self.columns}

    def wanted(self, names: Sequence[str]) -> list[FileColumn]:
        """Return the columns with one of `names`, in the order of the file; all of them where none is known."""
        return [column for column in self.columns if column.name in names] or list(self.columns)


class ListFile(ListPage):
    """The file of a list; stands before the class of its page, from which it takes the records."""

    right = Right.EXPORT
    file: ClassVar[FileOf]

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        kind = request.GET.get("format", "")
        kind = kind if kind in FORMATS else "xlsx"
        listing = self.read([], Memo())
        records = self.with_details(listing.narrowed(self.queryset()))
        if kind == "xlsx" and records.order_by()[SHEET_ROWS - 1 : SHEET_ROWS].exists():
            messages.error(request, _("A sheet holds 1,048,575 rows, and these are more. Export them as a CSV file."))
            return HttpResponseRedirect(f"{self.page_url()}{listing.url()}", status=303)
        rows = self.table(listing, records, self.file.wanted(request.GET.getlist("column")))
        content = write_csv(rows) if kind == "csv" else write_xlsx(rows, sheet=str(self.file.sheet))
        name = f"{self.file.name}-{timezone.localdate().isoformat()}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        # A streamed answer is no HttpResponse by its class, but one by what it does.
        return cast("HttpResponse", StreamingHttpResponse(content, content_type=FORMATS[kind], headers=headers))

    def page_url(self) -> str:
        """Return the address of the list."""
        return self.request.path.removesuffix("export/")

    def file_rows(self, records: list) -> Iterable[object]:
        """Return what the columns are told of `records`, a row for each; a few statements whatever their number."""
        return records

    def table(self, listing: Listing, records: QuerySet, columns: Sequence[FileColumn]) -> Iterator[list[Value]]:
        """Yield the head and a row for each of `records`, in the order of `listing`, reading BATCH of them at a time."""
        yield [str(column.label) for column in columns]
        for batch in listing.batches(records, BATCH):
            for row in self.file_rows(batch):
                yield [column.cell(row) for column in columns]
