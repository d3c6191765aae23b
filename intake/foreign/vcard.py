"""Tables made of vCards: the names of the properties are the headers.

Source: RFC 2426 and RFC 6350 (names and types of the properties). A structured name or address in one cell (N, ADR) is not read.
"""

from intake.foreign.product import NOTHING, product

_FACTS = {
    "FN": "full_name",
    "N": NOTHING,
    "ORG": "company",
    "TITLE": "position",
    "ROLE": NOTHING,
    "EMAIL": "email",
    "EMAIL;WORK": "email",
    "EMAIL;TYPE=WORK": "email",
    "EMAIL;INTERNET": "email",
    "TEL": "phone",
    "TEL;WORK": "phone",
    "TEL;TYPE=WORK": "phone",
    "TEL;VOICE": "phone",
    "TEL;HOME": "home_phone",
    "TEL;TYPE=HOME": "home_phone",
    "TEL;CELL": "mobile",
    "TEL;TYPE=CELL": "mobile",
    "TEL;FAX": "fax",
    "TEL;TYPE=FAX": "fax",
    "ADR": NOTHING,
    "URL": "website",
    "NOTE": "notes",
    "LANG": "language",
    "GENDER": "gender",
    "UID": "external_id",
    **dict.fromkeys(("NICKNAME", "BDAY", "PHOTO", "REV", "VERSION", "CATEGORIES", "PRODID"), NOTHING),
}
PRODUCTS = [product("vCard", _FACTS, ["FN", "N", "ORG", "TEL", "ADR", "TEL;CELL", "TEL;WORK", "UID", "VERSION", "BDAY", "REV"])]
