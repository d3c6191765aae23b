"""Folding of text: the one way names and addresses are tidied, compared and searched."""

import re
import unicodedata
from functools import lru_cache

_SIGNS = re.compile(r"[\W_]+", re.ASCII)
# Signs that turn the writing direction of whatever follows: in a name they only mislead who reads it. Marks that a script needs,
# such as the joiners of Persian or Hindi, stay.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LONGEST_DOMAIN = 253
# The commonest of the combining marks, all but the one that joins.
_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
# Thai, Lao, Burmese and Khmer, kana and Chinese signs; Korean is written with spaces.
NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAS_PAIRS = re.compile(f"[{NO_SPACES}]").search
_PAIRS = re.compile(rf"(?<=\S)(?=([{NO_SPACES}]\S?))")


class _WithoutMarks(dict[int, int | None]):
    """For str.translate: drops every combining mark; each sign is looked up once."""

    def __missing__(self, sign: int) -> int | None:
        self[sign] = None if unicodedata.combining(chr(sign)) else sign
        return self[sign]


_WITHOUT_MARKS = _WithoutMarks()


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def tidy(text: str) -> str:
    """Return `text` in NFC, trimmed, with single spaces and without signs that turn its direction: the form in which names are stored."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _TURNS.sub("", text))
    return _single_spaced(text)


def name_key(text: str) -> str:
    """Return the key by which names are equal: NFKC, trimmed, single spaces, casefold (domain.md decision 3)."""
    if text.isascii():
        return _single_spaced(text).casefold()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _single_spaced(unicodedata.normalize("NFKC", folded))


def search_key(*parts: str) -> str:
    """Return the searchable form of `parts` joined by spaces: casefolded and without accents, so that `muller` finds `Müller`."""
    return _single_spaced(" ".join([part.casefold() if part.isascii() else _without_accents(part) for part in parts if part]))


@lru_cache(maxsize=8192)
def _without_accents(text: str) -> str:
    # Remembered, for one name stands in several search texts: of a client, of its company, of what duplicates are found by.
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return (text if text.isascii() else text.translate(_WITHOUT_MARKS)).casefold()


def findable(*parts: str) -> str:
    """Return the stored text in which typed words find a record: the search key, and behind it, for scripts without spaces between words,
    each pair of signs within, so that one or two signs such as `会社` stand at the start of a word as two letters do."""
    return with_pairs(search_key(*parts))


def with_pairs(key: str) -> str:
    """Return the search key `key` with the pairs of signs behind it that begin within its words."""
    return key if key.isascii() or not _HAS_PAIRS(key) else " ".join((key, *dict.fromkeys(_PAIRS.findall(key))))


def compact(text: str) -> str:
    """Return the letters and digits of `text`, folded: how numbers are found however they are punctuated (`DE 123.456.789`)."""
    if text.isascii():
        return text.lower() if text.isalnum() else _SIGNS.sub("", text).lower()
    return "".join(sign for sign in search_key(text) if sign.isalnum())


def compacts(*numbers: str) -> list[str]:
    """Return the compact form of each of `numbers` that its folded form does not hold."""
    return [short for number in numbers if (short := compact(number)) not in search_key(number)]


def tidy_email(text: str) -> str:
    """Return the stored form of an e-mail address: trimmed, the part before the `@` as typed, the domain as mail servers ask for it (X11).

    So `büro@Müller.example` and `büro@xn--mller-kva.example` are one address, and mail leaves for the domain that was typed.
    """
    local, at, domain = unicodedata.normalize("NFC", text).strip().rpartition("@")
    domain = domain.lower()
    if at and not domain.isascii() and len(domain) <= _LONGEST_DOMAIN:
        domain = ".".join(map(_label_of_server, domain.split(".")))
    return f"{local}{at}{domain}"


def _label_of_server(label: str) -> str:
    """Return one part of a domain as the name system holds it. Python's `idna` codec would make `straße` the stranger `strasse`."""
    return label if label.isascii() else f"xn--{unicodedata.normalize('NFC', label).encode('punycode').decode()}"


def email_key(text: str) -> str:
    """Return the key by which sign-in addresses are equal.

    Only case is folded, never Unicode look-alikes: `NFKC` would make a stranger's address equal to a stored one (trial V3).
    """
    return tidy_email(text).casefold()
