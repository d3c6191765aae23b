"""Days and amounts of a cell in the plain form that a form field takes, by how their column writes them."""

import re
from collections.abc import Callable
from decimal import Decimal

from django.core.exceptions import ValidationError

from intake.dates import parse, parse_decimal

_CELL_DAY = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00(?::00(?:\.0+)?)?").fullmatch


def plain_day(text: str, order: str) -> str:
    """Return the day that `text` writes as 2026-11-30; `order` is the column's, empty for the plain way. What says no day at all is
    the form field's to refuse; a day that cannot be raises ValidationError."""
    # A workbook gives a day as its midnight.
    found = _CELL_DAY(text.strip())
    return found[1] if found else _written(parse, text, order or "ymd")


def plain_amount(text: str, sign: str) -> str:
    """Return the number that `text` writes as 1234.5; `sign` is the column's decimal sign, empty for the point."""
    return _written(parse_decimal, text, sign or ".")


def _written(read: Callable[[str, str], object], text: str, how: str) -> str:
    try:
        found = read(text, how)
    except ValidationError as refused:
        if refused.code != "invalid":
            raise
        return text
    return format(found, "f") if isinstance(found, Decimal) else str(found)
