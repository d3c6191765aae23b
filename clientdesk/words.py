"""Folding of text: the one way names and addresses are tidied, compared and searched."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")


class _WithoutMarks(dict[int, int | None]):
    """For str.translate: drops every combining mark; each sign is looked up once."""

    def __missing__(self, sign: int) -> int | None:
        self[sign] = None if unicodedata.combining(chr(sign)) else sign
        return self[sign]


_WITHOUT_MARKS = _WithoutMarks()


def tidy(text: str) -> str:
    """Return `text` in NFC, trimmed, with single spaces: the form in which names are stored."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def name_key(text: str) -> str:
    """Return the key by which names are equal: NFKC, trimmed, single spaces, casefold (domain.md decision 3)."""
    if text.isascii():
        return _SPACES.sub(" ", text).strip().casefold()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", folded)).strip()


def search_key(*parts: str) -> str:
    """Return the searchable form of `parts` joined by spaces: casefolded and without accents, so that `muller` finds `Müller`."""
    text = " ".join(part for part in parts if part)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold()).translate(_WITHOUT_MARKS)
    return _SPACES.sub(" ", text.casefold()).strip()


def tidy_email(text: str) -> str:
    """Return the stored form of an e-mail address: trimmed, domain lower-cased, the part before the `@` as typed (X11)."""
    local, at, domain = unicodedata.normalize("NFC", text).strip().rpartition("@")
    return f"{local}{at}{domain.lower()}"


def email_key(text: str) -> str:
    """Return the key by which sign-in addresses are equal.

    Only case is folded, never Unicode look-alikes: `NFKC` would make a stranger's address equal to a stored one (trial V3).
    """
    return tidy_email(text).casefold()
