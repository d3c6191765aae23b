"""What is done on a job: work sessions, parts, the checklist, signatures, notes; a closed job keeps all of it (JD4, JD5, invariant 23)."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from clientdesk import pictures
from clientdesk.personal import erasing
from clientdesk.personal.subject import dossier, person
from jobs.dockets import send_docket
from jobs.models import Document, Job, JobCheck, JobEvent, JobPart, JobType, Signature, WorkSession
from jobs.work import hours_text, work_of
from jobs.work_urls import urlpatterns
from tests.doors import dump
from tests.working import brought

EIGHT = "2026-11-25T08:00+01:00"


@pytest.fixture
def job(make_job, tarik) -> Job:
    """A job that is assigned to Tarik."""
    return brought(make_job(), "assigned", tarik)


@pytest.fixture
def technician(tarik, as_user):
    """A browser of Tarik."""
    return as_user(tarik)


def at(hour: str):
    """Return that hour of a Wednesday in Berlin."""
    return timezone.datetime.fromisoformat(f"2026-11-25T{hour}+01:00")


def worked(job: Job, person, start: str, end: str, mode: str = "on_site") -> WorkSession:
    session = WorkSession(job=job, technician=person, mode=mode, started_at=at(start), ended_at=at(end))
    session.save()
    return session


def picture(name: str = "signature.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (800, 240), "white").save(out, "PNG", pnginfo=None)
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def url(name: str, record) -> str:
    return reverse(f"jobs:{name}", args=[record.pk])


# --- work sessions --------------------------------------------------------------------------------
def test_one_button_starts_the_next_mode_ends_the_one_before_and_stop_ends_all(technician, job):
    with time_machine.travel(EIGHT, tick=False) as clock:
        for mode, minutes in (("travel", 30), ("on_site", 75)):
            technician.post(url("start_session", job), {"mode": mode})
            clock.shift(timedelta(minutes=minutes))
        page = technician.get(job.get_absolute_url()).text
        assert "Stop" in page
        technician.post(url("stop_session", WorkSession.objects.running().get()))
        work = work_of(job)
        page = technician.get(job.get_absolute_url()).text
    assert [(one.mode, hours_text(one.duration)) for one in work.sessions] == [("travel", "30 min"), ("on_site", "1 h 15 min")]
    assert (hours_text(work.whole_time), hours_text(work.work_time)) == ("1 h 45 min", "1 h 15 min")
    assert "1 h 45 min in all, 1 h 15 min without travel" in page


def test_the_same_button_pressed_twice_starts_once(technician, job):
    for _round in range(2):
        technician.post(url("start_session", job), {"mode": "remote"})
    assert WorkSession.objects.count() == 1


def test_who_is_at_work_elsewhere_or_no_technician_or_too_early_is_told_so(technician, desk, job, make_job, tarik):
    WorkSession.start(job, tarik, "on_site")
    other = brought(make_job("Clean the filter"), "assigned", tarik)
    for browser, place, sentence in (
        (technician, other, "Stop that work session first."),
        (desk, other, "is no technician"),
        (technician, make_job("Later"), "Work is started on assigned jobs only."),
    ):
        assert sentence in browser.post(url("start_session", place), {"mode": "on_site"}, follow=True).text
    assert WorkSession.objects.count() == 1


@pytest.mark.parametrize(
    ("start", "end", "free"),
    [("07:00", "08:00", True), ("10:00", "11:00", True), ("07:00", "08:01", False), ("08:30", "09:00", False), ("09:59", "12:00", False),
     ("07:00", "12:00", False)],
)  # fmt: skip
def test_sessions_of_one_technician_do_not_overlap_those_of_two_may(job, make_job, tarik, make_staff, start, end, free):
    worked(job, tarik, "08:00", "10:00")
    other = make_job("Clean the filter")
    if free:
        worked(other, tarik, start, end)
    else:
        with pytest.raises(ValidationError, match=r"was at work from .+ already"):
            worked(other, tarik, start, end)
    worked(other, make_staff("desk", "nils@desk.example", technician=True), start, end)


def test_the_database_lets_nobody_work_at_two_places_at_once(job, make_job, tarik):
    WorkSession.objects.bulk_create([WorkSession(job=job, technician=tarik, started_at=at("08:00"))])
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkSession.objects.bulk_create([WorkSession(job=make_job(), technician=tarik, started_at=at("09:00"))])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ended_at": "2026-11-25T07:00"}, "The end is before the start."),
        ({"started_at": "2037-01-01T08:00", "ended_at": "2037-01-01T09:00"}, "This is in the future."),
        ({"technician": ""}, "Choose the technician."),
        ({"ended_at": ""}, "Say when the work ended."),
    ],
)
def test_a_session_is_written_down_by_hand_and_nonsense_is_refused(desk, job, tarik, changed, sentence):
    body = {"technician": tarik.pk, "mode": "remote", "started_at": "2026-11-25T08:00", "ended_at": "2026-11-25T09:00"}
    refused = desk.post(url("add_session", job), body | changed)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert desk.post(url("add_session", job), body).status_code == 303
    assert desk.post(url("add_session", job), body).status_code == 422, "pressed twice"
    assert hours_text(WorkSession.objects.get().duration) == "1 h 00 min"


def test_a_job_that_leaves_its_technician_ends_the_work_on_it(job, tarik):
    WorkSession.start(job, tarik, "on_site")
    job.resolve(tarik)
    assert not WorkSession.objects.running().exists()


def test_a_technician_who_may_not_see_the_client_is_refused(as_user, make_client, make_staff, make_job, tarik):
    owner = make_staff("manager", "m@desk.example")
    client = make_client("Zobel", restricted_to_responsible=True, sales_person=owner)
    body = {"technician": tarik.pk, "mode": "remote", "started_at": "2026-11-25T08:00", "ended_at": "2026-11-25T09:00"}
    answer = as_user(owner).post(url("add_session", make_job(client=client)), body)
    assert "may not see this client" in answer.text


# --- parts, checklist, signatures, notes -----------------------------------------------------------
def test_parts_are_added_up_in_cents_and_those_without_a_price_are_left_out(desk, job):
    for part in ({"text": "Seal", "quantity": "3", "price": "0.10"}, {"text": "Hose", "quantity": "1.5", "unit": "m", "price": "4.25"}):
        assert desk.post(url("add_part", job), part).status_code == 303
    desk.post(url("add_part", job), {"text": "Rag", "quantity": "1"})
    again = desk.post(url("add_part", job), {"text": "Rag", "quantity": "1"})
    assert "This part is listed already. Change its quantity." in again.text
    work = work_of(job)
    assert [part.total for part in work.parts] == [Decimal("0.30"), Decimal("6.38"), None]
    assert "€6.68 in all" in desk.get(job.get_absolute_url()).text
    desk.post(url("remove_part", work.parts[0]))
    assert JobPart.objects.count() == 2


def test_a_new_job_starts_with_the_checklist_of_its_type_and_lines_are_ticked(desk, make_job, tarik):
    kind = JobType.objects.create(name="Maintenance", checklist="Oil level\n\n  Oil   level \nPressure")
    job = make_job(job_type=kind)
    first, second = job.checks.all()
    desk.post(url("tick", first), {"done": "1"})
    first.refresh_from_db()
    assert (first.text, second.text, first.done_by.role) == ("Oil level", "Pressure", "desk")
    first.tick(tarik)
    assert JobCheck.objects.get(pk=first.pk).done_by != tarik, "who ticked it first stays named"
    desk.post(url("tick", first), {"done": "0"})
    assert not JobCheck.objects.exclude(done_at=None).exists()


def test_a_signature_is_a_name_and_a_picture_drawn_anew(desk, job, ada):
    assert f'value="{ada.full_name}"' in desk.get(url("sign", job)).text
    assert desk.post(url("sign", job), {"side": "technician", "name": "Tarik Dahl"}).status_code == 303
    assert desk.post(url("sign", job), {"side": "client", "name": "Ada Krämer", "picture": picture()}).status_code == 303
    drawn = Signature.objects.get(side="client")
    with default_storage.open(drawn.image.name) as file, Image.open(file) as image:
        assert image.format == "WEBP"
    assert desk.get(url("signature", drawn)).headers["Content-Type"] == "image/webp"
    again = desk.post(url("sign", job), {"side": "client", "name": "Somebody"})
    assert "This side has signed already." in again.text
    bad = desk.post(url("sign", brought_open(job)), {"side": "client", "name": "X", "picture": SimpleUploadedFile("x.png", b"<svg/>")})
    assert "cannot be read as a picture" in bad.text


def brought_open(job: Job) -> Job:
    """Return another open job of the same client."""
    other = Job(client=job.client, office=job.office, subject="Other")
    other.log(None)
    return other


def test_the_picture_of_a_removed_signature_is_deleted(desk, job, django_capture_on_commit_callbacks):
    desk.post(url("sign", job), {"side": "client", "name": "Ada", "picture": picture()})
    drawn = Signature.objects.get()
    assert default_storage.exists(drawn.image.name)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(url("remove_signature", drawn))
    assert not default_storage.exists(drawn.image.name)


def test_the_client_reads_every_step_but_only_the_notes_meant_for_it(desk, job, tarik):
    desk.post(url("add_note", job), {"note": "Key is with the neighbour"})
    desk.post(url("add_note", job), {"note": "We come on Monday", "visible": "on"})
    job.resolve(tarik, "Internal: gasket was ours")
    assert [(event.is_note, event.to, event.note_for_client) for event in job.events.published()] == [
        (False, "open", ""),
        (False, "assigned", ""),
        (True, "assigned", "We come on Monday"),
        (False, "resolved", ""),
    ]
    page = desk.get(job.get_absolute_url()).text
    assert {"Key is with the neighbour", "We come on Monday", "For the client"} <= {
        text for text in ("Key is with the neighbour", "We come on Monday", "For the client") if text in page
    }
    assert desk.post(url("add_note", job), {"note": " "}).status_code == 422


# --- invariant 23 ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [route.name for route in urlpatterns if route.name not in ("signature", "board", "calendar", "docket")])
def test_a_closed_job_keeps_all_that_was_done_on_it(technician, job, tarik, name):
    records = {
        "session": worked(job, tarik, "08:00", "09:00"),
        "part": JobPart.objects.create(job=job, text="Seal"),
        "check": JobCheck.objects.create(job=job, text="Pressure"),
        "signature": Signature.objects.create(job=job, name="Ada Krämer"),
    }
    kind = {"tick": "check", "stop_session": "session"}.get(name, name.partition("_")[2])
    record = job if name.startswith(("add_", "sign", "start_", "send_")) else records[kind]
    WorkSession.objects.filter(pk=records["session"].pk).update(ended_at=None)
    Job.objects.filter(pk=job.pk).update(status="closed")
    before = dump()
    body = {
        "text": "More",
        "quantity": "2",
        "note": "More",
        "side": "technician",
        "name": "X",
        "mode": "remote",
        "done": "1",
        "version": "1",
    }
    body |= {"technician": tarik.pk, "started_at": "2026-11-24T08:00", "ended_at": "2026-11-24T09:00"}
    answer = technician.post(url(name, record), body, follow=True)
    assert f"{job.number} is closed" in answer.text
    assert dump() == before


@pytest.mark.parametrize("model", [WorkSession, JobPart, JobCheck, Signature])
def test_who_opened_the_record_before_the_job_was_closed_cannot_change_it_either(job, tarik, model):
    record = worked(job, tarik, "08:00", "09:00") if model is WorkSession else model.objects.create(job=job, **{
        "name" if model is Signature else "text": "Seal"
    })  # fmt: skip
    Job.objects.filter(pk=job.pk).update(status="closed")
    for act in (record.save, record.delete):
        with pytest.raises(ValidationError, match="is closed and cannot be changed any more"):
            act()
    assert model.objects.count() == 1


def test_readers_look_and_change_nothing(make_staff, as_user, job):
    reader = as_user(make_staff("reader"))
    page = reader.get(job.get_absolute_url()).text
    assert "Add work session" not in page
    assert "Add note" not in page
    assert reader.post(url("add_part", job), {"text": "Seal", "quantity": "1"}).status_code == 403
    assert not JobEvent.objects.filter(job=job, origin="assigned").exists()


def test_who_is_erased_leaves_no_signature_docket_or_text_behind_also_on_a_closed_job(job, tarik, ada):
    worked(job, tarik, "08:00", "09:00")
    Signature.objects.create(job=job, name="Ada Krämer", image=pictures.keep(pictures.accept(picture()), "signatures"))
    Signature.objects.create(job=job, side="technician", name="Tarik Dahl")
    JobPart.objects.create(job=job, text="Badge for Ada Krämer")
    JobCheck.objects.create(job=job, text="Pressure")
    send_docket(job, tarik)
    Job.objects.filter(pk=job.pk).update(status="closed")
    [signed] = [one for one in dossier(person(ada, "Erased contact")) if one.key == "signatures"]
    assert "Ada Krämer" in str(signed.rows)
    erasing.erase(person(ada, "Erased contact"), tarik)
    assert [one.side for one in Signature.objects.all()] == ["technician"]
    assert not Document.objects.exists()
    assert "Ada" not in JobPart.objects.get().text
    assert (JobCheck.objects.get().text, WorkSession.objects.count()) == ("Pressure", 1)
