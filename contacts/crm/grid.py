"""The days of a month or of a week in rows, in the week's order of the person who looks."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from contacts.models import CrmAction

# So many actions stand in one day of a month; the day leads to all of them.
_SHOWN = 3


@dataclass
class Day:
    """One day of the calendar with its actions; `beside` says that it belongs to the month before or after."""

    day: date
    beside: bool = False
    today: bool = False
    actions: list[CrmAction] = field(default_factory=list)

    @property
    def shown(self) -> list[CrmAction]:
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


def put(days: Iterable[Day], actions: Iterable[CrmAction]) -> None:
    """Put each of `actions` on its day of the present time zone."""
    by_day = {one.day: one for one in days}
    for action in actions:
        if found := by_day.get(timezone.localdate(action.sort_at)):
            found.actions.append(action)
