"""Jobs: the state machine pair by pair, clocks, laws, and what hangs on clients and contacts (JD1, JD2, JD4; domain.md 8.4 to 8.7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from clientdesk.ledger import take_back
from clientdesk.merging import Merging
from clientdesk.models import Change
from clientdesk.personal import erasing
from clientdesk.personal.subject import person
from clients.merging import MERGER as CLIENTS
from clients.models import Client
from contacts.moving import Moving
from jobs.machine import GESTURES, MACHINE, Status
from jobs.merging import LeftWork, WorkOfContact
from jobs.models import BusinessCalendar, Job, JobContact
from jobs.sla import State
from jobs.timing import NEVER
from tests.working import brought

NOON = "2026-11-25T12:00+01:00"  # a Wednesday
# domain.md 8.6; what is not in it is refused.
LEADS = {
    ("requested", "accept"): "open",
    ("requested", "cancel"): "cancelled",
    ("open", "assign"): "assigned",
    ("open", "cancel"): "cancelled",
    ("assigned", "release"): "open",
    ("assigned", "resolve"): "resolved",
    ("assigned", "cancel"): "cancelled",
    ("resolved", "reopen"): "assigned",
    ("resolved", "close"): "closed",
    ("cancelled", "reopen_cancelled"): "open",
}
PAIRS = [(str(status), gesture) for status in Status for gesture in GESTURES]


def act(job: Job, gesture: str, by) -> None:
    getattr(job, gesture)(*([by, by] if gesture == "assign" else [by]))


# --- the machine ----------------------------------------------------------------------------------
@pytest.mark.parametrize(("status", "gesture"), PAIRS)
def test_each_gesture_leads_on_from_its_states_and_is_refused_with_a_sentence_from_all_others(make_job, tarik, status, gesture):
    job = brought(make_job(requested=status == "requested"), status, tarik)
    lines = job.events.count()
    wanted = LEADS.get((status, gesture))
    if wanted is None:
        with pytest.raises(ValidationError, match=f"{job.number} is {status}. Only an? .+ job can be|Only a request") as refused:
            act(job, gesture, tarik)
        assert refused.value.messages[0].endswith(".")
    else:
        act(job, gesture, tarik)
    job = Job.objects.get(pk=job.pk)
    assert job.status == (wanted or status)
    assert job.events.count() == lines + (wanted is not None)
    if wanted:
        latest = job.events.last()
        assert (latest.origin, latest.to, latest.actor) == (status, wanted, tarik)


def test_the_buttons_are_those_of_the_table():
    assert {(str(status), gesture.name) for status in Status for gesture in MACHINE.offered(status)} == set(LEADS)


def test_a_logged_job_is_open_or_with_a_technician_assigned(make_job, tarik):
    assert make_job().status == "open"
    job = make_job(assignee=tarik)
    assert [(event.origin, event.to) for event in job.events.all()] == [("", "open"), ("open", "assigned")]


def test_numbers_follow_each_other_and_are_never_given_twice(make_job):
    assert [make_job().number for _round in range(3)] == ["J-00001", "J-00002", "J-00003"]


def test_a_closed_job_is_immutable(make_job, tarik):
    job = brought(make_job(), "closed", tarik)
    job.subject = "Something else"
    with pytest.raises(ValidationError, match="is closed and cannot be changed any more"):
        job.save()
    assert Job.objects.get().subject == "Replace the pump"


def test_only_technicians_in_use_are_assigned(make_job, make_staff, tarik):
    job, other = make_job(), make_staff("reader")
    with pytest.raises(ValidationError, match="is no technician"):
        job.assign(tarik, other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(status="assigned")


def test_a_second_one_who_assigns_hears_that_it_was_done(make_job, tarik):
    mine, theirs = make_job(), Job.objects.get()
    theirs.assign(tarik, tarik)
    with pytest.raises(ValidationError, match=r"is assigned\. Only an open job can be assigned"):
        mine.assign(tarik, tarik)
    assert Job.objects.get().events.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_move_one_job_at_once_do_it_once_and_the_second_reads_what_happened(make_job, tarik):
    job, start, said = make_job(), Barrier(2), []

    def assign(_round: int) -> None:
        own = Job.objects.get(pk=job.pk)
        try:
            start.wait()
            own.assign(tarik, tarik)
            said.append("assigned")
        except ValidationError as refusal:
            said.append(refusal.messages[0])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(assign, range(2)))
    assert sorted(said) == ["J-00001 is assigned. Only an open job can be assigned.", "assigned"]
    assert [event.to for event in job.events.all()] == ["open", "assigned"]


@pytest.mark.parametrize("name", ["office", "department", "contact"])
def test_whatever_belongs_to_another_client_is_refused(make_job, make_client, name):
    other = make_client("Nordlicht")
    kinds = {
        "office": other.offices.get,
        "department": lambda: other.departments.create(name="Sales"),
        "contact": lambda: other.contacts.register(other, last_name="Berg", email="b@nordlicht.example"),
    }
    with pytest.raises(ValidationError, match="belongs to another client"):
        make_job(**{name: kinds[name]()})


def test_an_additional_contact_of_another_client_is_refused(make_job, make_client):
    other = make_client("Nordlicht")
    berg = other.contacts.register(other, last_name="Berg", email="b@nordlicht.example")
    with pytest.raises(ValidationError, match="belongs to another client"):
        make_job(others=[berg])
    assert not Job.objects.exists()


def test_a_client_and_an_office_with_jobs_are_not_deleted(make_job):
    job = make_job()
    for record in (job.client, job.office):
        with pytest.raises(ProtectedError), transaction.atomic():
            record.delete()


# --- clocks ---------------------------------------------------------------------------------------
def test_the_clock_of_an_open_job_runs_in_business_hours_and_stops_when_it_is_assigned(make_job, promise, tarik):
    promise(480)
    with time_machine.travel(NOON, tick=False) as now:
        job = make_job()
        assert timezone.localtime(job.due_at).isoformat() == "2026-11-25T20:00:00+01:00"
        BusinessCalendar.objects.create(branch=job.client.branch)
        job = make_job()
        assert timezone.localtime(job.due_at).isoformat() == "2026-11-26T12:00:00+01:00"
        assert job.due_key == job.due_at
        now.shift(timedelta(hours=1))
        assert job.sla_state == State.RUNNING
        job.assign(tarik, tarik)
        now.shift(timedelta(days=9))
        assert job.sla_state == State.MET
        assert job.due_key == NEVER


def test_a_clock_at_risk_and_one_that_is_over_are_found(make_job, promise):
    promise(240)
    with time_machine.travel(NOON, tick=False) as now:
        job = make_job()
        for hours, state, found in ((0, State.RUNNING, (0, 0)), (3, State.AT_RISK, (1, 0)), (4.1, State.BREACHED, (0, 1))):
            now.move_to(timezone.datetime.fromisoformat(NOON) + timedelta(hours=hours))
            assert job.sla_state == state
            assert (Job.objects.at_risk().count(), Job.objects.breached().count()) == found


def test_a_request_has_a_clock_of_its_own_and_taking_it_up_starts_that_of_the_open_job(make_job, promise, tarik):
    promise(60, phase="request")
    promise(120)
    with time_machine.travel(NOON, tick=False) as now:
        job = make_job(requested=True)
        assert job.due_at == timezone.now() + timedelta(hours=1)
        now.shift(timedelta(minutes=30))
        job.accept(tarik)
        assert job.due_at == timezone.now() + timedelta(hours=2)
        assert job.request_stopped_at <= job.request_due_at


def test_taken_back_to_open_a_new_clock_starts_and_a_cancelled_one_breaches_nothing(make_job, promise, tarik):
    promise(60)
    with time_machine.travel(NOON, tick=False) as now:
        job = brought(make_job(), "assigned", tarik)
        now.shift(timedelta(hours=5))
        job.release(tarik)
        assert job.assignee is None
        assert job.due_at == timezone.now() + timedelta(hours=1)
        now.shift(timedelta(hours=5))
        job.cancel(tarik)
        assert (job.sla_state, job.due_key) == (State.NONE, NEVER)
        job.reopen_cancelled(tarik)
        assert job.due_at == timezone.now() + timedelta(hours=1)


def test_another_priority_counts_from_the_first_start(make_job, promise):
    promise(600)
    promise(60, priority="urgent")
    with time_machine.travel(NOON, tick=False) as now:
        job, start = make_job(), timezone.now()
        now.shift(timedelta(hours=3))
        job.priority = "urgent"
        job.time()
        job.save()
        assert Job.objects.get().due_at == start + timedelta(hours=1)
        assert job.sla_state == State.BREACHED


def test_a_clients_own_time_comes_before_that_of_all(make_job, promise, make_client):
    other = make_client("Nordlicht")
    promise(600)
    promise(60, client=other)
    with time_machine.travel(NOON, tick=False):
        assert make_job().due_at == timezone.now() + timedelta(hours=10)
        assert make_job(client=other).due_at == timezone.now() + timedelta(hours=1)


@pytest.mark.parametrize("client", [True, False], ids=["of a client", "of all"])
def test_a_time_stands_once(promise, brauer, client):
    promise(60, client=brauer if client else None)
    with pytest.raises(IntegrityError), transaction.atomic():
        promise(90, client=brauer if client else None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"time_zone": "Europe/Berlín"}, "is no time zone"),
        ({"week": [None] * 7}, "Open at least one day"),
        ({"week": [[600, 540]] * 7}, "from an earlier to a later time"),
    ],
)
def test_business_hours_that_never_open_or_are_nowhere_are_refused(headquarters, fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        BusinessCalendar(branch=headquarters, **fields).full_clean()


# --- what hangs on clients and contacts -----------------------------------------------------------
def test_jobs_go_along_when_two_clients_become_one_and_back(make_job, make_client, promise, tarik):
    loser = make_client("Brauer alt")
    winner = make_client("Nordlicht")
    sales, same = loser.departments.create(name="Sales"), winner.departments.create(name="Sales")
    job = brought(make_job(client=loser, department=sales), "closed", tarik)
    promise(60, client=loser)
    promise(90, client=loser, priority="high")
    promise(30, client=winner)
    merge = CLIENTS.merge(winner.pk, loser.pk, tarik, {}, {one.pk: str(one.version) for one in Client.objects.all()})
    job.refresh_from_db()
    assert (job.client, job.department, job.office.client) == (winner, same, winner)
    assert winner.sla_targets.minutes() == {("open", "normal"): 30, ("open", "high"): 90}
    _merge, stayed, sentence = CLIENTS.undo(merge.pk, tarik)
    assert (stayed, sentence) == ([], "")
    job.refresh_from_db()
    assert (job.client_id, job.department_id, job.office.client_id) == (loser.pk, sales.pk, loser.pk)


def test_jobs_name_the_contact_that_stays(make_job, ada, tarik):
    twin = ada.client.contacts.register(ada.client, last_name="Kraemer", email="ada2@brauer.example")
    own, beside, both = make_job(contact=twin), make_job(others=[twin]), make_job(contact=twin, others=[ada])
    merging = Merging(ada, twin)
    with transaction.atomic():
        WorkOfContact().move(merging)
    for job in (own, beside, both):
        job.refresh_from_db()
        assert job.contact == ada
    assert not JobContact.objects.exists()
    take_back(merging.ledger.steps)
    assert {job.contact_id for job in Job.objects.filter(pk__in=[own.pk, both.pk])} == {twin.pk}
    assert JobContact.objects.count() == 2


def test_who_goes_to_another_client_is_no_longer_named_in_its_jobs(make_job, make_client, ada):
    target, job = make_client("Nordlicht"), make_job(others=[])
    other = ada.client.contacts.register(ada.client, last_name="Zwei", email="z@brauer.example")
    beside = make_job(contact=other, others=[ada])
    [said] = LeftWork().says(ada, target)
    assert said.sentence == "2 jobs stay with Brauer Antriebe and do not name Ada Krämer any more."
    with transaction.atomic():
        LeftWork().move(Moving(ada, target))
    job.refresh_from_db()
    assert (job.client, job.contact) == (ada.client, None)
    assert not beside.job_contacts.exists()


def test_what_a_job_tells_of_a_person_goes_with_the_person_also_from_closed_jobs(make_job, ada, tarik, make_staff):
    admin = make_staff("administrator")
    job = brought(make_job("Call Ada Krämer", description="Ring ada@brauer.example", street="Gasse 1"), "closed", tarik)
    erasing.erase(person(ada, "Erased contact"), admin)
    job.refresh_from_db()
    assert (job.subject, job.description, job.street, job.status) == ("Erased", "", "", "closed")


def test_a_job_is_told_in_the_history_of_its_client_without_its_clocks(make_job, tarik, promise):
    promise(60)
    job = make_job()
    job.assign(tarik, tarik)
    told = [set(change.changes) for change in Change.objects.get_for_object(job)]
    assert any({"status", "assignee"} <= columns for columns in told)
    assert not any("open_due_at" in columns or "open_stopped_at" in columns or "due_key" in columns for columns in told)
