"""The rule of internal client names (domain.md decision 3, X7): letters, digits, space, `-`, `_`, `.`; first a letter or digit."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.words import tidy

_PLAIN = re.compile(r"[A-Za-z0-9][\w .\-]*", re.ASCII)
# Letters and marks that show nothing: a name of them is an empty row in the list (Unicode's Default_Ignorable_Code_Point).
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def _allowed(sign: str) -> bool:
    # Marks belong to letters in Devanagari, Thai or Arabic; `\w` does not know them.
    return sign in " .-_" or (unicodedata.category(sign)[0] in "LNM" and not _UNSEEN.match(sign))


def _may_start(sign: str) -> bool:
    # Of what Unicode counts as numbers “²” and “½” are no digits.
    return unicodedata.category(sign)[0] == "L" or unicodedata.category(sign) in ("Nd", "Nl")


def _shown(sign: str) -> str:
    return f"“{sign}”" if sign.isprintable() and not _UNSEEN.match(sign) else f"U+{ord(sign):04X}"


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
            % {"name": name, "signs": " ".join(map(_shown, found))},
            code="special",
        )
    if name and not _may_start(name[0]):
        raise ValidationError(_("“%(name)s” must start with a letter or a digit.") % {"name": name}, code="start")


def proposed_name(text: str) -> str:
    """Return `text` with the characters dropped that an internal name may not hold, at most 100 long; may be empty."""
    kept = "".join(sign if _allowed(sign) else " " for sign in tidy(text))
    kept = tidy(kept)
    start = next((place for place, sign in enumerate(kept) if _may_start(sign)), len(kept))
    return kept[start : start + 100].strip()
