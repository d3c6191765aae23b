"""What a report says of many jobs, as pure functions of what the database counted by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from jobs.report.periods import Days, month_on

# So many bars are still read with ease; more months than these are put together by quarters, years and more.
MOST_BARS = 24
_STEPS = (1, 3, 12, 60, 120, 1200)


@dataclass(frozen=True)
class Month:
    """What was counted of the jobs logged in one month, whose first day is `first`.

    Each job is within its SLA time, late, or without one: `total` is the sum. Of those within it, `waiting` are not decided yet.
    """

    first: date
    total: int = 0
    late: int = 0
    without: int = 0
    waiting: int = 0
    unfinished: int = 0
    closed: int = 0

    @property
    def within(self) -> int:
        """Jobs whose clock was stopped in time, or may still be."""
        return self.total - self.late - self.without


@dataclass(frozen=True)
class Figures:
    """The figures of a report; `within` is the share of what was decided, None where nothing was."""

    total: int
    unfinished: int
    closed: int
    decided: int
    within: float | None


def figures(months: Iterable[Month]) -> Figures:
    """Return the figures of all `months` together."""
    total = unfinished = closed = late = met = 0
    for month in months:
        total += month.total
        unfinished += month.unfinished
        closed += month.closed
        late += month.late
        met += month.within - month.waiting
    decided = met + late
    return Figures(total, unfinished, closed, decided, met / decided if decided else None)


@dataclass(frozen=True)
class Bar:
    """One bar of the chart: the months from the one of `first` on, `months` of them."""

    first: date
    months: int
    within: int
    late: int
    without: int

    @property
    def last(self) -> date:
        """The first day of its last month."""
        return month_on(self.first, self.months - 1)

    @property
    def total(self) -> int:
        """All of its jobs."""
        return self.within + self.late + self.without


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def bars(months: Iterable[Month], asked: Days | None = None) -> list[Bar]:
    """Return a bar for each month from the first to the last of `months`, also where nothing was logged; none where there is nothing.

    The days that were `asked` for are shown whole where that needs no more than MOST_BARS months.
    """
    counted = sorted(months, key=lambda month: month.first)
    if not counted:
        return []
    start, end = _number(counted[0].first), _number(counted[-1].first)
    if asked and _number(asked[1]) - _number(asked[0]) < MOST_BARS:
        start, end = min(start, _number(asked[0])), max(end, _number(asked[1]))
    step = next(step for step in _STEPS if end // step - start // step < MOST_BARS)
    found = {place: [0, 0, 0] for place in range(start // step, end // step + 1)}
    for month in counted:
        bar = found[_number(month.first) // step]
        bar[0] += month.within
        bar[1] += month.late
        bar[2] += month.without
    return [Bar(month_on(date(1, 1, 1), place * step - 12), step, *parts) for place, parts in found.items()]


def middle(sorted_values: list[timedelta]) -> timedelta | None:
    """Return the mean of the one or two values in the middle of a longer row, or None where there are none."""
    return sum(sorted_values, timedelta()) / len(sorted_values) if sorted_values else None


def places_in_the_middle(count: int) -> slice:
    """Return where the one or two values in the middle of `count` sorted ones stand."""
    return slice((count - 1) // 2, count // 2 + 1) if count else slice(0, 0)
