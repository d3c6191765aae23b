"""What a cell of an ODS sheet says: its stored value, or the shown text where that is a code."""

import re
from datetime import date

from intake.reader.rows import RawCell
from intake.reader.xlsx.numbers import DAY, clock, percent, plain

# In the languages of spreadsheet programs: #DIV/0!, #NAME?, #WERT!, #N/A, #NV, Err:502.
ERROR = re.compile(r"#(?:\S{2,20}[!?]|N/[AD]|NV)$|Err:\d{3}$")
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d:\d\d)(?:[.,]\d+)?Z?)?$")
TIME = re.compile(r"P(?:(\d{1,6})D)?T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:[.,](\d{1,9}))?S)?$")
AMOUNT_SIGNS = " \xa0\u202f.,'’"
# What may stand before an amount: a sign, a bracket, a sign of a currency.
BEFORE_AMOUNT = re.compile(r"[-−(\s]*[$€£¥₹₽₩₺₴₫฿₪]?[-−\s]*$")
NUMBERS = {"float", "currency"}


def value_of(kind: str, stored: str, shown: str, *, has_formula: bool, is_error: bool) -> RawCell:
    """Give what a cell is read as. `kind` and `stored` are its type and value, `shown` is its text, each "" where there is none."""
    if is_error or ((has_formula or kind in NUMBERS) and shown[:1] in {"#", "E"} and ERROR.match(shown)):
        return ["error_value", shown]
    if kind in NUMBERS:
        return _number(stored, shown, is_amount=kind == "currency")
    if kind == "percentage":
        found = percent(stored)
        return found if isinstance(found, str) else list(found)
    if kind == "boolean":
        return {"true": "TRUE", "false": "FALSE"}.get(stored, stored)
    if kind == "date":
        return _date(stored, shown)
    if kind == "time":
        return _time(stored) or shown
    if not kind and has_formula and not shown:
        return ["no_result", ""]
    return shown or stored


def _number(stored: str, shown: str, is_amount: bool) -> RawCell:
    if stored == shown and len(stored) < 16 and stored.isdecimal() and stored[0] > "0":
        return stored
    found = plain(stored)
    if isinstance(found, tuple):
        return list(found)
    return shown.strip() if not is_amount and is_code(found, shown.strip()) else found


def is_code(number: str, shown: str) -> bool:
    """Say whether the text shown for a number is a code (00123, +49 30 1234, 12-34-56), not an amount in some dress."""
    digits = "".join(sign for sign in shown if "0" <= sign <= "9")
    if not digits or digits.lstrip("0") != number.lstrip("-").lstrip("0") or not number.lstrip("-").isdecimal():
        return False
    first = next(index for index, sign in enumerate(shown) if sign in "0123456789")
    last = max(shown.rindex(sign) for sign in set(digits))
    inside = {sign for sign in shown[first:last] if not "0" <= sign <= "9"}
    is_padded = len(digits) > 1 and digits[0] == "0" and not inside & set(".,")
    return is_padded or bool(inside - set(AMOUNT_SIGNS)) or not BEFORE_AMOUNT.match(shown[:first])


def _date(stored: str, shown: str) -> RawCell:
    """A date as ISO text, with its time only if there is one and the spreadsheet shows it."""
    found = DATE.match(stored)
    if not found:
        return ["date", stored]
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ["date", stored]
    time = found[4] or "00:00:00"
    return day if time == "00:00:00" or (shown and ":" not in shown) else f"{day} {time}"


def _time(stored: str) -> str:
    found = TIME.match(stored)
    if not found:
        return ""
    days, hours, minutes, seconds = (int(found[group] or 0) for group in range(1, 5))
    thousandths = int((found[5] or "0")[:3].ljust(3, "0"))
    return f"{clock(days * DAY + ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths):0>8}"
