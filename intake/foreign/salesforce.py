"""Salesforce: accounts and contacts, with the names of the fields (data export, Data Loader) or their labels (reports).

Source: the object reference of Salesforce (Account, Contact) and the report columns that other programs quote.
"""

from intake.foreign.product import NOTHING, product

_SYSTEM = dict.fromkeys(
    ("IsDeleted", "MasterRecordId", "OwnerId", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp",
     "LastActivityDate", "Jigsaw"),
    NOTHING,
)  # fmt: skip
_ACCOUNT_FIELDS = {
    "Id": "external_id",
    "AccountNumber": "external_id",
    "Name": "own_name",
    "BillingStreet": "street",
    "BillingCity": "city",
    "BillingState": "province",
    "BillingPostalCode": "postal_code",
    "BillingCountry": "country",
    "Phone": "phone",
    "Fax": "fax",
    "Website": "website",
    "Description": "notes",
    "AccountSource": "lead_source",
    **dict.fromkeys(("ShippingStreet", "ShippingCity", "ShippingState", "ShippingPostalCode", "ShippingCountry"), NOTHING),
    "Industry": "industry",
    **dict.fromkeys(("Type", "ParentId", "AnnualRevenue", "NumberOfEmployees", "Ownership", "TickerSymbol", "Rating", "Site",
                     "Sic", "SicDesc"), NOTHING),
    **_SYSTEM,
}  # fmt: skip
_ACCOUNT_LABELS = {
    "Account ID": "external_id",
    "Account Number": "external_id",
    "Account Name": "own_name",
    "Billing Street": "street",
    "Billing Address Line 1": "street",
    "Billing Address Line 2": "street2",
    "Billing City": "city",
    "Billing State/Province": "province",
    "Billing Zip/Postal Code": "postal_code",
    "Billing Country": "country",
    "Phone": "phone",
    "Fax": "fax",
    "Website": "website",
    "Description": "notes",
    "Account Description": "notes",
    "Account Source": "lead_source",
    **dict.fromkeys(
        ("Shipping Street", "Shipping City", "Shipping State/Province", "Shipping Zip/Postal Code", "Shipping Country"), NOTHING
    ),
    "Account Owner": "owner",
    "Industry": "industry",
    **dict.fromkeys(("Type", "Annual Revenue", "Employees", "Rating", "Account Site", "Parent Account"), NOTHING),
}
_CONTACT_FIELDS = {
    "Id": "external_id",
    "AccountId": "client_external_id",
    "FirstName": "first_name",
    "LastName": "last_name",
    "Name": "full_name",
    "MailingStreet": "street",
    "MailingCity": "city",
    "MailingState": "province",
    "MailingPostalCode": "postal_code",
    "MailingCountry": "country",
    "Phone": "phone",
    "MobilePhone": "mobile",
    "HomePhone": "home_phone",
    "Fax": "fax",
    "Email": "email",
    "Title": "position",
    "Department": "department",
    "Description": "notes",
    "HasOptedOutOfEmail": "no_crm_emails",
    **dict.fromkeys(("OtherStreet", "OtherCity", "OtherState", "OtherPostalCode", "OtherCountry", "OtherPhone", "AssistantPhone"), NOTHING),
    "LeadSource": "lead_source",
    **dict.fromkeys(("Salutation", "ReportsToId", "AssistantName", "Birthdate"), NOTHING),
    **_SYSTEM,
}
_CONTACT_LABELS = {
    "Contact ID": "external_id",
    "Account ID": "client_external_id",
    "First Name": "first_name",
    "Last Name": "last_name",
    "Full Name": "full_name",
    "Account Name": "company",
    "Mailing Street": "street",
    "Mailing City": "city",
    "Mailing State/Province": "province",
    "Mailing Zip/Postal Code": "postal_code",
    "Mailing Country": "country",
    "Phone": "phone",
    "Mobile": "mobile",
    "Home Phone": "home_phone",
    "Fax": "fax",
    "Email": "email",
    "Title": "position",
    "Department": "department",
    "Email Opt Out": "no_crm_emails",
    **dict.fromkeys(
        ("Other Street", "Other City", "Other State/Province", "Other Zip/Postal Code", "Other Country", "Other Phone"), NOTHING
    ),
    "Account Owner": "owner",
    "Contact Owner": "person_owner",
    "Lead Source": "lead_source",
    **dict.fromkeys(("Salutation", "Reports To", "Birthdate", "Assistant"), NOTHING),
}
PRODUCTS = [
    product("Salesforce", _ACCOUNT_FIELDS, ["BillingStreet", "BillingCity", "BillingPostalCode", "BillingCountry", "AccountNumber"]),
    product("Salesforce", _ACCOUNT_LABELS, ["Account Name", "Account ID", "Billing State/Province", "Billing Zip/Postal Code",
                                            "Billing Street", "Account Owner"]),
    product("Salesforce", _CONTACT_FIELDS, ["AccountId", "MailingStreet", "MailingCity", "MailingPostalCode", "MobilePhone"]),
    product("Salesforce", _CONTACT_LABELS, ["Account Name", "Contact ID", "Mailing Street", "Mailing State/Province",
                                            "Mailing Zip/Postal Code", "Contact Owner"]),
]  # fmt: skip
