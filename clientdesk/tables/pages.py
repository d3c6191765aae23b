"""The page of a list from which something is done."""

from typing import ClassVar

from django.db.models import QuerySet

from clientdesk.lists import Listing
from clientdesk.rights import ROLES, Right
from clientdesk.saved_views import may_change, may_publish
from clientdesk.tables.columns import Columns
from clientdesk.tables.shape import Table
from clientdesk.views import ListPage

# Whoever holds one of these can do something with picked rows.
PICKING = frozenset({Right.EXPORT, Right.CHANGE, Right.DEACTIVATE})


class TablePage(ListPage):
    """A list with columns of one's choice, saved views and picked rows."""

    table: ClassVar[Table]
    columns: Columns

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        if "table" in cls.__dict__:
            cls.spec = cls.table.spec

    def queryset(self) -> QuerySet:
        return self.table.seen(self.request.user)

    def arrange(self, listing: Listing) -> None:
        self.columns = self.table.columns.chosen_by(self.memory, self.saved)
        self.columns.ordered_by = listing.sort.columns
        listing.columns = self.columns.shown

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return self.columns.read(queryset)

    def counted(self, text: str) -> str:
        """Return `text`, the count of what was found, and keep it for the bar of picked rows."""
        self.found_text = text
        return text

    def list_context(self, listing: Listing) -> dict[str, object]:
        user, saved = self.request.user, self.saved
        return {
            "rows": self.columns.rows(listing.rows),
            "columns": self.columns,
            "columns_url": self.table.url("columns"),
            "names": self.table.names,
            "pickable": bool(PICKING & ROLES[user.role]),
            "saved_differs": bool(saved) and listing.query != self.table.canonical(saved.query, user, self.memo),
            "may_change_saved": bool(saved) and may_change(user, saved),
            "may_publish_saved": bool(saved) and may_publish(user, saved),
            "count_text": self.found_text,
        }
