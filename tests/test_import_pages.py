"""The steps in the browser: each its own address, Back loses nothing, a second Start does nothing (C13 to C16, J3 to J6)."""

import errno
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files import move, uploadhandler
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.urls import reverse
from django.utils import timezone

from clientdesk.models import LongRun
from clientdesk.rights import Role
from clients.models import Client
from intake.models import ImportRun, StagedRow
from tests.importing import csv_bytes, work_off

GOOD = csv_bytes(
    [
        {"name": "Castell Optik", "legal_name": "Castell Optik AG", "city": "Jena"},
        {"name": "Brauer Antriebe", "legal_name": "Brauer Antriebe GmbH", "city": "Ulm"},
        {"name": "Eifel & Co", "legal_name": "Eifel & Co", "country": "Atlantis"},
    ]
)


@pytest.fixture
def send(manager):
    """Return a function that uploads a file as a manager and gives the answer."""

    def upload(content: bytes = GOOD, filename: str = "clients.csv", kind: str = "corporate"):
        return manager.post(reverse("intake:upload"), {"kind": kind, "file": SimpleUploadedFile(filename, content)})

    return upload


@pytest.fixture
def reviewed(send, brauer) -> ImportRun:
    """A run whose review is open."""
    send()
    work_off()
    return ImportRun.objects.get()


def url(name: str, run: ImportRun) -> str:
    return reverse(f"intake:{name}", args=[run.pk])


def test_an_upload_leads_over_review_and_mode_to_a_result_that_adds_up(send, manager, brauer):
    answer = send()
    run = ImportRun.objects.get()
    assert (answer.status_code, answer["Location"]) == (302 if answer.status_code == 302 else 303, url("run", run))
    assert "Reading the file" in manager.get(url("review", run)).text
    work_off()
    review = manager.get(url("run", run), follow=True)
    assert review.redirect_chain[-1][0] == url("review", run)
    assert "Nothing is saved yet" in review.text
    assert "“Atlantis” is no country." in review.text
    assert '<ins><span class="vh">New value: </span>Ulm</ins>' in review.text
    assert not Client.objects.filter(name="Castell Optik").exists()
    mode = manager.get(url("mode", run)).text
    assert "1 record will be added" in mode
    assert "1 changed" in mode
    assert manager.post(url("start", run), {"mode": "upsert", "key": "name"}, follow=True).redirect_chain[-1][0] == url("progress", run)
    work_off()
    result = manager.get(url("progress", run), follow=True)
    assert result.redirect_chain[-1][0] == url("result", run)
    figures = result.context["figures"]
    assert figures == {"read": 3, "created": 1, "updated": 1, "unchanged": 0, "skipped": 0, "failed": 1}
    assert figures["read"] == sum(count for name, count in figures.items() if name != "read")
    created = Client.objects.get(name="Castell Optik")
    assert created.get_absolute_url() in manager.get(url("result", run) + "?show=created").text


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"key": "street"}, "street is not one of the available choices"),
        ({"mode": "nonsense"}, "nonsense is not one of the available choices"),
        ({"skip_errors": "no"}, "1 row has an error"),
    ],
)
def test_a_choice_that_cannot_be_says_so_and_starts_nothing(reviewed, manager, choice, said):
    answer = manager.post(url("start", reviewed), {"mode": "upsert", "key": "name"} | choice)
    assert answer.status_code == 422
    assert said in answer.text
    reviewed.refresh_from_db()
    assert reviewed.state == ImportRun.State.REVIEW


def test_a_kind_that_is_none_says_so(send):
    answer = send(kind="nonsense")
    assert answer.status_code == 422
    assert "nonsense is not one of the available choices" in answer.text


def test_start_pressed_twice_runs_once(reviewed, manager):
    for _press in range(2):
        assert manager.post(url("start", reviewed)).status_code in {302, 303}
    work_off()
    manager.post(url("start", reviewed))
    work_off()
    assert LongRun.objects.filter(kind="import_apply").count() == 1
    assert Client.objects.count() == 2


def test_the_same_file_in_two_tabs_is_one_import(send, brauer):
    first, second = send(), send()
    assert first["Location"] == second["Location"]
    assert ImportRun.objects.count() == 1


def test_after_an_import_the_same_file_may_be_sent_again_and_changes_nothing(send, manager, reviewed):
    manager.post(url("start", reviewed))
    work_off()
    answer = send()
    work_off()
    again = ImportRun.objects.first()
    assert answer["Location"] == url("run", again) != url("run", reviewed)
    assert again.counts == {"unchanged": 2, "error": 1}
    assert "There is nothing to import" in manager.get(url("mode", again)).text


