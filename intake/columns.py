"""The ONE declaration of what can be imported: template, matching, cleaning, review and export all follow from it."""

from collections.abc import Collection, Mapping
from typing import ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from clientdesk.words import search_key
from clients import custom, tax_numbers
from clients.forms import EditClientForm
from clients.forms.addresses import AddressesForm
from clients.forms.identification import IdentificationForm
from clients.models import Branch, Client
from clients.models.client import number_is_taken, taken_number_sentence
from clients.names import proposed_name
from intake import sentences
from intake.cells import ChoiceWidget, EmailWidget, FormFieldWidget, NameWidget, PhoneWidget, Stored, WebsiteWidget
from intake.column import Column
from intake.countries import country_words
from intake.custom_columns import PREFIX
from intake.declaring import Declaration
from intake.file_facts import FileFacts
from intake.hidden import hidden_name
from intake.references import CategoryWidget, CompanyTypeWidget, ReferenceWidget

STATUS_WORDS = {
    "active": ["aktiv", "actif", "activo", "ativo", "attivo", "customer", "kunde", "client"],
    "potential": ["potenziell", "interessent", "prospect", "lead", "potentiel", "potencial", "prospekt"],
    "inactive": ["inaktiv", "inactif", "inactivo", "inativo", "inattivo", "deactivated", "archived", "deaktiviert"],
}


def status_words() -> dict[str, str]:
    """Return {word: status code}."""
    words = {search_key(word): code for code, known in STATUS_WORDS.items() for word in known}
    for code, label in Client.Status.choices:
        words |= {code: code, search_key(str(label)): code, str(label): code}
    return words


