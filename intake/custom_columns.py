"""Custom fields of clients as columns of an import (XD23): what the form asks, by company type and category, as the form reads it."""

from collections.abc import Callable, Collection, Mapping
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from clientdesk.models import User
from clientdesk.words import search_key, tidy
from clients import custom
from clients.models import CustomField
from intake.cells import Stored, closest, is_plain, one_of, shown, storable
from intake.loading import decode
from intake.written import plain_amount, plain_day

PREFIX = custom.column_name("")
Kind = CustomField.Kind
YES = {"yes", "true", "1", "x", "ja", "oui", "si", "sim", "on", "checked"}
NO = {"no", "false", "0", "nein", "non", "nao", "off", "unchecked"}


class CustomWidget(Widget):
    """The text of a cell -> the JSON value of one custom field, by the form's own field."""

    longest = 0
    asks_country = False

    def __init__(self, field: CustomField) -> None:
        super().__init__()
        self.field = field
        self.form_field = custom.field_for(field)
        self.form_field.required = False
        self.longest = custom.LONGEST_TEXT if field.kind == Kind.TEXT else 0
        self.by: User | None = None
        # How the column writes its days or decimals: an order or a sign of `dates`; empty for the plain way.
        self.reading = ""
        self.known = {search_key(str(option)): str(option) for option in field.options}

    def __deepcopy__(self, memo: dict) -> "CustomWidget":
        return copy(self)

    @property
    def blank(self) -> Stored:
        """What stands for no value."""
        return None

    @property
    def required_sentence(self) -> str:
        """What the form says when the field is left empty."""
        return str(custom.field_for(self.field).error_messages["required"])

    def load(self) -> None:
        """Everything is in the field already."""

    def quick(self, text: str) -> Stored:
        """Return the stored form of `text` if it plainly is right, else None."""
        return text if self.field.kind == Kind.TEXT and len(text) <= self.longest and is_plain(text) else None

    def clean(self, value: object, row: Mapping | None = None, country: str = "", **kwargs) -> Stored:
        """Return the JSON value of the cell text `value`, None for a blank one. Raises ValidationError with a sentence."""
        text = "" if value is None else str(value)
        if not text or text.isspace():
            return None
        if not storable(text):
            raise ValidationError(_("“%(value)s” holds a character that cannot be stored. Type the text again.") % {"value": shown(text)})
        return cast("Stored", custom.stored(self.field, _READERS.get(self.field.kind, _plainly)(self, text)))

    def was_called(self, value: Stored, text: str, since: datetime) -> bool:
        """Options are texts themselves: a record keeps what it was given."""
        return False

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        """Return the words of the stored `value`."""
        return custom.shown(self.field, value)

    def write(self, value: object) -> str:
        """Return the text of the stored `value` for a file that will be imported again."""
        found = custom.typed(self.field, value)
        if isinstance(found, datetime):
            return timezone.localtime(found).strftime("%Y-%m-%d %H:%M")
        if isinstance(found, date):
            return found.isoformat()
        return str(value) if isinstance(found, Decimal) else custom.shown(self.field, value)

    def suggestion(self, text: str) -> str:
        """Return the option that `text` surely means, or an empty text."""
        close = closest(search_key(tidy(text)), self.known)
        return self.known[close] if close else ""

    def allowed(self) -> list[str]:
        """Return what a drop-down list offers; any text may stand where it is empty."""
        if self.field.kind == Kind.CHECKBOX:
            return [_("Yes"), _("No")]
        return [str(option) for option in self.field.options] if self.field.kind == Kind.CHOICE else []


def _plainly(widget: CustomWidget, text: str) -> object:
    return widget.form_field.clean(text)


def _day(widget: CustomWidget, text: str) -> object:
    return widget.form_field.clean(plain_day(text, widget.reading))


def _amount(widget: CustomWidget, text: str) -> object:
    return widget.form_field.clean(plain_amount(text, widget.reading))


