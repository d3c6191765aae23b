"""Custom fields are columns of imports (XD23): of template and matching, read as the form reads them, asked where the form asks them."""

import io

import pytest
from openpyxl import load_workbook

from clientdesk.models import Change
from clients.models import Category, Client, CustomField
from intake import template_file
from intake.kinds import resource
from intake.models import Outcome, Verdict
from tests.importing import LABELS, csv_bytes, imported, planned, rows_of

ROW = {"name": "Castell Optik", "legal_name": "Castell Optik AG"}


@pytest.fixture
def fields(headquarters) -> dict[str, str]:
    """One custom field of each kind; returns the headers of their columns by column key."""
    kinds = {
        "since": ("date", {}),
        "rate": ("number", {}),
        "signed": ("checkbox", {}),
        "tools": ("choices", {"options": ["Trados", "memoQ", "Word, Excel"]}),
        "rank": ("choice", {"options": ["Gold", "Silver"]}),
        "met": ("moment", {}),
        "motto": ("text", {}),
    }
    for key, (kind, more) in kinds.items():
        CustomField.objects.create(entity="client", key=key, label=key.title(), kind=kind, **more)
    return headers()


def headers() -> dict[str, str]:
    return {column.key: column.label for column in resource("corporate").columns() if column.key not in LABELS}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("since", "2026-11-30", "2026-11-30"),
        ("since", "2026-11-30 00:00:00", "2026-11-30"),
        ("since", "30.11.2026", "2026-11-30"),
        ("since", "30 Nov 2026", "2026-11-30"),
        ("rate", "12.50", "12.5"),
        ("rate", "1.234,50", "1234.5"),
        ("rate", "0.000001", "0.000001"),
        ("signed", "Yes", True),
        ("signed", "ja", True),
        ("tools", "memoq, Trados", ["Trados", "memoQ"]),
        ("tools", "Word, Excel", ["Word, Excel"]),
        ("rank", " silver ", "Silver"),
        ("met", "2026-11-30 14:05", "2026-11-30T13:05:00Z"),
        ("motto", "  Quietly   on ", "Quietly on"),
    ],
)
def test_a_cell_is_stored_as_the_form_stores_it_and_the_history_tells(fields, key, text, value):
    run = imported(csv_bytes([ROW | {f"custom:{key}": text}], more=fields))
    client = Client.objects.get(name="Castell Optik")
    assert client.custom == {key: value}
    change = Change.objects.get(run=run.work, content_type__model="client")
    assert change.changes["custom"][1] == {key: value}


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("since", "31.11.2026", "“31.11.2026” is no day of the calendar. Correct it."),
        ("rate", "many", "“many” is no number. Write it as 1234.5."),
        ("signed", "perhaps", "“perhaps” is neither yes nor no. Write “Yes” or “No”."),
        ("tools", "Trados, Wordfast", "“ Wordfast” is no option of “Tools”. Use one of: Trados, memoQ, Word, Excel."),
        ("rank", "Tin", "“Tin” is no option of “Rank”. Use one of: Gold, Silver."),
        ("met", "soon", "“soon” is no date and time. Write it as 2026-11-30 14:05."),
    ],
)
def test_a_wrong_cell_is_refused_with_its_value_and_what_to_do(fields, key, text, sentence):
    [row] = rows_of(planned(csv_bytes([ROW | {f"custom:{key}": text}], more=fields)))
    assert row.verdict == Verdict.ERROR
    assert row.errors == {f"custom:{key}": [sentence]}


def test_a_change_shows_before_and_after_and_keeps_what_the_file_does_not_name(fields, make_client):
    client = make_client("Castell Optik", legal_name="Castell Optik AG", custom={"rank": "Gold", "motto": "Old"})
    run = imported(csv_bytes([ROW | {"custom:rank": "Silver", "custom:signed": "no"}], more=fields))
    [row] = rows_of(run)
    assert row.changes == {"custom:rank": ["Gold", "Silver"]}
    assert row.outcome == Outcome.UPDATED
    client.refresh_from_db()
    assert client.custom == {"rank": "Silver", "motto": "Old"}
    change = Change.objects.get(run=run.work, content_type__model="client")
    assert change.changes == {"custom": [{"rank": "Gold", "motto": "Old"}, {"rank": "Silver", "motto": "Old"}]}


def test_a_field_of_one_category_is_asked_of_its_clients_only(headquarters):
    """As in the form: required where it is asked, refused where it is not."""
    law, other = Category.objects.create(name="Law"), Category.objects.create(name="Other")
    Category.objects.create(name="Criminal law", parent=law)
    CustomField.objects.create(entity="client", key="chamber", label="Chamber", kind="text", required=True, category=law)
    rows = [
        ROW | {"name": "No category"},
        ROW | {"name": "Beneath", "category": "Criminal law", "custom:chamber": "Berlin"},
        ROW | {"name": "Missing", "category": "Law"},
        ROW | {"name": "Not asked", "category": other.name, "custom:chamber": "Berlin"},
    ]
    plain, beneath, missing, not_asked = rows_of(planned(csv_bytes(rows, more=headers())))
    assert (plain.verdict, beneath.verdict) == (Verdict.NEW, Verdict.NEW)
    assert list(missing.errors) == ["custom:chamber"]
    assert not_asked.errors == {"custom:chamber": ["“Chamber” is only asked of clients of “Law”. Leave the cell empty."]}


def test_the_template_has_a_column_for_each_field_in_use(fields):
    CustomField.objects.filter(key="motto").update(active=False)
    sheet = load_workbook(io.BytesIO(template_file.make("corporate", "xlsx"))).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[-6:] == ["Met", "Rank", "Rate", "Signed", "Since", "Tools"]


def test_a_field_called_like_a_column_of_ours_gets_more_of_a_name(headquarters):
    CustomField.objects.create(entity="client", key="phone", label="Phone", kind="text")
    assert headers() == {"custom:phone": "Phone (custom field)"}
    imported(csv_bytes([ROW | {"phone": "+49 30 901820", "custom:phone": "red"}], more=headers()))
    client = Client.objects.get()
    assert (str(client.phone), client.custom) == ("+4930901820", {"phone": "red"})


def test_a_field_that_went_after_the_review_is_a_failed_row_not_a_lost_value(fields):
    from intake import applying
    from tests.importing import work_off

    run = planned(csv_bytes([ROW | {"custom:rank": "Gold"}], more=fields))
    CustomField.objects.filter(key="rank").update(active=False)
    applying.start(run.pk, None)
    work_off()
    [row] = rows_of(run)
    assert row.outcome == Outcome.FAILED
    assert not Client.objects.exists()
