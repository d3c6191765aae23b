"""Cells that hold what a record has several of in small rows, such as further e-mail addresses: "ada@x.example (CC); info@x.example"."""

import re
from copy import copy, deepcopy
from typing import NamedTuple, cast

from django.core.exceptions import ValidationError
from django.forms import BooleanField, ModelForm
from django.utils.translation import gettext as _

from clientdesk.fields import PhoneField, WebAddressField
from clientdesk.rows import RowsField
from clientdesk.words import tidy
from intake.cells import FormFieldWidget, Stored, shown

# What parts entries, outside of brackets, and the signs that a backslash in front makes part of a text (XD20).
_SIGN = re.compile(r"\\[\\();,]|[();,\n]")
_KEPT = re.compile(r"\\([\\();,])")
_WRITTEN = re.compile(r"[\\();,]")
# A web address may hold any of them, but no space.
_BETWEEN_LINKS = re.compile(r"[;,]?\s+")
CC = "CC"


class Entry(NamedTuple):
    """One entry of a cell: its text as a whole, and where brackets end it, what stands before and in them."""

    whole: str
    before: str
    beside: str


def entries(text: str) -> list[Entry]:
    """Return the entries of `text`, which stand on lines of their own or with semicolons or commas between them."""
    found, start, depth, opened, closed = [], 0, 0, 0, 0
    for sign in _SIGN.finditer(text):
        if sign[0] == "(":
            opened = opened if depth else sign.start()
            depth += 1
        elif sign[0] == ")" and depth:
            depth -= 1
            closed = closed if depth else sign.end()
        elif sign[0] in ";,\n" and not depth:
            found.append(_entry(text, start, sign.start(), opened, closed))
            start = sign.end()
    found.append(_entry(text, start, len(text), opened, closed))
    return [entry for entry in found if entry.whole]


def _entry(text: str, start: int, end: int, opened: int, closed: int) -> Entry:
    whole = _read(text[start:end])
    if closed > start and not text[closed:end].strip() and (before := _read(text[start:opened])):
        return Entry(whole, before, _read(text[opened + 1 : closed - 1]))
    return Entry(whole, whole, "")


def _read(text: str) -> str:
    return tidy(_KEPT.sub(r"\1", text))


class RowsWidget(FormFieldWidget):
    """Several small rows in one cell. Of each the text is the column `main`; what is `beside` it stands in brackets behind: a text, or
    CC for a box that is ticked."""

    def __init__(self, form: type[ModelForm], key: str, main: str, beside: str = "") -> None:
        super().__init__(form, key)
        self.main, self.beside = main, beside
        columns = self._field().columns
        self.is_tick = bool(beside) and isinstance(columns[beside], BooleanField)
        self.are_links = isinstance(columns[main], WebAddressField)
        self.asks_country = isinstance(columns[main], PhoneField)
        self.fields: dict[str, RowsField] = {}

    def __deepcopy__(self, memo: dict) -> "RowsWidget":
        return copy(self)

    @property
    def blank(self) -> Stored:
        return []

    def _field(self) -> RowsField:
        return cast("RowsField", self.form_field)

    def quick(self, text: str) -> Stored:
        return None

    def thorough(self, text: str, country: str = "") -> Stored:
        field = self._field_in(country)
        given = [Entry(part, part, "") for part in _BETWEEN_LINKS.split(text.strip().rstrip(";,"))] if self.are_links else entries(text)
        rows, seen, errors = [], set(), []
        for entry in given:
            try:
                [row] = self._row(field, entry)
            except ValidationError as refused:
                errors += refused.messages
                continue
            key = str(row[self.main]).casefold()
            if key in seen and field.unique:
                errors.append(_("“%(value)s” stands here twice. Remove one.") % {"value": shown(str(row[self.main]))})
            seen.add(key)
            rows.append(row)
        if errors:
            raise ValidationError(errors)
        return field.clean(rows) or None

    def _field_in(self, country: str) -> RowsField:
        """Return the field of the form that takes phone numbers as they are written in `country`."""
        if not self.asks_country:
            return self._field()
        if country not in self.fields:
            field = deepcopy(self._field())
            field.accept(country)
            self.fields[country] = field
        return self.fields[country]

    def _row(self, field: RowsField, entry: Entry) -> list[dict]:
        """Return the row that `entry` says, in a list. Brackets that end it may be part of its text, such as of a phone number."""
        if self.is_tick and entry.beside and entry.beside.casefold() not in self._marks(field):
            sentence = _("“%(value)s”: only %(mark)s may stand in brackets behind an e-mail address.")
            raise ValidationError(sentence % {"value": shown(entry.whole), "mark": f"({CC})"})
        try:
            return field.clean([self._typed(entry.before, entry.beside)])
        except ValidationError:
            if not entry.beside or self.is_tick:
                raise
            try:
                return field.clean([self._typed(entry.whole, "")])
            except ValidationError:
                pass
            raise

    def _marks(self, field: RowsField) -> set[str]:
        """Return what may stand for a box that is ticked."""
        return {CC.casefold(), str(field.columns[self.beside].label).casefold()}

    def _typed(self, text: str, beside: str) -> dict[str, object]:
        own = {self.beside: bool(beside) if self.is_tick else beside} if self.beside else {}
        return {key: {self.main: text, **own}.get(key, "") for key in self._field().columns}

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        return "; ".join(self._written(row) for row in value) if isinstance(value, list) else ""

    def _written(self, row: dict) -> str:
        text, beside = str(row.get(self.main) or ""), row.get(self.beside)
        if self.are_links:
            return text
        text = _escaped(text)
        return f"{text} ({CC if self.is_tick else _escaped(str(beside))})" if beside else text


def _escaped(text: str) -> str:
    return _WRITTEN.sub(r"\\\g<0>", text)
