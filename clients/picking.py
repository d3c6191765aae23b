"""Which clients were picked in the list: some by their boxes, or everything that matches."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Max, QuerySet
from django.http import QueryDict

from clientdesk.lists import LARGEST_ID
from clientdesk.models import User
from clientdesk.search_form import Memo
from clients.listing import CLIENTS
from clients.models import Client

MOST_PICKED = 1000


def picked_keys(params: QueryDict) -> list[int]:
    """Return the keys that `params` picks, each once and at most a thousand; what is no key is ignored."""
    keys = dict.fromkeys(int(text) for text in params.getlist("pick") if text.isascii() and text.isdigit() and len(text) < 20)
    return [key for key in keys if key <= LARGEST_ID][:MOST_PICKED]


@dataclass(frozen=True)
class Selection:
    """Clients picked by `user`: those of `keys`, or where `keys` is None all that `query` of the list matches, up to the one with the
    key `newest`, so that nobody is met who came after the person looked."""

    user: User
    query: str
    keys: list[int] | None = None
    newest: int = LARGEST_ID

    @classmethod
    def read(cls, params: QueryDict, user: User) -> Self:
        """Return what `params` (of the address or a form) picks."""
        query = CLIENTS.read(QueryDict(params.get("query", "")), reader=user, memo=Memo()).query
        if "all" not in params:
            return cls(user, query, picked_keys(params))
        newest = params.get("newest", "")
        if newest.isascii() and newest.isdigit() and len(newest) < 19:
            return cls(user, query, None, int(newest))
        return cls(user, query, None, Client.objects.aggregate(newest=Max("pk"))["newest"] or 0)

    @property
    def clients(self) -> QuerySet[Client]:
        """The picked clients that the person may see; foreign and unknown keys are in none."""
        seen = Client.objects.visible_to(self.user)
        if self.keys is not None:
            return seen.filter(pk__in=self.keys)
        listing = CLIENTS.read(QueryDict(self.query), reader=self.user, memo=Memo())
        return listing.narrowed(seen).filter(pk__lte=self.newest)

    @property
    def fields(self) -> list[tuple[str, object]]:
        """What a form carries so that `read` finds the same selection again."""
        if self.keys is None:
            return [("query", self.query), ("all", "1"), ("newest", self.newest)]
        return [("query", self.query), *(("pick", key) for key in self.keys)]
