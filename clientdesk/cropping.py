"""Which square of a picture is kept: chosen in the browser, sent as three numbers, judged here (design.md S4).

part = chosen({"x": "10", "y": "0", "size": "200"})     # -> Part(10, 0, 200), or None where nothing was chosen
part.fits(width, height)                                # both as a person sees the picture, upright
part.in_file(width, height, orientation)                # -> where the same square lies as the camera stored it
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

NUMBERS = ("x", "y", "size")
# How a camera was held (EXIF 2.3, 4.6.4): are rows columns, and from which sides of the stored picture is measured.
_HELD = {
    2: (False, True, False),
    3: (False, True, True),
    4: (False, False, True),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}
_WHOLE_NUMBER = re.compile(r"[0-9]{1,6}")
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Part:
    """A square of an upright picture: its corner at the top left and its side, in pixels."""

    x: int
    y: int
    size: int

    def fits(self, width: int, height: int) -> bool:
        """Return whether the square has an inside and lies within a picture of this width and height."""
        return self.size > 0 and self.x + self.size <= width and self.y + self.size <= height

    def in_file(self, width: int, height: int, orientation: int | None) -> "Part":
        """Return the same square of the stored picture, which is so wide and high and was taken in `orientation`."""
        turned, from_right, from_bottom = _HELD.get(orientation or 1, (False, False, False))
        left, top = (self.y, self.x) if turned else (self.x, self.y)
        left = width - left - self.size if from_right else left
        top = height - top - self.size if from_bottom else top
        return Part(left, top, self.size)

    def box(self, across: float = 1, down: float = 1) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom in a picture that was made smaller by these two factors, never beyond its edges."""
        left, top, side = int(self.x * across), int(self.y * down), int(self.size * min(across, down))
        return left, top, left + side, top + side


def chosen(numbers: Mapping[str, str]) -> Part | None:
    """Return the part that the `x`, `y` and `size` of a form name, None where all are blank. Raises ValidationError for anything else."""
    given = {name: numbers.get(name, "").strip() for name in NUMBERS}
    if not any(given.values()):
        return None
    for text in given.values():
        if not _WHOLE_NUMBER.fullmatch(text):
            shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
            raise ValidationError(
                _("The part of the picture is told in whole pixels, and “%(value)s” is no such number. Choose the picture again.")
                % {"value": shown}
            )
    return Part(**{name: int(text) for name, text in given.items()})


@dataclass(frozen=True)
class Handed:
    """A file as it came with a form, and what came with it about the part to keep."""

    file: UploadedFile
    numbers: Mapping[str, str]


class PartInput(forms.FileInput):
    """A file input that takes along `NAME-x`, `NAME-y` and `NAME-size`, which components/picture_form.html shows where scripts run."""

    def value_from_datadict(self, data: Mapping[str, str], files: Mapping[str, UploadedFile], name: str) -> Handed | None:
        """Return the file and the three numbers as they were typed, None without a file."""
        file = super().value_from_datadict(data, files, name)
        return file and Handed(file, {number: str(data.get(f"{name}-{number}", "")) for number in NUMBERS})
