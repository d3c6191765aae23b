"""Contrast of the tokens in static/css/tokens.css: OKLCH to sRGB (clamped) to the WCAG ratio, without a library."""

import math
import re
from pathlib import Path

Colour = tuple[float, float, float]

_TOKEN = re.compile(r"--([\w-]+):\s*light-dark\(\s*oklch\(([^)]*)\),\s*oklch\(([^)]*)\)\s*\);")


def tokens(path: Path) -> dict[str, dict[str, Colour]]:
    """Return theme -> token -> (lightness 0..1, chroma, hue in degrees) of every opaque colour that the file defines."""
    found: dict[str, dict[str, Colour]] = {"light": {}, "dark": {}}
    for name, light, dark in _TOKEN.findall(path.read_text(encoding="utf-8")):
        if "/" not in light + dark:
            found["light"][name], found["dark"][name] = _read(light), _read(dark)
    return found


def _read(text: str) -> Colour:
    lightness, chroma, hue = text.split()
    return float(lightness.rstrip("%")) / 100, float(chroma), float(hue)


def linear(colour: Colour) -> Colour:
    """OKLCH to linear sRGB, clamped to what a screen shows (the matrices are those of CSS Color 4)."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return min(max(red, 0.0), 1.0), min(max(green, 0.0), 1.0), min(max(blue, 0.0), 1.0)


def ratio(one: Colour, other: Colour) -> float:
    """Return the WCAG contrast ratio of two OKLCH colours."""
    light, dark = sorted((0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (linear(one), linear(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)
