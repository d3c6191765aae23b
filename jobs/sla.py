"""SLA times as pure functions of plain values: which time holds, when it is over, and how a clock stands (domain.md 8.5, J16, J17, JD10).

A clock starts at a moment and counts minutes. Where a branch has business hours only those count, in its own time zone; without any
the clock runs around the clock. Moments are aware, targets are minutes.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = 24 * 60
# A year: nobody promises more, and whatever is added to a moment stays a date that can be stored.
LONGEST = 366 * DAY
# A clock is at risk once so much of its time is left at most.
RISK = 0.25


class Phase(StrEnum):
    """What is waited for: that a client's request is taken up, or that an open job gets its technician."""

    REQUEST = "request"
    OPEN = "open"


class State(StrEnum):
    """How a clock stands."""

    NONE = "none"
    RUNNING = "running"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    MET = "met"


# What is promised, in minutes, by phase and priority.
type Targets = Mapping[tuple[str, str], int]
# From and until when a day is open, in minutes after midnight; None is a closed day.
type Span = tuple[int, int] | None


@dataclass(frozen=True)
class Hours:
    """The business hours of a branch: the zone of its clocks, seven days from Monday on, and the days on which it is closed."""

    zone: str
    week: tuple[Span, ...]
    holidays: frozenset[date] = frozenset()

    @property
    def is_open_at_all(self) -> bool:
        """Whether any day of the week is open; a clock of a branch that never opens would never be over."""
        return any(span and span[0] < span[1] for span in self.week)

    def opening(self, day: date) -> tuple[datetime, datetime] | None:
        """Return from and until when `day` is open, in UTC, or None. Where clocks are put forward less of it may be left, or nothing."""
        span = None if day in self.holidays else self.week[day.weekday()]
        if not span:
            return None
        start, end = (self._moment(day, minutes) for minutes in span)
        return (start, end) if start < end else None

    def _moment(self, day: date, minutes: int) -> datetime:
        # 24:00 is the first moment of the next day, whatever the clocks do in between.
        day, minutes = (day + timedelta(days=1), 0) if minutes >= DAY else (day, minutes)
        return datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(self.zone)).astimezone(UTC)

    def openings(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield from and until when it is open from `start` on, without end."""
        # A day early: what is open over there may have begun on the day before by its calendar.
        day = start.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        while True:
            if (found := self.opening(day)) and found[1] > start:
                yield max(found[0], start.astimezone(UTC)), found[1]
            day += timedelta(days=1)


def target(own: Targets, defaults: Targets, phase: str, priority: str) -> int | None:
    """Return the minutes promised in `phase` at `priority`: the client's `own`, else those of the system, else None (no clock)."""
    return own.get((phase, priority), defaults.get((phase, priority)))


def due_at(start: datetime, minutes: int | None, hours: Hours | None = None) -> datetime | None:
    """Return when a clock of `minutes` that started at `start` is over, in UTC; None where nothing is promised."""
    if minutes is None:
        return None
    if hours is None or not hours.is_open_at_all:
        return start.astimezone(UTC) + timedelta(minutes=minutes)
    left = timedelta(minutes=minutes)
    for begin, end in hours.openings(start):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("openings never end")


def risk_at(start: datetime, minutes: int | None, hours: Hours | None = None) -> datetime | None:
    """Return from when on the clock of `due_at` is at risk: the last quarter of its time."""
    return None if minutes is None else due_at(start, math.ceil(minutes * (1 - RISK)), hours)


def counted(start: datetime, end: datetime, hours: Hours | None = None) -> timedelta:
    """Return how much of the time from `start` to `end` counts."""
    if end <= start:
        return timedelta()
    if hours is None or not hours.is_open_at_all:
        return end - start
    found = timedelta()
    for begin, close in hours.openings(start):
        if begin >= end:
            return found
        found += min(close, end) - begin
    raise AssertionError("openings never end")


def state(due: datetime | None, at_risk: datetime | None, stopped: datetime | None, now: datetime) -> State:
    """Return how the clock stands that is over at `due` and at risk from `at_risk` on; without `stopped` it runs."""
    if due is None:
        return State.NONE
    if stopped is not None:
        return State.MET if stopped <= due else State.BREACHED
    if now > due:
        return State.BREACHED
    return State.AT_RISK if at_risk is not None and now >= at_risk else State.RUNNING


# --- durations as people write them ---------------------------------------------------------------
_UNITS = {"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60}
_UNITS |= {"d": DAY, "day": DAY, "days": DAY, "w": 7 * DAY, "week": 7 * DAY, "weeks": 7 * DAY}
_PART = re.compile(r"\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*([a-z]+)\s*", re.IGNORECASE)
_CLOCK = re.compile(r"\s*(\d{1,4}):([0-5]\d)\s*(?:h|hours?)?\s*", re.IGNORECASE)


def minutes_of(text: str) -> int | None:
    """Return the minutes that `text` means, such as “4 h”, “1.5 h”, “90 min”, “1 day 2 h” or “1:30”; None for anything else.

    A day has 24 hours. Raises OverflowError for more than LONGEST and ValueError for no time at all.
    """
    if clock := _CLOCK.fullmatch(text):
        return _bounded(int(clock[1]) * 60 + int(clock[2]))
    total, place = 0.0, 0
    while place < len(text):
        part = _PART.match(text, place)
        if not part or part[2].lower() not in _UNITS:
            return None
        total += float(part[1].replace(",", ".")) * _UNITS[part[2].lower()]
        place = part.end()
    return _bounded(round(total)) if place else None


def _bounded(minutes: int) -> int:
    if minutes <= 0:
        raise ValueError("no time")
    if minutes > LONGEST:
        raise OverflowError("more than a year")
    return minutes


def written(minutes: int) -> str:
    """Return `minutes` as `minutes_of` reads them: “2 days 4 h”, “90 min” as “1 h 30 min”."""
    days, rest = divmod(minutes, DAY)
    hours, rest = divmod(rest, 60)
    parts = [f"{days} {'day' if days == 1 else 'days'}"] * bool(days) + [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest)
    return " ".join(parts) or "0 min"
