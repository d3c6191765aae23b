"""Running clocks are timed anew where what they run by has changed: the business hours of a branch, the branch of a client, a merge.

Whoever changes it marks the jobs, which is one statement; a request times the first of them at once, the worker all others.
"""

from django.db import transaction
from django.db.models import F, Q, QuerySet

from clientdesk.merging import Merging, Moved, Part
from clients.models import Branch, Client
from jobs.models import Job
from jobs.timing import Shift, recompute

AT_ONCE = 200


def mark(jobs: QuerySet[Job]) -> None:
    """Let the running ones of `jobs` be timed anew."""
    jobs.running().update(timed_by=None)


def _stale() -> QuerySet[Job]:
    """Return the running jobs that were marked, or were timed by the hours of a branch that is not their client's any more."""
    return Job.objects.running().filter(Q(timed_by=None) | ~Q(timed_by=F("client__branch")))


def retime_due() -> int:
    """Time up to AT_ONCE of the jobs anew that wait for it; return how many there were."""
    # A plain read first: SQLite's one write lock stays free while nothing is due.
    if not _stale().exists():
        return 0
    with transaction.atomic():
        found = list(_stale().select_related("client").select_for_update(of=("self",), skip_locked=True).order_by("pk")[:AT_ONCE])
        recompute(found)
    return len(found)


@transaction.atomic
def retime_branch(branch: Branch) -> list[Shift]:
    """Time the running jobs of the clients of `branch` anew: the first ones now, the others by the worker; return whose due time moved."""
    jobs = Job.objects.filter(client__branch=branch)
    mark(jobs)
    first = jobs.running().select_related("client").select_for_update(of=("self",)).order_by("due_key", "pk")
    return recompute(first[:AT_ONCE])


class Retimed(Part[Client]):
    """The running clocks of merged clients run by what the one who stays is promised; after an undo by what each is."""

    def moves(self, winner: Client, loser: Client) -> list[Moved]:
        return []

    def move(self, merging: Merging[Client]) -> None:
        mark(Job.objects.filter(client=merging.winner))

    def mend(self, client: Client, /) -> list[str]:
        mark(Job.objects.filter(client=client))
        return []
