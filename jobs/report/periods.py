"""The periods that a report is asked for by name, as pure functions of today."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

# The first and the last day of a period.
type Days = tuple[date, date]


def month_on(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` after that of `day`, or before it where negative."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _months(today: date, first: int, count: int) -> Days:
    """Return `count` months, of which the first lies `first` months after this one."""
    start = month_on(today, first)
    return start, month_on(start, count) - timedelta(days=1)


# Each tells its days from today.
PERIODS: dict[str, tuple[object, Callable[[date], Days]]] = {
    "this-month": (_("This month"), lambda today: _months(today, 0, 1)),
    "last-month": (_("Last month"), lambda today: _months(today, -1, 1)),
    "quarter": (_("This quarter"), lambda today: _months(today, -((today.month - 1) % 3), 3)),
    "12-months": (_("Last 12 months"), lambda today: _months(today, -11, 12)),
    "this-year": (_("This year"), lambda today: (date(today.year, 1, 1), date(today.year, 12, 31))),
    "last-year": (_("Last year"), lambda today: (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))),
}


def days_of(name: str, today: date) -> Days:
    """Return the first and the last day of the period `name` (of PERIODS) as it is on the day `today`."""
    return PERIODS[name][1](today)
