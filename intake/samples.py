"""The rows of the filled sample of each kind (C17): invented people and companies, each row another way to fill in the columns."""

from intake.models import ImportRun

_CORPORATE = (
    {
        "name": "Brauer Antriebe", "legal_name": "Brauer Antriebstechnik GmbH & Co. KG", "external_id": "S-1001", "status": "Active",
        "email": "info@brauer.example", "phone": "+49 711 5550120", "website": "https://www.brauer.example", "country": "Germany",
        "tax_number": "DE136695976", "street": "Lindenstraße 7", "postal_code": "70173", "city": "Stuttgart",
    },
    {
        "name": "Giraud Frères", "legal_name": "Giraud Frères S.A.R.L.", "external_id": "S-1002", "status": "Potential",
        "email": "contact@giraud.example", "country": "FR", "street": "12 rue de la République", "postal_code": "69002", "city": "Lyon",
    },
    {
        "name": "Ήλιος Μεταφραστική", "legal_name": "Ήλιος Μεταφραστική Α.Ε.", "external_id": "S-1003", "email": "info@ilios.example",
        "country": "Greece", "postal_code": "105 57", "city": "Αθήνα",
    },
    {
        "name": "山田印刷", "legal_name": "山田印刷株式会社", "external_id": "S-1004", "email": "info@yamada.example", "country": "JP",
        "city": "東京",
    },
    {
        "legal_name": "O’Neil & Daughters “Fine Print” Ltd.", "external_id": "S-1005", "country": "Ireland", "postal_code": "D02 AF30",
        "city": "Dublin",
    },
)  # fmt: skip

_INDIVIDUAL = (
    {
        "first_name": "Anna", "last_name": "Meier", "external_id": "P-1001", "status": "Active", "email": "anna@meier.example",
        "phone": "+49 30 5550121", "country": "Germany", "street": "Amselweg 3", "postal_code": "10115", "city": "Berlin",
    },
    {"first_name": "Łukasz", "last_name": "Żak", "external_id": "P-1002", "email": "lukasz@zak.example", "country": "PL", "city": "Kraków"},
    {"legal_name": "O’Neil, Sinéad", "external_id": "P-1003", "email": "sinead@oneil.example", "country": "Ireland"},
    {"last_name": "山田", "first_name": "花子", "external_id": "P-1004", "email": "hanako@yamada.example", "country": "JP"},
)  # fmt: skip

# Each client is one of the sample of corporate clients.
_CONTACT = (
    {
        "client_name": "Brauer Antriebe", "first_name": "Ada", "last_name": "Krämer", "email": "ada@brauer.example",
        "external_id": "K-1001", "phone": "+49 711 5550121", "department": "Purchasing", "gender": "Female", "language": "German",
        "mother_tongues": "German, Polish",
    },
    {
        "client_name": "Brauer Antriebe", "first_name": "Jonas", "last_name": "Brauer", "email": "jonas@brauer.example",
        "department": "Sales", "no_crm_emails": "Yes",
    },
    {
        "client_email": "contact@giraud.example", "first_name": "Zoë", "last_name": "Giraud", "email": "zoe@giraud.example",
        "language": "FR", "street": "3 quai Saint-Antoine", "postal_code": "69002", "city": "Lyon", "country": "France",
    },
    {"client_name": "山田印刷", "last_name": "山田", "first_name": "花子", "email": "hanako@yamada.example"},
)  # fmt: skip

_TREE = (
    {
        "client_name": "Brauer Antriebe", "client_legal_name": "Brauer Antriebstechnik GmbH & Co. KG", "client_country": "Germany",
        "office_name": "Leipzig plant", "office_city": "Leipzig", "department_name": "Purchasing", "person_first_name": "Ada",
        "person_last_name": "Krämer", "person_email": "ada@brauer.example",
    },
    {
        "client_name": "Brauer Antriebe", "office_name": "Leipzig plant", "department_name": "Sales", "person_first_name": "Jonas",
        "person_last_name": "Brauer", "person_email": "jonas@brauer.example",
    },
    {"client_name": "Brauer Antriebe", "office_name": "Stuttgart", "office_headquarters": "Yes", "office_city": "Stuttgart"},
    {
        "client_name": "Giraud Frères", "client_legal_name": "Giraud Frères S.A.R.L.", "client_country": "France",
        "person_first_name": "Zoë", "person_last_name": "Giraud",
    },
)  # fmt: skip

_SAMPLES: dict[str, tuple[dict[str, str], ...]] = {
    ImportRun.Kind.CORPORATE: _CORPORATE,
    ImportRun.Kind.INDIVIDUAL: _INDIVIDUAL,
    ImportRun.Kind.CONTACT: _CONTACT,
    ImportRun.Kind.TREE: _TREE,
}


def samples(kind: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the sample of `kind` as text by column key."""
    return _SAMPLES[kind]
