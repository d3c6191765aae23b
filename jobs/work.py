"""What was done on a job, as its page and its work docket show it: one statement for each kind of record."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from jobs.models import Job, JobCheck, JobPart, Signature, WorkSession
from jobs.models.work import time_spent


@dataclass(frozen=True)
class Work:
    """The sessions, parts, checks and signatures of a job, and their sums."""

    sessions: list[WorkSession]
    parts: list[JobPart]
    checks: list[JobCheck]
    signatures: list[Signature]

    @property
    def whole_time(self) -> timedelta:
        """How long all sessions lasted."""
        return time_spent(self.sessions)[0]

    @property
    def work_time(self) -> timedelta:
        """How long they lasted without travel (JD5)."""
        return time_spent(self.sessions)[1]

    @property
    def has_travel(self) -> bool:
        """Whether any of the time was travel."""
        return any(session.mode == WorkSession.Mode.TRAVEL for session in self.sessions)

    @property
    def parts_total(self) -> Decimal | None:
        """What the parts with a price cost, or None where none has one."""
        priced = [part.total for part in self.parts if part.total is not None]
        return sum(priced, Decimal(0)) if priced else None

    @property
    def done(self) -> int:
        """How many checks are done."""
        return sum(check.done_at is not None for check in self.checks)

    @property
    def unsigned(self) -> list[str]:
        """The sides that have not signed."""
        signed = {signature.side for signature in self.signatures}
        return [side for side in Signature.Side.values if side not in signed]


def work_of(job: Job) -> Work:
    """Return what was done on `job`."""
    return Work(
        list(job.sessions.select_related("technician")),
        list(job.parts.all()),
        list(job.checks.select_related("done_by")),
        list(job.signatures.all()),
    )


def hours_text(span: timedelta) -> str:
    """Return how long `span` is, to the minute, such as “1 h 05 min”."""
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    return (
        _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes} if hours else _("%(minutes)d min") % {"minutes": minutes}
    )
