"""Languages by ISO code with their names in the reader's language, from Babel."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

from clientdesk.words import search_key


@cache
def _names(language: str) -> dict[str, str]:
    return {code: name for code, name in Locale.parse(language, sep="-").languages.items() if len(code) == 2 and code.isalpha()}


def language_name(code: str) -> str:
    """Return the name of the language `code` in the active language, or the code itself where it is unknown."""
    return _names(get_language() or "en").get(code, code)


@cache
def _choices(language: str) -> list[tuple[str, str]]:
    return sorted(_names(language).items(), key=lambda pair: search_key(pair[1]))


def language_choices() -> list[tuple[str, str]]:
    """Return (code, name) of every language, sorted by name in the active language."""
    return _choices(get_language() or "en")