@pytest.mark.parametrize(
    ("content", "filename", "said"),
    [
        (b"", "empty.csv", "is empty"),
        (b"\xef\xbb\xbf\r\n", "empty.csv", "is empty"),
        (b"%PDF-1.7 ...", "clients.csv", "is a PDF document"),
        (b"\x89PNG\r\n\x1a\n...", "clients.xlsx", "is a picture"),
        (b"<html><table>", "clients.xls", "is a web page"),
        (b"\xd0\xcf\x11\xe0", "x.csv", ""),
    ],
)
def test_what_is_no_table_is_refused_at_once_with_a_sentence(send, brauer, content, filename, said):
    answer = send(content, filename)
    if said:
        assert answer.status_code == 422
        assert said in answer.text
        assert "<title>Error: " in answer.text
        assert not ImportRun.objects.exists()


def test_a_missing_file_is_asked_for(manager):
    answer = manager.post(reverse("intake:upload"), {"kind": "corporate"})
    assert (answer.status_code, "Choose a file, or paste rows" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Name,City\nA,B\n", "The column “Legal name” is missing."),
        (b"Name,Name,Legal name\nA,B,C\n", "The header “Name” stands over more than one column."),
        (b"Name,Customer,Legal name\nA,B,C\n", "The headers “Name”, “Customer” all mean “Name”. Keep one of them."),
        (b"Name,Legal name\n", "no rows beneath it"),
        (b"just text\nmore text\n", "is missing"),
    ],
)
def test_headers_in_question_are_explained_before_anything_is_planned(send, manager, brauer, content, said):
    send(content)
    work_off()
    run = ImportRun.objects.get()
    page = manager.get(url("run", run), follow=True)
    assert page.status_code == 200
    assert said in page.text
    assert "Upload another file" in page.text
    assert not run.rows.exists()


def test_a_reviewed_import_can_be_given_up_and_the_file_sent_again(send, manager, reviewed):
    manager.post(url("cancel", reviewed))
    assert "Import cancelled" in manager.get(url("run", reviewed), follow=True).text
    assert send()["Location"] != url("run", reviewed)


def taken_up(run: ImportRun, *, until: timedelta = timedelta(minutes=1)) -> None:
    """A worker holds the work of `run`."""
    LongRun.objects.filter(import_run=run).update(
        state=LongRun.State.RUNNING, claimed_by="other", claimed_until=timezone.now() + until, started_at=timezone.now()
    )


def test_a_running_import_is_cancelled_at_the_next_chunk_and_says_what_was_saved(manager, reviewed):
    manager.post(url("start", reviewed))
    taken_up(reviewed)
    assert "Cancel import" in manager.get(url("progress", reviewed)).text
    manager.post(url("cancel", reviewed))
    page = manager.get(url("progress", reviewed)).text
    assert "Stopping after the current rows" in page
    assert "Cancel import" not in page
    taken_up(reviewed, until=timedelta(minutes=-1))
    work_off()
    page = manager.get(url("run", reviewed), follow=True)
    assert "Import cancelled" in page.text
    assert page.context["figures"] == {"read": 3, "created": 0, "updated": 0, "unchanged": 0, "skipped": 2, "failed": 1}


def test_cancel_is_offered_once_while_the_file_is_read(send, manager, brauer):
    send()
    run = ImportRun.objects.get()
    taken_up(run)
    assert "Cancel import" in manager.get(url("review", run)).text
    assert "stops after the rows" in manager.post(url("cancel", run), follow=True).text
    assert "Cancel import" not in manager.get(url("review", run)).text


def test_the_part_that_renews_itself_asks_for_itself_again(send, manager, brauer):
    send()
    run = ImportRun.objects.get()
    for step in ("review", "progress"):
        part = manager.get(url(step, run), headers={"HX-Request": "true"}).text
        assert f'hx-get="{url(step, run)}"' in part
        assert "<h1" not in part
        work_off()
        manager.post(url("start", run))


@pytest.mark.parametrize("started", [False, True], ids=["to read", "to import"])
@pytest.mark.parametrize("worker", ["none", "dead"])
def test_an_import_that_no_living_worker_holds_is_cancelled_at_once_and_the_file_may_be_sent_again(send, manager, brauer, started, worker):
    send()
    run = ImportRun.objects.get()
    if started:
        work_off()
        manager.post(url("start", run))
    if worker == "dead":
        taken_up(run, until=timedelta(minutes=-1))
    page = manager.post(url("cancel", run), follow=True)
    assert "Import cancelled" in page.text
    run.refresh_from_db()
    assert (run.state, run.finished_at is None) == (ImportRun.State.CANCELLED, False)
    assert started or not run.rows.exists()
    assert send()["Location"] != url("run", run)
    assert "already" not in manager.get(reverse("intake:upload")).text


