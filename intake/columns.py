"""The ONE declaration of what can be imported: template, matching, cleaning, review and export all follow from it."""

from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from clients.forms import EditClientForm
from clients.forms.addresses import AddressesForm
from clients.forms.identification import IdentificationForm
from clients.models import Client
from intake.cells import ChoiceWidget, EmailWidget, FormFieldWidget, NameWidget, PhoneWidget, WebsiteWidget
from intake.client_oracle import ClientOracle
from intake.column import Column
from intake.countries import country_words
from intake.further_columns import FURTHER
from intake.further_columns import KEYS as FURTHER_KEYS
from intake.references import CategoryWidget, CompanyTypeWidget, ReferenceWidget
from intake.status_words import status_words


class ClientResource(ClientOracle, ModelResource):
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
    (industries, first_contact_on, potential_annual_revenue, potential_annual_revenue_on, sales_person, project_manager, responsible,
     restricted_to_responsible, sales_notes, budget_codes, budget_code_required, more_tax_numbers, language, no_crm_emails,
     use_billing_address, post_street, post_street2, post_postal_code, post_city, post_province, post_country, more_emails,
     cc_contact_emails, more_phones, sms_enabled, more_websites, server_account) = FURTHER  # fmt: skip

    class Meta:
        model = Client
        import_id_fields = ("name",)
        fields = (
            "name", "legal_name", "external_id", "number", "status", "email", "phone", "website", "country", "branch", "category", "company_type",
            "tax_number", "street", "postal_code", "city", "street2", "province", "mobile", "fax", "contract_number", "lead_source", "notes",
            *FURTHER_KEYS,
        )  # fmt: skip
        import_order = export_order = fields
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
