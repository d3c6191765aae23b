"""The columns of the list of all contacts, and what stands in their cells (X30, XD15, XD34)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk.lists import Column
from clientdesk.spreadsheets import Value
from clientdesk.tables.columns import Cell, Columns
from clients import custom
from clients.models import CustomField
from clients.people import portal_states
from contacts.listing import CONTACTS
from contacts.models import Contact, SocialAccount

_WORDS: dict[str, Callable[[Contact], object]] = {
    "contact": lambda contact: contact.full_name,
    "client": lambda contact: contact.client.name,
    "position": lambda contact: contact.position and contact.position.name,
    "department": lambda contact: contact.department and contact.department.name,
    "office": lambda contact: contact.default_office.name,
    "branch": lambda contact: contact.client.branch.name,
    "category": lambda contact: contact.client.category and contact.client.category.name,
    "email": lambda contact: contact.email,
    "phone": lambda contact: contact.phone and contact.phone.as_international,
    "mobile": lambda contact: contact.mobile and contact.mobile.as_international,
    "language": lambda contact: contact.get_language_display(),
    "lead_source": lambda contact: contact.lead_source and contact.lead_source.name,
    "no_crm_emails": lambda contact: _("Yes") if contact.no_crm_emails else "",
    "external_id": lambda contact: contact.external_id,
    "created": lambda contact: timezone.localtime(contact.created_at).date(),
}


@dataclass(frozen=True)
class Row:
    """One row of the list: the contact, the portal's word on it, its preferred account elsewhere, and the cells."""

    contact: Contact
    access: object
    medium: SocialAccount | None
    cells: list[Cell]

    @property
    def medium_url(self) -> str:
        """The safe address of the preferred account, or an empty text (XD16)."""
        return self.medium.network.address_of(self.medium.handle) if self.medium else ""


class ContactColumns(Columns[Contact, Row]):
    """The columns of the list of all contacts; custom fields stand before the portal's."""

    read_by = {
        "position": ("position__name",),
        "department": ("department__name",),
        "office": ("default_office__name",),
        "branch": ("client__branch__name",),
        "category": ("client__category__name",),
        "phone": ("phone",),
        "mobile": ("mobile",),
        "language": ("language",),
        "lead_source": ("lead_source__name",),
        "no_crm_emails": ("no_crm_emails",),
        "external_id": ("external_id",),
    }
    always = (
        *("first_name", "last_name", "sort_key", "email", "is_primary", "active", "erased_at", "photo", "created_at"),
        *("client__name", "client__legal_name", "client__kind", "client__status"),
    )
    not_in_files = frozenset({"shortcuts"})

    def find(self) -> tuple[Column, ...]:
        self.fields = {custom.column_name(field.key): field for field in CustomField.objects.of(CustomField.Entity.CONTACT)}
        own = [Column(field.label, css="p1 c-word", name=name, standard=False) for name, field in self.fields.items()]
        place = [column.name for column in CONTACTS.columns].index("portal")
        return (*CONTACTS.columns[:place], *own, *CONTACTS.columns[place:])

    def wanted(self) -> list[str]:
        own = {column.name for column in self.shown} & set(self.fields)
        return [*super().wanted(), *["custom"] * bool(own)]

    def rows(self, records: list[Contact]) -> list[Row]:
        """Return the rows of `records` (from `read`); the portal's words take two statements for all, the preferred media one."""
        shown = {column.name for column in self.shown}
        states = portal_states(records, as_read=True) if records and "portal" in shown else {}
        media = {}
        if records and "medium" in shown:
            preferred = SocialAccount.objects.filter(contact__in=[contact.pk for contact in records], preferred=True)
            media = {account.contact_id: account for account in preferred.select_related("network")}
        found = [(contact, media.get(contact.pk)) for contact in records]
        return [Row(contact, states.get(contact.pk), medium, self.words_of(contact, medium)) for contact, medium in found]

    def value(self, name: str, record: Contact, *more: object) -> object:
        if field := self.fields.get(name):
            return custom.shown(field, record.custom.get(field.key))
        if name == "medium":
            return str(more[0]) if more and more[0] else None
        return _WORDS[name](record) if name in _WORDS else None

    def heads_in_files(self, column: Column) -> list[str]:
        return [_("First name"), _("Last name")] if column.name == "contact" else super().heads_in_files(column)

    def in_files(self, name: str, row: Row) -> list[Value]:
        if name == "contact":
            return [row.contact.first_name, row.contact.last_name]
        if name == "portal":
            return [str(row.access.state.label) if row.access else ""]
        if field := self.fields.get(name):
            stored = row.contact.custom.get(field.key)
            found = custom.typed(field, stored)
            if isinstance(found, datetime):
                return [timezone.localtime(found)]
            return [found] if isinstance(found, date | Decimal) else [custom.shown(field, stored)]
        if name == "medium" and row.medium_url:
            return [row.medium_url]
        found = self.value(name, row.contact, row.medium)
        return [found if isinstance(found, date) else str(found or "")]