def test_the_failed_rows_come_as_csv_with_row_and_reason(manager, reviewed):
    answer = manager.get(url("failed", reviewed))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].endswith("Account on the client's server,Row,Reason")
    assert '4,"Name: “Eifel & Co” holds the special character “&”.' in text


def test_every_step_of_somebody_without_the_right_is_refused(reviewed, make_staff, as_user):
    reader = as_user(make_staff(Role.READER))
    for name in ("run", "review", "mode", "progress", "result", "failed", "errors"):
        assert reader.get(url(name, reviewed)).status_code == 403
    assert reader.post(url("start", reviewed)).status_code == 403
    assert reader.get(reverse("intake:upload")).status_code == 403


def test_an_import_that_does_not_exist_is_not_found(manager, db):
    for name in ("run", "review", "mode", "progress", "result", "failed", "errors"):
        assert manager.get(reverse(f"intake:{name}", args=[4711])).status_code == 404


def test_staff_are_told_when_no_worker_takes_the_file_up(send, manager, brauer):
    send()
    assert "The worker has not been seen yet" in manager.get(url("review", ImportRun.objects.get())).text


def test_recent_imports_are_listed_with_their_state(manager, reviewed):
    page = manager.get(reverse("intake:upload")).text
    assert "clients.csv" in page
    assert "To review" in page


def test_a_full_disk_is_said_and_leaves_neither_run_nor_half_a_file(manager, db, monkeypatch, settings):
    save = FileSystemStorage._save

    def full(self, name, content):
        save(self, name, ContentFile(GOOD[:100]))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    answer = manager.post(reverse("intake:upload"), {"kind": "corporate", "file": SimpleUploadedFile("a.csv", GOOD)})
    assert (answer.status_code, "There is no room to keep this file" in answer.text) == (422, True)
    assert not ImportRun.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


@pytest.fixture
def arriving(settings, tmp_path) -> Path:
    """The folder of files on their way in; every file goes there, however small."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "media" / "arriving"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    return settings.FILE_UPLOAD_TEMP_DIR


@pytest.mark.parametrize("moment", ["write", "seek"])
def test_a_disk_that_fills_while_the_file_arrives_is_said_and_left_as_it_was(manager, db, monkeypatch, arriving, moment):
    def full(self, *args):
        self.file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, moment, full, raising=False)
    answer = manager.post(reverse("intake:upload"), {"kind": "corporate", "file": SimpleUploadedFile("a.csv", GOOD)})
    assert (answer.status_code, "There is no room to keep this file" in answer.text) == (422, True)
    assert not ImportRun.objects.exists()
    assert list(arriving.iterdir()) == []


def test_a_folder_that_takes_no_file_at_all_because_the_disk_is_full_is_said_too(manager, db, monkeypatch, arriving):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", full)
    answer = manager.post(reverse("intake:upload"), {"kind": "corporate", "file": SimpleUploadedFile("a.csv", GOOD)})
    assert (answer.status_code, "There is no room to keep this file" in answer.text) == (422, True)


def test_a_large_file_is_kept_by_a_new_name_and_not_copied(send, brauer, monkeypatch, arriving):
    copied = []
    monkeypatch.setattr(move, "copystat", lambda *names: copied.append(names))
    assert send().status_code == 303
    assert copied == []
    with ImportRun.objects.get().file.open() as kept:
        assert kept.read() == GOOD
    assert list(arriving.iterdir()) == []


def test_a_file_above_the_limit_is_refused_with_the_limit(manager, db, settings):
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"bytes_csv": 100}
    answer = manager.post(reverse("intake:upload"), {"kind": "corporate", "file": SimpleUploadedFile("a.csv", GOOD)})
    assert (answer.status_code, "Split it into several files" in answer.text) == (422, True)


def test_the_name_of_a_file_never_touches_the_disk_and_is_shown_as_text(send, manager, brauer, settings):
    send(GOOD, "..%2F..\u202e<i>CON<b>.csv")
    run = ImportRun.objects.get()
    assert re.fullmatch(r"imports/[0-9a-f]{32}", run.file.name)
    work_off()
    assert "&lt;i&gt;CON&lt;b&gt;.csv" in manager.get(url("review", run)).text


def test_what_was_staged_goes_when_a_file_is_refused_or_given_up(send, manager, brauer, settings):
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"rows_csv": 2}
    send()
    work_off()
    refused = ImportRun.objects.get()
    assert (refused.state, StagedRow.objects.count()) == (ImportRun.State.FAILED, 0)
    assert "more than 2 rows" in manager.get(url("review", refused)).text