class ClientResource(Declaration, ModelResource):
    """Corporate clients, one a row, found by name: added when the name is new, updated when it exists (CD1).

    Running it through import-export gives the records and refusals of our engine: it is the engine's oracle in the tests.
    """

    name = Column(
        "name",
        NameWidget(EditClientForm, "name"),
        aliases=["Client name", "Client", "Customer", "Customer name", "Company", "Company name", "Account name", "Organization", "Organisation",
                 "Kunde", "Kundenname", "Kurzname", "Firma", "Firmenname", "Nom", "Nom du client", "Société", "Nombre", "Nombre del cliente",
                 "Empresa", "Nome", "Nome do cliente", "Cliente"],
        help=_("Your own short name for the client; the client never sees it. Letters, digits, spaces, “-”, “_” and “.”; each name once. "
               "Leave it empty to have it made from the legal name."),
        required=True,
        example="Example Trading",
    )  # fmt: skip
    legal_name = Column(
        "legal_name",
        FormFieldWidget(EditClientForm, "legal_name"),
        aliases=["Registered name", "Official name", "Full name", "Legal entity", "Offizieller Name", "Firmierung", "Name laut Handelsregister",
                 "Raison sociale", "Nom légal", "Razón social", "Nombre legal", "Razão social", "Nome legal", "Ragione sociale"],
        help=_("The official name; it is printed on every document."),
        required=True,
        example="Example Trading & Sons Ltd.",
    )  # fmt: skip
    external_id = Column(
        "external_id",
        FormFieldWidget(EditClientForm, "external_id"),
        aliases=["External key", "ERP ID", "CRM ID", "Record ID", "Externe ID", "Fremdschlüssel", "Externe Nummer", "Identifiant externe",
                 "ID externo", "Identificador externo", "ID externa"],
        help=_("The number of this client in another system; each once."),
        example="EXAMPLE-1",
    )  # fmt: skip
    number = Column(
        "number",
        FormFieldWidget(IdentificationForm, "number"),
        aliases=["Number", "Client no.", "Customer number", "Customer no.", "Client ID", "Customer ID", "Account number", "Kundennummer",
                 "Kunden-Nr.", "Kundennr", "Debitorennummer", "Numéro de client", "N° client", "Code client", "Número de cliente",
                 "Código de cliente", "N.º de cliente", "Numero cliente", "Codice cliente"],
        help=_("The number of a client that you have already. Leave it empty for a new client to have it numbered."),
    )  # fmt: skip
    status = Column(
        "status",
        ChoiceWidget(EditClientForm, "status", status_words, _("“%(value)s” is no status. %(hint)s")),
        aliases=["Client status", "State", "Kundenstatus", "Zustand", "Statut", "État", "Estado", "Situação", "Stato"],
        help=_("Active, Potential or Inactive. Empty means Active for a new client."),
        example="Active",
    )
    email = Column(
        "email",
        EmailWidget(EditClientForm, "email"),
        aliases=["E-mail", "Email", "Mail", "E-mail address", "Email address", "Main e-mail", "E-Mail-Adresse", "Adresse e-mail", "Courriel",
                 "Adresse électronique", "Correo electrónico", "Correo", "Endereço de e-mail", "Posta elettronica"],
        help=_("The address for notifications, such as info@brauer.example."),
        example="office@example-trading.example",
    )  # fmt: skip
    phone = Column(
        "phone",
        PhoneWidget(EditClientForm, "phone"),
        aliases=[
            "Telephone",
            "Phone number",
            "Tel",
            "Tel.",
            "Telefon",
            "Telefonnummer",
            "Rufnummer",
            "Téléphone",
            "Teléfono",
            "Telefone",
            "Telefono",
        ],
        help=_("With the country code, such as +49 30 901820."),
        example="+49 30 901820",
    )
    website = Column(
        "website",
        WebsiteWidget(EditClientForm, "website"),
        aliases=[
            "Web",
            "Web site",
            "Homepage",
            "URL",
            "Internet",
            "Webseite",
            "Internetseite",
            "Site web",
            "Sitio web",
            "Página web",
            "Site",
            "Sito web",
        ],
        help=_("Such as https://www.brauer.example."),
        example="https://www.example-trading.example",
    )
    country = Column(
        "country",
        ChoiceWidget(EditClientForm, "country", country_words, _("“%(value)s” is no country. %(hint)s")),
        aliases=["Country of registration", "Country code", "Land", "Staat", "Länderkennzeichen", "Pays", "País", "Paese", "Nation"],
        help=_("The country of registration, by name or two-letter code."),
        example="Germany",
    )
    branch = Column(
        "branch",
        ReferenceWidget(EditClientForm, "branch", _("“%(value)s” is no branch. %(hint)s"), by_code=True),
        aliases=[
            "Our branch",
            "Branch code",
            "Niederlassung",
            "Zweigstelle",
            "Filiale",
            "Succursale",
            "Agence",
            "Sucursal",
            "Delegación",
            "Filial",
        ],
        help=_("Your own branch that is responsible, by name or code. Empty means the default branch for a new client."),
    )
    category = Column(
        "category",
        CategoryWidget(EditClientForm, "category", _("“%(value)s” is no category. %(hint)s")),
        aliases=["Client category", "Kategorie", "Kundengruppe", "Catégorie", "Categoría", "Categoria"],
        help=_("An entry of the list of categories."),
    )
    company_type = Column(
        "company_type",
        CompanyTypeWidget(EditClientForm, "company_type", _("“%(value)s” is no company type. %(hint)s")),
        aliases=["Legal form", "Type of company", "Rechtsform", "Gesellschaftsform", "Forme juridique", "Forma jurídica", "Tipo de sociedad",
                 "Tipo de empresa", "Forma giuridica"],
        help=_("An entry of the list of company types."),
    )  # fmt: skip
    tax_number = Column(
        "tax_number",
        FormFieldWidget(EditClientForm, "tax_number"),
        aliases=["VAT number", "VAT ID", "VAT", "Tax ID", "TIN", "USt-IdNr.", "USt-IdNr", "Umsatzsteuer-ID", "Steuernummer", "Numéro de TVA",
                 "N° TVA", "NIF", "CIF", "Número de IVA", "NIPC", "CNPJ", "Partita IVA"],
        help=_("The number for value added tax or another tax, by the rules of the client’s country."),
        example="DE136695976",
    )  # fmt: skip
    street = Column(
        "street",
        FormFieldWidget(EditClientForm, "street"),
        aliases=["Address", "Street address", "Address line 1", "Straße", "Strasse", "Straße und Hausnummer", "Anschrift", "Adresse", "Rue",
                 "Calle", "Dirección", "Rua", "Endereço", "Morada", "Via", "Indirizzo"],
        help=_("Street and house number."),
        example="Lindenstrasse 7",
    )  # fmt: skip
    postal_code = Column(
        "postal_code",
        FormFieldWidget(EditClientForm, "postal_code"),
        aliases=[
            "Postcode",
            "Post code",
            "ZIP",
            "ZIP code",
            "Zip/postal code",
            "PLZ",
            "Postleitzahl",
            "Code postal",
            "Código postal",
            "C.P.",
            "CEP",
            "CAP",
        ],
        help=_("As text, so that zeros in front are kept."),
        example="01067",
    )
    city = Column(
        "city",
        FormFieldWidget(EditClientForm, "city"),
        aliases=["Town", "Place", "Ort", "Stadt", "Ville", "Ciudad", "Población", "Cidade", "Localidade", "Città"],
        help=_("The place, without the postal code."),
        example="Dresden",
    )

    street2 = Column(
        "street2",
        FormFieldWidget(EditClientForm, "street2"),
        aliases=["Address line two", "Adresszusatz", "Complément d’adresse"],
        help=_("What else the address needs, such as a floor."),
    )
    province = Column(
        "province",
        FormFieldWidget(EditClientForm, "province"),
        aliases=["Region", "Bundesland", "Provincia", "Província", "Département", "County"],
        help=_("Province, state or region."),
    )
    mobile = Column(
        "mobile",
        PhoneWidget(AddressesForm, "mobile"),
        aliases=["Mobile phone", "Cell", "Cell phone", "Mobiltelefon", "Handy", "Portable", "Móvil", "Telemóvel", "Celular", "Cellulare"],
        help=_("With the country code, such as +49 171 901820."),
    )
    fax = Column(
        "fax",
        PhoneWidget(AddressesForm, "fax"),
        aliases=["Fax number", "Telefax", "Faxnummer", "Télécopie"],
        help=_("With the country code, such as +49 30 901821."),
    )
    contract_number = Column(
        "contract_number",
        FormFieldWidget(IdentificationForm, "contract_number"),
        aliases=["Contract", "Contract no.", "Vertragsnummer", "Numéro de contrat", "Número de contrato"],
        help=_("The number of your contract with this client."),
    )
    lead_source = Column(
        "lead_source",
        ReferenceWidget(IdentificationForm, "lead_source", _("“%(value)s” is no lead source. %(hint)s")),
        aliases=["Source", "Lead origin", "Herkunft", "Quelle"],
        help=_("How the client found you: an entry of the list of lead sources."),
    )
    notes = Column(
        "notes",
        FormFieldWidget(IdentificationForm, "notes"),
        aliases=["Note", "Remark", "Remarks", "Comment", "Comments", "Notizen", "Bemerkung", "Bemerkungen", "Remarques", "Notas"],
        help=_("Notes that only your own staff read."),
    )

    class Meta:
        model = Client
        import_id_fields = ("name",)
        fields = (
            "name", "legal_name", "external_id", "number", "status", "email", "phone", "website", "country", "branch", "category", "company_type",
            "tax_number", "street", "postal_code", "city", "street2", "province", "mobile", "fax", "contract_number", "lead_source", "notes",
        )  # fmt: skip
        import_order = export_order = fields
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True

    kind: ClassVar[str] = Client.Kind.CORPORATE
    file_facts: FileFacts
    default_branch: Branch | None = None

    def before_import(self, dataset: tablib.Dataset, **kwargs) -> None:
        """Read the settings lists and compare the rows of the file with each other; `user` in `kwargs` is who imports."""
        self.prepare(kwargs.get("user"))
        self.default_branch = Branch.preselected()
        self.file_facts = FileFacts(self, dataset)

    def get_instance(self, instance_loader: object, row: Mapping[str, str]) -> Client | None:
        """Return the client whose name equals the row's by key, or None."""
        name = self.quiet("name", row)
        return Client.objects.named(str(name)).first() if name else None

    def import_instance(self, instance: Client, row: Mapping[str, str], **kwargs) -> None:
        """Put the row's values on `instance`; raises ValidationError with every refusal of the row, by column."""
        errors: dict[str, list[str]] = {}
        if unseen := instance.pk is not None and not instance.is_visible_to(self.by):
            errors["name"], instance = [hidden_name()], Client()
        adding = instance.pk is None
        instance.kind = self.kind if adding else instance.kind
        kind, tax_number, number = (instance.company_type_id, instance.category_id), instance.tax_number, instance.number
        given: dict[str, object] = {}
        # Phones are read last: they may be written as in the client's country.
        for column in sorted(self.columns(), key=lambda column: isinstance(column.widget, PhoneWidget)):
            before = getattr(instance, f"{column.key}_id", None) if isinstance(column.widget, ReferenceWidget) else None
            try:
                value = column.clean(row, country=instance.country) if column.column_name in row else None
            except ValidationError as error:
                errors.setdefault(column.key, []).extend(error.messages)
                continue
            if value is None or column.key in self.apart:
                continue
            if isinstance(column.widget, ReferenceWidget):
                if value in column.widget.barred and value != before:
                    errors.setdefault(column.key, []).append(column.widget.barred[value])
                setattr(instance, f"{column.key}_id", value)
            elif column.key.startswith(PREFIX):
                given[column.key.removeprefix(PREFIX)] = value
            else:
                setattr(instance, column.key, value)
        self.finish(instance, row, errors)
        self._check_tax_number(instance, tax_number, errors)
        self._check_number(instance, number, errors, unseen=unseen)
        if instance.kind != self.kind:
            errors.setdefault("name", []).append(sentences.is_another_kind(str(instance), instance.number, instance.kind))
        once = {key: self.quiet(key, row) for key in ("name", "external_id", "number")}
        typed = {key: str(row.get(self.fields[key].column_name) or "") for key in once}
        self.file_facts.judge(instance, self.by, once, typed, errors)
        if not unseen:
            about = (instance.company_type_id, instance.category_id)
            self._customize(instance, given, None if adding else dict(instance.custom), about, moved=about != kind, errors=errors)
        if adding and not unseen:
            self._complete(instance, errors)
        if errors:
            raise ValidationError(errors)

    def finish(self, instance: Client, row: Mapping[str, str], errors: dict[str, list[str]]) -> None:
        """Put on `instance` what several cells say together; refusals go into `errors`."""

    def _check_tax_number(self, instance: Client, before: str, errors: dict[str, list[str]]) -> None:
        """XD3, as the form: only a number that the row changes is measured, by the country of row or client."""
        number = instance.tax_number
        if number != before and (reason := tax_numbers.why_wrong(number, instance.country)):
            errors.setdefault("tax_number", []).append(reason)

    def _check_number(self, instance: Client, before: str, errors: dict[str, list[str]], *, unseen: bool) -> None:
        """Invariant 2: a new client may bring a number that is free, an existing one keeps its own."""
        if instance.number == before or unseen:
            return
        if before:
            errors.setdefault("number", []).append(sentences.number_stays(instance.name, before))
            instance.number = before
        elif "number" not in errors and number_is_taken(instance.number):
            errors.setdefault("number", []).append(taken_number_sentence(instance.number))

    def _customize(
        self, instance: Client, given: dict[str, object], before: dict | None, about: tuple, *, moved: bool, errors: dict
    ) -> None:
        if not errors.keys() & {"company_type", "category"}:
            for key, said in self.asked.judge(given, before, about, moved=moved).items():
                errors.setdefault(key, said)
        instance.custom = custom.merged(before, given)

    def _complete(self, instance: Client, errors: dict[str, list[str]]) -> None:
        for key, said in self.name_faults(instance.legal_name, instance.name, errors).items():
            errors.setdefault(key, []).append(said)
        if instance.branch_id is None and "branch" not in errors:
            if self.default_branch is None:
                errors.setdefault("branch", []).append(sentences.no_branch())
            instance.branch = self.default_branch
        if not instance.name and not errors:
            instance.name = self.file_facts.free_name(proposed_name(instance.legal_name))

    def name_faults(self, legal_name: str, name: str, errors: Collection[str]) -> dict[str, str]:
        """Return by column what the names of a new client lack; `errors` are the columns that are refused already."""
        faults = {}
        if not legal_name and "legal_name" not in errors:
            faults["legal_name"] = self.fields["legal_name"].widget.required_sentence
        if not name and "name" not in errors and not proposed_name(legal_name):
            faults["name"] = sentences.no_name(legal_name)
        return faults

    def for_delete(self, row: Mapping[str, str], instance: Client) -> bool:
        return False

    def skip_row(self, instance: Client, original: Client, row: Mapping[str, str], import_validation_errors: dict | None = None) -> bool:
        """Whether the row is left out: the template's own example, or nothing to change."""
        if self.is_example(row):
            return True
        if import_validation_errors or original.pk is None:
            return False
        return instance.custom == original.custom and all(stored(instance, key) == stored(original, key) for key in self.own_keys)

    def do_instance_save(self, instance: Client, is_create: bool) -> None:
        """Save as the browser does: a new client with number and headquarters, an existing one with its version counted up."""
        if is_create:
            instance.register(self.by)
        else:
            instance.save()


def stored(client: Client, key: str) -> Stored:
    """Return the stored form of one value of `client`, as the stage holds it."""
    value = getattr(client, f"{key}_id" if hasattr(client, f"{key}_id") else key)
    return value if value is None or isinstance(value, int) else str(value)
