"""Which records were picked in a list: some by their boxes, or everything that matches."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Max, QuerySet
from django.http import QueryDict

from clientdesk.lists import LARGEST_ID
from clientdesk.models import User
from clientdesk.search_form import Memo
from clientdesk.tables.shape import Table

MOST_PICKED = 1000


def picked_keys(params: QueryDict) -> list[int]:
    """Return the keys that `params` picks, each once and at most a thousand; what is no key is ignored."""
    keys = dict.fromkeys(int(text) for text in params.getlist("pick") if text.isascii() and text.isdigit() and len(text) < 20)
    return [key for key in keys if key <= LARGEST_ID][:MOST_PICKED]


@dataclass(frozen=True)
class Selection:
    """Records of `table` picked by `user`: those of `keys`, or where `keys` is None all that `query` of the list matches, up to the
    one with the key `newest`, so that nobody is met who came after the person looked."""

    table: Table
    user: User
    query: str
    keys: list[int] | None = None
    newest: int = LARGEST_ID

    @classmethod
    def read(cls, table: Table, params: QueryDict, user: User) -> Self:
        """Return what `params` (of the address or a form) picks."""
        query = table.canonical(params.get("query", ""), user)
        if "all" not in params:
            return cls(table, user, query, picked_keys(params))
        newest = params.get("newest", "")
        if newest.isascii() and newest.isdigit() and len(newest) < 19:
            return cls(table, user, query, None, int(newest))
        return cls(table, user, query, None, table.model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0)

    @property
    def records(self) -> QuerySet:
        """The picked records that the person may see; foreign and unknown keys are in none."""
        seen = self.table.seen(self.user)
        if self.keys is not None:
            return seen.filter(pk__in=self.keys)
        listing = self.table.spec.read(QueryDict(self.query), reader=self.user, memo=Memo())
        return listing.narrowed(seen).filter(pk__lte=self.newest)

    @property
    def fields(self) -> list[tuple[str, object]]:
        """What a form carries so that `read` finds the same selection again."""
        if self.keys is None:
            return [("query", self.query), ("all", "1"), ("newest", self.newest)]
        return [("query", self.query), *(("pick", key) for key in self.keys)]
