"""`manage.py import_file`: the same engine without a browser (import.md section 9)."""

import errno
import io
import json

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command

from clientdesk.models import Change, LongRun
from clients.models import Client
from intake.models import ImportRun, StagedRow
from tests.importing import csv_bytes, uploaded

ROWS = [
    {"name": "Castell Optik", "legal_name": "Castell Optik AG"},
    {"name": "Brauer Antriebe", "legal_name": "Brauer Antriebe GmbH", "city": "Ulm"},
]
WRONG = [*ROWS, {"name": "Eifel & Co", "legal_name": "Eifel & Co"}]


@pytest.fixture
def feed(tmp_path):
    """Return a function that runs the command over rows and gives exit status and output."""

    def run(content: bytes, *options: str, name: str = "feed.csv") -> tuple[int, str]:
        path = tmp_path / name
        path.write_bytes(content)
        said = io.StringIO()
        chosen = options if "--kind" in options else ("--kind", "corporate", *options)
        try:
            call_command("import_file", str(path), *chosen, stdout=said)
        except CommandError as refused:
            return refused.returncode, said.getvalue() + str(refused)
        except SystemExit as ended:
            return int(ended.code), said.getvalue()
        return 0, said.getvalue()

    return run


def test_a_right_file_is_imported_with_status_0(feed, brauer):
    status, said = feed(csv_bytes(ROWS), "--mode", "upsert", "--key", "name")
    assert (status, said.strip()) == (0, "read: 2, created: 1, updated: 1, unchanged: 0, skipped: 0, failed: 0")
    assert Client.objects.get(name="Brauer Antriebe").city == "Ulm"


def test_plan_says_every_row_and_cell_and_changes_nothing(feed, brauer):
    before = Change.objects.count()
    status, said = feed(csv_bytes(WRONG), "--plan")
    assert status == 1
    assert "Row 3: Changed\n  City: “” -> “Ulm”" in said
    assert "Row 4: Error\n  Name: “Eifel & Co” holds the special character" in said
    assert not Client.objects.filter(name="Castell Optik").exists()
    assert [model.objects.count() for model in (ImportRun, StagedRow, LongRun)] == [0, 0, 0]
    assert Change.objects.count() == before


def test_a_feed_that_the_disk_has_no_room_for_is_refused_with_status_2(feed, brauer, monkeypatch):
    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    status, said = feed(csv_bytes(ROWS))
    assert (status, "There is no room to keep this file" in said) == (2, True)


def test_one_wrong_row_stops_everything_unless_errors_are_skipped(feed, brauer):
    assert feed(csv_bytes(WRONG))[0] == 1
    assert Client.objects.count() == 1
    assert feed(csv_bytes(WRONG), "--skip-errors")[0] == 1
    assert Client.objects.count() == 2


def test_json_is_one_object_a_row_and_the_summary_last(feed, brauer):
    status, said = feed(csv_bytes(WRONG), "--json", "--skip-errors")
    *rows, summary = [json.loads(line) for line in said.splitlines()]
    assert status == 1
    assert [(row["row"], row["verdict"], row["outcome"]) for row in rows] == [
        (2, "new", "created"),
        (3, "changed", "updated"),
        (4, "error", "failed"),
    ]
    assert rows[1]["changes"] == {"city": ["", "Ulm"]}
    assert list(rows[2]["errors"]) == ["name"]
    assert summary == {"read": 3, "created": 1, "updated": 1, "unchanged": 0, "skipped": 0, "failed": 1}


@pytest.mark.parametrize(
    ("keys", "options", "said"),
    [
        (["name", "legal_name"], ("--key", "email"), "“Main contact e-mail” is missing"),
        (["name", "legal_name"], ("--key", "number"), "“Client number” is missing"),
    ],
)
def test_an_identifying_field_that_the_file_lacks_exits_2_with_the_sentence(feed, db, keys, options, said):
    status, found = feed(csv_bytes(ROWS, keys), *options)
    assert (status, ImportRun.objects.count()) == (2, 0)
    assert said in found


@pytest.mark.parametrize(
    ("mode", "skip", "figures", "status"),
    [
        ("create", True, "read: 3, created: 1, updated: 0, unchanged: 0, skipped: 1, failed: 1", 1),
        ("update", True, "read: 3, created: 0, updated: 1, unchanged: 0, skipped: 2, failed: 0", 0),
        ("upsert", True, "read: 3, created: 1, updated: 1, unchanged: 0, skipped: 0, failed: 1", 1),
        ("update", False, "read: 3, created: 0, updated: 0, unchanged: 0, skipped: 1, failed: 2", 1),
    ],
)
def test_each_mode_does_what_it_says(feed, brauer, mode, skip, figures, status):
    found, said = feed(csv_bytes(WRONG), "--mode", mode, *(["--skip-errors"] if skip else []))
    assert (found, said.strip().splitlines()[-1]) == (status, figures)


@pytest.mark.parametrize(("content", "said"), [(b"", "is empty"), (b"%PDF-1.4", "PDF"), (b"City\nUlm\n", "“Name” is missing")])
def test_a_file_that_cannot_be_read_exits_2_with_the_sentence(feed, db, content, said):
    status, output = feed(content, "--json")
    assert status == 2
    assert said in json.loads(output.splitlines()[0])["refused"]
    assert not ImportRun.objects.exists()


def test_a_file_that_is_not_there_exits_2(db, capsys):
    with pytest.raises(CommandError, match="cannot be read") as refused:
        call_command("import_file", "/nowhere/at/all.csv", "--kind", "corporate")
    assert refused.value.returncode == 2


def test_a_file_that_somebody_reviews_in_the_browser_is_refused(feed, brauer):
    uploaded(csv_bytes(ROWS))
    status, said = feed(csv_bytes(ROWS))
    assert (status, "is being imported already" in said) == (2, True)
