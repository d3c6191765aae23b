"""The columns of the list of quotes, and what stands in their cells."""

from django.utils.translation import gettext as _

from clientdesk.lists import Column
from clientdesk.spreadsheets import Value
from jobs.quotes.listing import QUOTES
from jobs.templatetags.jobs import money
from jobs.work_columns import Row, WorkColumns


class QuoteColumns(WorkColumns):
    """The columns of the list of quotes; a file has the amount and its currency in cells of their own."""

    spec = QUOTES
    words = {
        "total": lambda quote: money(quote.total, quote.currency),
        "origin": lambda quote: quote.get_origin_display(),
    }
    moments = {"created": "created_at", "sent": "sent_at", "decided": "decided_at"}
    days = {"expires": "expires_on"}
    more_read = {"origin": ("origin",), "sent": ("sent_at",), "decided": ("decided_at",)}
    more_always = ("currency", "total", "expires_on", "expiry_key")

    def heads_in_files(self, column: Column) -> list[str]:
        if column.name == "quote":
            return [_("Quote number"), _("Name")]
        return [_("Total"), _("Currency")] if column.name == "total" else super().heads_in_files(column)

    def in_files(self, name: str, row: Row) -> list[Value]:
        return [row.item.total, row.item.currency] if name == "total" else super().in_files(name, row)
