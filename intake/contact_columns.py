"""What an import of contact persons takes: the link to the client, and the person (import.md section 1, XD20, XD22)."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from clientdesk.postal import ADDRESS
from clients.forms import EditClientForm
from clients.forms.identification import IdentificationForm
from clients.models import Client, CustomField
from contacts.forms import AddContactForm, EditContactForm
from contacts.models import Contact
from contacts.place_forms import DepartmentForm, OfficeForm
from contacts.profile_forms import MailingAddressForm
from intake import person_sentences
from intake.cells import ChoiceWidget, EmailWidget, FormFieldWidget, PhoneWidget
from intake.client_cells import DayWidget
from intake.column import Column
from intake.columns import ClientResource
from intake.contact_oracle import LINKS, ContactOracle
from intake.countries import country_words
from intake.individual_columns import FIRST_NAME, LAST_NAME
from intake.person_cells import LanguagesWidget, LinkWidget, PlaceWidget, TickWidget, gender_words, language_words
from intake.reach_columns import MORE_EMAILS_ALIASES, MORE_EMAILS_HELP, MORE_PHONES_ALIASES, MORE_PHONES_HELP, SMS
from intake.references import ReferenceWidget
from intake.round_trip import places
from intake.row_cells import RowsWidget

_OF_CLIENTS = ClientResource.fields


class ContactResource(ContactOracle, ModelResource):
    """Contact persons, one a row, each of the client that its number, name or e-mail leads to; found by e-mail."""

    entity: ClassVar[str] = CustomField.Entity.CONTACT
    example_key: ClassVar[str] = "last_name"
    apart: ClassVar[tuple[str, ...]] = (*LINKS, "office")

    client_number = Column(
        "client_number",
        LinkWidget(IdentificationForm, "number"),
        aliases=["Client no.", "Client ID", "Customer number", "Customer no.", "Customer ID", "Account number", "Kundennummer",
                 "Kunden-Nr.", "Numéro de client", "N° client", "Número de cliente", "Código de cliente", "Numero cliente",
                 "Codice cliente"],
        help=_("The number of the client whose contact person this is. Number, name or e-mail of the client: one of them is enough."),
        label=_("Client number"),
        attribute=None,
    )  # fmt: skip
    client_name = Column(
        "client_name",
        LinkWidget(EditClientForm, "name"),
        aliases=["Client", "Customer", "Customer name", "Company", "Company name", "Account", "Account name", "Organization",
                 "Organisation", "Kunde", "Kundenname", "Firma", "Firmenname", "Société", "Nom du client", "Empresa", "Nombre del cliente",
                 "Nome do cliente", "Cliente", "Nome cliente"],
        help=_("The name of the client, as it stands in your list of clients."),
        example="Example Trading",
        label=_("Client name"),
        attribute=None,
    )  # fmt: skip
    client_email = Column(
        "client_email",
        LinkWidget(EditClientForm, "email"),
        aliases=["Client email", "Customer e-mail", "Company e-mail", "Main contact e-mail", "E-Mail des Kunden", "E-mail du client"],
        help=_("The main e-mail address of the client."),
        label=_("Client e-mail"),
        attribute=None,
    )
    first_name = FIRST_NAME.but(attribute="first_name")
    last_name = LAST_NAME.but(attribute="last_name")
    email = Column(
        "email",
        EmailWidget(AddContactForm, "email"),
        aliases=_OF_CLIENTS["email"].aliases,
        help=_("The person’s own address; invitations to the portal go there."),
        example="erika@example-trading.example",
    )
    external_id = Column(
        "external_id",
        FormFieldWidget(EditContactForm, "external_id"),
        aliases=_OF_CLIENTS["external_id"].aliases,
        help=_("The number of this person in another system; each once."),
        example="EXAMPLE-3",
    )
    phone = _OF_CLIENTS["phone"].but(widget=PhoneWidget(EditContactForm, "phone"), example="+49 30 901821")
    mobile = _OF_CLIENTS["mobile"].but(widget=PhoneWidget(EditContactForm, "mobile"))
    fax = _OF_CLIENTS["fax"].but(widget=PhoneWidget(EditContactForm, "fax"))
    position = Column(
        "position",
        ReferenceWidget(EditContactForm, "position", _("“%(value)s” is no position. %(hint)s")),
        aliases=["Job title", "Title", "Role", "Function", "Stellung", "Berufsbezeichnung", "Funktion", "Poste", "Fonction", "Cargo",
                 "Puesto", "Posizione", "Mansione"],
        help=_("What the person does there: an entry of the list of positions."),
    )  # fmt: skip
    department = Column(
        "department",
        PlaceWidget(DepartmentForm, "department"),
        aliases=["Dept.", "Division", "Abteilung", "Service", "Departamento", "Reparto"],
        help=_("The department of the client’s; one that it has not yet is added."),
        example="Purchasing",
    )
    office = Column(
        "office",
        PlaceWidget(OfficeForm, "default_office"),
        aliases=["Default office", "Site", "Location", "Standort", "Büro", "Bureau", "Oficina", "Escritório", "Ufficio", "Sede"],
        help=_("The office of the client’s by its name. Empty means the headquarters for a new person."),
        label=_("Office"),
        attribute="default_office__name",
    )
    gender = Column(
        "gender",
        ChoiceWidget(EditContactForm, "gender", gender_words, _("“%(value)s” is no gender. %(hint)s")),
        aliases=["Sex", "Salutation", "Geschlecht", "Anrede", "Sexe", "Civilité", "Sexo", "Sesso"],
        help=_("Female, Male or Other."),
    )
    language = Column(
        "language",
        ChoiceWidget(EditContactForm, "language", language_words, _("“%(value)s” is no language. %(hint)s")),
        aliases=["Language code", "Preferred language", "Sprache", "Langue", "Idioma", "Língua", "Lingua"],
        help=_("In which the person reads, by name or two-letter code."),
    )
    mother_tongues = Column(
        "mother_tongues",
        LanguagesWidget(EditContactForm, "mother_tongues", language.widget),
        aliases=["Mother tongue", "Native language", "Native languages", "Muttersprache", "Muttersprachen", "Langue maternelle",
                 "Lengua materna", "Língua materna", "Madrelingua"],
        help=_("Languages by name or code, with commas between them."),
    )  # fmt: skip
    more_emails = Column(
        "more_emails",
        RowsWidget(EditContactForm, "more_emails", "address", "cc"),
        aliases=MORE_EMAILS_ALIASES,
        help=MORE_EMAILS_HELP,
    )
    more_phones = Column(
        "more_phones",
        RowsWidget(EditContactForm, "more_phones", "number", "note"),
        aliases=MORE_PHONES_ALIASES,
        help=MORE_PHONES_HELP,
    )
    sms_enabled = SMS.but(widget=TickWidget(EditContactForm, "sms_enabled"))
    no_crm_emails = Column(
        "no_crm_emails",
        TickWidget(EditContactForm, "no_crm_emails"),
        aliases=["Email opt out", "E-mail opt-out", "Do not email", "Unsubscribed", "Keine Werbung", "Kein Newsletter"],
        help=_("“Yes” keeps the person out of bulk mails; invitations and quotes still arrive."),
    )
    use_client_address = Column(
        "use_client_address",
        TickWidget(MailingAddressForm, "use_client_address"),
        aliases=["Use client address"],
        help=_("“No” is meant wherever a row gives an address of the person’s own."),
    )
    street = _OF_CLIENTS["street"].but(widget=FormFieldWidget(MailingAddressForm, "street"), example="")
    street2 = _OF_CLIENTS["street2"].but(widget=FormFieldWidget(MailingAddressForm, "street2"))
    postal_code = _OF_CLIENTS["postal_code"].but(widget=FormFieldWidget(MailingAddressForm, "postal_code"), example="")
    city = _OF_CLIENTS["city"].but(widget=FormFieldWidget(MailingAddressForm, "city"), example="")
    province = _OF_CLIENTS["province"].but(widget=FormFieldWidget(MailingAddressForm, "province"))
    country = _OF_CLIENTS["country"].but(
        widget=ChoiceWidget(MailingAddressForm, "country", country_words, _("“%(value)s” is no country. %(hint)s")),
        help=_("The country of the person’s own address, by name or two-letter code."),
        aliases=["Country code", "Land", "Staat", "Pays", "País", "Paese"],
        example="",
    )
    notes = Column(
        "notes",
        FormFieldWidget(EditContactForm, "notes"),
        aliases=_OF_CLIENTS["notes"].aliases,
        help=_("Notes that only your own staff read."),
    )
    lead_source = _OF_CLIENTS["lead_source"].but(
        widget=ReferenceWidget(EditContactForm, "lead_source", _("“%(value)s” is no lead source. %(hint)s")),
        help=_("How the person found you: an entry of the list of lead sources."),
    )
    first_contact_on = _OF_CLIENTS["first_contact_on"].but(widget=DayWidget(EditContactForm, "first_contact_on"))
    sales_notes = _OF_CLIENTS["sales_notes"].but(widget=FormFieldWidget(EditContactForm, "sales_notes"))

    class Meta:
        model = Contact
        import_id_fields = ("email",)
        fields = (
            *LINKS, "first_name", "last_name", "email", "external_id", "phone", "mobile", "fax", "position", "department", "office",
            "gender", "language", "mother_tongues", "no_crm_emails", "use_client_address", *ADDRESS, "notes", "more_emails", "more_phones",
            "sms_enabled", "lead_source", "first_contact_on", "sales_notes",
        )  # fmt: skip
        import_order = export_order = fields
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True

    def about(self, client: Client | None) -> Self:
        """Be an import of contact persons of `client`, which needs no link (XD2); none in particular for None."""
        self.client = client
        return self

    def template_columns(self) -> list[Column]:
        """Return the columns that are offered; those that lead to a client stay away where there is one, but are read all the same."""
        found = self.columns()
        return found if self.client is None else [column for column in found if column.key not in LINKS]

    def misplaced(self, headers: Sequence[str], mapped: Mapping[int, str]) -> list[str]:
        """A file must say whose contact persons it holds, unless it only updates those who are found without, or by ID."""
        if self.client is not None or places(headers) or set(mapped.values()) & {*LINKS, "email", "external_id"}:
            return []
        return [person_sentences.link_columns([self.fields[key].label for key in LINKS])]
