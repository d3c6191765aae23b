"""The board: the jobs of each state that somebody works with, those that are due first; and whom the day is planned for (S8)."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from clientdesk.models import User
from jobs.machine import MACHINE, Status
from jobs.models import Job
from jobs.steps import Gesture

# So many jobs stand in one column; the list has all of them.
MOST = 40
COLUMNS = (Status.REQUESTED, Status.OPEN, Status.ASSIGNED, Status.RESOLVED)


@dataclass(frozen=True)
class Column:
    """One column: its state, the first of its jobs, and how many there are in all."""

    status: Status
    jobs: list[Job]
    count: int

    @property
    def more(self) -> int:
        """How many jobs are not shown."""
        return self.count - len(self.jobs)


def columns(jobs: QuerySet[Job]) -> list[Column]:
    """Return the board of `jobs`: one statement for all counts and one for each column."""
    counts = jobs.aggregate(**{status: Count("pk", filter=Q(status=status)) for status in COLUMNS})
    found = jobs.select_related("client", "assignee", "job_type")
    return [Column(status, list(found.filter(status=status).order_by("due_key", "pk")[:MOST]), counts[status]) for status in COLUMNS]


def moves() -> dict[tuple[str, str], Gesture]:
    """Return by which gesture a job goes from one column to another; what is not in it is no move."""
    return {
        (str(origin), str(gesture.to)): gesture
        for gesture in MACHINE.gestures.values()
        for origin in gesture.origins
        if gesture.to in COLUMNS and origin in COLUMNS
    }


def crew() -> QuerySet[User]:
    """Return the technicians in use, by name."""
    return User.objects.staff().filter(technician=True, is_active=True).order_by("last_name", "first_name", "pk")
