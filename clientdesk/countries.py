"""Countries: ISO 3166 codes with their names in the reader's language, from Babel."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

from clientdesk.words import search_key

# Babel's territories hold continents, test codes and regions too; these two-letter codes are no ISO 3166 countries.
_NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK"}


@cache
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(language, sep="-").territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES}


def country_name(code: str) -> str:
    """Return the name of the ISO 3166 country `code` in the active language, or the code itself where it is unknown."""
    return _names(get_language() or "en").get(code, code)


@cache
def _choices(language: str) -> list[tuple[str, str]]:
    return sorted(_names(language).items(), key=lambda pair: search_key(pair[1]))


def country_choices() -> list[tuple[str, str]]:
    """Return (code, name) of every country, sorted by name in the active language."""
    return _choices(get_language() or "en")
