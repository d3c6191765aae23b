"""Who is in charge of a job is told before its clock is over, and when it is: each once, by mail (J17, JD10).

That is its technician, else the project manager of its client, else nobody. A clock that starts anew is told of anew.
"""

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from clientdesk import outbox
from clientdesk.mail import absolute, build
from clientdesk.models import OutgoingMail, User
from jobs.models import Job
from jobs.models.job import Told
from jobs.sla import State

_AT_ONCE = 100
_STATES = {Told.AT_RISK: State.AT_RISK, Told.BREACHED: State.BREACHED}


def in_charge(job: Job) -> User | None:
    """Return who is told of the clock of `job` (loaded with assignee and client): an active user, or None."""
    found = job.assignee or job.client.project_manager
    return found if found and found.is_active else None


def _to_tell() -> QuerySet[Job]:
    """Return the jobs of whose clock more is to be told than was."""
    now = timezone.now()
    over = Q(due_key__lt=now) & ~Q(told=Told.BREACHED)
    at_risk = Q(due_key__gte=now, told=Told.NOTHING) & (
        Q(status="requested", request_risk_at__lte=now) | Q(status="open", open_risk_at__lte=now)
    )
    return Job.objects.running().filter(over | at_risk)


def queue_due() -> int:
    """Queue a mail for each job whose clock came at risk or was over since the last call; return how many.

    The row lock and `told` let each be queued once. Where nobody is in charge nobody is told, and that is not tried again.
    """
    # A plain read first: SQLite's one write lock stays free while nothing is due.
    if not _to_tell().exists():
        return 0
    queued = 0
    with transaction.atomic():
        held = _to_tell().select_related("assignee", "client__project_manager").select_for_update(of=("self",), skip_locked=True)
        found: dict[str, list[int]] = {Told.AT_RISK: [], Told.BREACHED: []}
        for job in held.order_by("due_key", "pk")[:_AT_ONCE]:
            step = Told.BREACHED if job.sla_state == State.BREACHED else Told.AT_RISK
            found[step].append(job.pk)
            if person := in_charge(job):
                outbox.queue("sla_notice", to=person.email, about={"job": job.pk, "told": str(step)})
                queued += 1
        for step, keys in found.items():
            if keys:
                Job.objects.filter(pk__in=keys).update(told=step)
    return queued


def mail(mail: OutgoingMail) -> EmailMessage | None:
    """The notice of a job's clock; none where the clock was stopped or moved, or somebody else is in charge, meanwhile (XD33)."""
    step = str(mail.about.get("told"))
    found = Job.objects.running().select_related("assignee", "client__project_manager").filter(pk=mail.about.get("job")).first()
    person = in_charge(found) if found else None
    if found is None or person is None or person.email != mail.to or found.sla_state != _STATES.get(Told(step)):
        return None
    if not Job.objects.visible_to(person).filter(pk=found.pk).exists():
        return None
    context = {
        "first_name": person.first_name or person.full_name or person.email,
        "number": found.number,
        "subject_line": found.subject,
        "client_name": found.client.name,
        "status": found.get_status_display(),
        "priority": found.get_priority_display(),
        "is_over": step == Told.BREACHED,
        "due_at": found.due_at,
        "job_url": absolute(found.get_absolute_url()),
    }
    return build("sla_notice", person.email, context, time_zone=person.time_zone)
