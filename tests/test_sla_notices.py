"""Notices of SLA times, once each, and clocks that are timed anew when what they run by has changed (J17, JD10, domain.md 8.5)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clientdesk.merging import Merging
from clientdesk.models import OutgoingMail
from clients.models import Branch
from jobs.models import BusinessCalendar, Job
from jobs.notices import queue_due
from jobs.retiming import Retimed, retime_branch, retime_due
from tests.doors import delivered
from tests.working import brought

EIGHT = "2026-11-25T08:00+01:00"  # a Wednesday


@pytest.fixture
def pia(ada, make_staff):
    """The project manager of Brauer Antriebe."""
    found = make_staff("manager", "pia@desk.example", first_name="Pia")
    ada.client.project_manager = found
    ada.client.save()
    return found


@pytest.fixture
def clock():
    """A clock that stands at eight and can be put forward."""
    with time_machine.travel(EIGHT, tick=False) as found:
        yield found


def told() -> list[tuple[str, str]]:
    """Let the worker look and send; return whom it told what."""
    queue_due()
    return [(message.to[0], message.subject.partition(":")[0]) for message in delivered()]


def test_the_project_manager_is_told_at_risk_and_at_breach_once_each_and_anew_when_the_clock_starts_anew(
    pia, make_job, promise, clock, tarik
):
    promise(100)
    job, seen = make_job(), []
    for minutes in (0, 74, 75, 90, 100, 101, 300):
        clock.move_to(timezone.datetime.fromisoformat(EIGHT) + timedelta(minutes=minutes))
        seen += [(minutes, *found) for _look in range(2) for found in told()]
    assert seen == [(75, "pia@desk.example", "At risk"), (101, "pia@desk.example", "Overdue")]
    job.assign(tarik, tarik)
    assert told() == []
    job.release(tarik)
    clock.shift(timedelta(minutes=80))
    assert told() == [("pia@desk.example", "At risk")]


def test_a_request_is_told_to_its_technician_and_to_nobody_where_nobody_is_in_charge(make_job, promise, clock, tarik):
    promise(60, phase="request")
    with_technician, without = make_job(requested=True, assignee=tarik), make_job(requested=True)
    clock.shift(timedelta(minutes=61))
    assert told() == [("tarik@desk.example", "Overdue")]
    assert {job.told for job in Job.objects.all()} == {"breached"}
    assert with_technician.status == without.status


@pytest.mark.parametrize("meanwhile", ["taken up", "left", "restricted"])
def test_a_notice_that_says_nothing_true_any_more_is_dropped(pia, ada, make_job, promise, clock, tarik, make_staff, meanwhile):
    promise(60)
    job = make_job()
    clock.shift(timedelta(minutes=50))
    assert queue_due() == 1
    if meanwhile == "taken up":
        job.assign(tarik, tarik)
    elif meanwhile == "left":
        ada.client.project_manager = tarik
        ada.client.save()
    else:
        other = make_staff("manager", "o@desk.example")
        ada.client.sales_person, ada.client.restricted_to_responsible, ada.client.project_manager = other, True, None
        job.assignee = pia
        job.save()
        ada.client.save()
    assert delivered() == []


def test_a_sweep_asks_few_times_however_many_are_due_and_once_where_nothing_is(pia, make_job, promise, clock):
    promise(60)
    job = make_job()
    with CaptureQueriesContext(connection) as quiet:
        queue_due()
    clock.shift(timedelta(minutes=90))
    due_at = timezone.now() - timedelta(minutes=1)
    columns = {"client_id": job.client_id, "office_id": job.office_id, "due_key": due_at, "open_due_at": due_at, "opened_at": due_at}
    Job.objects.bulk_create(Job(number=f"X{n}", subject="x", **columns) for n in range(20))
    with CaptureQueriesContext(connection) as busy:
        assert queue_due() == 21
    inserts = [one for one in busy if one["sql"].startswith("INSERT")]
    assert (len(quiet), len(inserts)) == (1, 21)
    assert len(busy) - len(inserts) <= 5


# --- timed anew -------------------------------------------------------------------------------------
def nine_to_five(branch: Branch) -> None:
    BusinessCalendar.objects.create(branch=branch, time_zone="Europe/Berlin")


def due(job: Job) -> str:
    return timezone.localtime(Job.objects.get(pk=job.pk).open_due_at, ZoneInfo("Europe/Berlin")).strftime("%d. %H:%M")


def test_another_branch_of_the_client_times_its_running_clocks_anew_and_no_stopped_ones(make_job, promise, clock, ada, tarik):
    promise(120)
    running, stopped = make_job(), brought(make_job(), "assigned", tarik)
    vienna = Branch.objects.create(name="Vienna", code="VIE", legal_name="Nordwort GmbH", country="AT")
    nine_to_five(vienna)
    assert retime_due() == 0
    ada.client.branch = vienna
    ada.client.save()
    assert (retime_due(), retime_due()) == (1, 0)
    assert (due(running), due(stopped)) == ("25. 11:00", "25. 10:00")


def test_changed_hours_time_the_first_jobs_at_once_and_the_others_by_the_worker(make_job, promise, clock, headquarters, monkeypatch):
    promise(120)
    jobs = [make_job() for _n in range(3)]
    nine_to_five(headquarters)
    monkeypatch.setattr("jobs.retiming.AT_ONCE", 2)
    assert len(retime_branch(headquarters)) == 2
    assert sorted(map(due, jobs)) == ["25. 10:00", "25. 11:00", "25. 11:00"]
    assert retime_due() == 1
    assert set(map(due, jobs)) == {"25. 11:00"}


def test_a_merged_client_has_the_times_of_the_one_who_stays(make_job, promise, clock, ada, make_client):
    other = make_client("Nordlicht", email="n@n.example")
    promise(60, client=other)
    promise(240, client=ada.client)
    job = make_job(client=other)
    assert due(job) == "25. 09:00"
    Job.objects.filter(pk=job.pk).update(client=ada.client)
    Retimed().move(Merging(ada.client, other))
    retime_due()
    assert due(job) == "25. 12:00"


def test_nothing_is_queued_for_jobs_without_an_sla_time(pia, make_job, clock):
    make_job()
    clock.shift(timedelta(days=900))
    assert queue_due() == 0
    assert not OutgoingMail.objects.exists()
