"""The columns of the clients list as a person chose them, and what stands in their cells (S1, XD23)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from clientdesk.countries import country_name
from clientdesk.lists import Column
from clientdesk.models import ListMemory, SavedView
from clients import custom
from clients.listing import CLIENTS
from clients.models import Client, CustomField
from clients.people import PrimaryContact, portal_states

# What the database is asked for beside the record's own key, by column.
_READ: dict[str, tuple[str, ...]] = {
    "category": ("category__name",),
    "company_type": ("company_type__name",),
    "branch": ("branch__name",),
    "city": ("city",),
    "external_id": ("external_id",),
    "tax_number": ("tax_number",),
    "contract_number": ("contract_number",),
    "lead_source": ("lead_source__name",),
    "sales_person": ("sales_person__first_name", "sales_person__last_name", "sales_person__email"),
    "created": (),
}
# Of every row: what sorts need, and what a name cell shows on narrow screens.
_ALWAYS = ("number", "photo", "name", "name_key", "kind", "status", "country", "created_at")
_OF_CONTACT = {"contact", "phone", "portal"}

_WORDS: dict[str, Callable[[Client], object]] = {
    "client": lambda client: client.name,
    "number": lambda client: client.number,
    "kind": lambda client: client.get_kind_display(),
    "status": lambda client: client.get_status_display(),
    "category": lambda client: client.category and client.category.name,
    "company_type": lambda client: client.company_type and client.company_type.name,
    "branch": lambda client: client.branch.name,
    "country": lambda client: country_name(client.country) if client.country else "",
    "city": lambda client: client.city,
    "external_id": lambda client: client.external_id,
    "tax_number": lambda client: client.tax_number,
    "contract_number": lambda client: client.contract_number,
    "lead_source": lambda client: client.lead_source and client.lead_source.name,
    "sales_person": lambda client: client.sales_person and str(client.sales_person),
    "created": lambda client: timezone.localtime(client.created_at).date(),
}


@dataclass(frozen=True)
class Cell:
    """One cell of a row: the column's name and class, and the words in it; some columns are drawn by the template instead."""

    name: str
    css: str
    words: str


@dataclass(frozen=True)
class Row:
    """One row of the list: the client, its primary contact, the portal's word on that contact, and the cells."""

    client: Client
    contact: PrimaryContact | None
    access: object
    cells: list[Cell]


class Columns:
    """The columns of one reader's list, in the order of the spec; custom fields stand before what is known of the primary contact."""

    def __init__(self, chosen: Iterable[str] = ()) -> None:
        """Take the names of the `chosen` columns; unknown ones are ignored, none at all means the standard ones."""
        self.fields = {custom.column_name(field.key): field for field in CustomField.objects.of(CustomField.Entity.CLIENT)}
        own = [Column(field.label, css="p1 c-word", name=name, standard=False) for name, field in self.fields.items()]
        names = [column.name for column in CLIENTS.columns]
        place = names.index("contact")
        self.all: tuple[Column, ...] = (*CLIENTS.columns[:place], *own, *CLIENTS.columns[place:])
        wanted = set(chosen) & {column.name for column in self.all if not column.fixed}
        self.are_chosen = bool(wanted)
        self.shown = tuple(column for column in self.all if column.fixed or (column.name in wanted if wanted else column.standard))

    @property
    def names(self) -> list[str]:
        """The names of the shown columns that were chosen, for whoever keeps them; empty for the standard ones."""
        return [column.name for column in self.shown if not column.fixed] if self.are_chosen else []

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Every column that can be chosen, and whether it is shown."""
        shown = {column.name for column in self.shown}
        return [(column, column.name in shown) for column in self.all if not column.fixed]

    def read(self, clients: QuerySet) -> QuerySet:
        """Return `clients` with what the shown columns need, in one statement and nothing more."""
        names = {column.name for column in self.shown}
        wanted = [part for name in names for part in _READ.get(name, ())]
        if names & set(self.fields):
            wanted.append("custom")
        joined = sorted({part.partition("__")[0] for part in wanted if "__" in part})
        if names & _OF_CONTACT:
            clients = clients.with_primary()
        return clients.select_related(*joined).only(*_ALWAYS, *wanted) if joined else clients.only(*_ALWAYS, *wanted)

    def rows(self, clients: list[Client]) -> list[Row]:
        """Return the rows of `clients` (from `read`); the portal's words take two statements for all."""
        names = {column.name for column in self.shown}
        contacts = {client.pk: PrimaryContact.of(client) for client in clients} if names & _OF_CONTACT else {}
        found = [contact for contact in contacts.values() if contact]
        states = portal_states(found) if found and "portal" in names else {}
        rows = []
        for client in clients:
            contact = contacts.get(client.pk)
            cells = [Cell(column.name, column.css, as_text(self.value(column.name, client, contact))) for column in self.shown]
            rows.append(Row(client, contact, states.get(contact.pk) if contact else None, cells))
        return rows

    def value(self, name: str, client: Client, contact: PrimaryContact | None) -> object:
        """Return what the column `name` says of `client`: a text, a date, or None; what only the template draws is None."""
        if field := self.fields.get(name):
            return custom.shown(field, client.custom.get(field.key))
        if name == "phone":
            return contact.phone.as_international if contact and contact.phone else None
        return _WORDS[name](client) if name in _WORDS else None


def columns_for(memory: ListMemory | None, saved: SavedView | None) -> Columns:
    """Return the columns of a reader with `memory`: those that the open saved view keeps, else those chosen, else the standard ones."""
    return Columns((saved.columns if saved else []) or (memory.columns if memory else []))


def as_text(value: object) -> str:
    """Return a value of a column in words."""
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value or "")
