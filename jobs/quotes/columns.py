"""The columns of the list of quotes, and what stands in their cells."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk.lists import Column
from clientdesk.spreadsheets import Value
from clientdesk.tables.columns import Cell, Columns
from jobs.models import Quote
from jobs.quotes.listing import QUOTES
from jobs.templatetags.jobs import money

_WORDS: dict[str, Callable[[Quote], object]] = {
    "quote": lambda quote: quote.name,
    "client": lambda quote: quote.client.name,
    "status": lambda quote: quote.get_status_display(),
    "total": lambda quote: money(quote.total, quote.currency),
    "expires": lambda quote: quote.expires_on,
    "contact": lambda quote: quote.contact and quote.contact.full_name,
    "created": lambda quote: timezone.localtime(quote.created_at).date(),
    "origin": lambda quote: quote.get_origin_display(),
    "office": lambda quote: quote.office.name,
    "department": lambda quote: quote.department and quote.department.name,
    "sent": lambda quote: quote.sent_at and timezone.localtime(quote.sent_at).date(),
    "decided": lambda quote: quote.decided_at and timezone.localtime(quote.decided_at).date(),
    "reference": lambda quote: quote.client_reference,
}
_MOMENTS = {"created": "created_at", "sent": "sent_at", "decided": "decided_at"}


@dataclass(frozen=True)
class Row:
    """One row of the list: the quote and its cells."""

    item: Quote
    cells: list[Cell]


class QuoteColumns(Columns[Quote, Row]):
    """The columns of the list of quotes."""

    read_by = {
        "contact": ("contact__first_name", "contact__last_name"),
        "origin": ("origin",),
        "office": ("office__name",),
        "department": ("department__name",),
        "sent": ("sent_at",),
        "decided": ("decided_at",),
        "reference": ("client_reference",),
    }
    always = ("number", "name", "status", "client__name", "currency", "total", "expires_on", "created_at")

    def find(self) -> tuple[Column, ...]:
        return QUOTES.columns

    def rows(self, records: list[Quote]) -> list[Row]:
        """Return the rows of `records` (from `read`)."""
        return [Row(quote, self.words_of(quote)) for quote in records]

    def value(self, name: str, record: Quote, *more: object) -> object:
        return _WORDS[name](record)

    def heads_in_files(self, column: Column) -> list[str]:
        if column.name == "quote":
            return [_("Quote number"), _("Name")]
        return [_("Total"), _("Currency")] if column.name == "total" else super().heads_in_files(column)

    def in_files(self, name: str, row: Row) -> list[Value]:
        quote = row.item
        if name == "quote":
            return [quote.number, quote.name]
        if name == "total":
            return [quote.total, quote.currency]
        if name in _MOMENTS:
            moment = getattr(quote, _MOMENTS[name])
            return [timezone.localtime(moment) if moment else ""]
        if name == "expires":
            return [quote.expires_on or ""]
        return [str(self.value(name, quote) or "")]
