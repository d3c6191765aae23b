"""Contact persons are exported for editing, edited, and imported again: only what was edited changes, and nobody moves."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from auditlog.context import set_actor
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from clientdesk.models import Merge
from clientdesk.rights import Role
from clients.models import Client, CustomField, LeadSource
from contacts import moving
from contacts.models import Contact, Position
from intake import planning, round_trip
from intake.contact_verdicts import ContactJudge
from intake.models import ImportRun
from tests.editing import column, edited, type_in
from tests.importing import imported, labels_of, planned, rows_of, world

EXPORT = "/import/export/contact/"
LABELS = labels_of("contact")


@pytest.fixture
def boss(client, make_staff):
    """A manager who is signed in, as `client`."""
    staff = make_staff(Role.MANAGER)
    client.force_login(staff)
    return staff


@pytest.fixture
def full(boss, brauer) -> Contact:
    """A contact person with something in every column, and beside it one with hardly anything."""
    for key, kind in (("rating", "number"), ("since", "date"), ("vip", "checkbox"), ("tags", "choices"), ("memo", "text")):
        CustomField.objects.create(entity="contact", key=key, label=key.title(), kind=kind, options=["a", "b"])
    plant = brauer.offices.create(name="Leipzig plant")
    contact = brauer.contacts.register(
        brauer, first_name="Ada", last_name="Krämer", email="ada@brauer.example", external_id="007", phone="+49711555012",
        mobile="+491715550120", fax="+49711555013", position=Position.objects.create(name="Buyer"), default_office=plant,
        department=brauer.departments.create(name="Purchasing"), gender="female", language="de", mother_tongues=["de", "pl"],
        no_crm_emails=True, use_client_address=False, street="Amselweg 3", street2="Hof", postal_code="01067", city="Ulm",
        province="Bayern", country="DE", notes="eins\nzwei\n\n  drei",
        lead_source=LeadSource.objects.create(name="Fair"), first_contact_on=date(2019, 5, 6), sales_notes="a\nb",
        more_emails=[{"address": "a@b.example", "cc": True}], more_phones=[{"number": "+4930901820", "note": "Office"}],
        custom={"rating": "4.50", "since": "2020-02-29", "vip": True, "tags": ["a", "b"], "memo": "=1+1"},
    )  # fmt: skip
    brauer.contacts.register(brauer, last_name="Zander")
    return contact


def exported(browser, query: str = "") -> bytes:
    answer = browser.get(f"{EXPORT}?{query}")
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer.getvalue()


def people_in(content: bytes) -> list[str]:
    sheet = load_workbook(io.BytesIO(content)).active
    return [str(row[column(sheet, LABELS["last_name"]) - 1].value) for row in sheet.iter_rows(min_row=2)]


def typed(**texts: str) -> Callable:
    """Return a change that types `texts` (by column key) into the row of Ada."""

    def change(sheet) -> None:
        for key, text in texts.items():
            type_in(sheet, 2, LABELS.get(key, key), text)

    return change


def plan(content: bytes, boss, name: str = "c.xlsx") -> ImportRun:
    return planned(content, name, boss, kind="contact")


def row_of(content: bytes, boss, name: str = "c.xlsx"):
    """Return the row of Ada in the plan."""
    return plan(content, boss, name).rows.get(line=2)


def test_an_unchanged_file_changes_nothing_whatever_is_in_it(client, boss, full):
    """Every column, custom fields too."""
    content = exported(client)
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[1]][: len(LABELS)] == list(LABELS.values())
    assert [cell.value for cell in sheet[1]][-2:] == ["ClientDesk ID", "ClientDesk version"]
    assert all(cell.value not in (None, "") for cell in sheet[2]), [cell.value for cell in sheet[2]]
    before = world()
    run = imported(content, "c.xlsx", boss, kind="contact")
    assert run.counts == {"unchanged": 2}, [(row.errors, row.changes) for row in rows_of(run)]
    assert {(str(row.errors), str(row.warnings)) for row in rows_of(run)} == {("None", "None")}
    assert world() == before


def test_each_single_cell_can_be_edited_alone(client, boss, full):
    run = plan(exported(client), boss)
    (row,) = planning.rows_of(run, run.rows.filter(line=2))
    for key, text in (
        ("last_name", "Krämer-Lang"), ("email", "al@brauer.example"), ("external_id", ""), ("phone", "0711 555099"), ("position", ""),
        ("department", "Sales"), ("office", "Headquarters"), ("mother_tongues", "German"), ("no_crm_emails", "No"),
        ("more_emails", "a@b.example"), ("more_phones", ""), ("sms_enabled", "Yes"),
        ("lead_source", ""), ("first_contact_on", "2019-05-07"), ("sales_notes", "c"),
        ("use_client_address", "Yes"), ("city", "Meißen"), ("street2", ""), ("Since", "2021-03-01"), ("Vip", "No"), ("Tags", "b"),
    ):  # fmt: skip
        cells = list(row.cells)
        cells[run.headers.index(LABELS.get(key, key))] = text
        (one,) = ContactJudge(run).weigh([row._replace(cells=cells)])
        assert (one.base, len(one.changes)) == ("changed", 1), (key, one.errors, one.changes)


def test_a_person_is_found_by_id_whatever_else_was_edited(client, boss, full):
    change = typed(first_name="Adele", last_name="Lang", email="lang@brauer.example", external_id="008", department="", city="Bonn")
    run = imported(edited(exported(client), change), "c.xlsx", boss, kind="contact")
    full.refresh_from_db()
    assert (str(full), full.email, full.external_id, full.department, full.city) == (
        "Adele Lang",
        "lang@brauer.example",
        "008",
        None,
        "Bonn",
    )
    assert run.counts["updated"] == 1


def test_what_changed_only_here_stays_and_what_changed_in_both_places_is_a_question(client, boss, full, make_staff):
    content = edited(exported(client), typed(city="Turku", street="Katu 1", department="Sales", Memo="file"))
    with set_actor(make_staff(Role.MANAGER, "olga@desk.example", first_name="Olga", last_name="Sund")):
        full.city, full.phone, full.no_crm_emails = "Vantaa", "+49711555777", False
        full.department = full.client.departments.create(name="Export")
        full.custom = full.custom | {"memo": "here"}
        full.save()
    row = row_of(content, boss)
    assert (row.verdict, sorted(row.errors)) == ("error", ["city", "custom:memo", "department"])
    assert "the file says “Turku”, and Olga Sund wrote “Vantaa” on" in row.errors["city"][0]
    assert "the file says “Sales”, and Olga Sund wrote “Export” on" in row.errors["department"][0]
    assert {key for key, said in row.warnings.items() if "Changed here by Olga Sund" in said[0]} == {"phone", "no_crm_emails"}
    row = row_of(edited(content, typed(city="Vantaa", department="Export", Memo="here")), boss, "same.xlsx")
    assert (row.verdict, row.changes) == ("changed", {"street": ["Amselweg 3", "Katu 1"]})


def test_names_of_client_and_places_of_the_time_of_the_export_are_no_edit(client, boss, full, brauer):
    content = exported(client)
    brauer.name, brauer.email = "Brauer Drives", "hello@brauer.example"
    brauer.save()
    for place, name in ((full.department, "Procurement"), (full.default_office, "Plant 1")):
        place.name = name
        place.save()
    run = plan(content, boss)
    assert run.counts == {"unchanged": 2}, [(row.errors, row.changes) for row in rows_of(run)]


@pytest.fixture
def zeta(make_client) -> Client:
    return make_client("Zeta", email="info@zeta.example")


def test_who_was_moved_here_stays_there(client, boss, full, brauer, zeta):
    content = edited(exported(client), typed(notes="new"))
    moving.move(full, zeta, brauer.contacts.get(last_name="Zander"), boss)
    run = imported(content, "c.xlsx", boss, kind="contact")
    row = run.rows.get(line=2)
    full.refresh_from_db()
    assert (row.errors, full.client, full.notes, full.department) == (None, zeta, "new", None)
    assert {"client_name", "client_number", "department", "office"} <= row.warnings.keys()


@pytest.mark.parametrize(
    ("texts", "key", "said"),
    [
        (
            {"client_number": "C-00002", "client_name": "Zeta", "client_email": "info@zeta.example"},
            "client_number",
            "An import moves nobody",
        ),
        ({"client_name": "Zeta"}, "client_name", "An import moves nobody"),
        ({"client_name": "Nobody"}, "client_name", "leads to no client"),
        ({"client_email": ""}, "client_email", "Type “info@brauer.example” again."),
        ({"office": ""}, "office", "must not be empty"),
        ({"last_name": ""}, "last_name", "must not be empty"),
    ],
)
def test_a_link_that_was_edited_moves_nobody(client, boss, full, zeta, texts, key, said):
    row = row_of(edited(exported(client), typed(**texts)), boss)
    assert (row.verdict, list(row.errors)) == ("error", [key])
    assert said in row.errors[key][0]


def test_another_text_that_leads_to_the_same_client_changes_nothing(client, boss, full):
    assert row_of(edited(exported(client), typed(client_name="BRAUER  antriebe")), boss).verdict == "unchanged"


def test_who_is_gone_hidden_or_merged_is_refused(client, boss, full, zeta, make_staff):
    secret = zeta.contacts.register(zeta, first_name="Zora", last_name="Zett")
    content = exported(client)
    other = full.client.contacts.get(last_name="Zander")
    gone, lost = full.pk, other.pk
    kind = ContentType.objects.get_for_model(Contact)
    Merge.objects.create(content_type=kind, winner_id=full.pk, loser_id=other.pk, loser_name="Zander", loser_name_key="zander")
    other.delete()
    Client.objects.filter(pk=zeta.pk).update(restricted_to_responsible=True, sales_person=make_staff(Role.MANAGER, "o@desk.example"))
    rows = plan(content, boss).rows
    merged, hidden = rows.get(line=3), rows.get(line=4)
    assert merged.errors["_id"][0].startswith(f"The record with the ClientDesk ID {lost} was merged into “Ada Krämer” (Brauer Antriebe).")
    assert (hidden.base, hidden.errors) == ("barred", {"_id": [round_trip.gone(secret.pk)]})
    Merge.objects.all().delete()
    full.delete()
    assert row_of(edited(content, typed(notes="")), boss, "gone.xlsx").errors == {"_id": [round_trip.gone(gone)]}


def test_a_copied_row_and_an_id_of_another_kind_are_refused(client, boss, full):
    def change(sheet) -> None:
        sheet.append([cell.value for cell in sheet[2]])
        type_in(sheet, 3, "ClientDesk version", round_trip.marks("corporate", full.pk + 1, 0, full.created_at)[1])

    run = plan(edited(exported(client), change), boss)
    first, second, last = rows_of(run)
    assert all("_id" in row.errors for row in (first, second, last))
    assert "Rows 2 and 4 are about the same record" in first.errors["_id"][0]
    assert "do not belong together" in second.errors["_id"][0]


def test_a_file_may_keep_only_its_ids_and_what_is_edited(client, boss, full):
    def change(sheet) -> None:
        for place in range(column(sheet, "ClientDesk ID") - 1, 0, -1):
            if sheet.cell(1, place).value != LABELS["city"]:
                sheet.delete_cols(place)
        type_in(sheet, 2, LABELS["city"], "Turku")

    assert row_of(edited(exported(client), change), boss).changes == {"city": ["Ulm", "Turku"]}


def test_filters_order_and_picks_are_those_of_the_list_and_nobody_hidden_is_in_it(client, boss, full, zeta, make_staff):
    zeta.contacts.register(zeta, last_name="Hidden")
    Client.objects.filter(pk=zeta.pk).update(restricted_to_responsible=True, sales_person=make_staff(Role.MANAGER, "o@desk.example"))
    other = full.client.contacts.get(last_name="Zander")
    for query, names in (
        ("", ["Krämer", "Zander"]),
        ("q=zander", ["Zander"]),
        ("sort=-name", ["Zander", "Krämer"]),
        (f"query=view%3Dactive&pick={other.pk}", ["Zander"]),
    ):
        assert people_in(exported(client, query)) == names, query


def test_individual_clients_have_an_export_of_their_own(client, boss, make_client):
    make_client("Elena", kind="individual", first_name="Elena", last_name="Sanz", email="elena@home.example")
    answer = client.get("/import/export/individual/?view=all")
    assert "clients-individual-" in answer.headers["Content-Disposition"]
    assert planned(answer.getvalue(), "i.xlsx", boss, kind="individual").counts == {"unchanged": 1}


def test_the_menu_offers_it_to_those_who_may_import(client, boss, full, make_staff):
    assert "Contact persons for editing" in client.get("/contacts/").text
    client.force_login(make_staff(Role.DESK))
    assert EXPORT not in client.get("/contacts/").text


@pytest.mark.parametrize("count", [2, 12])
def test_the_number_of_statements_does_not_grow_with_the_rows(client, boss, brauer, count):
    """Each was changed here and in the file since the export."""
    for number in range(count):
        brauer.contacts.register(brauer, last_name=f"P{number}", department=brauer.departments.create(name=f"D{number}"))

    def change(sheet) -> None:
        for line in range(2, count + 2):
            type_in(sheet, line, LABELS["department"], "Sales")

    content = edited(exported(client), change)
    new = brauer.departments.create(name="Export")
    for contact in brauer.contacts.all():
        contact.department = new
        contact.save()
    run = plan(content, boss)
    assert run.counts == {"error": count}
    rows = planning.rows_of(run, run.rows.order_by("line"))
    judge = ContactJudge(run)
    with CaptureQueriesContext(connection) as asked:
        assert len(list(judge.judge(rows))) == count
    assert len(asked) <= 32, [query["sql"][:80] for query in asked]
