"""HubSpot: companies and contacts, exported with the English labels of its properties.

Source: the labels of the default properties in HubSpot's documentation of its import and export, and export files that other programs
quote.
"""

from intake.foreign.product import NOTHING, product

_COMMON = {
    "Record ID": "external_id",
    "Phone Number": "phone",
    "Street Address": "street",
    "Street Address 2": "street2",
    "City": "city",
    "State/Region": "province",
    "Postal Code": "postal_code",
    "Country/Region": "country",
    "Create Date": NOTHING,
    "Last Activity Date": NOTHING,
    "Last Modified Date": NOTHING,
    "Lifecycle Stage": NOTHING,
    "Lead Status": NOTHING,
    "Industry": "industry",
    "Original Source": "lead_source",
    "Original Source Type": "lead_source",
    "Original Traffic Source": "lead_source",
    "Annual Revenue": NOTHING,
    "Number of Employees": NOTHING,
    "Time Zone": NOTHING,
    "Type": NOTHING,
}
_COMPANIES = {
    "Company name": "own_name",
    "Website URL": "website",
    "Company Domain Name": "website",
    "Description": "notes",
    "Company owner": "owner",
    "Associated Contact": NOTHING,
    "Associated Contact IDs": NOTHING,
    "LinkedIn Company Page": NOTHING,
}
_CONTACTS = {
    "First Name": "first_name",
    "Last Name": "last_name",
    "Email": "email",
    "Mobile Phone Number": "mobile",
    "Job Title": "position",
    "Company Name": "company",
    "Associated Company (Primary)": "company",
    "Associated Company": "company",
    "Associated Company IDs (Primary)": "client_external_id",
    "Associated Company IDs": "client_external_id",
    "Preferred language": "language",
    "Gender": "gender",
    "Fax Number": "fax",
    "Contact owner": "person_owner",
    "Website URL": NOTHING,
}
PRODUCTS = [
    product(
        "HubSpot",
        _COMPANIES | _COMMON,
        ["Record ID", "Company owner", "Company Domain Name", "Lifecycle Stage", "State/Region", "Country/Region", "Last Activity Date"],
    ),
    product(
        "HubSpot",
        _CONTACTS | _COMMON,
        ["Record ID", "Contact owner", "Associated Company", "Associated Company IDs", "Associated Company (Primary)", "Lead Status",
         "Lifecycle Stage", "State/Region", "Mobile Phone Number", "Last Activity Date"],
    ),
]  # fmt: skip