def _tick(widget: CustomWidget, text: str) -> object:
    word = search_key(text)
    if word in YES | {search_key(_("Yes"))}:
        return True
    if word in NO | {search_key(_("No"))}:
        return False
    raise ValidationError(_("“%(value)s” is neither yes nor no. Write “Yes” or “No”.") % {"value": shown(text)})


def _option(widget: CustomWidget, text: str) -> str:
    if (option := widget.known.get(search_key(tidy(text)))) is None:
        options = [str(known) for known in widget.field.options]
        hint = one_of(options) if len(options) <= 6 else _("Choose one of its options.")
        raise ValidationError(
            _("“%(value)s” is no option of “%(label)s”. %(hint)s") % {"value": shown(text), "label": widget.field.label, "hint": hint}
        )
    return option


def _options(widget: CustomWidget, text: str) -> list[str]:
    if search_key(tidy(text)) in widget.known:
        return [_option(widget, text)]
    return [_option(widget, part) for part in text.split(",") if part.strip()]


_READERS: dict[str, Callable[[CustomWidget, str], object]] = {
    Kind.DATE: _day,
    Kind.NUMBER: _amount,
    Kind.CHECKBOX: _tick,
    Kind.CHOICE: _option,
    Kind.CHOICES: _options,
}


class Asked:
    """Which custom fields are asked of a client by its company type and category, each pair found out once."""

    def __init__(self, fields: list[CustomField]) -> None:
        self.fields = fields
        self.any_required = any(field.required for field in fields)
        self.depends = any(field.company_type_id or field.category_id for field in fields)
        self.found: dict[tuple[object, object], set[str]] = {}

    def of(self, company_type: object, category: object) -> set[str]:
        """Return the keys of the fields that are asked; at most two statements for a pair that is new."""
        pair = (company_type, category) if self.depends else (None, None)
        if pair not in self.found:
            self.found[pair] = {field.key for field in custom.of_these(self.fields, *pair)}
        return self.found[pair]

    def judge(
        self,
        given: Mapping[str, object],
        before: Mapping[str, object] | None,
        about: tuple[object, object],
        *,
        moved: bool,
        cleared: Collection[str] = (),
    ) -> dict[str, list[str]]:
        """Return by column what is wrong with the custom values `given` (by key) of a client that had `before` (None: a new one) and
        has the company type and category `about`; `moved` says that the row changes one of the two, `cleared` names the columns that
        the row empties."""
        asked, errors = self.of(*about), {}
        for field in self.fields:
            value, had = given.get(field.key), (before or {}).get(field.key)
            if value is not None and field.key not in asked and value != had and value is not False:
                errors[custom.column_name(field.key)] = [_not_asked(field)]
            elif field.required and field.key in asked and (before is None or moved or custom.column_name(field.key) in cleared):
                kept = had if value is None and field.key not in given else value
                if kept in (None, "", [], False):
                    errors[custom.column_name(field.key)] = [str(custom.field_for(field).error_messages["required"])]
        return errors


def _not_asked(field: CustomField) -> str:
    only = [str(entry) for entry in (field.company_type, field.category) if entry]
    return _("“%(label)s” is only asked of clients of “%(only)s”. Leave the cell empty.") % {
        "label": field.label,
        "only": _("” and “").join(only),
    }


def fields_of(entity: str) -> list[CustomField]:
    """Return the custom fields of an `entity` in use, in their order."""
    return list(CustomField.objects.of(entity).select_related("company_type", "category"))


def parted[Value](values: Mapping[str, Value]) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return `values` by column key as (plain ones by column key, custom ones by the key of their field)."""
    given = {key: value for key, value in values.items() if key.startswith(PREFIX)}
    if not given:
        return dict(values), {}
    plain = {key: value for key, value in values.items() if key not in given}
    return plain, {key.removeprefix(PREFIX): value for key, value in given.items()}


def loaded(stored: str | dict[str, Stored] | None) -> dict[str, Stored]:
    """Return the custom values that a row of the database holds, whichever way it gives JSON."""
    return decode(stored) if isinstance(stored, str) else stored or {}
