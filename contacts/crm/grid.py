"""The days of a month or of a week in rows, in the week's order of the person who looks."""

from calendar import Calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.utils import timezone

# So many actions stand in one day of a month; the day leads to all of them.
_SHOWN = 3


@dataclass
class Day:
    """One day of the calendar with its actions, or what else is put on it; `beside`: it belongs to the month before or after."""

    day: date
    beside: bool = False
    today: bool = False
    actions: list[Any] = field(default_factory=list)

    @property
    def shown(self) -> list[Any]:
        """The actions for which a month has room."""
        return self.actions[:_SHOWN]

    @property
    def more(self) -> int:
        """How many more there are."""
        return len(self.actions) - len(self.shown)


def weeks_of_month(day: date, first_weekday: int) -> list[list[Day]]:
    """Return the weeks of the month of `day`; `first_weekday` is 1 for Monday to 7 for Sunday."""
    today = timezone.localdate()
    weeks = Calendar(first_weekday - 1).monthdatescalendar(day.year, day.month)
    return [[Day(one, one.month != day.month, one == today) for one in week] for week in weeks]


def week_of(day: date, first_weekday: int) -> list[Day]:
    """Return the seven days of the week of `day`."""
    start, today = day - timedelta(days=(day.isoweekday() - first_weekday) % 7), timezone.localdate()
    return [Day(one, today=one == today) for one in (start + timedelta(days=step) for step in range(7))]


def put(days: Iterable[Day], records: Iterable, moment: Callable[[Any], datetime] = attrgetter("sort_at")) -> None:
    """Put each of `records` on the day of its `moment` in the present time zone."""
    by_day = {one.day: one for one in days}
    for record in records:
        if found := by_day.get(timezone.localdate(moment(record))):
            found.actions.append(record)
