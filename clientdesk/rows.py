"""A list of small dicts, such as further phone numbers, as repeated rows of inputs.

    more_phones = RowsField({"number": PhoneField(label=_("Number")), "note": TidyField(label=_("Note"), required=False)})

The value is a list of dicts with plain values, fit for a JSONField. Rows whose texts are all blank are dropped, so that without
JavaScript a row is removed by emptying it and added in one of the blank ones; static/js/rows.js adds the buttons Add and Remove.
The inputs are named `more_phones-0-number`. In a hidden field the whole list is one JSON text under the field's own name.
"""

import copy
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import PhoneField, speak

MOST_ROWS = 50
_HOLE = "__row__"


class RowSelect(forms.Select):
    """A select in a row; those of its choices that are `kept` show only where a row has them: what is not offered any more stays."""

    kept: frozenset[str] = frozenset()

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list:
        everything = self.choices
        self.choices = [(key, label) for key, label in everything if str(key) not in self.kept or str(key) in value]
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = everything


class _Radio(forms.CheckboxInput):
    input_type = "radio"


class OneRowField(forms.BooleanField):
    """A radio button in a row: at most one row has it. All have one name, such as `accounts-preferred`, and the row as their value."""

    widget = _Radio

    def __init__(self, **kwargs) -> None:
        super().__init__(**({"required": False} | kwargs))


