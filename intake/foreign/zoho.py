"""Zoho CRM: accounts and contacts, exported with the English labels of its fields.

Source: the list of modules and fields in Zoho's help, and the schema of its accounts and contacts that other programs quote.
"""

from intake.foreign.product import NOTHING, product

_SYSTEM = dict.fromkeys(
    ("Created By", "Modified By", "Created Time", "Modified Time", "Last Activity Time", "Tag", "Currency", "Exchange Rate", "Owner.id"),
    NOTHING,
)
_ACCOUNTS = {
    "Record Id": "external_id",
    "Account Id": "external_id",
    "Account Number": "external_id",
    "Account Name": "own_name",
    "Phone": "phone",
    "Fax": "fax",
    "Website": "website",
    "Billing Street": "street",
    "Billing City": "city",
    "Billing State": "province",
    "Billing Code": "postal_code",
    "Billing Country": "country",
    "Description": "notes",
    **dict.fromkeys(("Shipping Street", "Shipping City", "Shipping State", "Shipping Code", "Shipping Country"), NOTHING),
    "Account Owner": "owner",
    "Industry": "industry",
    **dict.fromkeys(("Account Site", "Account Type", "Parent Account", "Annual Revenue", "Employees", "Ownership", "Rating", "SIC Code",
                     "Ticker Symbol"), NOTHING),
    **_SYSTEM,
}  # fmt: skip
_CONTACTS = {
    "Record Id": "external_id",
    "Contact Id": "external_id",
    "First Name": "first_name",
    "Last Name": "last_name",
    "Full Name": "full_name",
    "Account Name": "company",
    "Account Name.id": "client_external_id",
    "Email": "email",
    "Secondary Email": "email",
    "Phone": "phone",
    "Home Phone": "home_phone",
    "Mobile": "mobile",
    "Fax": "fax",
    "Department": "department",
    "Title": "position",
    "Mailing Street": "street",
    "Mailing City": "city",
    "Mailing State": "province",
    "Mailing Zip": "postal_code",
    "Mailing Country": "country",
    "Email Opt Out": "no_crm_emails",
    "Description": "notes",
    **dict.fromkeys(("Other Street", "Other City", "Other State", "Other Zip", "Other Country", "Other Phone", "Asst Phone"), NOTHING),
    "Contact Owner": "person_owner",
    "Lead Source": "lead_source",
    **dict.fromkeys(("Salutation", "Vendor Name", "Reporting To", "Assistant", "Date of Birth", "Skype ID", "Twitter"), NOTHING),
    **_SYSTEM,
}  # fmt: skip
PRODUCTS = [
    product("Zoho", _ACCOUNTS, ["Billing Code", "Shipping Code", "Billing State", "Account Owner", "Account Name", "Record Id"]),
    product("Zoho", _CONTACTS, ["Mailing Zip", "Mailing State", "Account Name", "Contact Owner", "Record Id", "Email Opt Out"]),
]
