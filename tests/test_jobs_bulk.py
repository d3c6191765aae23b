"""Many jobs changed at once: what is said before, clocks, timeline and history of each, who may, what is taken back (JD3, invariant 23)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clientdesk import work
from clientdesk.models import Change, LongRun, User
from clientdesk.rights import Role
from jobs import bulk
from jobs.models import Job, JobEvent
from jobs.timing import NEVER
from tests.doors import dump
from tests.working import brought

BULK = "/jobs/bulk/"


@pytest.fixture
def mixed(make_job, tarik, promise) -> dict[str, Job]:
    """A job in each state, open ones promised within an hour."""
    promise(60)
    return {
        status: brought(make_job(status, requested=status == "requested"), status, tarik)
        for status in ("requested", "open", "assigned", "resolved", "closed", "cancelled")
    }


def picks(jobs) -> dict[str, list[int]]:
    return {"pick": [job.pk for job in jobs]}


def change(browser, action: str, jobs, **more):
    """Do it, having seen what is foreseen of it."""
    return browser.post(BULK, {"action": action, "query": "view=all", "seen": more.get("target", "")} | picks(jobs) | more, follow=True)


def undo(browser, confirmed: str = ""):
    """Press Undo, having read what `confirmed` is of."""
    url = reverse("jobs:bulk_undo", args=[LongRun.objects.filter(kind=bulk.ACTS.kind).latest("pk").pk])
    return browser.post(url, {"confirmed": confirmed}, follow=True)


def said(page) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def kept() -> list[tuple]:
    """Return what an act may change of each job, but for versions."""
    names = ("status", "priority", "assignee", "scheduled_at", "cancelled_at", "cancel_reason", "closed_at", "due_key", "open_due_at")
    return list(Job.objects.order_by("pk").values_list(*names, "open_stopped_at", "cancelled_by"))


# What each act asks for, and the states in which a job takes it with the state that it leads to.
ACTS = {
    "assign": ("tarik", {"open": "assigned"}),
    "schedule": ("2027-01-04T09:30", {"assigned": "assigned"}),
    "priority": ("high", {status: status for status in ("requested", "open", "assigned", "resolved", "cancelled")}),
    "cancel": ("Client moved", dict.fromkeys(("requested", "open", "assigned"), "cancelled")),
    "close": ("", {"resolved": "closed"}),
}


@pytest.mark.parametrize("action", ACTS)
def test_each_act_changes_those_that_take_it_with_a_line_in_their_timelines_and_leaves_the_others(desk, mixed, tarik, action):
    value, leads = ACTS[action]
    value = tarik.pk if value == "tarik" else value
    lines = {status: job.events.count() for status, job in mixed.items()}
    before = kept()
    page = change(desk, action, mixed.values(), target=value)
    assert said(page).startswith(f"{len(leads)} job")
    for status, job in mixed.items():
        stored = Job.objects.get(pk=job.pk)
        assert stored.status == leads.get(status, status)
        assert stored.events.count() == lines[status] + (status in leads), status
        if status in leads:
            event = stored.events.last()
            assert (event.origin, event.to, event.actor.email) == (status, leads[status], "desk@desk.example")
            assert Change.objects.filter(object_id=job.pk, run__isnull=False, content_type__model="job").exists()
            assert stored.version == job.version + 1
    if action == "close":
        assert undo(desk).status_code == 404
        assert kept() != before
        return
    after, asked = kept(), undo(desk)
    if "fingerprint" in asked.context:
        assert kept() == after
        asked = undo(desk, asked.context["fingerprint"])
    assert said(asked).startswith(f"{len(leads)} job")
    assert kept() == before
    assert JobEvent.objects.filter(note="Taken back.").count() == len(leads)


def test_the_page_before_says_how_many_take_it_and_names_the_others_with_their_state(desk, mixed):
    page = desk.get(BULK, {"action": "cancel", "query": "view=all"} | picks(mixed.values()))
    assert "Cancel 6 jobs" in page.text
    assert "3 of 6 take it." in page.text
    assert "Only requested, open and assigned jobs can be cancelled." in page.text
    assert page.context["staying"].names == [f"{mixed[name]} ({name})" for name in ("resolved", "closed", "cancelled")]
    assert not Change.objects.filter(run__isnull=False).exists()


def test_another_priority_times_running_clocks_anew_from_when_they_started(desk, make_job, promise):
    promise(600)
    promise(60, priority="urgent")
    job = make_job()
    started = timezone.now() - timedelta(hours=2)
    Job.objects.update(opened_at=started)
    change(desk, "priority", [job], target="urgent")
    stored = Job.objects.get()
    assert (stored.open_due_at, stored.due_key) == (started + timedelta(minutes=60),) * 2
    change(desk, "cancel", [job], target="")
    assert Job.objects.get().due_key == NEVER


@pytest.mark.parametrize(
    ("action", "target", "sentences"),
    [
        ("priority", "urgent", ["1 running SLA clock is over at another time then."]),
        ("cancel", "Client moved", ["1 SLA clock runs on as if it had not been stopped."]),
        ("schedule", "2027-01-04T09:30", None),
    ],
)
def test_an_undo_says_first_which_clocks_move_or_run_on(desk, mixed, promise, action, target, sentences):
    promise(30, priority="urgent")
    change(desk, action, mixed.values(), target=target)
    assert [one.sentence for one in undo(desk).context.get("consequences", [])] == (sentences or [])


def test_jobs_that_another_priority_moves_are_named_before_and_only_for_that_priority(desk, make_job, promise, tarik):
    promise(600)
    promise(60, priority="urgent")
    running, still = make_job(), brought(make_job(subject="Not running"), "resolved", tarik)
    sent = {"action": "priority", "query": "view=all", "target": "urgent"} | picks([running, still])
    before = dump()
    for seen in ("", "low"):
        page = desk.post(BULK, sent | {"seen": seen})
        assert [one.job.number for one in page.context["moved"]] == [running.number]
        assert "These jobs will be due at another time" in page.text
        assert dump() == before
    assert said(desk.post(BULK, sent | {"seen": page.context["seen"]}, follow=True)) == "2 jobs have priority “Urgent” now."
    assert (
        said(desk.post(BULK, sent | {"target": "low", "seen": "urgent"} | picks([still]), follow=True)) == "1 job has priority “Low” now."
    )


def test_a_technician_gets_no_job_of_a_client_that_it_may_not_see(desk, make_job, make_client, tarik):
    """XD33."""
    seen, client = make_job(), make_client("Secret")
    responsible = User.objects.get(email="desk@desk.example")
    type(client).objects.filter(pk=client.pk).update(restricted_to_responsible=True, sales_person=responsible)
    hidden = make_job(client=client, contact=None)
    assert said(change(desk, "assign", [seen, hidden], target=tarik.pk)) == f"1 job was assigned to {tarik}."
    assert Job.objects.get(pk=hidden.pk).assignee is None


def test_running_work_ends_with_a_cancelled_job_and_what_changed_since_is_not_taken_back(desk, make_job, tarik):
    first, second = (brought(make_job(), "assigned", tarik) for _round in range(2))
    session = first.sessions.create(technician=tarik, started_at=timezone.now() - timedelta(hours=1))
    change(desk, "cancel", [first, second], target="Moved")
    session.refresh_from_db()
    assert session.ended_at
    Job.objects.get(pk=second.pk).reopen_cancelled(tarik)
    page = undo(desk)
    assert "Changed since, and therefore left as they are" in said(page)
    assert [job.status for job in Job.objects.order_by("pk")] == ["assigned", "open"]


@pytest.mark.parametrize(("action", "value"), [("assign", ""), ("assign", "987654"), ("priority", "asap"), ("schedule", "soon")])
def test_what_cannot_be_is_refused_in_words_and_nothing_changes(desk, mixed, action, value):
    before = dump()
    answer = change(desk, action, mixed.values(), target=value)
    assert answer.status_code == 422
    assert dump() == before


def test_a_reader_changes_nothing_and_picks_only_for_a_file(make_staff, as_user, mixed):
    reader = as_user(make_staff(Role.READER))
    before = dump()
    assert reader.post(BULK, {"action": "close"} | picks(mixed.values())).status_code == 403
    assert dump() == before
    page = reader.get("/jobs/?view=all")
    assert "data-pick" in page.text
    assert 'value="cancel"' not in page.text
    file = b"".join(reader.get(reverse("jobs:export"), {"format": "csv", "query": "view=all"} | picks([mixed["open"]])).streaming_content)
    assert len(file.decode().strip().splitlines()) == 2


def test_more_than_a_hundred_are_the_workers(desk, make_job):
    pattern = make_job()
    rows = {name: getattr(pattern, name) for name in ("client", "office", "opened_at", "due_key")}
    Job.objects.bulk_create(Job(number=f"X{n}", subject="Crowd", **rows) for n in range(120))
    page = desk.post(BULK, {"action": "priority", "query": "view=all", "all": "1", "target": "low"}, follow=True)
    assert "Progress" in page.text
    while work.advance_due("test"):
        pass
    assert Job.objects.filter(priority="low").count() == 121
    assert JobEvent.objects.filter(note="Priority: Low").count() == 121
