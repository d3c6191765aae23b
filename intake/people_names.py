"""The name of a person in one cell or in two: how it is parted, joined and said (decision 19)."""

from collections.abc import Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError

from clientdesk.words import tidy
from clients.names import proposed_name
from intake.cells import NameWidget, Stored

# The longest legal name.
LONGEST = 200


class Person(NamedTuple):
    """First and last name (the first may be blank) and the column whose one text they were parted from, or an empty text."""

    first_name: str
    last_name: str
    parted_from: str = ""

    @property
    def full_name(self) -> str:
        """First and last name as one: the legal name."""
        return f"{self.first_name} {self.last_name}".strip()


def parted_name(text: str) -> Person:
    """Return `text` as a person: all before a comma, else the last word, is the last name; one word is the last name only."""
    text = tidy(text)
    last, comma, first = (tidy(part) for part in text.partition(","))
    if not comma or not last or not first:
        first, _space, last = text.strip(" ,").rpartition(" ")
    return Person(first, last)


def person_of(values: Mapping[str, Stored], typed: str) -> Person | None:
    """Return who a row is about: by first and last name, else by the full name, else by the text `typed` as the name; None for nobody."""
    first, last = (str(values.get(key) or "") for key in ("first_name", "last_name"))
    if last:
        return Person(first, last)
    for key, text in (("legal_name", str(values.get("legal_name") or "")), ("name", typed)):
        if text:
            return parted_name(text)._replace(parted_from=key)
    return None


class PersonNameWidget(NameWidget):
    """The internal name of a person. A text with special characters is the person's full name: the internal one is made from it."""

    def thorough(self, text: str, country: str = "") -> Stored:
        try:
            return super().thorough(text)
        except ValidationError:
            made = proposed_name(parted_name(text).full_name) if len(text) <= LONGEST else ""
            if not made:
                raise
        return super().thorough(made)
