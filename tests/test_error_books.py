"""The error workbook of a large import is made by the worker: asked for, with progress, downloaded, thrown away (import.md 2, 6)."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from clientdesk.models import LongRun
from clientdesk.rights import Role
from intake import error_books
from intake.models import ErrorWorkbook, ImportRun
from intake.rejudging import edit
from tests.importing import csv_bytes, planned, work_off

ROWS = csv_bytes(
    [{"name": "A", "legal_name": "A Ltd", "email": "bad"}, {"name": "B", "legal_name": "B Ltd"}], ("name", "legal_name", "email")
)


@pytest.fixture
def run(client, headquarters, make_staff, monkeypatch) -> ImportRun:
    """An import that counts as large, reviewed by who is signed in as `client`."""
    monkeypatch.setattr(error_books, "AT_ONCE", 1)
    boss = make_staff(Role.MANAGER)
    client.force_login(boss)
    return planned(ROWS, by=boss)


def address(run: ImportRun, name: str = "error_book") -> str:
    return reverse(f"intake:{name}", args=[run.pk])


def marked(answer) -> list[str]:
    """Return the texts of the cells that the workbook marks."""
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.comment]


def test_a_large_one_is_asked_for_made_by_the_worker_and_downloaded(client, run):
    assert client.get(address(run, "errors")).url == address(run)
    assert "Make the error workbook" in client.get(address(run)).text
    assert not ErrorWorkbook.objects.exists(), "looking at the page asks for nothing"
    for _press in range(2):
        assert client.post(address(run)).url == address(run)
    assert LongRun.objects.filter(kind="import_errors").count() == 1
    assert "Waiting for its turn" in client.get(address(run)).text
    assert client.get(address(run), headers={"HX-Request": "true"}).status_code == 200
    work_off()
    assert client.get(address(run), headers={"HX-Request": "true"}).headers["HX-Redirect"] == address(run)
    assert address(run, "errors") in client.get(address(run)).text
    assert marked(client.get(address(run, "errors"))) == ["bad"]
    assert LongRun.objects.get(kind="import_errors").done == 2


def test_a_small_one_is_there_at_once(client, run, monkeypatch):
    monkeypatch.setattr(error_books, "AT_ONCE", 10)
    assert marked(client.get(address(run, "errors"))) == ["bad"]
    assert not ErrorWorkbook.objects.exists()


def test_each_person_has_an_own_one_and_an_old_one_is_made_anew(client, run, make_staff):
    client.post(address(run))
    work_off()
    first = ErrorWorkbook.objects.get().file.name
    edit(run, 2, {2: "worse"})
    assert client.get(address(run, "errors")).url == address(run)
    client.post(address(run))
    work_off()
    assert marked(client.get(address(run, "errors"))) == ["worse"]
    assert ErrorWorkbook.objects.get().file.name != first
    client.force_login(make_staff(Role.MANAGER, "other@desk.example"))
    assert client.get(address(run, "errors")).url == address(run)


def test_the_old_file_goes_with_its_row(client, run, django_capture_on_commit_callbacks):
    client.post(address(run))
    work_off()
    name = ErrorWorkbook.objects.get().file.name
    assert default_storage.exists(name)
    error_books.sweep()
    assert default_storage.exists(name)
    ErrorWorkbook.objects.update(asked_at=timezone.now() - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        error_books.sweep()
    assert not default_storage.exists(name)
    assert not ErrorWorkbook.objects.exists()


def test_a_worker_that_died_halfway_leaves_one_file(client, run, monkeypatch):
    client.post(address(run))
    long_run, book = LongRun.objects.get(kind="import_errors"), ErrorWorkbook.objects.get()
    monkeypatch.setattr(error_books.work, "chunk", _dies)
    with pytest.raises(KeyboardInterrupt):
        error_books.advance(long_run)
    monkeypatch.undo()
    monkeypatch.setattr(error_books, "AT_ONCE", 1)
    before = default_storage.listdir("imports")[1]
    work_off()
    assert sorted(default_storage.listdir("imports")[1]) == sorted(before)
    assert marked(client.get(address(run, "errors"))) == ["bad"]
    assert ErrorWorkbook.objects.get().file.name == book.file.name


def _dies(run: LongRun) -> None:
    raise KeyboardInterrupt
