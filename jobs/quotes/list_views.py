"""The list of quotes and its file."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clientdesk.tables.exporting import Export
from jobs.quotes.table import TABLE
from jobs.work_lists import Words, WorkList


class QuoteList(WorkList):
    """The quotes of all clients, the newest first."""

    table = TABLE
    words = Words(
        title=_("Quotes"),
        views=_("Quote views"),
        placeholder=_("Number, name or reference"),
        add=_("New quote"),
        add_name="quotes:add",
        only=_("Only the quotes of %(client)s."),
        no_match=_("No quote matches"),
        nothing=_("No quotes here"),
        about=_("Requests, quotes that are prepared and those that the client accepted stand here, the newest first."),
        icon="file-text",
    )

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s quote", "%(count)s quotes", count) % {"count": self.counted(text)}


class ExportQuotes(Export):
    """The quotes of the list as a file."""

    table = TABLE
    nothing_picked = _("Select at least one quote to export.")
    too_many = _("A sheet holds 1,048,575 quotes, and these are more. Export them as a CSV file.")
