"""The SLA times of jobs: what is promised now to whom, and when the clock of a job is over (jobs/sla.py has the arithmetic)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.apps import apps

from jobs.sla import Hours, Targets, due_at, risk_at, target

if TYPE_CHECKING:
    from clients.models import Client

# Where a job without a running clock stands in an order by due time: behind all others. Every database keeps it.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Times:
    """When a clock is over, and from when on it is at risk; both None where nothing is promised."""

    due: datetime | None = None
    at_risk: datetime | None = None


@dataclass
class Promises:
    """What is promised to clients, remembered while many jobs are looked at: a statement for the system, two for each client."""

    defaults: Targets | None = None
    own: dict[int, Targets] = field(default_factory=dict)
    hours: dict[int, Hours | None] = field(default_factory=dict)

    def minutes(self, client: "Client", phase: str, priority: str) -> int | None:
        """Return the minutes promised to `client` in `phase` at `priority`, or None."""
        targets = apps.get_model("jobs", "SlaTarget").objects
        if self.defaults is None:
            self.defaults = targets.of(None).minutes()
        if client.pk not in self.own:
            self.own[client.pk] = targets.of(client).minutes()
        return target(self.own[client.pk], self.defaults, phase, priority)

    def hours_of(self, client: "Client") -> Hours | None:
        """Return the business hours of the branch of `client`, or None where its clocks run around the clock."""
        branch = client.branch_id
        if branch not in self.hours:
            calendar = apps.get_model("jobs", "BusinessCalendar").objects.filter(branch=branch).first()
            self.hours[branch] = calendar.hours if calendar else None
        return self.hours[branch]

    def times(self, client: "Client", phase: str, priority: str, start: datetime) -> Times:
        """Return the times of a clock of `client` that starts at `start`."""
        minutes = self.minutes(client, phase, priority)
        if minutes is None:
            return Times()
        hours = self.hours_of(client)
        return Times(due_at(start, minutes, hours), risk_at(start, minutes, hours))


@dataclass(frozen=True)
class Shift:
    """A running clock that is over at another time: the job and when it was due until now."""

    job: object
    before: datetime | None
    after: datetime | None


def recompute(jobs: Iterable, promises: Promises | None = None) -> list[Shift]:
    """Set the times of the running clocks of `jobs` (each with its client) anew from when they started, and save what differs.

    Returns those whose due time moved. A clock that was stopped keeps the times that it was judged by.
    """
    promises = promises or Promises()
    moved = []
    for job in jobs:
        before, by = job.due_at, job.timed_by
        if (shifted := job.time(promises)) or by != job.timed_by:
            names = (*job.TIMES, "timed_by")
            type(job).objects.filter(pk=job.pk).update(**{name: getattr(job, name) for name in names})
        if shifted:
            moved.append(Shift(job, before, job.due_at))
    return moved


def foresee(jobs: Iterable, promises: Promises) -> list[Shift]:
    """Return what `recompute` would do with `promises`; nothing is saved."""
    moved = []
    for job in jobs:
        before = job.due_at
        if job.time(promises):
            moved.append(Shift(job, before, job.due_at))
    return moved
