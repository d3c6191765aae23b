"""Whole companies leave as one flat sheet and come back: a row for each person, and for each place without people (import.md section 8)."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from clientdesk.rights import Role
from clients.models import Client, CustomField
from intake.kinds import resource
from tests.importing import imported, rows_of, world
from tests.test_round_trip import full

EXPORT = "/import/export/tree/"


@pytest.fixture
def boss(client, make_staff):
    """A manager who is signed in, as `client`."""
    staff = make_staff(Role.MANAGER)
    client.force_login(staff)
    return staff


@pytest.fixture
def acme(boss, make_client) -> Client:
    """A company with everything in it, and beside it one with nothing."""
    CustomField.objects.create(entity="contact", key="shoe", label="Shoe", kind="number")
    acme = full(make_client)
    # As the form stores them.
    acme.custom |= {"rating": "4.5", "called": "2026-01-02T10:00:00Z"}
    acme.save()
    plant = acme.offices.create(name="Plant", city="Bonn", province="NRW", phone="+4930901820")
    acme.offices.create(name="Closed", active=False)
    acme.offices.create(name="Empty")
    lab = acme.departments.create(name="Lab", email="lab@b.example")
    acme.departments.create(name="Sales")
    register = acme.contacts.register
    common = {"default_office": plant, "department": lab}
    register(acme, first_name="Ada", last_name="Krämer", email="ada@b.example", custom={"shoe": "44"}, **common)
    more = {"more_phones": [{"number": "+4930901821", "note": "Home"}], "mother_tongues": ["de", "pl"], "gender": "female"}
    register(acme, last_name="Berg", notes="a\n  b", external_id="007", **common, **more)
    register(acme, last_name="Gone", email="gone@b.example").deactivate()
    make_client("Zeta", email="")
    make_client("Person One", kind="individual", last_name="One")
    return acme


def sheet_of(browser, query: str = "view=all") -> tuple[bytes, list[dict[str, str]]]:
    """Return the workbook, and its rows as texts by column key, without the empty ones."""
    answer = browser.get(f"{EXPORT}?{query}")
    assert answer.status_code == 200, answer.headers.get("Location")
    content = answer.getvalue()
    keys = {column.label: column.key for column in resource("tree").columns()}
    head, *rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return content, [{keys[label]: text for label, text in zip(head, row, strict=True) if text} for row in rows]


def test_each_person_and_each_place_without_people_is_a_row_and_each_record_is_told_once(client, acme):
    _content, rows = sheet_of(client)
    told = [tuple(row.get(f"{key}_name") for key in ("client", "office", "department", "person_last")) for row in rows]
    assert told == [
        ("Voll", "Plant", "Lab", "Krämer"),
        ("Voll", "Plant", "Lab", "Berg"),
        ("Voll", "Headquarters", None, None),
        ("Voll", "Empty", None, None),
        ("Voll", None, "Sales", None),
        ("Zeta", "Headquarters", None, None),
    ]
    assert (rows[0]["office_city"], rows[0]["client_post_city"], rows[0]["client_industries"]) == (
        "Bonn",
        "Bonn",
        "Energy; Transport, logistics",
    )
    assert not {"office_city", "client_post_city", "department_email"} & rows[1].keys()
    assert [row.get("office_headquarters") for row in rows] == [None, None, "Yes", None, None, "Yes"]


def test_an_unchanged_tree_changes_nothing(client, boss, acme):
    content, _rows = sheet_of(client)
    before = world()
    run = imported(content, "trees.xlsx", boss, kind="tree")
    assert run.counts == {"unchanged": 6}, [(row.errors, row.changes) for row in rows_of(run)]
    assert world() == before


def test_nobody_hidden_is_in_it_and_statements_do_not_grow_with_the_clients(client, acme, make_client, make_staff):
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            sheet_of(client)
        return len(asked)

    few = statements()
    for number in range(5):
        made = make_client(f"More {number}")
        made.contacts.register(made, last_name="P")
    make_client("Zz secret", restricted_to_responsible=True, sales_person=make_staff(Role.DESK))
    assert statements() == few
    assert "Zz secret" not in {row["client_name"] for row in sheet_of(client)[1]}
