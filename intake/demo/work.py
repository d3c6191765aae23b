"""Jobs of the demo: SLA times, business hours, and work in every state for its first clients."""

from datetime import datetime, timedelta
from random import Random

from auditlog.context import set_actor
from django.db import transaction
from django.utils import timezone

from clientdesk.models import User
from clients.models import Branch, Client
from intake.demo.done import done_on
from jobs.models import BusinessCalendar, Job, JobType, SlaTarget
from jobs.sla import DAY
from jobs.timing import recompute

# phase, priority, minutes; of the system, and of the first client.
PROMISED = (
    *(("request", "low", 2 * DAY), ("request", "normal", DAY), ("request", "high", 240), ("request", "urgent", 60)),
    *(("open", "low", 5 * DAY), ("open", "normal", 2 * DAY), ("open", "high", 480), ("open", "urgent", 120)),
)
OWN = (("open", "high", 240), ("open", "urgent", 60))
# subject, description, priority; hours since it was logged, and what became of it.
JOBS = (
    ("Replace the pump in line 3", "It loses pressure after an hour. Spare part is on site.", "high", 2, ""),
    ("Yearly inspection of the cooling", "", "normal", 5, ""),
    ("Controller shows error E41", "Since the last update. The line stands still.", "urgent", 100, ""),
    ("Move the terminal to hall B", "Power and network are laid.", "low", 30, ""),
    ("Leak at the heat exchanger", "Small, but on the floor.", "high", 26, "assign"),
    ("Install two sensors", "As agreed at the visit.", "normal", 50, "assign"),
    ("Calibrate the scales", "Certificate needed afterwards.", "normal", 70, "assign resolve"),
    ("Exchange the air filters", "", "low", 120, "assign resolve"),
    ("Repair the gate drive", "It stops half way.", "high", 200, "assign resolve close"),
    ("Commission the new compressor", "With training of the shift.", "normal", 400, "assign resolve close"),
    ("Check the emergency stop", "", "urgent", 300, "assign resolve close"),
    ("Second visit for the display", "Client repaired it.", "low", 90, "cancel"),
    ("Tighten the conveyor belt", "", "normal", 8, ""),
    ("Oil is low in gear 2", "Sensor says 12 %.", "high", 40, ""),
    ("Read out the counters", "All four of them, before the year ends.", "low", 12, ""),
    ("New seals for the press", "", "normal", 30, "assign"),
    ("Test the alarm chain", "Together with the fire brigade.", "high", 60, "assign"),
    ("Align the camera", "After the new lens.", "normal", 150, "assign resolve"),
    ("Replace the battery of the controller", "", "low", 260, "assign resolve close"),
    ("Vibration at the fan", "Louder since Monday.", "high", 500, "assign resolve close"),
)
_EACH = 12
# Hours from one step to the next, as long as that is not in the future.
_STEP = 3


@transaction.atomic
def work(by: User, seed: int) -> None:
    """Promise times, set business hours and log jobs of the first clients; `by` logged them."""
    if Job.objects.exists():
        return
    dice = Random(seed)  # noqa: S311 - invented data, no secret
    clients = list(Client.objects.filter(status=Client.Status.ACTIVE, restricted_to_responsible=False).order_by("pk")[:_EACH])
    # Nothing refers to the first one, so that it can be deleted.
    kinds = list(JobType.objects.filter(active=True).order_by("pk"))[1:]
    with set_actor(by):
        _promise(clients[0] if clients else None)
        for place, sketch in enumerate(JOBS):
            if clients:
                _log(clients[(place * 5 + place // _EACH) % len(clients)], dice.choice(kinds) if kinds else None, sketch, by)


def _promise(first: Client | None) -> None:
    SlaTarget.objects.bulk_create(SlaTarget(phase=phase, priority=priority, minutes=minutes) for phase, priority, minutes in PROMISED)
    if first:
        SlaTarget.objects.bulk_create(
            SlaTarget(client=first, phase=phase, priority=priority, minutes=minutes) for phase, priority, minutes in OWN
        )
    year = timezone.localdate().year
    for branch in Branch.objects.filter(is_headquarters=True):
        week = [[8 * 60, 18 * 60]] * 5 + [None] * 2
        BusinessCalendar.objects.create(branch=branch, week=week, holidays=[f"{year}-12-25", f"{year}-12-26", f"{year + 1}-01-01"])


def _log(client: Client, kind: JobType | None, sketch: tuple[str, str, str, int, str], by: User) -> None:
    subject, text, priority, hours, steps = sketch
    contact = client.contacts.filter(is_primary=True).first()
    job = Job(client=client, subject=subject, description=text, priority=priority, job_type=kind, contact=contact)
    job.office = client.offices.get(is_headquarters=True)
    job.department = contact.department if contact else None
    job.street, job.postal_code, job.city, job.country = client.street, client.postal_code, client.city, client.country
    job.log(by)
    moment = timezone.now() - timedelta(hours=hours)
    Job.objects.filter(pk=job.pk).update(opened_at=moment, created_at=moment)
    job.events.update(at=moment)
    job.refresh_from_db()
    recompute([job])
    for step in steps.split():
        moment = min(moment + timedelta(hours=_STEP), timezone.now())
        _step(job, step, moment, by)


def _step(job: Job, step: str, moment: datetime, by: User) -> None:
    """Do one gesture as if it had been done at `moment`."""
    match step:
        case "assign":
            job.assign(by, by, moment + timedelta(days=1))
            if moment < timezone.now() - timedelta(hours=20):
                done_on(job, by, moment)
        case "resolve":
            job.resolve(by, "Done and shown to the client.")
        case "close":
            job.close(by)
        case _:
            job.cancel(by, "Not needed any more")
    stamp = {"assign": "open_stopped_at", "resolve": "resolved_at", "close": "closed_at"}.get(step, "cancelled_at")
    Job.objects.filter(pk=job.pk).update(**{stamp: moment})
    latest = job.events.order_by("-pk").first()
    if latest:
        type(latest).objects.filter(pk=latest.pk).update(at=moment)
