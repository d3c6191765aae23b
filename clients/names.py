"""The rule of internal client names (domain.md decision 3, X7): letters, digits, space, `-`, `_`, `.`; first a letter or digit."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.words import tidy

_PLAIN = re.compile(r"[^\W_][\w .\-]*")


def _allowed(sign: str) -> bool:
    # Marks belong to letters in Devanagari, Thai or Arabic; `\w` does not know them.
    return sign in " .-_" or unicodedata.category(sign)[0] in "LNM"


def special_characters(name: str) -> list[str]:
    """Return the characters of `name` that an internal name may not hold, each once, in order."""
    if _PLAIN.fullmatch(name):
        return []
    return list(dict.fromkeys(sign for sign in name if not _allowed(sign)))


def validate_name(name: str) -> None:
    """Raise ValidationError with a sentence that names the character and says what to do; a blank name is another's error."""
    if found := special_characters(name):
        raise ValidationError(
            ngettext(
                "“%(name)s” holds the special character %(signs)s. Use letters, digits, spaces, “-”, “_” and “.”; "
                "the legal name may hold anything.",
                "“%(name)s” holds the special characters %(signs)s. Use letters, digits, spaces, “-”, “_” and “.”; "
                "the legal name may hold anything.",
                len(found),
            )
            % {"name": name, "signs": " ".join(f"“{sign}”" if sign.isprintable() else f"U+{ord(sign):04X}" for sign in found)},
            code="special",
        )
    if name and unicodedata.category(name[0])[0] not in "LN":
        raise ValidationError(_("“%(name)s” must start with a letter or a digit.") % {"name": name}, code="start")


def proposed_name(text: str) -> str:
    """Return `text` with the characters dropped that an internal name may not hold, at most 100 long; may be empty."""
    kept = "".join(sign if _allowed(sign) else " " for sign in tidy(text))
    return tidy(kept).lstrip(" .-_")[:100].strip()
