"""Tax numbers of clients, checked by their country (XD3): VAT numbers of the European Union, and the numbers of some countries more.

A country that is not listed, and a client without one, may have any number.
"""

from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from stdnum import get_cc_module
from stdnum.exceptions import InvalidChecksum, ValidationError

from clientdesk.countries import country_name

if TYPE_CHECKING:
    from stdnum.util import NumberValidationModule

# Country -> a number of that country as people write it; the first kind is what errors show. (Invented or public examples.)
EXAMPLES = {
    "AT": "ATU12345675",
    "BE": "BE0428759497",
    "BG": "BG175074752",
    "CY": "CY10259033P",
    "CZ": "CZ25123891",
    "DE": "DE136695976",
    "DK": "DK13585628",
    "EE": "EE100931558",
    "GR": "EL094259216",
    "ES": "ESB58378431",
    "FI": "FI20774740",
    "FR": "FR40303265045",
    "HR": "HR33392005961",
    "HU": "HU12892312",
    "IE": "IE6433435F",
    "IT": "IT00743110157",
    "LT": "LT119511515",
    "LU": "LU15027442",
    "LV": "LV40003521600",
    "MT": "MT11679112",
    "NL": "NL004495445B01",
    "PL": "PL8567346215",
    "PT": "PT501964843",
    "RO": "RO18547290",
    "SE": "SE123456789701",
    "SI": "SI50223054",
    "SK": "SK2022749619",
    "GB": "GB980780684",
    "CH": "CHE-107.787.577 MWST",
    "NO": "NO 995 525 828 MVA",
    "US": "91-1144442",
    "CA": "123026635",
    "AU": "83 914 571 673",
    "NZ": "49-098-576",
    "IN": "27AAPFU0939F1ZV",
    "BR": "16.727.230/0001-97",
    "MX": "GODE561231GR8",
    "JP": "5-8356-7825-6246",
    "KR": "116-82-00276",
    "TR": "4540536920",
    "UA": "32855961",
    "ZA": "0001339050",
    "AR": "20-05536168-2",
    "IL": "516179157",
    "RS": "101134702",
}
# Every kind of number that a company or a person of the country may give as its tax number.
_KINDS = {
    "DE": ("vat", "stnr", "idnr"),
    "AT": ("vat", "tin"),
    "FR": ("vat", "siren", "siret", "nif"),
    "IT": ("vat", "codicefiscale"),
    "ES": ("vat", "nif"),
    "PL": ("vat", "pesel"),
    "GB": ("vat", "utr"),
    "CH": ("vat", "uid"),
    "NO": ("mva", "orgnr"),
    "US": ("tin",),
    "CA": ("bn",),
    "AU": ("abn", "acn", "tfn"),
    "NZ": ("ird",),
    "IN": ("gstin", "pan"),
    "BR": ("cnpj", "cpf"),
    "MX": ("rfc",),
    "JP": ("cn",),
    "KR": ("brn",),
    "TR": ("vkn", "tckimlik"),
    "UA": ("edrpou", "rntrc"),
    "ZA": ("tin",),
    "AR": ("cuit",),
    "IL": ("hp", "idnr"),
    "RS": ("pib",),
}


def why_wrong(number: str, country: str) -> str:
    """Return why `number` is no tax number of `country` (ISO 3166), naming it and a number as it should be, or an empty text.

    A number of another country of the Union, told by its letters in front, is measured by that country's rule.
    """
    text = "".join(number.split())
    if not text:
        return ""
    country = _by_prefix(text) or country
    if country not in EXAMPLES:
        return ""
    if (fit := _fits(text, country)) == "yes":
        return ""
    said = {"value": number, "country": country_name(country), "example": EXAMPLES[country]}
    if fit == "checksum":
        return _("“%(value)s” is mistyped: its check digit is wrong for %(country)s. Compare it with the client's papers.") % said
    return _("“%(value)s” is no tax number of %(country)s. One looks like %(example)s.") % said


def _by_prefix(text: str) -> str:
    prefix = "GR" if text[:2].upper() == "EL" else text[:2].upper()
    example = EXAMPLES.get(prefix, "")
    # Only where numbers are written with the country in front: “IN” or “NO” may begin another country's number.
    return prefix if example[:2] in (prefix, "EL") and len(text) > 2 and text[2:3].isalnum() and prefix not in ("NO", "CH") else ""


def _fits(text: str, country: str) -> str:
    """Return "yes", "checksum" where only the check digit is wrong, or "no"."""
    found = "no"
    for module in _modules(country):
        try:
            module.validate(text)
        except InvalidChecksum:
            found = "checksum"
        except (ValidationError, ValueError, IndexError, KeyError):
            continue
        else:
            return "yes"
    return found


@cache
def _modules(country: str) -> "list[NumberValidationModule]":
    found = (get_cc_module(country.lower(), kind) for kind in _KINDS.get(country, ("vat",)))
    return [module for module in found if module]
