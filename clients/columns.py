"""The columns of the clients list as a person chose them, and what stands in their cells (S1, XD23)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clientdesk.countries import country_name
from clientdesk.lists import Column
from clientdesk.spreadsheets import Value
from clientdesk.tables.columns import Cell, Columns
from clientdesk.tables.told import Told
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
_ALWAYS = ("number", "photo", "name", "legal_name", "name_key", "kind", "status", "country", "created_at")
_OF_CONTACT = {"contact", "phone", "portal"}


@cache
def _labels(name: str, language: str | None) -> dict[str, str]:
    """Return the choices of the field `name` in words; Django would translate all of them for each client."""
    return {str(code): str(label) for code, label in Client._meta.get_field(name).flatchoices}


_WORDS: dict[str, Callable[[Client], object]] = {
    "client": lambda client: client.name,
    "number": lambda client: client.number,
    "kind": lambda client: _labels("kind", get_language())[client.kind],
    "status": lambda client: _labels("status", get_language())[client.status],
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
    "jobs": lambda client: str(client.job_count),
}


@dataclass(frozen=True)
class Row:
    """One row of the list: the client, its primary contact, the portal's word on that contact, and the cells."""

    client: Client
    contact: PrimaryContact | None
    access: object
    cells: list[Cell]


class ClientColumns(Columns[Client, Row]):
    """The columns of the clients list; custom fields stand before what is known of the primary contact."""

    read_by = _READ
    always = _ALWAYS
    not_in_files = frozenset({"shortcuts"})

    def find(self) -> tuple[Column, ...]:
        self.fields = {custom.column_name(field.key): field for field in CustomField.objects.of(CustomField.Entity.CLIENT)}
        own = [Column(field.label, css="p1 c-word", name=name, standard=False) for name, field in self.fields.items()]
        place = [column.name for column in CLIENTS.columns].index("contact")
        return (*CLIENTS.columns[:place], *own, *CLIENTS.columns[place:])

    @property
    def _of_contact(self) -> bool:
        return bool({column.name for column in self.shown} & _OF_CONTACT)

    def wanted(self) -> list[str]:
        own = {column.name for column in self.shown} & set(self.fields)
        return [*super().wanted(), *["custom"] * bool(own)]

    def read(self, records: QuerySet) -> QuerySet:
        return super().read(self._counted(records))

    def read_for_files(self, records: QuerySet) -> QuerySet:
        if "sales_person" in {column.name for column in self.shown}:
            # What a member of staff is called only the model says.
            return self.read(records)
        records = self._counted(records)
        return records.values(*dict.fromkeys(("pk", "id", *self.always, *self.wanted(), *records.query.annotation_select)))

    def _counted(self, records: QuerySet) -> QuerySet:
        records = records.with_primary() if self._of_contact else records
        return records.with_job_count() if "jobs" in {column.name for column in self.shown} else records

    def rows(self, records: Sequence[Client | dict]) -> list[Row]:
        """Return the rows of `records` (from `read` or `read_for_files`); the portal's words take two statements for all."""
        records = [cast("Client", Told(record)) if isinstance(record, dict) else record for record in records]
        contacts = {client.pk: PrimaryContact.of(client) for client in records} if self._of_contact else {}
        found = [contact for contact in contacts.values() if contact]
        asked = found and "portal" in {column.name for column in self.shown}
        states = portal_states(found, as_read=True) if asked else {}
        rows = []
        for client in records:
            contact = contacts.get(client.pk)
            rows.append(Row(client, contact, states.get(contact.pk) if contact else None, self.words_of(client, contact)))
        return rows

    def value(self, name: str, record: Client, *more: object) -> object:
        contact = more[0] if more else None
        if field := self.fields.get(name):
            return custom.shown(field, record.custom.get(field.key))
        if name == "phone":
            return contact.phone.as_international if contact and contact.phone else None
        return _WORDS[name](record) if name in _WORDS else None

    def heads_in_files(self, column: Column) -> list[str]:
        more = [_("E-mail of the primary contact")] if column.name == "contact" else []
        return [*super().heads_in_files(column), *more]

    def in_files(self, name: str, row: Row) -> list[Value]:
        if name == "contact":
            return [str(row.contact), row.contact.email] if row.contact else ["", ""]
        if name == "portal":
            return [str(row.access.state.label) if row.access else ""]
        if field := self.fields.get(name):
            stored = row.client.custom.get(field.key)
            found = custom.typed(field, stored)
            if isinstance(found, datetime):
                return [timezone.localtime(found)]
            return [found] if isinstance(found, date | Decimal) else [custom.shown(field, stored)]
        found = self.value(name, row.client, row.contact)
        return [found if isinstance(found, date) else str(found or "")]
