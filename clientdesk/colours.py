"""One colour that an agency chose, and the shades of it that can be read in both themes.

    validate_colour("#c8102e")              # raises ValidationError for what is no colour or too faint on white
    shades("#c8102e")["accent"]             # -> ("#c8102e", "#e0…"): on light, on dark ground

Everything that leaves is made of three numbers again: whatever stands in the database, no text of it reaches a stylesheet.
"""

import re
from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Rgb = tuple[int, int, int]

# The least contrast of text, and of what is no text (WCAG 2.2, 1.4.3 and 1.4.11).
TEXT, PART = 4.5, 3.0
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
# The grounds of static/css/tokens.css that are nearest to the colour: canvas in the light, raised and surface in the dark theme.
_LIGHT_GROUND, _DARK_GROUND, _DARK_SURFACE = (244, 246, 249), (33, 37, 46), (21, 24, 31)
_STEPS = 200


def parsed(text: str) -> Rgb | None:
    """Return `text`, such as #c8102e, as red, green and blue of 0 to 255, or None where it is no such colour."""
    if not re.fullmatch(r"#[0-9a-f]{6}", text, re.IGNORECASE | re.ASCII):
        return None
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def written(colour: Rgb) -> str:
    """Return `colour` as #rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def ratio(one: Rgb, other: Rgb) -> float:
    """Return the WCAG contrast of two colours, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = ((part / 12.92) if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (v / 255 for v in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(colour: Rgb, other: Rgb, share: float) -> Rgb:
    """Return `colour` with `share` (0 to 1) of `other` in it."""
    red, green, blue = (round(one + (two - one) * share) for one, two in zip(colour, other, strict=True))
    return red, green, blue


def _until(colour: Rgb, towards: Rgb, enough: Callable[[Rgb], bool]) -> Rgb:
    """Return the first colour on the way from `colour` to `towards` that is `enough`."""
    tried = (mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next((one for one in tried if enough(one)), towards)


def readable(colour: Rgb) -> Rgb:
    """Return `colour`, darkened as little as it takes for white text on it, and for it as text on white."""
    return _until(colour, _BLACK, lambda one: ratio(one, _WHITE) >= TEXT)


def validate_colour(text: str) -> None:
    """Raise ValidationError where `text` is no colour or one that is too faint on white; the sentence names one that is not."""
    colour = parsed(text)
    if colour is None:
        raise ValidationError(_("“%(value)s” is no colour. Write # and six digits or letters a to f, such as #c8102e.") % {"value": text})
    if (found := ratio(colour, _WHITE)) < TEXT:
        raise ValidationError(
            _("%(value)s is too faint: its contrast with white is %(found).1f, at least %(least)s is needed. Try %(near)s.")
            % {"value": text, "found": int(found * 10) / 10, "least": TEXT, "near": written(readable(colour))}
        )


def shades(text: str) -> Mapping[str, tuple[str, str]]:
    """Return the tokens that follow from the colour `text`, each on light and on dark ground; nothing where it is no colour.

    On dark ground the colour is lightened as little as it takes to be told from it; white text stays readable on it. What has the
    focus keeps the product's colour: a red ring would read as an error.
    """
    colour = parsed(text)
    if colour is None:
        return {}
    light = readable(colour)
    dark = _until(light, _WHITE, lambda one: ratio(one, _DARK_GROUND) >= PART)
    tint, dark_tint = mixed(_WHITE, light, 0.08), mixed(_DARK_SURFACE, light, 0.3)
    ink = _until(light, _BLACK, lambda one: min(ratio(one, tint), ratio(one, _LIGHT_GROUND)) >= TEXT)
    dark_ink = _until(light, _WHITE, lambda one: min(ratio(one, dark_tint), ratio(one, _DARK_GROUND)) >= TEXT)
    found = {
        "accent": (light, dark),
        "accent-hover": (mixed(light, _BLACK, 0.15), mixed(dark, _BLACK, 0.1)),
        "accent-ink": (ink, dark_ink),
        "accent-tint": (tint, dark_tint),
        "selected": (tint, dark_tint),
        "agency": (light, dark),
    }
    return {name: (written(one), written(other)) for name, (one, other) in found.items()}


def stylesheet(text: str, selector: str = ":root") -> str:
    """Return the rules that make the colour `text` the accent of what `selector` matches; nothing where it is no colour."""
    rules = "".join(f"    --{name}: light-dark({light}, {dark});\n" for name, (light, dark) in shades(text).items())
    return f"@layer tokens {{\n  {selector} {{\n{rules}  }}\n}}\n" if rules else ""
