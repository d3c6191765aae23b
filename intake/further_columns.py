"""Columns of a client beside those that most files have: industries, sales data, people responsible, language (XD3, XD4, XD12, XD21)."""

from collections.abc import Collection, Iterable
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from clients.forms.addresses import POST, AddressesForm
from clients.forms.identification import IdentificationForm
from clients.models import Client
from intake.cells import ChoiceWidget, FormFieldWidget
from intake.client_cells import AmountWidget, DayWidget, LinesWidget, SeveralWidget, StaffWidget
from intake.column import Column
from intake.person_cells import TickWidget, language_words
from intake.reach_columns import REACH, SAME_ADDRESS
from intake.references import ReferenceWidget
from intake.row_cells import RowsWidget

_STAFF = _("A member of your staff, by e-mail address or full name.")


class _LanguageForm:
    """The language of a client, which stands in the form of its formats."""

    base_fields: ClassVar = {"language": Client._meta.get_field("language").formfield()}

    class _meta:
        model = Client


def _several(key: str, one: ReferenceWidget, aliases: list[str], help: str) -> Column:
    column = Column(key, SeveralWidget(IdentificationForm, key, one), aliases=aliases, help=help, attribute=None)
    # A client may have none, and no list of the form says so.
    column.emptied = True
    return column


