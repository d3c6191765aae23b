"""What the values beneath a header look like, where the header says nothing. Names never do: a name is a text like any other."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat

from clientdesk.words import search_key
from intake.countries import country_words
from intake.dates import LONGEST, order_of

_EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;.]+(?:\.[^@\s<>,;.]+)+").fullmatch
_WEBSITE = re.compile(r"(?:https?://|www\.)[^\s@]+\.[^\s@]{2,}", re.IGNORECASE).fullmatch
_PHONE = re.compile(r"(?:\+|00|\(?0)[\d\s()/.-]{6,24}").fullmatch
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[ T].*)?").fullmatch
_POSTAL = re.compile(r"(?:[A-Z]{1,2}-)?\d{5}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|\d{4}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}").fullmatch


class Look(NamedTuple):
    """One look: the column key it speaks for, the reason in words, what tells it, and how many values must have it."""

    key: str
    reason: str
    has: Callable[[str], object]
    least: int


def _is_date(text: str) -> bool:
    return order_of([text]).matters or bool(_ISO(text))


# In the order in which they are asked: what may be a day, such as 01/02/2026, is no phone number.
LOOKS = [
    Look("email", _("looks like e-mail addresses"), _EMAIL, 1),
    Look("website", _("looks like websites"), _WEBSITE, 1),
    Look("tax_number", _("looks like tax numbers"), lambda text: text[:2].isalpha() and vat.is_valid(text), 1),
    Look("country", _("looks like countries"), lambda text: search_key(text) in country_words(), 2),
    Look("date", _("looks like dates"), _is_date, 2),
    Look("phone", _("looks like phone numbers"), _PHONE, 2),
    Look("postal_code", _("looks like postal codes"), lambda text: _POSTAL(text.upper()), 2),
]


def profile(samples: Iterable[str]) -> Look | None:
    """Return the look that all of `samples` have, or None where they differ, are too few or look like nothing in particular."""
    texts = [text.strip() for text in samples if text.strip()]
    if any(len(text) > 4 * LONGEST for text in texts):
        return None
    return next((look for look in LOOKS if len(texts) >= look.least and all(look.has(text) for text in texts)), None)


def proposals(unknown: Mapping[int, Sequence[str]], free: Iterable[str], dates: Iterable[str]) -> dict[int, tuple[str, str]]:
    """Return {position: (column key, reason)} for columns of a file whose headers say nothing; `unknown` holds their samples.

    `free` are the column keys that no header claims, `dates` those of them that hold dates. A key is proposed only where one
    position alone has its look, and for a date where one column alone holds dates.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for position, samples in unknown.items():
        if look := profile(samples):
            found.setdefault(look.key, []).append((position, str(look.reason)))
    free, days = set(free), list(dates)
    keys = {look.key: look.key for look in LOOKS if look.key in free} | ({"date": days[0]} if len(days) == 1 else {})
    return {places[0][0]: (keys[key], places[0][1]) for key, places in found.items() if len(places) == 1 and key in keys}
