"""Corrections in the review: a cell, a row, all equal cells; what is remembered for the next file."""

import pytest
from django.urls import reverse

from clientdesk.rights import Role
from clients.models import Category, Client
from intake import applying
from intake.models import ImportRun, KnownValue
from tests.importing import csv_bytes, imported, planned, rows_of, work_off

KEYS = ("name", "legal_name", "country", "category", "email")


@pytest.fixture
def boss(client, make_staff):
    """A manager who is signed in, as `client`."""
    staff = make_staff(Role.MANAGER)
    client.force_login(staff)
    return staff


def url(name: str, run: ImportRun, *more: int) -> str:
    return reverse(f"intake:{name}", args=[run.pk, *more])


def seen(run: ImportRun) -> list[tuple[int, str, list[str]]]:
    return [(row.line, row.verdict, sorted(row.errors or {})) for row in rows_of(run)]


@pytest.fixture
def run(headquarters, boss):
    """Five rows: two with a wrong name, two of one name, one right."""
    Category.objects.create(name="Key account")
    names = ["Bad & Co", "Eifel/Co", "Twin", "twin", "Right"]
    rows = [{"name": name, "legal_name": f"{name} Ltd", "category": "Key acount" if name == "Right" else ""} for name in names]
    return planned(csv_bytes(rows, KEYS), by=boss)


def test_a_corrected_cell_makes_the_row_right_and_counts_follow(client, run):
    assert seen(run)[0] == (2, "error", ["name"])
    answer = client.post(url("edit_row", run, 2), {"cell-0": "Bad Co"})
    assert answer.status_code == 303
    assert answer.url == f"{url('review', run)}#row-2"
    run.refresh_from_db()
    assert seen(run)[0] == (2, "new", [])
    assert run.counts == {"new": 1, "error": 4}
    row = run.rows.get(line=2)
    assert (row.raw[0], row.edits) == ("Bad Co", {"0": "Bad & Co"})
    assert Client.objects.count() == 0


def test_a_cell_that_is_still_wrong_says_so(client, run):
    client.post(url("edit_row", run, 2), {"cell-0": "Bad / Co"})
    assert "“Bad / Co” holds the special character" in run.rows.get(line=2).errors["name"][0]


def test_of_two_rows_of_one_name_both_become_right_when_one_is_renamed(client, run):
    assert [row[1] for row in seen(run)[2:4]] == ["error", "error"]
    client.post(url("edit_row", run, 5), {"cell-0": "Other twin"})
    assert [row[1:] for row in seen(run)[2:4]] == [("new", []), ("new", [])]


def test_a_correction_that_makes_a_third_of_one_name_is_said_at_all_three(client, run):
    client.post(url("edit_row", run, 2), {"cell-0": "TWIN"})
    rows = {row.line: row.errors["name"] for row in rows_of(run) if row.line in {2, 4, 5}}
    assert all(len(said) == 1 and "3 rows from row 2 to row 5" in said[0] for said in rows.values()), rows


def test_a_name_that_is_emptied_is_proposed_from_the_legal_name(client, run):
    client.post(url("edit_row", run, 2), {"cell-0": ""})
    row = run.rows.get(line=2)
    assert (row.verdict, row.values["name"]) == ("new", "Bad Co Ltd")


def test_the_correction_is_what_is_imported(client, run, boss):
    client.post(url("edit_row", run, 2), {"cell-0": "Bad Co", "cell-4": "a@bad.example"})
    assert applying.start(run.pk, boss)
    work_off()
    assert Client.objects.get().email == "a@bad.example"


@pytest.mark.parametrize("what", ["started", "cancelled"])
def test_a_row_of_an_import_that_moved_on_stays_as_it_was(client, run, boss, what):
    if what == "started":
        applying.start(run.pk, boss)
    else:
        run.discard()
    answer = client.post(url("edit_row", run, 2), {"cell-0": "Bad Co"}, follow=True)
    assert "moved on meanwhile" in answer.text
    assert not run.rows.filter(edits__isnull=False).exists()


def test_cells_that_the_file_has_not_are_left_alone(client, run):
    before = run.rows.get(line=2).raw
    client.post(url("edit_row", run, 2), {"cell-99": "x", "cell-": "y", "cell-a": "z", "cell--1": "w"})
    assert run.rows.get(line=2).raw == before
    assert client.post(url("edit_row", run, 77), {"cell-0": "x"}).status_code == 404


def test_an_equal_text_is_corrected_everywhere_at_once_and_remembered(client, headquarters, boss):
    Category.objects.create(name="Key account")
    rows = [
        {"name": f"Client {number}", "legal_name": "x", "category": "Key accountt" if number % 2 else "Key acount"} for number in range(6)
    ]
    run = planned(csv_bytes(rows, KEYS), by=boss)
    page = client.get(url("review", run)).text
    assert "Use “Key account” in 3 rows" in page
    client.post(url("use", run), {"key": "category", "value": "Key acount", "text": "Key account"})
    run.refresh_from_db()
    assert run.counts == {"new": 3, "error": 3}
    client.post(url("values", run), {"value-3-0": "Key account"})
    run.refresh_from_db()
    assert run.counts == {"new": 6}
    assert not KnownValue.objects.exists()
    assert applying.start(run.pk, boss)
    work_off()
    assert KnownValue.objects.count() == 2
    later = planned(csv_bytes([{"name": "Later", "legal_name": "x", "category": "Key acount"}], KEYS), by=boss)
    (row,) = rows_of(later)
    assert row.verdict == "new"
    assert row.warnings == {"category": ["“Key acount” was read as “Key account”, as in an earlier import."]}


def test_what_was_remembered_gives_way_to_an_entry_of_that_name(headquarters, boss):
    KnownValue.objects.create(column="category", value="regular", text="Key account")
    Category.objects.create(name="Key account")
    regular = Category.objects.create(name="Regular")
    imported(csv_bytes([{"name": "A", "legal_name": "x", "category": "Regular"}], KEYS), by=boss)
    assert Client.objects.get().category == regular


def test_unknown_words_are_listed_once_each_with_their_number(client, headquarters, boss):
    rows = [{"name": f"Client {number}", "legal_name": "x", "country": "Atlantis"} for number in range(3)]
    run = planned(csv_bytes(rows, KEYS), by=boss)
    page = client.get(url("values", run)).text
    assert page.count("Atlantis</th>") == 1
    client.post(url("values", run), {"value-2-0": "-"})
    run.refresh_from_db()
    assert run.counts == {"new": 3}


def test_only_who_imports_corrects(client, run, make_staff):
    client.force_login(make_staff(Role.DESK))
    for answer in (
        client.post(url("edit_row", run, 2), {"cell-0": "x"}),
        client.post(url("use", run), {"key": "category", "value": "a", "text": "b"}),
        client.post(url("values", run), {}),
    ):
        assert answer.status_code == 403


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\\\evil.example"])
def test_the_way_back_from_a_row_never_leads_elsewhere(client, run, back):
    page = client.get(url("edit_row", run, 2), {"back": back}).text
    assert back not in page
    assert f'href="{url("review", run)}"' in page
