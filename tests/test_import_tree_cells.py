"""A company tree knows the custom fields of its clients and people (XD23), and its cells can empty what is saved."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clientdesk.models import Change
from clients.models import Category, Client, CustomField
from contacts.models import Contact
from intake import applying, planning, template_file
from intake.kinds import resource
from intake.models import ImportRun
from tests.importing import csv_bytes, imported, labels_of, planned, rows_of, work_off

KEYS = ("client_name", "client_legal_name", "client_category", "client_city", "client_number", "office_name", "office_city",
        "department_name", "person_first_name", "person_last_name", "person_email", "person_mobile")  # fmt: skip
NEW = {"client_name": "Neu", "client_legal_name": "Neu GmbH"}
ADA = {"client_name": "Acme", "person_last_name": "Krämer", "person_email": "ada@acme.example"}


def headers() -> dict[str, str]:
    known = labels_of("tree")
    return {column.key: column.label for column in resource("tree").columns() if column.key not in known}


def sheet(*rows: dict[str, str]) -> bytes:
    return csv_bytes(rows, KEYS, kind="tree", more=headers())


def field(entity: str, key: str, kind: str = "text", **more) -> CustomField:
    return CustomField.objects.create(entity=entity, key=key, label=more.pop("label", key.title()), kind=kind, **more)


@pytest.fixture
def acme(make_client):
    """A client with an office, a department and a person who has something in each field."""
    client = make_client("Acme", legal_name="Acme Ltd.", city="Ulm", number="C-7", custom={"motto": "Old"})
    client.offices.create(name="Plant", city="Ulm")
    lab = client.departments.create(name="Lab")
    client.contacts.register(
        client,
        first_name="Ada",
        last_name="Krämer",
        email="ada@acme.example",
        mobile="+491719018201",
        department=lab,
        custom={"shoe": "44"},
    )
    field("client", "motto")
    field("contact", "shoe", "number")
    return client


def ada() -> Contact:
    return Contact.objects.get(email="ada@acme.example")


# --- custom fields ------------------------------------------------------------------------------
def test_custom_fields_of_both_parts_are_saved_with_their_history(acme):
    person = {"person_last_name": "Neu", "person_custom:shoe": "40.50"}
    run = imported(sheet(NEW | person | {"client_custom:motto": "On"}, NEW | {"client_custom:motto": " On "}), kind="tree")
    assert [row.outcome for row in rows_of(run)] == ["created", None]
    client = Client.objects.get(name="Neu")
    assert (client.custom, client.contacts.get().custom) == ({"motto": "On"}, {"shoe": "40.5"})
    said = {change.content_type.model: change.changes.get("custom") for change in Change.objects.filter(run=run.work)}
    assert (said["client"][1], said["contact"][1]) == ({"motto": "On"}, {"shoe": "40.5"})


def test_custom_fields_are_compared_and_shown_in_the_review(acme, manager):
    row = ADA | {"client_custom:motto": "New", "person_custom:shoe": "45"}
    run = planned(sheet(row, row), kind="tree")
    first, second = rows_of(run)
    assert (first.verdict, first.changes) == ("changed", {"client_custom:motto": ["Old", "New"], "person_custom:shoe": ["44", "45"]})
    assert second.verdict == "unchanged"
    page = manager.get(reverse("intake:review", args=[run.pk])).text
    assert all(text in page for text in ("Motto", "Old", "New", "Shoe", "44", "45"))
    imported(sheet(row), kind="tree")
    acme.refresh_from_db()
    assert (acme.custom, ada().custom) == ({"motto": "New"}, {"shoe": "45"})
    assert imported(sheet(row), kind="tree").counts == {"unchanged": 1}


def test_rows_that_disagree_about_a_custom_field_are_one_question(acme):
    first, second = rows_of(planned(sheet(ADA | {"client_custom:motto": "A"}, ADA | {"client_custom:motto": "B"}), kind="tree"))
    assert "Row 2 says “A” and row 3 “B”" in first.errors["client_custom:motto"][0]
    assert first.errors == second.errors


def test_a_custom_field_is_asked_by_the_category_that_the_row_gives(acme):
    law = Category.objects.create(name="Law")
    Category.objects.create(name="Other")
    field("client", "chamber", required=True, category=law)
    field("contact", "bar", required=True, category=law)
    person = {"person_last_name": "P"}
    right = {"client_custom:chamber": "Berlin", "person_custom:bar": "B-1"}
    rows = [
        NEW | person | right | {"client_name": "Right", "client_category": "Law"},
        NEW | person | {"client_name": "Lacking", "client_category": "Law"},
        NEW | person | right | {"client_name": "Not asked", "client_category": "Other"},
        ADA | {"person_last_name": "P", "person_email": "p@acme.example", "client_category": "Law", "client_custom:chamber": "Ulm"},
    ]
    right, lacking, other, moved = rows_of(planned(sheet(*rows), kind="tree"))
    assert right.verdict == "new"
    assert set(lacking.errors) == {"client_custom:chamber", "person_custom:bar"}
    assert set(other.errors) == {"client_custom:chamber", "person_custom:bar"}
    assert set(moved.errors) == {"person_custom:bar"}


def test_the_order_of_days_is_that_of_the_column(headquarters):
    field("client", "since", "date")
    run = planned(
        sheet(NEW | {"client_custom:since": "25/11/2026"}, NEW | {"client_name": "Two", "client_custom:since": "03/04/2026"}), kind="tree"
    )
    assert [row.values["client_custom:since"] for row in rows_of(run)] == ["2026-11-25", "2026-04-03"]


def test_fields_of_one_label_have_different_headers(headquarters):
    for entity, key, label in (
        ("client", "size", "Size"),
        ("contact", "size", "Size"),
        ("contact", "phone", "Phone"),
        ("client", "own", "Own"),
    ):
        field(entity, key, label=label)
    assert headers() == {
        "client_custom:own": "Own",
        "client_custom:size": "Size (client)",
        "person_custom:phone": "Phone (person)",
        "person_custom:size": "Size (person)",
    }
    first_row = load_workbook(io.BytesIO(template_file.make("tree", "xlsx"))).worksheets[0][1]
    assert {"Own", "Size (client)", "Size (person)"} <= {cell.value for cell in first_row}
    run = imported(sheet(NEW | {"client_custom:size": "L", "person_last_name": "P", "person_custom:size": "S"}), kind="tree")
    client = Client.objects.get(name="Neu")
    assert (run.problems, client.custom, client.contacts.get().custom) == ([], {"size": "L"}, {"size": "S"})


# --- empty cells --------------------------------------------------------------------------------
def compared(content: bytes, empty_cells: dict[str, str]) -> ImportRun:
    run = planned(content, kind="tree")
    run.empty_cells, run.is_matched = empty_cells, True
    planning.replan(run, None)
    work_off()
    run.refresh_from_db()
    return run


CLEARED = {
    "client_city": ["Ulm", ""],
    "client_custom:motto": ["Old", None],
    "office_city": ["Ulm", ""],
    "person_first_name": ["Ada", ""],
    "person_mobile": ["+491719018201", ""],
    "person_custom:shoe": ["44", None],
}


@pytest.mark.parametrize("key", CLEARED)
def test_the_marker_clears_the_cell_of_a_record_that_exists(acme, key):
    row = ADA | {"office_name": "Plant", "person_first_name": "Ada", key: "(clear)"}
    run = imported(sheet(row, row | {key: ""}), kind="tree")
    first, second = rows_of(run)
    assert first.changes[key] == CLEARED[key]
    assert (first.outcome, second.verdict) == ("updated", "unchanged")
    assert planned(sheet(row), kind="tree").counts == {"unchanged": 1}


@pytest.mark.parametrize(
    ("empty_cells", "cleared"),
    [
        ({}, set()),
        ({"": "clear"}, {*CLEARED, "department_name"}),
        ({"": "clear", "client_city": "keep", "person_mobile": "keep"}, {*CLEARED, "department_name"} - {"client_city", "person_mobile"}),
        ({"client_city": "clear"}, {"client_city"}),
        ({"person_mobile": "clear", "department_name": "clear"}, {"person_mobile", "department_name"}),
    ],
)
def test_empty_cells_keep_or_clear_as_chosen(acme, empty_cells, cleared):
    run = compared(sheet(ADA | {"office_name": "Plant"}), empty_cells)
    [row] = rows_of(run)
    assert {key for key in row.changes or {} if key != "person_office"} == {
        {"department_name": "person_department"}.get(key, key) for key in cleared
    }
    assert applying.start(run.pk, None)
    work_off()
    acme.refresh_from_db()
    person = ada()
    assert (acme.city == "", "motto" not in acme.custom) == ("client_city" in cleared, "client_custom:motto" in cleared)
    assert (person.mobile == "", person.department is None) == ("person_mobile" in cleared, "department_name" in cleared)


def test_a_value_in_any_row_of_the_record_is_no_empty_cell(acme):
    """Nor is one that cannot be read."""
    rows = [ADA, ADA | {"client_city": "Bonn", "person_first_name": "x" * 101}]
    first, second = rows_of(compared(sheet(*rows), {"client_city": "clear", "person_first_name": "clear"}))
    assert (first.changes, list(second.errors)) == ({"client_city": ["Ulm", "Bonn"]}, ["person_first_name"])


def test_the_marker_beside_a_value_is_a_question(acme):
    first, _second = rows_of(planned(sheet(ADA | {"client_city": "(clear)"}, ADA | {"client_city": "Bonn"}), kind="tree"))
    assert "Row 2 says “(clear)” and row 3 “Bonn”" in first.errors["client_city"][0]


@pytest.mark.parametrize("key", ["client_name", "client_number", "client_legal_name", "office_name", "person_last_name", "person_email"])
def test_what_a_record_needs_cannot_be_cleared(acme, key):
    [row] = rows_of(planned(sheet(ADA | {"office_name": "Plant", "person_first_name": "Ada", key: "(clear)"}), kind="tree"))
    assert (row.verdict, list(row.errors)) == ("error", [key])


def test_the_marker_takes_a_person_out_of_its_department(acme):
    imported(sheet(ADA | {"department_name": "(clear)"}), kind="tree")
    assert ada().department is None


def test_new_records_have_nothing_to_clear(headquarters):
    row = NEW | {
        "client_city": "(clear)",
        "office_name": "Plant",
        "office_city": "(clear)",
        "person_last_name": "P",
        "person_mobile": "(clear)",
    }
    run = imported(sheet(row), kind="tree")
    assert run.figures["created"] == 1
    client = Client.objects.get(name="Neu")
    assert (client.city, client.offices.get(name="Plant").city, client.contacts.get().mobile) == ("", "", "")
