"""Numbers -> the text that the spreadsheet shows, as far as an import may rely on it.

A number format either turns a number into a code (`000000`, `+00 000`, `"C-"00000`), a date, a percentage, or only dresses an
amount (grouping, decimals, currency). Codes and dates come out as shown; a dressed amount comes out as its plain value, because
what is shown may be rounded. Nothing is ever rounded beyond the 15 digits that the file format keeps.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation

DIGITS = 15
LONGEST_RAW = 100
# (code of the error, raw text): what stands in place of a text where the value cannot be known.
type Shown = str | tuple[str, str]
type Format = Callable[[str], Shown]

_PRECISION = Context(prec=DIGITS)
LAST_DAY = 2_958_465
LONGEST_FORMAT = 255
KNOWN_DATES = 20_000
DAYS_TO_1904 = 1462
# In milliseconds.
DAY = 86_400_000
_EAST_ASIAN_DATES = dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd")
_EAST_ASIAN_TIMES = dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm:ss")
BUILT_IN = _EAST_ASIAN_DATES | _EAST_ASIAN_TIMES | {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
}  # fmt: skip

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?    | \\(?P<escaped>.)         | [_*](?P<space>.)  | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General)    | (?P<half_day>AM/PM|A/P)  | (?P<power>E[+-]) | (?P<other>.)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)$")
_ELAPSED = re.compile(r"(h+|m+|s+)$", re.IGNORECASE)


def plain(raw: str) -> Shown:
    """Give a number as its digits: no exponent, no `.0`, at most 15 digits or an error."""
    if raw.isdecimal() and raw.isascii() and len(raw) <= DIGITS and (raw[0] != "0" or raw == "0"):
        return raw
    number = _number(raw)
    return number if isinstance(number, tuple) else _digits(number, raw)


def _number(raw: str) -> Decimal | tuple[str, str]:
    """Parse the stored text of a number: whole numbers exactly, fractions to the 15 digits that a program shows."""
    raw = raw.strip()
    try:
        number = Decimal(raw) if len(raw) <= LONGEST_RAW and raw.isascii() and "_" not in raw else Decimal("NaN")
    except InvalidOperation:
        return "number", raw
    if not number.is_finite() or number.adjusted() < -300:
        return ("number", raw) if not number.is_finite() else Decimal(0)
    if number and number.adjusted() >= DIGITS:
        return "digits", raw
    return _PRECISION.create_decimal(number)


def _digits(number: Decimal, raw: str) -> Shown:
    if number == 0:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class _Section:
    """One part of a number format (for positive, negative, zero), cut into pieces.

    `pieces` holds literals as they are and one of `0 # ?` for a digit; `G` stands for the word General.
    """

    def __init__(self, code: str) -> None:
        self.pieces: list[tuple[bool, str]] = []
        self.condition: tuple[str, Decimal] | None = None
        self.elapsed = ""
        self.letters = ""
        self.signs = ""
        self.currency = False
        for found in _TOKEN.finditer(code):
            self._take(found.lastgroup or "", found[found.lastgroup or 0])

    def _take(self, what: str, text: str) -> None:
        if what in {"quoted", "escaped"}:
            self.pieces.append((True, text))
        elif what == "bracket":
            self._bracket(text)
        elif what == "general":
            self.pieces.append((False, "G"))
        elif what == "half_day":
            self.letters += "h"
        elif what == "power":
            self.signs += "E"
        elif what == "other":
            self._character(text)

    def _character(self, character: str) -> None:
        if character in "0#?":
            self.pieces.append((False, character))
        elif character.lower() in "ymdhseg":
            self.letters += character.lower()
        elif character in ".,%@/":
            self.signs += character
        else:
            self.currency = self.currency or character in "$€£¥"
            self.pieces.append((True, character))

    def _bracket(self, inside: str) -> None:
        if inside.startswith("$"):
            self.currency = self.currency or not inside.startswith("$-")
        elif _ELAPSED.match(inside):
            self.elapsed = inside[0].lower()
            self.letters += self.elapsed
        elif condition := _CONDITION.match(inside):
            self.condition = condition[1], Decimal(condition[2])

    @property
    def placeholders(self) -> int:
        return sum(1 for literal, _piece in self.pieces if not literal)

    @property
    def has_date(self) -> bool:
        return not {"y", "d", "e"}.isdisjoint(self.letters) or ("m" in self.letters and not self.has_time and not self.elapsed)

    @property
    def has_time(self) -> bool:
        return not {"h", "s"}.isdisjoint(self.letters)

    @property
    def is_code(self) -> bool:
        """Whether a whole number is shown digit by digit with fixed texts around: a code, not an amount."""
        if self.currency or self.signs or not self.placeholders:
            return False
        if self.placeholders == 1:
            # "C-"0 is a code, 0" kg" an amount with its unit.
            return self.pieces[0][0]
        zeros = sum(1 for literal, piece in self.pieces if not literal and piece == "0")
        between = "".join(piece for literal, piece in self.pieces if literal).strip(" '\xa0\u202f")
        return zeros > 1 or bool(between)

    def show(self, digits: str) -> str:
        """Put the digits of a whole number into the places of the format, from the right."""
        left = self.placeholders
        shown: list[str] = []
        for literal, piece in reversed(self.pieces):
            if literal:
                shown.append(piece)
                continue
            left -= 1
            taken = digits if left == 0 or piece == "G" else digits[-1:]
            digits = digits[: len(digits) - len(taken)]
            shown.append(taken or ("0" if piece in "0G" else ""))
        return "".join(reversed(shown)).strip()


def _sections(code: str) -> list[str]:
    """Cut a format at its semicolons, except quoted and escaped ones."""
    parts, start = [], 0
    for found in _TOKEN.finditer(code):
        if found[0] == ";":
            parts.append(code[start : found.start()])
            start = found.end()
    return [*parts, code[start:]]


def format_for(code: str, date1904: bool) -> Format:
    """Give the function that shows a stored number by a number format. `date1904` is the workbook's calendar."""
    if len(code) > LONGEST_FORMAT:
        return plain
    sections = [_Section(part) for part in _sections(code)[:3]]
    first = sections[0]
    if first.has_date or first.has_time or first.elapsed:
        return _date_format(first, date1904)
    if "%" in first.signs:
        return percent
    if any(section.is_code for section in sections):
        return lambda raw: _as_code(raw, sections)
    return plain


