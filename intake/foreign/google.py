"""Google Contacts: "Google CSV", as it is written since 2024 and as it was before.

Source: the headers of export files of both forms, as the importers of other programs quote them.
"""

from intake.foreign.product import NOTHING, numbered, product

_MOST = 4
_COMMON = {
    "Notes": "notes",
    "Nickname": NOTHING,
    "Birthday": NOTHING,
    "Photo": NOTHING,
    "Name Prefix": NOTHING,
    "Name Suffix": NOTHING,
    **numbered("E-mail %d - Value", _MOST, "email"),
    **numbered("Phone %d - Value", _MOST, "phone"),
    **numbered("Website %d - Value", _MOST, "website"),
    **numbered("Address %d - Street", 2, "street"),
    **numbered("Address %d - Extended Address", 2, "street2"),
    **numbered("Address %d - City", 2, "city"),
    **numbered("Address %d - Region", 2, "province"),
    **numbered("Address %d - Postal Code", 2, "postal_code"),
    **numbered("Address %d - Country", 2, "country"),
    **numbered("Address %d - Formatted", 2, NOTHING),
    **numbered("Address %d - PO Box", 2, NOTHING),
}
_NEW = {
    "First Name": "first_name",
    "Middle Name": NOTHING,
    "Last Name": "last_name",
    "File As": NOTHING,
    "Organization Name": "company",
    "Organization Title": "position",
    "Organization Department": "department",
    "Labels": NOTHING,
    **{header % part: NOTHING for part in ("First", "Middle", "Last") for header in ("Phonetic %s Name",)},
    **{key: NOTHING for name in ("E-mail", "Phone", "Website", "Address") for key in numbered(f"{name} %d - Label", _MOST, NOTHING)},
}
_OLD = {
    "Name": "full_name",
    "Given Name": "first_name",
    "Additional Name": NOTHING,
    "Family Name": "last_name",
    "Organization 1 - Name": "company",
    "Organization 1 - Title": "position",
    "Organization 1 - Department": "department",
    "Organization 1 - Type": NOTHING,
    "Organization 1 - Location": NOTHING,
    "Organization 1 - Symbol": NOTHING,
    "Organization 1 - Job Description": NOTHING,
    "Gender": "gender",
    "Language": "language",
    "Location": NOTHING,
    "Occupation": NOTHING,
    "Subject": NOTHING,
    "Group Membership": NOTHING,
    **{key: NOTHING for name in ("E-mail", "Phone", "Website", "Address") for key in numbered(f"{name} %d - Type", _MOST, NOTHING)},
}
_SIGNATURE = ["E-mail 1 - Value", "Phone 1 - Value", "Address 1 - Street", "Address 1 - City", "Website 1 - Value"]
PRODUCTS = [
    product("Google Contacts", _NEW | _COMMON, [*_SIGNATURE, "Organization Name", "E-mail 1 - Label", "Phone 1 - Label"]),
    product("Google Contacts", _OLD | _COMMON, [*_SIGNATURE, "Organization 1 - Name", "E-mail 1 - Type", "Phone 1 - Type"]),
]
