"""What tests of jobs share: a technician, a function that logs a job, times that are promised."""

import pytest

from clientdesk.models import User
from clientdesk.rights import Role
from jobs.models import Job, SlaTarget


@pytest.fixture
def tarik(make_staff) -> User:
    """A technician."""
    return make_staff(Role.DESK, "tarik@desk.example", first_name="Tarik", technician=True)


@pytest.fixture
def make_job(ada):
    """Return a function that logs a job of Brauer Antriebe."""

    def make(subject: str = "Replace the pump", *, requested: bool = False, others=(), **fields) -> Job:
        client = fields.pop("client", ada.client)
        known = {"office": client.offices.get(is_headquarters=True), "contact": ada if client == ada.client else None}
        job = Job(client=client, subject=subject, **(known | fields))
        job.full_clean(exclude=["number"])
        job.log(None, others, requested=requested)
        return job

    return make


@pytest.fixture
def promise(db):
    """Return a function that promises minutes: to a client, or without one to all."""

    def make(minutes: int, *, client=None, phase: str = "open", priority: str = "normal") -> SlaTarget:
        return SlaTarget.objects.create(client=client, phase=phase, priority=priority, minutes=minutes)

    return make


def brought(job: Job, status: str, by: User) -> Job:
    """Bring `job`, which is open, to `status` by its own gestures and return it as it is stored."""
    steps = {
        "requested": [],
        "open": [],
        "assigned": [lambda: job.assign(by, by)],
        "resolved": [lambda: job.assign(by, by), lambda: job.resolve(by)],
        "closed": [lambda: job.assign(by, by), lambda: job.resolve(by), lambda: job.close(by)],
        "cancelled": [lambda: job.cancel(by, "Not needed")],
    }
    for step in steps[status]:
        step()
    return Job.objects.get(pk=job.pk)
