"""Thunderbird: an address book exported as CSV, in English (US and UK) or German.

Source: the header rows that Thunderbird writes, as the importers of other programs quote them.
"""

from intake.foreign.product import NOTHING, product

_FACTS = (
    "first_name", "last_name", "full_name", NOTHING, "email", "email", NOTHING, "phone", "home_phone", "fax", NOTHING, "mobile",
    "home_street", "home_street2", "home_city", "home_province", "home_postal_code", "home_country",
    "street", "street2", "city", "province", "postal_code", "country",
    "position", "department", "company", "website", "website", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, "notes",
)  # fmt: skip
_US = (
    "First Name|Last Name|Display Name|Nickname|Primary Email|Secondary Email|Screen Name|Work Phone|Home Phone|Fax Number|Pager Number|"
    "Mobile Number|Home Address|Home Address 2|Home City|Home State|Home ZipCode|Home Country|Work Address|Work Address 2|Work City|"
    "Work State|Work ZipCode|Work Country|Job Title|Department|Organization|Web Page 1|Web Page 2|Birth Year|Birth Month|Birth Day|"
    "Custom 1|Custom 2|Custom 3|Custom 4|Notes"
)
_UK = _US.replace("State", "County").replace("ZipCode", "Post Code").replace("Organization", "Organisation")
_DE = (
    "Vorname|Nachname|Anzeigename|Spitzname|Primäre E-Mail-Adresse|Sekundäre E-Mail-Adresse|Messenger-Name|Tel. dienstlich|Tel. privat|"
    "Fax-Nummer|Pager-Nummer|Mobil-Tel.-Nr.|Privat: Adresse|Privat: Adresse 2|Privat: Ort|Privat: Bundesland|Privat: PLZ|Privat: Land|"
    "Dienstlich: Adresse|Dienstlich: Adresse 2|Dienstlich: Ort|Dienstlich: Bundesland|Dienstlich: PLZ|Dienstlich: Land|Arbeitstitel|"
    "Abteilung|Organisation|Webseite 1|Webseite 2|Geburtsjahr|Geburtsmonat|Geburtstag|Benutzerdef. 1|Benutzerdef. 2|Benutzerdef. 3|"
    "Benutzerdef. 4|Notizen"
)
# The places of the signature: main and second address, mobile number, the street at home and at work.
_SIGNATURE = (4, 5, 11, 12, 18, 22)
PRODUCTS = [
    product("Thunderbird", dict(zip(line.split("|"), _FACTS, strict=True)), [line.split("|")[place] for place in _SIGNATURE])
    for line in (_US, _UK, _DE)
]