INDUSTRIES = _several(
    "industries",
    ReferenceWidget(IdentificationForm, "industries", _("“%(value)s” is no industry. %(hint)s")),
    ["Industry", "Industry sector", "Branche", "Branchen", "Secteur", "Secteurs", "Sector", "Sectores", "Setor", "Setores", "Settore"],
    _("Entries of the list of industries, with commas between them."),
)
FIRST_CONTACT = Column(
    "first_contact_on",
    DayWidget(IdentificationForm, "first_contact_on"),
    aliases=["First contact on", "First contact date", "Date of first contact", "Erstkontakt",
             "Premier contact", "Primer contacto", "Primeiro contato", "Primo contatto"],
    help=_("The day of the first contact, such as 2026-11-30."),
)  # fmt: skip
REVENUE = Column(
    "potential_annual_revenue",
    AmountWidget(IdentificationForm, "potential_annual_revenue"),
    aliases=["Potential revenue", "Annual revenue", "Expected revenue", "Jahresumsatz", "Umsatzpotenzial", "Chiffre d’affaires potentiel",
             "Ingresos anuales", "Receita anual", "Fatturato annuo"],
    help=_("What the client may bring in a year, without currency, such as 12500.00."),
)  # fmt: skip
REVENUE_ON = Column(
    "potential_annual_revenue_on",
    DayWidget(IdentificationForm, "potential_annual_revenue_on"),
    aliases=["Revenue updated on", "Revenue date"],
    help=_("How old the amount is. Left out, a new amount is of today."),
)
SALES_PERSON = Column(
    "sales_person",
    StaffWidget(IdentificationForm, "sales_person"),
    aliases=["Sales rep", "Sales representative", "Account manager", "Account owner", "Owner", "Vertriebsmitarbeiter", "Verkäufer",
             "Betreuer", "Commercial", "Vendedor", "Comercial", "Venditore"],
    help=_STAFF,
)  # fmt: skip
PROJECT_MANAGER = Column(
    "project_manager",
    StaffWidget(IdentificationForm, "project_manager"),
    aliases=[
        "PM",
        "Projektleiter",
        "Projektmanager",
        "Chef de projet",
        "Jefe de proyecto",
        "Gestor de projeto",
        "Responsabile di progetto",
    ],
    help=_STAFF,
)
RESPONSIBLE = _several(
    "responsible",
    StaffWidget(IdentificationForm, "responsible"),
    ["Responsible", "People responsible", "Responsible persons", "Responsible people", "Verantwortliche", "Zuständige", "Responsables",
     "Responsáveis", "Responsabili"],
    _("More members of your staff, by e-mail address or full name, with commas between them."),
)  # fmt: skip
SALES_NOTES = Column(
    "sales_notes",
    FormFieldWidget(IdentificationForm, "sales_notes"),
    aliases=["Sales note", "Vertriebsnotizen", "Notes commerciales", "Notas comerciales"],
    help=_("Notes about selling that only your own staff read."),
)
BUDGET_CODES = Column(
    "budget_codes",
    LinesWidget(IdentificationForm, "budget_codes"),
    aliases=["Budget code", "Cost centre", "Cost centres", "Cost center", "Cost centers", "Kostenstelle", "Kostenstellen",
             "Code budgétaire", "Codes budgétaires", "Centro de coste", "Centros de coste"],
    help=_("Codes that the client’s orders carry, one a line or with commas between them."),
)  # fmt: skip
BUDGET_CODE_REQUIRED = Column(
    "budget_code_required",
    TickWidget(IdentificationForm, "budget_code_required"),
    label=_("Budget code required"),
    aliases=["Budget code obligatory", "Budget code is required", "Kostenstelle erforderlich"],
    help=_("“Yes” asks for a code with every quote and project."),
)
LANGUAGE = Column(
    "language",
    ChoiceWidget(_LanguageForm, "language", language_words, _("“%(value)s” is no language. %(hint)s")),
    aliases=["Language code", "Preferred language", "Sprache", "Langue", "Idioma", "Língua", "Lingua"],
    help=_("In which the client reads, by name or two-letter code."),
)
NO_CRM_EMAILS = Column(
    "no_crm_emails",
    TickWidget(AddressesForm, "no_crm_emails"),
    aliases=["Email opt out", "E-mail opt-out", "Do not email", "Unsubscribed", "Keine Werbung", "Kein Newsletter"],
    help=_("“Yes” keeps the client and its contact persons out of bulk mails."),
)
MORE_TAX_NUMBERS = Column(
    "more_tax_numbers",
    RowsWidget(IdentificationForm, "more_tax_numbers", "number", "kind"),
    aliases=["Additional tax numbers", "Other tax numbers", "Weitere Steuernummern"],
    help=_("With semicolons between them; the kind may stand in brackets behind each: 12/345/67890 (National)"),
)
RESTRICTED = Column(
    "restricted_to_responsible",
    TickWidget(IdentificationForm, "restricted_to_responsible"),
    aliases=["Only people responsible", "Restricted", "Restricted to people responsible", "Nur für Verantwortliche"],
    help=_("“Yes” hides the client from everybody but sales person, project manager and the additional people responsible."),
)
FURTHER = (
    *(INDUSTRIES, FIRST_CONTACT, REVENUE, REVENUE_ON, SALES_PERSON, PROJECT_MANAGER, RESPONSIBLE, RESTRICTED, SALES_NOTES),
    *(BUDGET_CODES, BUDGET_CODE_REQUIRED, MORE_TAX_NUMBERS, LANGUAGE, NO_CRM_EMAILS, *REACH),
)
KEYS = tuple(column.key for column in FURTHER)
# Columns that mean something together: where one is given, the others are read.
PEOPLE = frozenset(column.key for column in (SALES_PERSON, PROJECT_MANAGER, RESPONSIBLE, RESTRICTED))
ADDRESS = frozenset({SAME_ADDRESS.key, *POST})


def in_use(keys: Iterable[str], given: Collection[str]) -> list[str]:
    """Return those of `keys` (own columns of clients) that an import with the columns `given` reads and writes: of the further ones
    only its own, for each that is read and written costs time with every row."""
    wanted = together(given)
    return [key for key in keys if key not in KEYS or key in wanted]


def together(given: Collection[str]) -> set[str]:
    """Return the columns `given`, and those without which they cannot be judged."""
    beside = {REVENUE_ON.key} if REVENUE.key in given else set()
    return {*given, *beside, *(key for group in (PEOPLE, ADDRESS) if group.intersection(given) for key in group)}
