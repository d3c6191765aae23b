"""What the lists of quotes and projects share in their columns and orders: one shape, each with a few of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clientdesk.lists import Column, ListSpec, Sort
from clientdesk.spreadsheets import Value
from clientdesk.tables.columns import Cell, Columns
from jobs.models import Project, Quote

type Work = Quote | Project


def orders(kind: str, *more: Sort) -> tuple[Sort, ...]:
    """Return the orders of the list of `kind` (quote, project), the newest first before others, with `more` of its own.

    A number is given under a lock, so numbers follow keys. By status those of one state stand together.
    """
    return (
        Sort("created", ("created_at", "id"), f"{kind}_by_age", down=True),
        Sort("number", ("id",), f"jobs_{kind}_pkey"),
        Sort("client", ("client__name_key", "id"), "client_name_once"),
        Sort("status", ("status", "created_at", "id"), f"{kind}_by_status"),
        *more,
    )


# The columns that both lists show beside their own, and those that are shown to who chose them.
CLIENT = Column(_("Client"), "client", "p1 c-person", name="client")
STATUS = Column(_("Status"), "status", "p1 c-word", name="status")
CONTACT = Column(_("Contact person"), css="p3 c-word", name="contact")
ADDED = Column(_("Added"), "created", "p3 c-day", name="created")
PLACES = (
    Column(_("Office"), css="p1 c-word", name="office", standard=False),
    Column(_("Department"), css="p1 c-word", name="department", standard=False),
)
REFERENCES = (
    Column(_("Client's reference"), css="p1 c-word", name="reference", standard=False),
    Column(_("Budget code"), css="p1 c-word", name="budget_code", standard=False),
)
_WORDS: dict[str, Callable[[Work], object]] = {
    "client": lambda item: item.client.name,
    "status": lambda item: item.get_status_display(),
    "contact": lambda item: item.contact and item.contact.full_name,
    "office": lambda item: item.office.name,
    "department": lambda item: item.department and item.department.name,
    "reference": lambda item: item.client_reference,
    "budget_code": lambda item: item.budget_code,
}
_READ_BY = {
    "contact": ("contact__first_name", "contact__last_name"),
    "office": ("office__name",),
    "department": ("department__name",),
    "reference": ("client_reference",),
    "budget_code": ("budget_code",),
}


@dataclass(frozen=True)
class Row:
    """One row of the list: the quote or project and its cells."""

    item: Work
    cells: list[Cell]


class WorkColumns(Columns[Work, Row]):
    """The columns of a list of quotes or projects. `words` says what stands in its own columns, `moments` which of them are moments and
    in which field, `days` which are days; `more_read` and `more_always` are what they need beside what all need."""

    spec: ClassVar[ListSpec]
    words: ClassVar[dict[str, Callable]]
    moments: ClassVar[dict[str, str]]
    days: ClassVar[dict[str, str]]
    more_read: ClassVar[dict[str, tuple[str, ...]]]
    more_always: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        cls.words = _WORDS | cls.words
        cls.read_by = _READ_BY | cls.more_read
        cls.always = ("number", "name", "status", "client__name", "client__name_key", "created_at", *cls.more_always)

    def find(self) -> tuple[Column, ...]:
        return self.spec.columns

    def rows(self, records: list[Work]) -> list[Row]:
        """Return the rows of `records` (from `read`)."""
        return [Row(item, self.words_of(item)) for item in records]

    def value(self, name: str, record: Work, *more: object) -> object:
        if name == self.spec.columns[0].name:
            return record.name
        if name in self.moments:
            moment = getattr(record, self.moments[name])
            return moment and timezone.localtime(moment).date()
        return getattr(record, self.days[name]) if name in self.days else self.words[name](record)

    def in_files(self, name: str, row: Row) -> list[Value]:
        item = row.item
        if name == self.spec.columns[0].name:
            return [item.number, item.name]
        if name in self.moments:
            moment = getattr(item, self.moments[name])
            return [timezone.localtime(moment) if moment else ""]
        if name in self.days:
            return [getattr(item, self.days[name]) or ""]
        return [str(self.value(name, item) or "")]
