"""The records before and after one in the list that its reader was in last (design.md 5.9)."""

from dataclasses import dataclass

from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from clientdesk import list_memory
from clientdesk.lists import COUNT_LIMIT, beside, count_text
from clientdesk.search_form import Memo
from clientdesk.tables.shape import Table


@dataclass(frozen=True)
class Neighbours:
    """Where a record stands in the list, such as “3 of 41” (blank beyond the thousandth), and what stands beside it."""

    position: str
    previous_url: str
    next_url: str
    list_url: str


def neighbours(table: Table, request: HttpRequest, record: Model) -> Neighbours | None:
    """Return what stands beside `record` in the list with the filters and the order that the reader last looked at, or None where it
    is not among them. Two statements, and one for each filter by a settings list."""
    memory = list_memory.recall(request.user, table.page)
    listing = table.spec.read(QueryDict(memory.query), reader=request.user, memo=Memo())
    found = beside(listing, table.seen(request.user), record)
    if found is None or found.total == 1:
        return None
    position = _("%(place)s of %(total)s") % {"place": count_text(found.before + 1), "total": count_text(found.total)}
    urls = [table.url("detail", pk) if pk else "" for pk in (found.previous, found.next)]
    return Neighbours("" if found.before >= COUNT_LIMIT else position, *urls, table.list_url(memory.query or listing.query))
