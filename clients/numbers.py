"""Client numbers: a mask such as `C-{seq:5}` or `{year}-{seq:4}` makes one from the place in its series (XD3, SD5)."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

_PART = re.compile(r"\{(seq:[1-9]|year)\}")
_PLAIN = re.compile(r"[\w .\-/]*")
LONGEST = 30


def validate_mask(mask: str) -> None:
    """Raise ValidationError with a sentence unless `mask` holds `{seq:N}` once, `{year}` at most once and else plain signs."""
    parts = _PART.findall(mask)
    rest = _PART.sub("", mask)
    if sum(part.startswith("seq") for part in parts) != 1 or parts.count("year") > 1 or not _PLAIN.fullmatch(rest):
        raise ValidationError(
            _("“%(mask)s” is no mask. Write letters, digits and one {seq:N} for a running number of N digits, such as CONT-{seq:4}.")
            % {"mask": mask}
        )
    if len(number(mask, 10**9)) > LONGEST:
        raise ValidationError(_("Numbers of “%(mask)s” are too long. Shorten the mask.") % {"mask": mask})


def number(mask: str, place: int) -> str:
    """Return the number that `mask` gives to the `place`th of its series; `{year}` is the current one."""
    return _PART.sub(lambda part: f"{place:0{part[1][4:]}d}" if part[1] != "year" else str(timezone.localdate().year), mask)


def client_number(place: int) -> str:
    """Return the client number of the client that is `place`th in the common series, such as C-00012."""
    return number(settings.CLIENT_NUMBER_MASK, place)
