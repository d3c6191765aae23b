"""Form fields for days, moments, numbers and names to pick or type: the browser's own inputs, and sentences that name what was typed.

Each also reads its value as a record's JSON or a form's `seen` keeps it (a text), so that an untouched field is no change.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

_LONGEST_SHOWN = 80
# Beyond these years clocks and databases disagree.
FIRST_YEAR, LAST_YEAR = 1000, 2999


class _Typed(forms.Field):
    """A field that compares what was shown with what was sent by their values, not by their spelling."""

    def has_changed(self, initial: object, data: object) -> bool:
        if self.disabled:
            return False
        try:
            return self.to_python(self.prepare_value(initial)) != self.to_python(data)
        except ValidationError:
            return True

    def refusal(self, code: str, value: object) -> ValidationError:
        """Return the error of this field's sentence `code`, naming `value`."""
        text = str(value)
        shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
        return ValidationError(self.error_messages[code], code=code, params={"value": shown})

    def check_year(self, found: date, value: object) -> None:
        """Raise ValidationError for a year that cannot be stored everywhere."""
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise self.refusal("year", value)


class DayField(_Typed, forms.DateField):
    """A date as `2026-11-30`."""

    default_error_messages = {
        "invalid": _("“%(value)s” is no date. Write it as 2026-11-30."),
        "year": _("“%(value)s” cannot be stored. Choose a year from 1000 to 2999."),
    }

    def __init__(self, **kwargs) -> None:
        super().__init__(**({"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})} | kwargs))

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values:
            return None
        try:
            found = value if isinstance(value, date) else datetime.strptime(str(value).strip(), "%Y-%m-%d")
        except ValueError:
            raise self.refusal("invalid", value) from None
        self.check_year(found, value)
        return found.date() if isinstance(found, datetime) else found


class MomentField(_Typed, forms.DateTimeField):
    """A date and time of the present time zone, to the minute. An hour that the clock shows twice means its first time."""

    default_error_messages = {
        "invalid": _("“%(value)s” is no date and time. Write it as 2026-11-30 14:05."),
        "year": _("“%(value)s” cannot be stored. Choose a year from 1000 to 2999."),
    }

    def __init__(self, **kwargs) -> None:
        super().__init__(**({"widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})} | kwargs))

    def prepare_value(self, value: object) -> object:
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return value
        if isinstance(value, datetime):
            value = timezone.localtime(value) if timezone.is_aware(value) else value
            return value.strftime("%Y-%m-%dT%H:%M")
        return value

    def to_python(self, value: object) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise self.refusal("invalid", value) from None
        self.check_year(found, value)
        return found if timezone.is_aware(found) else timezone.make_aware(found)


class Suggesting(forms.TextInput):
    """A line of text that offers `names` while one types; any other text can be typed, too."""

    names: Iterable[str] = ()

    def render(self, name: str, value: object, attrs: dict | None = None, renderer: BaseRenderer | None = None) -> SafeString:
        offered = f"{(attrs or {}).get('id', name)}_names"
        options = format_html_join("", '<option value="{}"></option>', ((option,) for option in self.names))
        more = {"list": offered, "autocomplete": "off"}
        return format_html(
            '{}<datalist id="{}">{}</datalist>', super().render(name, value, (attrs or {}) | more, renderer), offered, options
        )


class NumberField(_Typed, forms.DecimalField):
    """A number with a point, such as `1234.5`."""

    default_error_messages = {
        "invalid": _("“%(value)s” is no number. Write it as 1234.5."),
        "max_digits": _("This number is too long. Shorten it to %(max)s digits."),
        "max_decimal_places": _("This number is too exact. Shorten it to %(max)s digits after the point."),
        "max_whole_digits": _("This number is too long. Shorten it to %(max)s digits before the point."),
    }

    def __init__(self, **kwargs) -> None:
        super().__init__(**({"widget": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})} | kwargs))

    def to_python(self, value: object) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            found = Decimal(str(value).strip())
        except InvalidOperation:
            raise self.refusal("invalid", value) from None
        if not found.is_finite():
            raise self.refusal("invalid", value)
        return found
