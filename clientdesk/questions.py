"""What somebody types into a search field, taken apart: the words that a record must hold, and the numbers that may be written otherwise.

A record is found where its stored text (words.findable) holds every term of the question. A term is one word; or a run of words with
digits, such as `0176 123 45` or `DE 123.456.789`, which may also stand there without its spaces and signs, and a phone number of the
country without the zero before it.
"""

import re
from dataclasses import dataclass

from clientdesk.words import compact, search_key

MOST_WORDS, LONGEST_WORD = 8, 60
# Fewer signs would be found in every second number.
SHORTEST_NUMBER = 4
# A country's or a list's letters before a number, such as DE or C.
_PREFIX = re.compile(r"[a-z]{1,3}")
_WITH_DIGITS = re.compile(r"(?=.*[0-9])[a-z0-9+()/.,\u2010-\u2015-]+")
_SIGNS = re.compile(r"[+()/.,\u2010-\u2015-]+")
_ABROAD = re.compile(r"\(?(?:\+|00)")


@dataclass(frozen=True)
class Term:
    """One thing that a record must hold: all words of any one of `ways`."""

    ways: tuple[tuple[str, ...], ...]

    def is_in(self, key: str) -> bool:
        """Say whether the stored search text `key` holds this term."""
        return any(all(holds(key, word) for word in way) for way in self.ways)


def holds(key: str, word: str) -> bool:
    """Say whether the stored search text `key` holds `word`: one or two signs at the start of a word of it, more anywhere."""
    return word in key if len(word) > 2 else f" {word}" in f" {key}"


def words(text: str) -> list[str]:
    """Return the folded words of `text` to search for: at most eight, each at most 60 characters; NUL and its like count as spaces."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[:1000])
    return [word[:LONGEST_WORD] for word in search_key(plain).split()][:MOST_WORDS]


def terms(text: str) -> list[Term]:
    """Return the terms of what was typed."""
    found: list[Term] = []
    run: list[str] = []
    for word in words(text):
        if _WITH_DIGITS.fullmatch(word) or (run and _SIGNS.fullmatch(word)):
            run.append(word)
            continue
        if run:
            found.append(_number(run))
        # Letters before a number may be a part of it.
        run = [word] if _PREFIX.fullmatch(word) else []
        if not run:
            found.append(Term(((word,),)))
    return [*found, _number(run)] if run else found


def _number(run: list[str]) -> Term:
    """Return the term of a run of words with digits, which one word of letters may stand before."""
    before = run[:1] if _PREFIX.fullmatch(run[0]) else []
    digits = run[len(before) :]
    if not digits:
        return Term((tuple(before),))
    ways, whole = [tuple(run)], compact("".join(run))
    if phone := _phone("".join(digits)):
        ways.append((*before, phone))
    # Where the phone number is found the same digits with a zero before them are, too.
    if before or not phone or phone not in whole:
        ways.append((whole,))
    return Term(tuple(dict.fromkeys(way for way in ways if way == tuple(run) or len(way[-1]) >= SHORTEST_NUMBER)))


def _phone(typed: str) -> str:
    """Return the digits of a phone number as every way to write it has them: from the country's code on, or without the zero that calls
    within the country. Blank for what begins with neither."""
    abroad = _ABROAD.match(typed)
    if not abroad and not typed.startswith(("0", "(0")):
        return ""
    typed = typed.replace("(0)", "") if abroad else typed
    digits = compact(typed)
    if not digits.isascii() or not digits.isdecimal():
        return ""
    return digits.removeprefix("00") if abroad else digits.lstrip("0")
