"""Days and amounts as people write them. What a column means by 09/01/08 or by 1.234 is decided for the whole column, never for a
row (trial V28): `order_of` and `decimals_of` tell what its texts allow, `parse` and `parse_decimal` read a text by what was decided.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.words import search_key
from intake.cells import shown
from intake.countries import LANGUAGES

# In the order in which they are offered.
ORDERS = {"dmy": gettext_lazy("day, month, year"), "mdy": gettext_lazy("month, day, year"), "ymd": gettext_lazy("year, month, day")}
SIGNS = {",": gettext_lazy("comma"), ".": gettext_lazy("point")}
# Four digits are a year from here on: 0026 is a slip.
EARLIEST = 1000
# 26 is 2026: two digits stand for the one year from 50 years ago to 49 years ahead.
AHEAD = 49
# No day is written in more characters; longer texts are not looked at.
LONGEST = 60
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:\s*[AP]\.?M\.?)?"
_TIME = re.compile(rf"(?:T|,?\s+){_CLOCK}\s*(?:Z|UTC|[+-]\d\d:?\d\d)?$", re.IGNORECASE)
_PARTED = re.compile(r"(\d{1,4})(?:\s*[./-]\s*|\s+)(\d{1,2})(?:\s*[./-]\s*|\s+)(\d{1,4})\.?").fullmatch
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)").fullmatch
_WORDS = re.compile(r"[^\W\d_]+|\d+")
# What stands between the parts: "30 de novembro de 2026", "the 1st of May", "le 1er mai".
_BETWEEN = frozenset({"de", "del", "di", "of", "the", "le", "den", "d", "st", "nd", "rd", "th", "er", "o", "a"})
# Spaces and apostrophes part thousands in one country or another; so does the sign that does not part decimals.
_SPACES, _APOSTROPHES = "[ \u00a0\u2009\u202f]", "['\u2019]"
# The hyphen stands last: between two signs it would be a range of a pattern.
_MINUS = "\u2212-"


def _amounts(sign: str) -> list[Callable[[str], re.Match[str] | None]]:
    other = re.escape("." if sign == "," else ",")
    number = r"[+%s]?(?:\d+|[1-9]\d{0,2}(?:%s\d{3})+)(?:%s\d+)?"
    return [re.compile(number % (_MINUS, group, re.escape(sign))).fullmatch for group in (other, _SPACES, _APOSTROPHES)]


_AMOUNTS = {sign: _amounts(sign) for sign in SIGNS}


@dataclass(frozen=True)
class Choice:
    """What the texts of a column allow: every reading that is `possible`, the one that is `sure` or an empty text where a person must
    say, the `likely` one, and whether it `matters` at all: 2026-11-30 and 1500 are read alike whatever is chosen."""

    possible: frozenset[str]
    sure: str
    likely: str
    matters: bool = True


def order_of(texts: Iterable[str]) -> Choice:
    """Return which orders of day, month and year (`ORDERS`) the dates among `texts` allow."""
    return _choice(texts, _orders, tuple(ORDERS), "ymd")


def decimals_of(texts: Iterable[str]) -> Choice:
    """Return which decimal signs (`SIGNS`) the numbers among `texts` allow."""
    return _choice(texts, _signs, tuple(SIGNS), ".")


def _choice(texts: Iterable[str], fits: Callable[[str], set[str]], readings: tuple[str, ...], plain: str) -> Choice:
    """Ask every text what it fits; where no reading fits all of them, none is sure and the one that fits most is likely.

    Texts that fit none have no say, for they are plain whatever is chosen or an error whatever is chosen.
    """
    voices = [found for text in set(texts) if (found := fits(text))]
    if not voices:
        return Choice(frozenset({plain}), plain, plain, matters=False)
    votes = Counter(reading for found in voices for reading in found)
    likely = max(readings, key=lambda reading: votes[reading])
    everywhere = frozenset(reading for reading in readings if votes[reading] == len(voices))
    return Choice(everywhere or frozenset(votes), likely if len(everywhere) == 1 else "", likely)


def parse(text: str, order: str) -> date:
    """Return the day that `text` writes; `order` is the column's and counts where the parts are numbers.

    A time of day behind it is left out. Raises ValidationError with a sentence.
    """
    parts, plain = _parts(text)
    if parts is None:
        raise ValidationError(_("“%(value)s” is no date. Write it as 2026-11-30.") % {"value": shown(text)}, code="invalid")
    if day := _in_order(parts, "ymd" if plain else order):
        return day
    if not plain and any(_in_order(parts, other) for other in ORDERS):
        sentence = _("“%(value)s” does not fit the other dates of this column, which are read as %(order)s. Write it as 2026-11-30.")
        raise ValidationError(sentence % {"value": shown(text), "order": ORDERS[order]}, code="order")
    raise ValidationError(_("“%(value)s” is no day of the calendar. Correct it.") % {"value": shown(text)}, code="impossible")


def parse_decimal(text: str, sign: str) -> Decimal:
    """Return the number that `text` writes, its decimals behind `sign`. Raises ValidationError with a sentence."""
    bare = text.strip()
    if not any(amount(bare) for amount in _AMOUNTS[sign]):
        if any(amount(bare) for amounts in _AMOUNTS.values() for amount in amounts):
            sentence = _("“%(value)s” does not fit the other numbers of this column, which have a decimal %(sign)s. Write it like them.")
            raise ValidationError(sentence % {"value": shown(text), "sign": SIGNS[sign]}, code="sign")
        sentence = _("“%(value)s” is no number. Write digits only, such as 1234%(sign)s50, without currency or unit.")
        raise ValidationError(sentence % {"value": shown(text), "sign": sign}, code="invalid")
    whole, _sign, decimals = bare.partition(sign)
    negative = whole[0] in _MINUS
    digits = "".join(figure for figure in whole if figure.isdecimal())
    return Decimal(f"{'-' if negative else ''}{digits}{'.' + decimals if decimals else ''}")


def _orders(text: str) -> set[str]:
    """Return the orders in which `text` is a day; none where the order does not matter."""
    parts, plain = _parts(text)
    return {order for order in ORDERS if _in_order(parts, order)} if parts and not plain else set()


def _signs(text: str) -> set[str]:
    bare = text.strip()
    if not any(sign in bare for sign in SIGNS):
        return set()
    return {sign for sign, amounts in _AMOUNTS.items() if any(amount(bare) for amount in amounts)}


type Parts = tuple[str, str, str]


def _parts(text: str) -> tuple[Parts | None, bool]:
    """Return the three parts of a day in the order in which they stand, and whether they plainly are year, month and day.

    They are plain where the year comes first in four digits, or the month has its name.
    """
    bare = _TIME.sub("", text.strip()) if len(text) <= LONGEST else ""
    if found := _COMPACT(bare):
        return (found[1], found[2], found[3]), True
    if found := _PARTED(bare):
        return (found[1], found[2], found[3]), len(found[1]) == 4
    return _named(bare), True


def _named(text: str) -> Parts | None:
    """Return year, month and day of a text that names its month."""
    known = _names()
    words = [word for word in _WORDS.findall(search_key(text)) if word not in _BETWEEN and known.get(word) != 0]
    months = [known[word] for word in words if word in known]
    numbers = [word for word in words if word.isdecimal()]
    if len(words) != 3 or len(months) != 1 or len(numbers) != 2:
        return None
    day, year = reversed(numbers) if len(numbers[0]) == 4 else numbers
    return year, str(months[0]), day


def _in_order(parts: Parts, order: str) -> date | None:
    named = dict(zip(order, parts, strict=True))
    return _day(named["y"], named["m"], named["d"])


def _day(year: str, month: str, day: str) -> date | None:
    if len(year) not in {2, 4} or len(month) > 2 or len(day) > 2:
        return None
    full = _full(int(year)) if len(year) == 2 else int(year)
    try:
        return date(full, int(month), int(day)) if full >= EARLIEST else None
    except ValueError:
        return None


def _full(two_digits: int) -> int:
    latest = timezone.localdate().year + AHEAD
    return latest - (latest - two_digits) % 100


@cache
def _names() -> dict[str, int]:
    """Return {word: month}, with 0 for the days of the week, of every language that files come in.

    A word that two languages give to two months is left out unless it is English.
    """
    names: dict[str, set[int]] = {}
    english: dict[str, int] = {}
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                months = [(name, number) for number, name in locale.months[form][width].items()]
                days = [(part, 0) for name in locale.days[form][width].values() for part in name.split("-")]
                for name, number in [*months, *days]:
                    word = "".join(_WORDS.findall(search_key(name)))
                    names.setdefault(word, set()).add(number)
                    if language == "en":
                        english[word] = number
    found = {word: numbers.pop() for word, numbers in names.items() if len(numbers) == 1}
    return found | english | {"sept": 9}