def percent(raw: str) -> Shown:
    """Give a share of one as a percentage: "0.155" is "15.5%"."""
    number = _number(raw)
    return number if isinstance(number, tuple) else f"{_digits(number * 100, raw)}%"


def _as_code(raw: str, sections: list[_Section]) -> Shown:
    number = _number(raw)
    if isinstance(number, tuple):
        return number
    section = _section_for(number, sections)
    if number != number.to_integral_value() or not section.is_code:
        return _digits(number, raw)
    sign = "-" if number < 0 and section is sections[0] else ""
    return sign + section.show(f"{abs(number):.0f}".lstrip("0"))


def _section_for(number: Decimal, sections: list[_Section]) -> _Section:
    if any(section.condition for section in sections):
        return next((section for section in sections if _meets(number, section)), sections[-1])
    if number < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if number == 0 and len(sections) > 2 else sections[0]


def _meets(number: Decimal, section: _Section) -> bool:
    if section.condition is None:
        return True
    sign, bound = section.condition
    comparisons = {"<": number < bound, "<=": number <= bound, ">": number > bound, ">=": number >= bound, "=": number == bound}
    return comparisons.get(sign, number != bound)


# Dates


def _date_format(section: _Section, date1904: bool) -> Format:
    """A date as ISO text, with its time only if the format shows one and there is one."""
    known: dict[str, Shown] = {}

    def show(raw: str) -> Shown:
        if raw in known:
            return known[raw]
        number = _number(raw)
        shown = number if isinstance(number, tuple) else _moment(number, raw, section, date1904)
        if len(known) < KNOWN_DATES:
            known[raw] = shown
        return shown

    return show


def _moment(serial: Decimal, raw: str, section: _Section, date1904: bool) -> Shown:
    if serial < 0:
        return "date", raw
    days, rest = divmod(int((serial * DAY).to_integral_value()), DAY)
    if section.elapsed:
        return clock(days * DAY + rest)
    if not section.has_date:
        return f"{clock(rest):0>8}"
    day = _day(days, date1904)
    time = f"{clock(rest):0>8}" if rest and section.has_time else ""
    if day is None:
        return time if time and days == 0 else ("date", raw)
    return f"{day.isoformat()} {time}".rstrip()


def _day(days: int, date1904: bool) -> date | None:
    """The day of a serial number. 1900 had no 29 February, but the calendar of 1900 has (60)."""
    if date1904:
        first, days = date(1899, 12, 30), days + DAYS_TO_1904
    elif days in {0, 60}:
        return None
    else:
        first = date(1899, 12, 31) if days < 60 else date(1899, 12, 30)
    return first + timedelta(days) if days <= LAST_DAY else None


def clock(milliseconds: int) -> str:
    """Give hours, minutes, seconds, and milliseconds if there are any."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" + (f".{thousandths:03}" if thousandths else "")
