"""The exports of other products: a header row is recognised, and what is ambiguous elsewhere means there what the product means."""

import pytest

from intake import foreign
from intake.columns import ClientResource
from intake.foreign.outlook import _HEADERS as OUTLOOK
from intake.foreign.product import KEYS
from intake.matching import match, normalised

CONTACT_KEYS = ("client_name", "client_number", "client_email", "first_name", "last_name", "email", "phone", "mobile", "fax", "position",
                "department", "gender", "language", "street", "street2", "postal_code", "city", "province", "country", "external_id",
                "no_crm_emails", "notes")  # fmt: skip
CORPORATE_KEYS = [column.key for column in ClientResource().columns()]
EXPORTS = {
    "Google Contacts (2024)": "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
    "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,"
    "Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address",
    "Google Contacts (old)": "Name,Given Name,Additional Name,Family Name,Yomi Name,Name Prefix,Name Suffix,Initials,Nickname,Birthday,"
    "Gender,Location,Billing Information,Occupation,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,"
    "Phone 1 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Organization 1 - Type,"
    "Organization 1 - Name,Organization 1 - Title",
    "HubSpot (companies)": "Record ID,Company name,Company owner,Create Date,Phone Number,Last Activity Date,City,Country/Region,Industry,"
    "Website URL,Street Address,Postal Code,State/Region",
    "HubSpot (contacts)": "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,Lead Status,"
    "Associated Company,Associated Company IDs,Job Title,City,Postal Code,Last Activity Date",
    "Salesforce (account fields)": "Id,IsDeleted,MasterRecordId,Name,Type,ParentId,BillingStreet,BillingCity,BillingState,"
    "BillingPostalCode,BillingCountry,ShippingStreet,Phone,Fax,AccountNumber,Website,Sic,Industry,AnnualRevenue,NumberOfEmployees",
    "Salesforce (account report)": "Account Owner,Account Name,Account ID,Billing Street,Billing City,Billing State/Province,"
    "Billing Zip/Postal Code,Billing Country,Phone,Website,Type,Rating",
    "Salesforce (contact fields)": "Id,AccountId,LastName,FirstName,Salutation,MailingStreet,MailingCity,MailingPostalCode,"
    "MailingCountry,Phone,MobilePhone,Email,Title,Department",
    "Salesforce (contact report)": "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,"
    "Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Phone,Mobile,Fax,Email,Account Owner",
    "Zoho (accounts)": "Record Id,Account Owner,Account Name,Phone,Website,Billing Street,Billing City,Billing State,Billing Code,"
    "Billing Country,Shipping Code,Description,Created Time",
    "Zoho (contacts)": "Record Id,Contact Owner,First Name,Last Name,Account Name,Email,Phone,Mobile,Title,Department,Mailing Street,"
    "Mailing City,Mailing State,Mailing Zip,Mailing Country,Email Opt Out,Lead Source",
    "Odoo (fields)": "id,name,is_company,parent_id/id,street,street2,zip,city,state_id,country_id,email,phone,mobile,vat,website,function,"
    "user_id,industry_id",
    "Odoo (labels)": "External ID,Complete Name,Name,Is a Company,Related Company,Street,Street2,Zip,City,State,Country,Email,Phone,"
    "Mobile,Tax ID,Website Link,Job Position",
    "Dolibarr (third parties)": "Id third party,Name,Customer code,Supplier code,Address,Zip Code,City,State/Canton,Country,Country code,"
    "Phone,Fax,Url,Email,Juridical status,Professional ID 1,VAT number,Third party type",
    "Dolibarr (tiers)": "Id tiers,Nom,Code client,Code fournisseur,Adresse,Code postal,Ville,Pays,Téléphone,Fax,Email,SIREN,SIRET,"
    "Num TVA,Type du tiers",
    "Dolibarr (contacts)": "Contact Id,Civility code,Lastname,Firstname,Post/Function,Phone,Fax,Mobile,Email,Company Id,Company name,"
    "Customer code",
    "Dolibarr (contacts de tiers)": "Id contact,Code civilité,Nom,Prénom,Poste/Fonction,Téléphone,Email,Id société,Raison sociale,"
    "Code client",
    "Thunderbird": "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,"
    "Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,Work Address,"
    "Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,Organization,Web Page 1,Notes",
    "vCard": "FN,N,ORG,TITLE,TEL;WORK,TEL;CELL,EMAIL,URL,NOTE,UID",
}  # fmt: skip


def read(headers: list[str], kind: str, keys) -> dict[str, str]:
    """Return {header: column key} of what the product that wrote `headers` tells, where every column has values."""
    product = foreign.recognised(headers)
    told = product.read(kind, headers, [["x"]] * len(headers), keys)
    return {headers[place]: key for place, key in told.items() if key}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_recognised_and_most_of_it_is_known(name):
    headers = EXPORTS[name].split(",")
    product = foreign.recognised(headers)
    assert product.name == name.partition(" (")[0]
    assert product.share(frozenset(map(normalised, headers))) > 0.8


