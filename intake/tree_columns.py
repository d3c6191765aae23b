"""What an import of a company tree takes: in each row columns of a client, an office, a department and a person (import.md section 1)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import ClassVar, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from clientdesk.models import User
from clients import custom
from clients.models import Client, CustomField
from contacts.models import Office
from contacts.place_forms import DepartmentForm, OfficeForm
from intake.cells import ChoiceWidget, EmailWidget, FormFieldWidget, PhoneWidget
from intake.column import Column
from intake.columns import ClientResource
from intake.contact_columns import ContactResource
from intake.countries import country_words
from intake.custom_columns import CustomWidget, fields_of
from intake.further_columns import KEYS as FURTHER_KEYS
from intake.further_columns import RESTRICTED
from intake.matching import is_clear, normalised
from intake.person_cells import TickWidget
from intake.tree_oracle import TreeOracle

# The parts that have custom fields, whose those are.
_CUSTOM = {"client": CustomField.Entity.CLIENT, "person": CustomField.Entity.CONTACT}
PARTS = ("client", "office", "department", "person")
# Who may see a client stands in no tree: whoever brings its people must see it.
_CLIENT = (
    *("name", "legal_name", "number", "external_id", "status", "email", "phone", "website", "country", "branch", "category"),
    *("company_type", "tax_number", "street", "postal_code", "city", "notes", "street2", "province", "mobile", "fax", "contract_number"),
    *("lead_source", *(key for key in FURTHER_KEYS if key != RESTRICTED.key)),
)
_SALES = ("lead_source", "first_contact_on", "sales_notes")
_PERSON = (
    *("first_name", "last_name", "email", "external_id", "phone", "mobile", "position", "gender", "language", "no_crm_emails"),
    *("fax", "mother_tongues", "notes", "more_emails", "more_phones", "sms_enabled", *_SALES),
)
# What people and places have, too.
_CLIENT_LABELS = {
    "name": _("Client name"),
    "external_id": _("Client external ID"),
    "phone": _("Client phone"),
    "country": _("Client country"),
    "street": _("Client street"),
    "street2": _("Client address line 2"),
    "postal_code": _("Client postal code"),
    "city": _("Client city"),
    "province": _("Client province"),
    "notes": _("Client notes"),
    "mobile": _("Client mobile"),
    "fax": _("Client fax"),
    "language": _("Client language"),
    "no_crm_emails": _("No CRM e-mails to the client"),
    "more_emails": _("More client e-mails"),
    "more_phones": _("More client phones"),
    "sms_enabled": _("Text messages to the client"),
}
# What clients have, too, whose labels stay what they are.
_PERSON_LABELS = {
    "external_id": _("Person external ID"),
    "lead_source": _("Person lead source"),
    "first_contact_on": _("First contact with the person"),
    "sales_notes": _("Sales notes on the person"),
}
_EXAMPLES = {"client_name": "Example Trading", "office_name": "Dresden plant", "department_name": "Purchasing"}


def split(key: str) -> tuple[str, str]:
    """Return the part and the key within it of the column `key`: "office_name" is the name of the office."""
    part, _underscore, rest = key.partition("_")
    return part, rest


def _clients() -> Iterator[Column]:
    for key in _CLIENT:
        column = ClientResource.fields[key]
        named = key in {"name", "legal_name", "number"} or (key in FURTHER_KEYS and key not in _CLIENT_LABELS)
        yield column.but(
            key=f"client_{key}",
            label=_CLIENT_LABELS.get(key) or column.label,
            aliases=column.aliases if named else (),
            required=key == "name",
            emptied=column.can_be_emptied,
            example=_EXAMPLES.get(f"client_{key}", "") or ("Example Trading & Sons Ltd." if key == "legal_name" else ""),
        )


def _offices() -> Iterator[Column]:
    name = FormFieldWidget(OfficeForm, "name")
    yield Column(
        "office_name",
        name,
        label=_("Office"),
        aliases=["Office name", "Site", "Location", "Standort", "Oficina", "Bureau"],
        help=_("The office of the client’s that the row is about; empty is none in particular."),
        example=_EXAMPLES["office_name"],
    )
    yield Column(
        "office_headquarters",
        TickWidget(_HeadquartersForm, "is_headquarters"),
        label=_("Headquarters"),
        aliases=["Is headquarters", "Head office", "Hauptsitz", "Siège"],
        help=_("“Yes” where the office of the row is the headquarters of the client; one is."),
    )
    yield from _places("office", OfficeForm, _("Office e-mail"), _("Office phone"))
    address = {
        "street": _("Office street"),
        "street2": _("Office address line 2"),
        "postal_code": _("Office postal code"),
        "city": _("Office city"),
        "province": _("Office province"),
    }
    for key, label in address.items():
        yield Column(f"office_{key}", FormFieldWidget(OfficeForm, key), label=label, help=_("Of the office’s own address."))
    country = ChoiceWidget(OfficeForm, "country", country_words, _("“%(value)s” is no country. %(hint)s"))
    yield Column("office_country", country, label=_("Office country"), help=_("By name or two-letter code."))


def _departments() -> Iterator[Column]:
    name = Column(
        "department_name",
        FormFieldWidget(DepartmentForm, "name"),
        label=_("Department"),
        aliases=["Department name", "Abteilung"],
        help=_("The department of the client’s that the row is about; one that it has not yet is added."),
        example=_EXAMPLES["department_name"],
    )
    # A person may belong to none.
    yield name.but(emptied=True)
    yield from _places("department", DepartmentForm, _("Department e-mail"), _("Department phone"))


def _places(part: str, form: type, email: str, phone: str) -> Iterator[Column]:
    yield Column(f"{part}_email", EmailWidget(form, "email"), label=email, help=_("The shared address, such as sales@brauer.example."))
    yield Column(f"{part}_phone", PhoneWidget(form, "phone"), label=phone, help=_("With the country code, such as +49 30 901820."))


def _people() -> Iterator[Column]:
    for key in _PERSON:
        column = ContactResource.fields[key]
        label = _PERSON_LABELS.get(key) or column.label
        aliases = () if key in _PERSON_LABELS else column.aliases
        yield column.but(key=f"person_{key}", label=label, aliases=aliases, required=False, emptied=column.can_be_emptied)


class _HeadquartersForm:
    """The one field of an office that no form shows: a gesture sets it there."""

    base_fields: ClassVar = {"is_headquarters": Office._meta.get_field("is_headquarters").formfield()}

    class _meta:
        model = Office


class TreeResource(TreeOracle, ModelResource):
    """A client, an office, a department and a person a row: rows are grouped by the client."""

    example_key: ClassVar[str] = "client_name"
    is_extended = False

    class Meta:
        model = Client
        fields = ()
        skip_diff = skip_html_diff = True

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        made: Sequence[Column] = [*_clients(), *_offices(), *_departments(), *_people()]
        for column in made:
            column.column_name, column.widget = column.label, deepcopy(column.widget)
        self.fields = {column.key: column for column in made}

    def columns(self) -> list[Column]:
        """Return the columns, those of one part beside each other."""
        return list(self.fields.values())

    def extend(self) -> Self:
        """Add the custom fields of clients and of contact persons, each behind the columns of its part; those of one label say whose
        they are."""
        if self.is_extended:
            return self
        self.is_extended = True
        found = {part: fields_of(entity) for part, entity in _CUSTOM.items()}
        shared = Counter(normalised(field.label) for fields in found.values() for field in fields)
        for part, fields in found.items():
            for field in fields:
                self._add(part, field, is_shared=shared[normalised(field.label)] > 1)
        parts = {part: [column for column in self.fields.values() if split(column.key)[0] == part] for part in PARTS}
        self.fields = {column.key: column for part in PARTS for column in parts[part]}
        return self

    def _add(self, part: str, field: CustomField, *, is_shared: bool) -> None:
        key = f"{part}_{custom.column_name(field.key)}"
        known = self.columns()
        whose = gettext("%(label)s (client)") if part == "client" else gettext("%(label)s (person)")
        about = field.help_text or gettext("Custom field: %(kind)s.") % {"kind": field.get_kind_display()}
        for label in (*([] if is_shared else [field.label]), whose % {"label": field.label}, key):
            self.fields[key] = Column(key, CustomWidget(field), help=about, label=label)
            if is_clear([*known, self.fields[key]]):
                break

    def prepare(self, by: User | None) -> None:
        """Read the settings lists for `by`, who imports, and find the custom fields of now."""
        self.by = by
        self.extend()
        for column in self.columns():
            column.widget.by = by
            column.widget.load()
