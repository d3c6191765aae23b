"""What tells one list of the back office from another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.urls import reverse

from clientdesk.lists import ListSpec
from clientdesk.models import User
from clientdesk.search_form import Memo

if TYPE_CHECKING:
    from clientdesk.tables.columns import Columns

# The pages of a list, by the names of their addresses within its app.
_PAGES = ("list", "export", "bulk", "bulk_run", "bulk_undo", "columns", "save_view", "rename_view", "overwrite_view", "delete_view")


@dataclass(frozen=True)
class Table:
    """One list: its spec, whose `page` is also the namespace of its addresses; who sees which records; the class of its columns; its
    words: `many` (“Clients”), `changing` and `changed` (the titles of an act on many)."""

    spec: ListSpec
    seen: Callable[[User], QuerySet]
    columns: "type[Columns]"
    words: dict[str, object]

    @property
    def page(self) -> str:
        """The name of the list, such as `clients`."""
        return self.spec.page

    @property
    def model(self) -> type[Model]:
        """What is listed."""
        return self.spec.model

    @property
    def names(self) -> dict[str, str]:
        """The names of its addresses, for templates."""
        return {name: f"{self.page}:{name}" for name in _PAGES}

    def url(self, name: str, *keys: object) -> str:
        """Return the address of its page `name`."""
        return reverse(f"{self.page}:{name}", args=keys)

    def list_url(self, query: str = "") -> str:
        """Return the address of the list with `query`."""
        return f"{self.url('list')}?{query}" if query else self.url("list")

    def canonical(self, query: str, user: User, memo: Memo | None = None) -> str:
        """Return `query` as a view keeps it: only what the list knows, in one form. A `memo` spares asking for choices again."""
        return self.spec.read(QueryDict(query), reader=user, memo=memo or Memo()).query
