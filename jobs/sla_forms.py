"""The forms of SLA times and of business hours."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import LinesField, speak
from clientdesk.forms import DeskForm
from jobs.models import BusinessCalendar
from jobs.models.times import PHASES, Priority
from jobs.sla import DAY, Targets, minutes_of, written


class DurationField(forms.CharField):
    """A duration as people write it, such as “4 h”; its value is minutes, or None where it is blank."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**({"required": False, "max_length": 40} | kwargs))
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "size": "10"}

    def prepare_value(self, value: object) -> object:
        return written(value) if isinstance(value, int) else value

    def clean(self, value: object) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            minutes = minutes_of(text)
        except OverflowError:
            raise ValidationError(_("“%(value)s” is more than a year. Write a shorter time.") % {"value": text}) from None
        except ValueError:
            raise ValidationError(_("“%(value)s” is no time at all. Write at least 1 min, or leave it blank.") % {"value": text}) from None
        if minutes is None:
            raise ValidationError(_("“%(value)s” is no duration. Write one such as 4 h, 90 min or 1 day.") % {"value": text})
        return minutes


@dataclass(frozen=True)
class Line:
    """One row of the matrix: the phase, and its cells by priority as (priority, field)."""

    phase: str
    label: object
    cells: list[tuple[Priority, BoundField]]


class TimesForm(forms.Form):
    """The matrix of SLA times: two phases by four priorities; what is left blank has the default shown in it."""

    def __init__(self, posted: object = None, *, own: Targets, defaults: Targets | None = None, seen: str = "") -> None:
        """Take the client's `own` times and the system's `defaults`; `seen` is the print of what was shown."""
        super().__init__(posted, label_suffix="")
        for phase, label in PHASES:
            for priority in Priority:
                shown = _("%(phase)s, priority %(priority)s") % {"phase": label, "priority": priority.label}
                field = DurationField(label=shown)
                speak(field)
                if defaults is not None:
                    found = defaults.get((phase, priority))
                    field.widget.attrs["placeholder"] = written(found) if found else _("None")
                self.fields[f"{phase}-{priority}"] = field
                self.initial[f"{phase}-{priority}"] = own.get((phase, priority))
        self.own = own
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.initial["seen"] = print_of(own)

    @property
    def is_stale(self) -> bool:
        """Whether somebody saved other times since this form was opened."""
        return self.data.get("seen", "") != print_of(self.own)

    @property
    def lines(self) -> Iterator[Line]:
        """The rows of the matrix."""
        for phase, label in PHASES:
            yield Line(phase, label, [(priority, self[f"{phase}-{priority}"]) for priority in Priority])

    @property
    def chosen(self) -> dict[tuple[str, str], int]:
        """What was filled in, in minutes, by phase and priority; the form must be valid."""
        found = {(phase, str(priority)): self.cleaned_data[f"{phase}-{priority}"] for phase, _label in PHASES for priority in Priority}
        return {place: minutes for place, minutes in found.items() if minutes is not None}


def print_of(times: Targets) -> str:
    """Return `times` as one text, to tell whether they are still the same."""
    return " ".join(f"{phase}-{priority}:{minutes}" for (phase, priority), minutes in sorted(times.items()))


DAYS = (
    *(gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"), gettext_lazy("Friday")),
    *(gettext_lazy("Saturday"), gettext_lazy("Sunday")),
)


class HoursField(forms.CharField):
    """From and until when a day is open, as “09:00-17:00”; blank is a closed day. Its value is [from, until] in minutes, or None."""

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, max_length=20, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "placeholder": _("Closed")}

    def clean(self, value: object) -> list[int] | None:
        text = super().clean(value).strip()
        if not text:
            return None
        parts = text.replace("–", "-").split("-")
        try:
            start, end = (_minutes(part.strip()) for part in parts)
        except ValueError:
            raise ValidationError(_("“%(value)s” are no hours. Write them as 09:00-17:00.") % {"value": text}) from None
        if start >= end:
            raise ValidationError(_("“%(value)s” ends before it begins. Write the earlier time first.") % {"value": text})
        return [start, end]


def _minutes(text: str) -> int:
    hour, _colon, minute = text.partition(":")
    found = int(hour) * 60 + int(minute or 0)
    if not (hour.isdigit() and len(hour) <= 2 and 0 <= int(minute or 0) < 60 and found <= DAY):
        raise ValueError(text)
    return found


def hours_text(span: Iterable[int] | None) -> str:
    """Return the hours of a day as the form takes them, or an empty text."""
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in span) if span else ""


class CalendarForm(DeskForm):
    """The business hours of a branch, day by day, and the days on which it is closed."""

    days_off = LinesField(
        label=gettext_lazy("Holidays"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One day a line, such as 2026-12-25."),
    )

    class Meta(DeskForm.Meta):
        model = BusinessCalendar
        fields = ("time_zone",)
        help_texts = {"time_zone": gettext_lazy("Such as Europe/Berlin.")}

    def extend(self) -> None:
        for number, label in enumerate(DAYS):
            self.fields[f"day{number}"] = HoursField(label=label)
            self.initial[f"day{number}"] = hours_text(self.instance.week[number])
        self.initial["days_off"] = "\n".join(self.instance.holidays)
        self.order_fields(["time_zone", *(f"day{number}" for number in range(7)), "days_off"])

    def clean_days_off(self) -> str:
        found = set()
        for line in filter(None, map(str.strip, self.cleaned_data["days_off"].split("\n"))):
            try:
                found.add(date.fromisoformat(line).isoformat())
            except ValueError:
                raise ValidationError(_("“%(value)s” is no date. Write it as 2026-12-25.") % {"value": line[:60]}) from None
        return "\n".join(sorted(found))

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            self.instance.week = [self.cleaned_data[f"day{number}"] for number in range(7)]
            self.instance.holidays = list(filter(None, self.cleaned_data["days_off"].split("\n")))
