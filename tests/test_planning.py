"""The board and the calendar of jobs, and the work docket (S8, JD5, J21, XD33, X8, invariant 13)."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from clientdesk.preferences import resolve
from jobs.board import COLUMNS, moves
from jobs.dockets import send_docket
from jobs.machine import GESTURES
from jobs.models import Document, Job, JobCheck, JobPart, Signature, WorkSession
from jobs.papers import docket as paper
from tests.doors import delivered
from tests.working import brought

NOON = "2026-11-25T12:00+01:00"  # a Wednesday


def url(name: str, *keys: int) -> str:
    return reverse(f"jobs:{name}", args=keys)


def shown(page) -> dict[str, list[str]]:
    """Return the subjects in each column of the board."""
    return {str(column.status): [job.subject for job in column.jobs] for column in page.context["columns"]}


# --- the board --------------------------------------------------------------------------------------
def test_the_board_has_a_column_for_each_state_with_work_in_it_and_its_gestures_lead_from_one_to_another(desk, make_job, tarik):
    for status in ("requested", "open", "assigned", "resolved", "closed", "cancelled"):
        brought(make_job(f"A {status} job", requested=status == "requested"), status, tarik)
    page = desk.get(url("board"))
    assert shown(page) == {status: [f"A {status} job"] for status in COLUMNS}
    assert {pair: gesture.name for pair, gesture in moves().items()} == {
        ("requested", "open"): "accept", ("open", "assigned"): "assign", ("assigned", "resolved"): "resolve",
        ("assigned", "open"): "release", ("resolved", "assigned"): "reopen",
    }  # fmt: skip
    for (origin, to), gesture in moves().items():
        card = page.text.partition(f"A {origin} job")[2].partition("</li>")[0]
        assert f'data-to="{to}"' in card
        assert f"/{GESTURES[gesture.name].slug}/" in card


def test_a_job_moved_on_the_board_leads_back_there_and_who_comes_second_hears_what_happened(desk, make_job, tarik):
    job, board = brought(make_job(), "assigned", tarik), url("board")
    first = desk.post(url("release", job.pk), {"next": board})
    assert (first.status_code, first.headers["Location"]) == (303, board)
    second = desk.post(url("release", job.pk), {"next": board}, follow=True)
    assert "J-00001 is open. Only an assigned job can be taken back to open." in second.text
    assert job.events.count() == 3
    assert desk.post(url("assign", job.pk), {"assignee": tarik.pk, "next": "//evil.example/"}).headers["Location"] == job.get_absolute_url()


def test_a_technician_narrows_board_and_calendar_and_nonsense_does_not(desk, make_job, tarik, make_staff):
    nils = make_staff("desk", "nils@desk.example", technician=True)
    for person in (tarik, nils):
        job = make_job(f"For {person.email}")
        job.assign(person, person, timezone.now())
    for name in ("board", "calendar"):
        assert "For tarik@" in (page := desk.get(url(name), {"technician": tarik.pk}).text)
        assert "For nils@" not in page
        for nonsense in ("x", "-1", "9" * 30, "999999", "²"):
            assert "For nils@" in desk.get(url(name), {"technician": nonsense}).text


@pytest.mark.parametrize("page", ["board", "calendar", "calendar?view=month"])
def test_jobs_of_a_restricted_client_are_on_nobodys_board_but_of_those_responsible(page, as_user, make_client, make_staff, make_job, tarik):
    owner, stranger = make_staff("manager", "m@desk.example", technician=True), make_staff("manager", "s@desk.example")
    client = make_client("Zobel", restricted_to_responsible=True, sales_person=owner)
    make_job("Secret open work", client=client)
    job = make_job("Secret planned work", client=client)
    job.assign(owner, owner, timezone.now())
    name, _mark, query = page.partition("?")
    assert "Secret planned" in as_user(owner).get(f"{url(name)}?{query}").text
    assert "Secret" not in as_user(stranger).get(f"{url(name)}?{query}").text


def test_a_full_column_shows_its_first_jobs_and_leads_to_the_list(desk, make_job, monkeypatch):
    monkeypatch.setattr("jobs.board.MOST", 2)
    for number in range(3):
        make_job(f"Job {number}")
    page = desk.get(url("board"))
    assert shown(page)["open"] == ["Job 0", "Job 1"]
    assert f"{url('list')}?view=open" in page.text


# --- the calendar ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"Monday", "Wednesday"}),
        ("view=week&day=2026-11-30", {"Next week"}),
        ("view=day&day=2026-11-25", {"Wednesday"}),
        ("view=month&day=2026-11-01", {"Monday", "Wednesday", "Next week"}),
        ("view=nonsense&day=yesterday", {"Monday", "Wednesday"}),
    ],
)
def test_each_view_shows_the_jobs_of_its_days_and_no_cancelled_ones(desk, make_job, tarik, query, seen):
    with time_machine.travel(NOON, tick=False):
        now = timezone.now()
        for subject, days in {"Monday": -2, "Wednesday": 0, "Next week": 5, "Long ago": -200}.items():
            make_job(subject).assign(tarik, tarik, now + timedelta(days=days))
        gone = make_job("Cancelled")
        gone.assign(tarik, tarik, now)
        gone.cancel(tarik)
        page = desk.get(f"{url('calendar')}?{query}")
    table = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert {subject for subject in ("Monday", "Wednesday", "Next week", "Long ago", "Cancelled") if f"</b> {subject}" in table} == seen


def test_open_jobs_wait_beside_the_week_until_somebody_has_them(desk, make_job, tarik):
    job = make_job("Somebody must do this")
    page = desk.get(url("calendar")).text
    assert "Open, nobody has them yet" in page
    assert url("assign", job.pk) in page
    job.assign(tarik, tarik)
    assert "Somebody must do this" not in desk.get(url("calendar")).text


# --- the work docket -----------------------------------------------------------------------------------
@pytest.fixture
def done(make_job, tarik, ada) -> Job:
    """A resolved job with something of everything on it."""
    job = brought(make_job(description="It leaks <b>#[x]</b>", city="Flensburg", street="Hafenweg 12"), "assigned", tarik)
    start = timezone.now() - timedelta(hours=3)
    for mode, begin, end in (("travel", 0, 30), ("on_site", 30, 105)):
        times = {"started_at": start + timedelta(minutes=begin), "ended_at": start + timedelta(minutes=end)}
        WorkSession.objects.create(job=job, technician=tarik, mode=mode, **times)
    JobPart.objects.create(job=job, text="Seal", quantity=2, unit="pcs", price="18.50")
    JobCheck.objects.create(job=job, text="Pressure").tick(tarik)
    Signature.objects.create(job=job, name="Ada Krämer")
    job.resolve(tarik, "Replaced the seal")
    return Job.objects.get(pk=job.pk)


def test_the_docket_tells_what_was_done_and_never_the_internal_name(done, ada):
    ada.client.name = "zzinternal"
    ada.client.save()
    told = paper._told(Job.objects.get(pk=done.pk), paper.work_of(done), resolve())
    text = json.dumps(told, ensure_ascii=False)
    wanted = ["Brauer Antriebe GmbH", "Ada Krämer", "Hafenweg 12", "It leaks <b>#[x]</b>", "Replaced the seal", "Tarik Dahl", "30 min"]
    wanted += ["1 h 45 min", "1 h 15 min", "Seal", "2 pcs", "€37.00", "Pressure", "Travel", "On site"]
    assert [one for one in wanted if one not in text] == []
    assert [one["name"] for one in told["signatures"]] == ["Ada Krämer", ""]
    assert "zzinternal" not in text
    assert paper.docket_pdf(done, resolve()).startswith(b"%PDF-")


def test_the_docket_goes_to_the_primary_contact_of_that_moment_and_the_address_stays(desk, done, ada):
    berg = ada.client.contacts.register(ada.client, last_name="Berg", email="berg@brauer.example")
    assert "ada@brauer.example" in desk.get(url("send_docket", done.pk)).text
    desk.post(url("send_docket", done.pk))
    again = desk.post(url("send_docket", done.pk), follow=True)
    assert "was sent to ada@brauer.example already" in again.text
    berg.make_primary()
    [message] = delivered()
    [(name, content, _kind)] = message.attachments
    assert (message.to, name, content[:5]) == (["ada@brauer.example"], "Work docket J-00001.pdf", b"%PDF-")
    desk.post(url("send_docket", done.pk))
    assert [(one.sent_to, one.visible_in_portal) for one in done.documents.order_by("pk")] == [
        ("ada@brauer.example", True),
        ("berg@brauer.example", True),
    ]
    assert "Sent to ada@brauer.example" in desk.get(done.get_absolute_url()).text
    assert desk.get(url("docket", done.pk)).content.startswith(b"%PDF-")


@pytest.mark.parametrize("why", ["closed", "open", "no e-mail"])
def test_a_docket_that_cannot_go_is_refused_with_the_reason(desk, make_job, tarik, done, ada, why):
    job = done
    if why == "closed":
        done.close(tarik)
    elif why == "open":
        job = make_job("Other")
    else:
        type(ada).objects.filter(pk=ada.pk).update(email="")
    with pytest.raises(ValidationError) as refused:
        send_docket(Job.objects.get(pk=job.pk), tarik)
    sentences = {"closed": "is closed", "open": "is open", "no e-mail": "has no e-mail address"}
    assert sentences[why] in refused.value.messages[0]
    assert "Send work docket</button>" not in desk.get(url("send_docket", job.pk)).text
    assert not Document.objects.exists()


def test_an_invoice_is_added_to_a_closed_job_and_no_other_file(desk, done, tarik):
    done.close(tarik)
    for name in ("add_file", "add_invoice"):
        desk.post(url(name, done.pk), {"file": SimpleUploadedFile("a.pdf", b"%PDF-1")})
    assert [one.kind for one in done.documents.all()] == ["invoice"]
