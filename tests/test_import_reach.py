"""Correspondence address, further e-mails and phones, and who may see a client at all, as columns of an import (XD5 to XD7, XD33)."""

import pytest

from clientdesk.rights import Role
from clients.models import Branch, Client
from intake.models import Outcome, Verdict
from jobs.models import BusinessCalendar
from portal.models import ContactAccess
from tests.importing import csv_bytes, imported, planned, rows_of
from tests.undoing import undone

REACH = {
    "post_street": "Postfach 7",
    "post_city": "Bonn",
    "more_emails": "a@b.example (CC); c@d.example",
    "more_phones": "030 901820 (Office)",
    "more_websites": "www.b.example",
    "more_tax_numbers": "12/345 (National)",
    "cc_contact_emails": "yes",
    "sms_enabled": "yes",
}
ROW = {"name": "Castell", "legal_name": "Castell AG", "country": "DE"}


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER, "boss@desk.example", first_name="Bo", last_name="Boss")


def test_a_new_client_is_reached_by_all_of_it_and_found_by_it(headquarters, boss):
    run = imported(csv_bytes([ROW | REACH]), by=boss)
    assert run.counts[Outcome.CREATED] == 1, rows_of(run)[0].errors
    client = Client.objects.get()
    assert (client.use_billing_address, client.post_address.city, client.cc_contact_emails, client.sms_enabled) == (
        False,
        "Bonn",
        True,
        True,
    )
    assert client.more_emails == [{"address": "a@b.example", "cc": True}, {"address": "c@d.example", "cc": False}]
    assert client.more_phones == [{"number": "+4930901820", "note": "Office"}]
    assert client.more_tax_numbers == [{"kind": "National", "number": "12/345"}]
    key = client.search_key
    client.fold()
    assert client.search_key == key
    assert "4930901820" in key


def test_an_update_replaces_the_list_and_an_undo_gives_the_one_of_before_back(boss, make_client):
    before = [{"number": "+4930901821", "note": "Old"}]
    client = make_client("Castell", country="DE", more_phones=before)
    run = imported(csv_bytes([{"name": "Castell", "more_phones": "030 901820"}], ("name", "more_phones")), by=boss, mode="update")
    client.refresh_from_db()
    assert client.more_phones == [{"number": "+4930901820", "note": ""}]
    assert "4930901821" not in client.search_key
    undone(run, boss)
    client.refresh_from_db()
    assert client.more_phones == before
    assert "4930901821" in client.search_key


@pytest.mark.parametrize(
    ("saved", "row", "changes"),
    [
        ({}, {"post_city": "Bonn"}, {"use_billing_address": [True, False], "post_city": ["", "Bonn"]}),
        ({}, {"post_city": "Bonn", "use_billing_address": "yes"}, {"post_city": ["", "Bonn"]}),
        (
            {"post_city": "Bonn", "use_billing_address": False},
            {"post_city": "(clear)"},
            {"use_billing_address": [False, True], "post_city": ["Bonn", ""]},
        ),
        ({"post_city": "Bonn", "post_street": "x", "use_billing_address": False}, {"post_city": "(clear)"}, {"post_city": ["Bonn", ""]}),
    ],
)
def test_a_correspondence_address_holds_where_there_is_one(boss, make_client, saved, row, changes):
    make_client("Castell", **saved)
    [staged] = rows_of(planned(csv_bytes([{"name": "Castell"} | row], ("name", *row)), by=boss, mode="update"))
    assert staged.changes == changes
    told = {"post_city": ["Letters to “Castell” go to its billing address by now; this address takes its place."]}
    assert (staged.warnings or {}) == (told if row == {"post_city": "Bonn"} else {})


LOST = "You will not see this client any more."


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"restricted_to_responsible": "yes"}, f"{LOST} Nobody is responsible for it: only administrators will see it."),
        ({"restricted_to_responsible": "yes", "sales_person": "Sam Sales"}, f"{LOST} These people will: Sam Sales"),
        ({"restricted_to_responsible": "yes", "responsible": "Sam Sales, Bo Boss"}, None),
        ({"restricted_to_responsible": "no"}, None),
    ],
)
def test_who_restricts_a_client_is_told_beforehand_that_it_goes_out_of_sight(boss, make_client, make_staff, row, said):
    make_staff(Role.DESK, "sam@desk.example", first_name="Sam", last_name="Sales")
    make_client("Brauer")
    new, known = rows_of(planned(csv_bytes([ROW | row, {"name": "Brauer"} | row]), by=boss))
    expected = {"restricted_to_responsible": [said]} if said else None
    assert (new.verdict, new.warnings) == (Verdict.NEW, expected)
    assert known.warnings == expected


def test_who_is_responsible_no_more_is_told_so_too(boss, make_client):
    make_client("Brauer", restricted_to_responsible=True, sales_person=boss)
    content = csv_bytes([{"name": "Brauer", "sales_person": "(clear)"}], ("name", "sales_person"))
    [row] = rows_of(planned(content, by=boss, mode="update"))
    assert row.warnings == {"sales_person": [f"{LOST} Nobody is responsible for it: only administrators will see it."]}


LOSES, GETS = "1 contact loses portal access: Ada Krämer", "1 contact can enter the portal: Ada Krämer"


@pytest.mark.parametrize(("before", "status", "said"), [("active", "inactive", LOSES), ("potential", "active", GETS)])
def test_whose_portal_access_ends_or_comes_with_a_status_of_the_file_is_said_beforehand(boss, ada, before, status, said):
    """XD11, as the form."""
    ContactAccess.of(ada).invite(None)
    Client.objects.update(status=before)
    [row] = rows_of(planned(csv_bytes([{"name": "Brauer Antriebe", "status": status}]), by=boss))
    assert row.warnings == {"status": [said]}


def test_how_many_clocks_another_branch_of_the_file_moves_is_said_beforehand(boss, brauer, make_client, make_job, promise):
    """JD10, as the form; where hours are alike or nothing is promised, nothing is said."""
    vienna = Branch.objects.create(name="Vienna", code="VIE")
    make_client("Nordlicht")
    promise(60)
    rows = [{"name": name, "branch": "Vienna"} for name in ("Brauer Antriebe", "Nordlicht")]
    for _ in range(2):
        make_job()
    assert [row.warnings for row in rows_of(planned(csv_bytes(rows[:1]), by=boss))] == [None]
    BusinessCalendar.objects.create(branch=vienna)
    said = {"branch": ["2 running SLA clocks are timed anew, by the business hours of Vienna."]}
    assert [row.warnings for row in rows_of(planned(csv_bytes(rows), by=boss))] == [said, None]