@pytest.mark.parametrize("line", OUTLOOK, ids=lambda line: line.split("|")[0])
def test_outlook_is_recognised_in_its_languages_and_gives_a_whole_contact(line):
    headers = [header for header in line.split("|") if header != "-"]
    told = read(headers, "contact", CONTACT_KEYS)
    assert foreign.recognised(headers).name == "Outlook"
    assert {"client_name", "first_name", "last_name", "email", "phone", "mobile", "fax", "street", "postal_code", "city", "country",
            "notes"} <= set(told.values())  # fmt: skip
    assert told[headers[0]] == "first_name"
    assert told[headers[2]] == "client_name"


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        (
            "Google Contacts (2024)",
            "contact",
            {"Organization Name": "client_name", "Organization Title": "position", "E-mail 1 - Value": "email"},
        ),
        ("Google Contacts (old)", "contact", {"Given Name": "first_name", "Organization 1 - Name": "client_name"}),
        (
            "HubSpot (companies)",
            "corporate",
            {"Company name": "legal_name", "Record ID": "external_id", "Industry": "industries", "Company owner": "sales_person"},
        ),
        ("HubSpot (contacts)", "contact", {"Associated Company": "client_name", "Record ID": "external_id", "Job Title": "position"}),
        ("Salesforce (account fields)", "corporate", {"Name": "legal_name", "Id": "external_id", "Industry": "industries"}),
        (
            "Salesforce (account report)",
            "corporate",
            {"Account Name": "legal_name", "Account ID": "external_id", "Account Owner": "sales_person"},
        ),
        ("Salesforce (contact fields)", "contact", {"LastName": "last_name", "Id": "external_id", "Title": "position"}),
        ("Salesforce (contact report)", "contact", {"Account Name": "client_name", "Title": "position"}),
        ("Zoho (accounts)", "corporate", {"Account Name": "legal_name", "Billing Code": "postal_code", "Account Owner": "sales_person"}),
        ("Zoho (contacts)", "individual", {"Contact Owner": "sales_person", "Lead Source": "lead_source"}),
        ("Zoho (contacts)", "contact", {"Account Name": "client_name", "Mailing Zip": "postal_code", "Email Opt Out": "no_crm_emails"}),
        (
            "Odoo (fields)",
            "corporate",
            {"name": "legal_name", "vat": "tax_number", "user_id": "sales_person", "industry_id": "industries", "id": "external_id"},
        ),
        ("Odoo (labels)", "contact", {"Related Company": "client_name", "Job Position": "position", "External ID": "external_id"}),
        ("Dolibarr (third parties)", "corporate", {"Customer code": "external_id", "Name": "legal_name", "VAT number": "tax_number"}),
        ("Dolibarr (tiers)", "corporate", {"Nom": "legal_name", "Num TVA": "tax_number"}),
        ("Dolibarr (contacts)", "contact", {"Company name": "client_name", "Lastname": "last_name"}),
        ("Dolibarr (contacts de tiers)", "contact", {"Nom": "last_name", "Raison sociale": "client_name"}),
        ("Thunderbird", "contact", {"Organization": "client_name", "Work Address": "street", "Mobile Number": "mobile"}),
        ("vCard", "contact", {"ORG": "client_name", "TEL;CELL": "mobile", "TITLE": "position"}),
    ],
)
def test_an_ambiguous_header_means_what_its_product_means(name, kind, told):
    found = read(EXPORTS[name].split(","), kind, CONTACT_KEYS if kind == "contact" else CORPORATE_KEYS)
    assert told.items() <= found.items()
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize("header", ["Ort", "Anrede", "Konto"])
def test_a_header_of_a_product_that_is_nothing_of_ours_is_left_out(header):
    headers = OUTLOOK[1].split("|")
    assert header not in read(headers, "corporate", CORPORATE_KEYS)
    if header == "Ort":
        assert match(["Ort"], ClientResource().columns()).by_position == {0: "city"}


def test_of_two_headers_for_one_field_the_one_with_values_is_taken():
    headers = ["Organization Name", "E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Value", "Phone 1 - Value", "Phone 2 - Value"]
    product = foreign.recognised(headers)
    told = product.read("contact", headers, [["A"], [], [], ["b@c.example"], ["1"], ["2"]], CONTACT_KEYS)
    assert {place: key for place, key in told.items() if key} == {0: "client_name", 3: "email", 4: "phone"}


@pytest.mark.parametrize(
    "headers",
    [
        [column.label for column in ClientResource().columns()],
        [column.key for column in ClientResource().columns()],
        [column.aliases[0] for column in ClientResource().columns() if column.aliases],
        ["Name", "Company", "Phone", "Email", "City", "Country", "Notes", "Title"],
        ["Vorname", "Nachname", "Firma", "Straße", "PLZ", "Ort", "Telefon", "E-Mail"],
        ["Nom", "Adresse", "Code postal", "Ville", "Pays", "Téléphone"],
        ["", "", ""],
        [],
    ],
)
def test_what_many_programs_write_is_no_product(headers):
    assert foreign.recognised(headers) is None


def test_a_few_headers_of_a_product_among_many_others_are_no_export():
    assert foreign.recognised([*(f"Spalte {number}" for number in range(30)), "BillingStreet", "BillingCity", "BillingPostalCode"]) is None


def test_every_fact_of_every_product_has_a_column_in_some_kind():
    known = {fact for pairs in KEYS.values() for fact, _key in pairs}
    told = {fact for product in foreign.PRODUCTS for fact in product.facts.values() if fact}
    assert told <= known


def test_the_header_row_of_an_export_is_found_by_its_words():
    words = foreign.words("corporate")
    assert {words[normalised(header)] for header in ("BillingCity", "Ort geschäftlich", "Work City")} == {"city"}
