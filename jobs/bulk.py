"""What is done to many jobs at once: technician, schedule, priority, cancelled, closed (JD3). Each is a step of the machine or an edit of
one job, with the same clocks, timeline and history."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.consequences import Consequence
from clientdesk.models import LongRun, User
from clientdesk.rights import Right
from clientdesk.tables.bulk import Acts, Order, Pair, order_of
from clientdesk.tables.picking import Selection
from clients import consequences
from clients.models import Client
from clients.restricted import seen_by
from jobs.machine import GESTURES, Status
from jobs.models import Job, JobEvent, WorkSession
from jobs.models.times import Priority
from jobs.table import TABLE
from jobs.timing import NEVER, Promises

# The states in which a job takes each act, by the column that tells it from the others.
TAKEN_IN: dict[str, tuple[str, ...]] = {
    "assignee": (Status.OPEN, Status.ASSIGNED),
    "scheduled_at": (Status.ASSIGNED,),
    "priority": tuple(status for status in Status if status != Status.CLOSED),
    "cancel_reason": tuple(GESTURES["cancel"].origins),
    "closed_at": tuple(GESTURES["close"].origins),
}


def moment_of(order: Order) -> datetime | None:
    """Return for when `order` schedules jobs."""
    return parse_datetime(str(order.value)) if order.value else None


@dataclass
class _Steps:
    """What one order does to jobs, each with its client."""

    order: Order
    now: datetime = field(default_factory=timezone.now)
    promises: Promises = field(default_factory=Promises)

    def of(self, job: Job) -> dict[str, object]:
        """Return what `job` gets by column, its clock included."""
        match self.order.column:
            case "assignee":
                step = {"status": Status.ASSIGNED, "open_stopped_at": self.now} if job.status == Status.OPEN else {}
                found = {"assignee": self.order.value} | step
            case "scheduled_at":
                found = {"scheduled_at": moment_of(self.order)}
            case "priority":
                found = {"priority": self.order.value}
            case "cancel_reason":
                found = {"status": Status.CANCELLED, "cancel_reason": self.order.value, "cancelled_at": self.now}
            case _:
                found = {"status": Status.CLOSED, "closed_at": self.now}
        return self.timed(job, found)

    def timed(self, job: Job, values: dict[str, object]) -> dict[str, object]:
        """Return `values` of `job` with the times that its clock has after them."""
        after = copy(job)
        for name, value in values.items():
            setattr(after, after._meta.get_field(name).attname, value)
        after.time(self.promises)
        return values | {name: getattr(after, name) for name in (*Job.TIMES, "timed_by") if getattr(after, name) != getattr(job, name)}


class JobActs(Acts[Job]):
    """The acts on jobs. To close cannot be taken back: a closed job is immutable (invariant 23)."""

    table = TABLE
    kind = "jobs_bulk"
    rights: ClassVar[dict[str, Right]] = dict.fromkeys(TAKEN_IN, Right.CHANGE)
    lasting = frozenset({"closed_at"})
    reads = (
        *("number", "subject", "status", "priority", "client_id", "assignee_id", "scheduled_at", "requested_at", "opened_at", "closed_at"),
        *("cancelled_at", "cancelled_by_id", "cancel_reason", "request_stopped_at", "open_stopped_at", "timed_by", *Job.TIMES),
    )

    def fitting(self, selection: Selection, order: Order) -> QuerySet:
        found = selection.records.filter(status__in=TAKEN_IN[order.column])
        if order.column == "assignee":
            # Whoever may not see a client does no work for it (XD33).
            person = User.objects.filter(pk=order.value).first()
            seen = seen_by(person, "client__") if person else Q(pk__in=())
            return found.filter(seen).exclude(status=Status.ASSIGNED, assignee=order.value)
        if order.column == "scheduled_at":
            return found.exclude(scheduled_at=moment_of(order)) if order.value else found.exclude(scheduled_at=None)
        return found.exclude(priority=order.value) if order.column == "priority" else found

    def values(self, order: Order, found: Sequence[Job]) -> list[Pair[Job]]:
        steps = _Steps(order)
        return [(job, steps.of(job)) for job in with_clients(found)]

    def back(self, order: Order, pairs: list[Pair[Job]]) -> list[Pair[Job]]:
        """What a job was assigned or cancelled with is as before, and its clock runs on as if nothing had been done."""
        steps, found = _Steps(order), []
        with_clients([job for job, _values in pairs])
        for job, values in pairs:
            resumed = {"open_stopped_at": None} if values.get("status") == Status.OPEN and order.column == "assignee" else {}
            found.append((job, steps.timed(job, values | resumed)))
        return found

    def undo_means(self, run: LongRun, by: User) -> list[Consequence]:
        """Clocks that were stopped run on, and those that another priority moved are over when they were before."""
        order = order_of(run)
        if order is None or order.column == "scheduled_at":
            return []
        pairs, _is_all = self.coming_back(run, by)
        moved = resumed = 0
        for job, values in self.back(order, pairs[: consequences.MOST_LOOKED_AT]):
            was, will = job.due_key, values.get("due_key", job.due_key)
            moved += NEVER not in (was, will) and was != will
            resumed += was == NEVER != will
        more = [consequences.only_first()] if len(pairs) > consequences.MOST_LOOKED_AT else []
        return consequences.of_clocks(moved, resumed) + more

    def write(self, run: LongRun, order: Order, pairs: list[Pair[Job]]) -> None:
        """Write the values, and a line into the timeline of each job; who is at work on a cancelled one is not any more."""
        if order.column == "cancel_reason" and not order.of:
            for session in WorkSession.objects.running().filter(job__in=[job for job, _values in pairs]):
                session.stop()
            pairs = [(job, values | {"cancelled_by": run.owner_id}) for job, values in pairs]
        super().write(run, order, pairs)
        note = self._note(order)
        JobEvent.objects.bulk_create(
            JobEvent(job=job, origin=job.status, to=values.get("status", job.status), actor=run.owner, note=note) for job, values in pairs
        )

    def _note(self, order: Order) -> str:
        """Return what the timelines say of `order` besides the step itself; no client reads it."""
        if order.of:
            return _("Taken back.")
        target = self.target(order)
        match order.column:
            case "scheduled_at":
                return _("Scheduled for %(moment)s.") % {"moment": target} if order.value else _("Not scheduled any more.")
            case "priority":
                return _("Priority: %(priority)s") % {"priority": target}
        return str(target)

    def target(self, order: Order) -> object:
        """Return what the jobs get, in words."""
        match order.column:
            case "assignee":
                return User.objects.filter(pk=order.value).first() or ""
            case "scheduled_at":
                moment = moment_of(order)
                return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""
            case "priority":
                return Priority(order.value).label
        return order.value or ""

    def sentence(self, run: LongRun) -> str:
        order, count = order_of(run), run.done
        if not count or order is None:
            return _("Nothing was changed.") if order and order.of else _("Nothing was changed: no selected job takes it now.")
        shown = {"count": number_format(count, force_grouping=True), "target": "" if order.of else self.target(order)}
        if order.of:
            return ngettext("%(count)s job is as it was before.", "%(count)s jobs are as they were before.", count) % shown
        match order.column:
            case "assignee":
                said = ngettext("%(count)s job was assigned to %(target)s.", "%(count)s jobs were assigned to %(target)s.", count)
            case "scheduled_at" if order.value:
                said = ngettext("%(count)s job is scheduled for %(target)s.", "%(count)s jobs are scheduled for %(target)s.", count)
            case "scheduled_at":
                said = ngettext("%(count)s job is not scheduled any more.", "%(count)s jobs are not scheduled any more.", count)
            case "priority":
                said = ngettext("%(count)s job has priority “%(target)s” now.", "%(count)s jobs have priority “%(target)s” now.", count)
            case "cancel_reason":
                said = ngettext("%(count)s job was cancelled.", "%(count)s jobs were cancelled.", count)
            case _:
                said = ngettext("%(count)s job was closed.", "%(count)s jobs were closed.", count)
        return said % shown


def with_clients(jobs: Sequence[Job]) -> Sequence[Job]:
    """Return `jobs`, each with its client, which tells what is promised, in one statement for all."""
    clients = Client.objects.in_bulk({job.client_id for job in jobs})
    for job in jobs:
        job.client = clients[job.client_id]
    return jobs


ACTS = JobActs()
advance = ACTS.advance
