"""What was done on the jobs of the demo: work sessions, parts, ticked checks, signatures."""

from datetime import datetime, timedelta

from clientdesk.models import User
from jobs.models import Job, JobPart, Signature, WorkSession

PARTS = (("Shaft seal 42 mm", "2", "pcs", "18.50"), ("Hose DN 25, reinforced", "1.5", "m", "9.90"), ("Parking", "1", "", None))
# Minutes after the technician got the job: from, until, how.
SESSIONS = ((5, 35, "travel"), (35, 110, "on_site"))


def done_on(job: Job, by: User, moment: datetime) -> None:
    """Let `by` have worked on `job`, which is assigned, from `moment` on; `moment` is more than two hours ago."""
    for start, end, mode in SESSIONS:
        times = {"started_at": moment + timedelta(minutes=start), "ended_at": moment + timedelta(minutes=end)}
        WorkSession(job=job, technician=by, mode=mode, created_by=by, **times).save()
    for text, quantity, unit, price in PARTS[: 1 + job.pk % len(PARTS)]:
        JobPart.objects.create(job=job, text=text, quantity=quantity, unit=unit, price=price, created_by=by)
    for check in job.checks.all():
        check.tick(by)
    Signature.objects.create(job=job, side=Signature.Side.TECHNICIAN, name=by.full_name, signed_at=moment + timedelta(minutes=110))
    if job.contact:
        Signature.objects.create(job=job, name=job.contact.full_name, signed_at=moment + timedelta(minutes=112))
