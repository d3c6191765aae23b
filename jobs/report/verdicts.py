"""How the database judges the SLA time of each job: the same as `Job.sla_state`, for many at once."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, Case, CharField, Count, F, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.machine import UNFINISHED, Status
from jobs.models import Job
from jobs.report.figures import Month, middle, places_in_the_middle


class Verdict(TextChoices):
    """What a report says of the SLA time of a job. Every job is one of them."""

    WITHIN = "within", _("Within SLA")
    LATE = "late", _("Late")
    WITHOUT = "without", _("No SLA time")


# Which clock tells: that of the request until the job was taken up (`Job.phase`).
_REQUEST, _OPEN = Q(opened_at=None), Q(opened_at__isnull=False)
_WITHOUT = Q(status=Status.CANCELLED) | (_REQUEST & Q(request_due_at=None)) | (_OPEN & Q(open_due_at=None))
_WAITING = (_REQUEST & Q(request_stopped_at=None)) | (_OPEN & Q(open_stopped_at=None))


def _late(now: datetime) -> Q:
    stopped = (_REQUEST & Q(request_stopped_at__gt=F("request_due_at"))) | (_OPEN & Q(open_stopped_at__gt=F("open_due_at")))
    running = (_REQUEST & Q(request_stopped_at=None, request_due_at__lt=now)) | (_OPEN & Q(open_stopped_at=None, open_due_at__lt=now))
    return stopped | running


def with_verdict(jobs: QuerySet[Job], now: datetime | None = None) -> QuerySet[Job]:
    """Return `jobs` each with its `verdict` as it is `now`."""
    cases = (
        When(_WITHOUT, then=Value(str(Verdict.WITHOUT))),
        When(_late(now or timezone.now()), then=Value(str(Verdict.LATE))),
    )
    return jobs.annotate(verdict=Case(*cases, default=Value(str(Verdict.WITHIN)), output_field=CharField()))


def by_month(jobs: QuerySet[Job]) -> list[Month]:
    """Return what there is to say of `jobs` by the month in which they were logged, in one statement."""
    waiting = Case(When(_WAITING, then=Value(True)), default=Value(False), output_field=BooleanField())
    # Groups are added up here: to count each of them by a condition of its own would judge every job again each time.
    groups = (
        with_verdict(jobs.order_by())
        .annotate(first=TruncMonth("created_at"), waiting=waiting)
        .values_list("first", "verdict", "status", "waiting")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: dict[date, Counter] = {}
    for moment, verdict, status, is_waiting, count in groups:
        month = found.setdefault(timezone.localtime(moment).date(), Counter())
        month["total"] += count
        month["late"] += count * (verdict == Verdict.LATE)
        month["without"] += count * (verdict == Verdict.WITHOUT)
        month["waiting"] += count * (verdict == Verdict.WITHIN and is_waiting)
        month["unfinished"] += count * (status in UNFINISHED)
        month["closed"] += count * (status == Status.CLOSED)
    return [Month(first, **month) for first, month in sorted(found.items())]


def median_time_to_close(jobs: QuerySet[Job], closed: int) -> timedelta | None:
    """Return the median time from logging to closing of `jobs`, `closed` of which are closed; None where none is."""
    if not closed:
        return None
    took = jobs.filter(status=Status.CLOSED).annotate(took=F("closed_at") - F("created_at")).order_by("took")
    return middle(list(took.values_list("took", flat=True)[places_in_the_middle(closed)]))