class RowsWidget(forms.Widget):
    """Draws the rows, the blank ones and the template from which a script makes more."""

    template_name = "clientdesk/rows.html"
    use_fieldset = True
    plain = False

    def __init__(self, columns: Mapping[str, forms.Field], blank: int = 1, add_label: str | Promise = "", most: int = MOST_ROWS) -> None:
        super().__init__()
        self.columns, self.blank, self.add_label, self.most = columns, blank, add_label, most
        self.faults: set[tuple[int, str]] = set()

    def id_for_label(self, id_: str) -> str:
        """Return the id of the first wrong input, else of the first one: where a link to the field leads."""
        row, column = min(self.faults, default=(0, next(iter(self.columns))))
        return f"{id_}-{row}-{column}" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        if name in data:
            return self.unpacked(data[name])
        places = {int(found[1]) for key in data if (found := re.fullmatch(rf"{re.escape(name)}-(\d{{1,4}})-\w+", key))}
        return [{key: self._sent(data, files, name, place, key) for key in self.columns} for place in sorted(places)]

    def _sent(self, data: Any, files: Any, name: str, place: int, key: str) -> object:
        column = self.columns[key]
        if isinstance(column, OneRowField):
            return data.get(f"{name}-{key}") == str(place)
        return column.widget.value_from_datadict(data, files, f"{name}-{place}-{key}")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Never: a list whose rows were all removed sends nothing."""
        return False

    def unpacked(self, value: object) -> list[dict[str, Any]]:
        """Return the rows of `value`, a list or its JSON text; whatever else it may be has no rows."""
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return []
        if not isinstance(value, list):
            return []
        only = next(iter(self.columns))
        rows = [{only: row} if self.plain and isinstance(row, str) else row for row in value]
        return [{key: row.get(key) for key in self.columns} for row in rows if isinstance(row, dict)]

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = self.unpacked(value)[: 2 * self.most]
        blank = max(0, min(self.blank, self.most - len(rows)))
        base = context["widget"]["attrs"].get("id") or f"id_{name}"
        drawn = [self._row(name, base, place, row) for place, row in enumerate([*rows, *[{}] * blank])]
        context["widget"] |= {
            "rows": drawn,
            "template": self._row(name, base, _HOLE, {}),
            "next": len(drawn),
            "add_label": self.add_label or _("Add another"),
            "most": self.most,
        }
        return context

    def _row(self, name: str, base: str, place: int | str, row: Mapping[str, object]) -> dict[str, Any]:
        cells = []
        for key, column in self.columns.items():
            attrs = {"id": f"{base}-{place}-{key}"} | self._mark(base, place, key)
            if isinstance(column, OneRowField):
                cells.append(self._cell(f"{name}-{key}", column, row.get(key), attrs | {"value": str(place)}))
            else:
                cells.append(self._cell(f"{name}-{place}-{key}", column, row.get(key), attrs))
        number = place + 1 if isinstance(place, int) else _HOLE
        return {"number": number, "cells": cells}

    def _mark(self, base: str, place: int | str, key: str) -> dict[str, str]:
        return {"aria-invalid": "true", "aria-describedby": f"{base}_error"} if (place, key) in self.faults else {}

    def _cell(self, name: str, column: forms.Field, value: object, attrs: dict[str, str]) -> dict[str, Any]:
        box = isinstance(column.widget, forms.CheckboxInput)
        css = {} if box else {"class": "select" if isinstance(column.widget, forms.Select) else "input"}
        shown = column.prepare_value(value if value is not None else column.initial)
        html = column.widget.render(name, shown, column.widget.attrs | attrs | css)
        said = {"id": attrs["id"], "label": column.label, "html": html, "optional": not column.required and not box}
        return said | {"is_box": box, "is_one": isinstance(column, OneRowField)}

    def _render(self, template_name: str, context: dict[str, Any], renderer: BaseRenderer | None = None) -> SafeString:
        # Form renderers look into apps only; this template stands with our others.
        return SafeString(get_template(template_name).render(context))


class _HiddenRows(RowsWidget):
    """The rows as one JSON text, for a page that only carries what was typed."""

    is_hidden = True
    input_type = "hidden"

    def __init__(self) -> None:
        super().__init__({"": forms.Field()})

    def render(self, name: str, value: object, attrs: dict | None = None, renderer: BaseRenderer | None = None) -> SafeString:
        text = value if isinstance(value, str) else json.dumps(value or [], ensure_ascii=False, default=str)
        return format_html('<input type="hidden"{}>', flatatt({"name": name, "value": text} | self.build_attrs(self.attrs, attrs)))


class RowsField(forms.Field):
    """A list of dicts; `columns` are the form fields of one row by key. Errors name the row and stand at the field; the wrong
    inputs are marked. `unique` names the column, or the columns together, whose values may not repeat; the last one is told. `check`
    gets a row whose inputs are right and returns it, or raises ValidationError by column. A `plain` field has one column, and its
    value is a list of texts instead of dicts. It takes at most `most` rows."""

    hidden_widget = _HiddenRows
    default_error_messages = {"too_many": gettext_lazy("These are %(count)d rows. Keep at most %(most)d.")}

    def __init__(
        self,
        columns: Mapping[str, forms.Field],
        *,
        blank: int = 1,
        unique: str | tuple[str, ...] = "",
        add_label: str | Promise = "",
        plain: bool = False,
        most: int = MOST_ROWS,
        **kwargs,
    ) -> None:
        self.columns, self.plain, self.most = dict(columns), plain, most
        self.unique = (unique,) if isinstance(unique, str) and unique else tuple(unique)
        self.check: Callable[[dict[str, Any]], dict[str, Any]] | None = None
        super().__init__(widget=RowsWidget(self.columns, blank, add_label, most), **({"required": False} | kwargs))
        self.widget.plain = plain
        self.mark_optional = False

    def __deepcopy__(self, memo: dict) -> "RowsField":
        found = super().__deepcopy__(memo)
        found.columns = {key: copy.deepcopy(column, memo) for key, column in self.columns.items()}
        for column in found.columns.values():
            speak(column)
        found.widget.columns, found.widget.faults = found.columns, set()
        return found

    def accept(self, country: str) -> None:
        """Let phone numbers in the rows be written as in `country`; see PhoneField.accept."""
        for column in self.columns.values():
            if isinstance(column, PhoneField):
                column.accept(country)

    def prepare_value(self, value: object) -> str:
        """Return the rows as JSON text: what the widgets draw, and what a hidden input carries."""
        return value if isinstance(value, str) else json.dumps(value or [], ensure_ascii=False, default=str)

    def to_python(self, value: object) -> list[dict[str, Any]]:
        return [row for row in self.widget.unpacked(value) if self._says_something(row)]

    def clean(self, value: object) -> list[Any]:
        """Return the rows with plain values, of a plain field the values; raises ValidationError with a sentence per wrong input."""
        rows, faults, errors = self.widget.unpacked(value), set(), []
        if (count := sum(map(self._says_something, rows))) > self.most:
            raise ValidationError(self.error_messages["too_many"], params={"count": count, "most": self.most})
        kept, seen = [], {}
        for place, row in enumerate(rows):
            if not self._says_something(row):
                continue
            cleaned, wrong = self._clean_row(row)
            if not wrong and self.unique:
                key = tuple(str(cleaned[name]).casefold() for name in self.unique)
                if key in seen:
                    wrong[self.unique[-1]] = [_("“%(value)s” stands here twice. Remove one.") % {"value": self._told(cleaned)}]
                seen.setdefault(key, place)
            faults |= {(place, column) for column in wrong}
            many = len(rows) > 1
            errors += [self._sentence(place, text, many) for texts in wrong.values() for text in texts]
            kept.append(cleaned)
        self.widget.faults = faults
        if errors:
            raise ValidationError(errors)
        if self.required and not kept:
            raise ValidationError(self.error_messages["required"], code="required")
        return [row[key] for row in kept for key in self.columns] if self.plain else kept

    def _told(self, row: Mapping[str, object]) -> str:
        return _words(self.columns[self.unique[-1]], row[self.unique[-1]])

    def _clean_row(self, row: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, list[str]]]:
        cleaned, wrong = {}, {}
        for key, column in self.columns.items():
            try:
                cleaned[key] = _plain(column.clean(row[key]))
            except ValidationError as error:
                wrong[key] = error.messages
        if self.check and not wrong:
            try:
                cleaned = self.check(cleaned)
            except ValidationError as error:
                wrong = error.message_dict
        return cleaned, wrong

    def _sentence(self, place: int, text: str, many: bool) -> str:
        return _("Row %(row)d: %(sentence)s") % {"row": place + 1, "sentence": text} if many else text

    def _says_something(self, row: Mapping[str, object]) -> bool:
        return any(str(row[key] or "").strip() for key, column in self.columns.items() if not isinstance(column, forms.BooleanField))

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare what rows say, not how they were typed."""
        return self._compared(initial) != self._compared(data)

    def _compared(self, value: object) -> list[tuple[object, ...]]:
        rows = []
        for row in self.to_python(value):
            cleaned, wrong = self._clean_row(row)
            rows.append(tuple(str(row[key]) if key in wrong else str(cleaned[key] or "") for key in self.columns))
        return rows

    def in_words(self, value: object) -> str:
        """Return the rows as one line, for a comparison."""
        return "; ".join(
            ", ".join(_words(column, row[key]) for key, column in self.columns.items() if row[key]) for row in self.to_python(value)
        )


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _words(column: forms.Field, value: object) -> str:
    if isinstance(column, forms.BooleanField):
        return str(column.label)
    return next((str(label) for key, label in getattr(column, "choices", ()) if str(key) == str(value)), str(value))
