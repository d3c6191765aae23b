"""Languages by ISO code with their names in the reader's language, from Babel, and which of them ClientDesk itself speaks."""

from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from clientdesk.models import User
from clientdesk.words import search_key


@cache
def _names(language: str) -> dict[str, str]:
    return {code: name for code, name in Locale.parse(language, sep="-").languages.items() if len(code) == 2 and code.isalpha()}


def language_name(code: str) -> str:
    """Return the name of the language `code` in the active language, or the code itself where it is unknown."""
    return _names(get_language() or "en").get(code, code)


def spoken(code: str) -> str:
    """Return the language in which ClientDesk speaks to who reads `code`: that one (`de` for `de-AT`, too) where it is one of
    settings.LANGUAGES, else LANGUAGE_CODE. Everything that is said to a contact asks here (`contacts.formats.language_of`)."""
    offered = dict(settings.LANGUAGES)
    return next((one for one in (code, code.partition("-")[0]) if one in offered), settings.LANGUAGE_CODE)


def language_for(user: User) -> str:
    """Return the language of the account pages of `user`: a contact's own, for staff LANGUAGE_CODE."""
    access = None if user.is_staff else import_string(settings.PORTAL_GATE)(user)
    return access.language if access else settings.LANGUAGE_CODE


@cache
def _choices(language: str) -> list[tuple[str, str]]:
    return sorted(_names(language).items(), key=lambda pair: search_key(pair[1]))


def language_choices() -> list[tuple[str, str]]:
    """Return (code, name) of every language, sorted by name in the active language."""
    return _choices(get_language() or "en")
