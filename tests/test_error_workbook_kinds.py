"""The error workbook and the way back of corrected rows, for every kind of file."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clientdesk.rights import Role
from intake import applying
from intake.models import ImportRun
from tests.importing import csv_bytes, planned, work_off
from tests.test_import_tree import row, sheet

INDIVIDUAL = csv_bytes(
    [{"last_name": "Gut", "email": "g@x.example"}, {"last_name": "Schlecht", "email": "bad"}], ("last_name", "email"), kind="individual"
)
CONTACT = csv_bytes(
    [
        {"client_name": "Brauer Antriebe", "last_name": "Gut", "email": "g@x.example"},
        {"client_name": "Brauer Antriebe", "last_name": "Schlecht", "email": "bad"},
    ],
    ("client_name", "last_name", "email"),
    kind="contact",
)
TREE = sheet([row("Acme", client_legal_name="Acme Ltd", last="Gut", email="g@x.example"), row("Acme", last="Schlecht", email="bad")])


@pytest.mark.parametrize(("kind", "content"), [("individual", INDIVIDUAL), ("contact", CONTACT), ("tree", TREE)])
def test_wrong_rows_leave_as_a_workbook_and_come_back_corrected(client, brauer, make_staff, kind, content):
    boss = make_staff(Role.MANAGER)
    client.force_login(boss)
    run = planned(content, by=boss, kind=kind)
    assert run.counts["error"] == 1
    assert applying.start(run.pk, boss)
    work_off()
    run.refresh_from_db()
    assert (run.figures["created"], run.figures["failed"]) == (1, 1)
    answer = client.get(reverse("intake:errors", args=[run.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    cells = [cell for line in book.worksheets[0].iter_rows() for cell in line if cell.value]
    assert any("bad" in str(cell.value) and "e-mail" in str(cell.value) for cell in cells) or any(cell.comment for cell in cells)
    (wrong,) = [cell for cell in cells if cell.value == "bad"]
    wrong.value = "right@x.example"
    kept = io.BytesIO()
    book.save(kept)
    upload = SimpleUploadedFile("corrected.xlsx", kept.getvalue())
    client.post(reverse("intake:upload"), {"kind": kind, "file": upload})
    work_off()
    again = ImportRun.objects.exclude(pk=run.pk).get()
    assert (again.state, again.corrects_id) == ("review", run.pk), again.problems
    assert {verdict: count for verdict, count in again.counts.items() if count} == {"skipped": 1, "new": 1}
