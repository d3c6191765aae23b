"""A company tree from one flat sheet: rows are grouped by their client, each record is one, whatever the order of the rows."""

import random

import pytest
from django.urls import reverse

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact, Department, Office
from intake import applying, planning, rejudging
from intake.models import ImportRun
from tests.importing import csv_bytes, imported, planned, rows_of, work_off

KEYS = ("client_name", "client_legal_name", "client_city", "office_name", "office_headquarters", "office_city", "department_name",
        "department_email", "person_first_name", "person_last_name", "person_email")  # fmt: skip


def sheet(rows: list[dict[str, str]], *keys: str) -> bytes:
    return csv_bytes(rows, (*KEYS, *keys), kind="tree")


def row(client: str = "Acme", office: str = "", department: str = "", last: str = "", email: str = "", **more: str) -> dict[str, str]:
    named = {"client_name": client, "office_name": office, "department_name": department, "person_last_name": last, "person_email": email}
    return named | more


ROWS = [
    row(client_legal_name="Acme Ltd.", office="Plant", department="Lab", last="Krämer", email="k@acme.example", office_city="Ulm"),
    row("ACME", office="plant", department="Sales", last="Noor", email="n@acme.example", client_city="Bonn"),
    row(office="Plant", department="LAB", last="Lang", department_email="lab@acme.example"),
    row(office="Seat", office_headquarters="yes", office_city="Bonn", last="Berg", person_first_name="Bo"),
    row(last="Solo"),
    row("Zeta", client_legal_name="Zeta GmbH"),
    row("Zeta", department="Lab", last="Zell", email="z@zeta.example"),
]


def tree() -> dict[str, object]:
    """Return everything that stands in the tree, by names."""
    return {
        "clients": sorted(Client.objects.values_list("name_key", "legal_name", "city")),
        "offices": sorted(Office.objects.values_list("client__name_key", "name_key", "city", "is_headquarters")),
        "departments": sorted(Department.objects.values_list("client__name_key", "name_key", "email")),
        "people": sorted(
            Contact.objects.values_list("client__name_key", "sort_key", "email", "default_office__name_key", "department__name_key")
        ),
    }


def test_one_sheet_makes_clients_with_their_offices_departments_and_people(headquarters):
    run = imported(sheet(ROWS), kind="tree")
    assert [(one.verdict, one.outcome) for one in rows_of(run)] == [("new", "created")] * 7
    assert tree() == {
        "clients": [("acme", "Acme Ltd.", "Bonn"), ("zeta", "Zeta GmbH", "")],
        "offices": [("acme", "plant", "Ulm", False), ("acme", "seat", "Bonn", True), ("zeta", "headquarters", "", True)],
        "departments": [("acme", "lab", "lab@acme.example"), ("acme", "sales", ""), ("zeta", "lab", "")],
        "people": [
            ("acme", "berg bo", "", "seat", None),
            ("acme", "krämer", "k@acme.example", "plant", "lab"),
            ("acme", "lang", "", "plant", "lab"),
            ("acme", "noor", "n@acme.example", "plant", "sales"),
            ("acme", "solo", "", "seat", None),
            ("zeta", "zell", "z@zeta.example", "headquarters", "lab"),
        ],
    }
    assert Contact.objects.filter(is_primary=True).count() == 2


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_rows_give_the_same_tree(headquarters, seed):
    imported(sheet(ROWS), kind="tree")
    wanted = tree()
    Contact.objects.all().delete()
    Client.objects.all().delete()
    rows = random.Random(seed).sample(ROWS, len(ROWS))
    imported(sheet(rows), kind="tree")
    assert tree() == wanted


def test_the_same_tree_again_changes_nothing(headquarters):
    imported(sheet(ROWS), kind="tree")
    before = tree()
    run = imported(sheet(ROWS[::-1]), kind="tree")
    assert run.counts == {"unchanged": 7}
    assert tree() == before


def test_rows_that_disagree_about_one_client_are_one_question(headquarters):
    rows = [
        row(client_legal_name="Acme Ltd.", last="A"),
        row(client_legal_name="Acme Inc.", last="B"),
        row(last="C"),
        row("Zeta", client_legal_name="Z"),
    ]
    first, second, third, other = rows_of(planned(sheet(rows), kind="tree"))
    sentence = "Row 2 says “Acme Ltd.” and row 3 “Acme Inc.”, and both are about one record. Correct “Legal name”."
    assert first.errors == second.errors == {"client_legal_name": [sentence]}
    assert third.errors == {"": ["The rows 2 and 3 disagree about a record to which this row belongs. Correct them first."]}
    assert (third.verdict, other.verdict) == ("error", "new")


def test_rows_that_disagree_about_one_office_are_errors_at_both(headquarters):
    rows = [row(client_legal_name="A", office="Plant", office_city="Ulm"), row(office="PLANT", office_city="Bonn"), row(last="Fine")]
    first, second, third = rows_of(planned(sheet(rows), kind="tree"))
    assert "Row 2 says “Ulm” and row 3 “Bonn”" in first.errors["office_city"][0]
    assert (first.verdict, second.verdict, third.verdict) == ("error", "error", "new")


@pytest.mark.parametrize(
    ("cells", "key", "sentence"),
    [
        (row("", last="A"), "client_name", "Fill in “Client name”: it says to which client the row belongs."),
        (row("Cher", department="Lab"), "client_name", "“Cher” is an individual client"),
        (row(office_city="Ulm"), "office_city", "Fill in “Office”, to which this belongs."),
        (row(office="Closed"), "office_name", "“Closed” is a deactivated office of this client."),
        (row(office="Plant", office_headquarters="yes"), "office_headquarters", "and the headquarters is “Headquarters”."),
        (row(person_first_name="Ada"), "person_last_name", "Enter the last name of the person."),
        (row(last="A", email="no mail"), "person_email", "“no mail” is no complete e-mail address"),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_tree_is_refused_with_a_sentence(make_client, cells, key, sentence):
    make_client("Cher", kind="individual", last_name="Cher")
    acme = make_client("Acme")
    acme.offices.create(name="Closed", active=False)
    acme.offices.create(name="Plant")
    (found,) = rows_of(planned(sheet([cells]), kind="tree"))
    assert found.verdict == "error"
    assert sentence in found.errors[key][0]


def test_an_existing_tree_is_completed_and_changed(make_client):
    acme = make_client("Acme", legal_name="Acme Ltd.")
    acme.offices.create(name="Plant", city="Ulm")
    ada = acme.contacts.register(acme, first_name="Ada", last_name="Krämer", email="ada@acme.example")
    rows = [
        row(office="Plant", office_city="Bonn", client_city="Bonn"),
        row(last="Krämer", email="ada@acme.example", office="Plant", person_first_name="Adele", department="Lab"),
    ]
    run = planned(sheet(rows), kind="tree")
    first, second = rows_of(run)
    assert first.changes == {"client_city": ["", "Bonn"], "office_city": ["Ulm", "Bonn"]}
    assert (first.verdict, second.verdict) == ("changed", "new")
    run = imported(sheet([*rows, row(last="Neu")]), kind="tree")
    ada.refresh_from_db()
    acme.refresh_from_db()
    assert (ada.first_name, str(ada.default_office), str(ada.department), acme.city) == ("Adele", "Plant", "Lab", "Bonn")
    assert acme.offices.get(name="Plant").city == "Bonn"


def test_a_tree_over_several_chunks_is_one_tree(headquarters, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 2)
    monkeypatch.setattr(planning, "CHUNK", 3)
    monkeypatch.setattr(planning, "GROUPS", 1)
    run = imported(sheet(ROWS), kind="tree")
    assert run.figures["created"] == 7
    assert (Client.objects.count(), Department.objects.count(), Contact.objects.count()) == (2, 3, 6)
    assert ImportRun.objects.get().figures["read"] == 7


def test_the_tree_is_shown_before_anything_is_saved(headquarters, manager):
    run = planned(sheet([*ROWS, row("Bad", last="X", email="no mail", client_legal_name="Bad")]), kind="tree")
    assert reverse("intake:tree", args=[run.pk]) in manager.get(reverse("intake:review", args=[run.pk])).text
    page = manager.get(reverse("intake:tree", args=[run.pk]))
    places = [
        page.text.index(f">{name}<")
        for name in ("Acme", "Plant", "Lab", "Krämer", "Sales", "Noor", "Seat", "Bo Berg", "Bad", "Zeta", "Zell")
    ]
    assert places == sorted(places)
    assert "1 row with errors" in page.text
    assert not Client.objects.exists()


def test_the_tree_is_shown_page_by_page(headquarters, manager):
    run = planned(sheet([row(f"Client {number:02}", client_legal_name="L") for number in range(25)]), kind="tree")
    first = manager.get(reverse("intake:tree", args=[run.pk])).text
    assert "Client 19" in first
    assert "Client 20" not in first
    assert "Client 24" in manager.get(reverse("intake:tree", args=[run.pk]), {"after": "client 19"}).text


def test_the_tree_tells_nothing_of_a_hidden_client(make_client, make_staff, manager):
    make_client("Secret", restricted_to_responsible=True, project_manager=make_staff(Role.DESK), city="Hidden City")
    run = planned(sheet([row("Secret", last="Neu")]), kind="tree", by=User.objects.get(role=Role.MANAGER))
    assert "A client of this name exists that you may not see." in rows_of(run)[0].errors["client_name"][0]
    assert "Hidden City" not in manager.get(reverse("intake:tree", args=[run.pk])).text


def test_a_cell_that_is_corrected_in_the_review_settles_the_question(headquarters, manager):
    rows = [row(client_legal_name="Acme Ltd.", last="A"), row(client_legal_name="Acme Inc.", last="B"), row(last="C")]
    run = planned(sheet(rows), kind="tree")
    rejudging.edit(run, 3, {1: "Acme Ltd."})
    assert [one.verdict for one in rows_of(run)] == ["new"] * 3
    assert ImportRun.objects.get().counts == {"new": 3}


@pytest.mark.parametrize("size", [1, 9])
def test_a_person_that_cannot_be_saved_keeps_nobody_else_of_the_new_client_away(headquarters, monkeypatch, size):
    """The person is refused after the review: what an external ID leads to changed meanwhile."""
    monkeypatch.setattr(applying, "CHUNK", size)
    rows = [
        row(client_legal_name="Acme Ltd.", last="Late", email="late@acme.example", person_external_id="P1", office="Plant"),
        row(office="Plant", last="Noor", email="n@acme.example"),
        row(last="Lang", department="Lab"),
    ]
    run = planned(sheet(rows, "person_external_id"), kind="tree")
    other = Client.objects.create(name="Other", number="C-9", branch=headquarters)
    other.offices.create(name="Headquarters", is_headquarters=True)
    Contact.objects.register(other, last_name="First", external_id="P1")
    applying.start(run.pk, None)
    work_off()
    late, noor, lang = rows_of(run)
    assert (late.outcome, list(late.errors)) == ("failed", ["person_external_id"])
    assert [noor.outcome, lang.outcome] == ["created", "created"]
    assert sorted(Client.objects.get(name="Acme").contacts.values_list("last_name", flat=True)) == ["Lang", "Noor"]


def test_an_office_that_becomes_the_headquarters_leaves_no_row_that_means_the_present_one(headquarters):
    """Which of the two a person belongs to would be the order of the rows."""
    rows = [
        row(client_legal_name="L", office="Headquarters", last="A"),
        row(office="Seat", office_headquarters="yes"),
        row(office="Plant", last="B"),
    ]
    first, second, third = rows_of(planned(sheet(rows), kind="tree"))
    assert first.errors == second.errors
    assert "“Seat” and “Headquarters” are both said to be the headquarters." in first.errors["office_headquarters"][0]
    assert third.verdict == "new"


def test_what_a_row_says_of_the_first_office_of_a_new_client_is_kept(headquarters):
    imported(sheet([row(client_legal_name="L", office="HEADQUARTERS", office_city="Ulm", last="A")]), kind="tree")
    office = Office.objects.get()
    assert (office.name, office.city, office.is_headquarters) == ("Headquarters", "Ulm", True)


@pytest.mark.parametrize("groups", [500, 1])
@pytest.mark.parametrize("column", ["person_external_id", "client_external_id"])
def test_an_external_id_belongs_to_one_record_of_the_file(headquarters, monkeypatch, groups, column):
    """Also where the rows are judged apart, because so many clients lie between them, and where they differ in their spaces; a
    corrected one sets the other free."""
    monkeypatch.setattr(planning, "GROUPS", groups)
    texts = ("P 1", "  P\u00a0\t1 ")
    rows = [row(name, client_legal_name="L", last="A") | {column: text} for name, text in zip(("Alpha", "Beta"), texts, strict=True)]
    rows.append(row("Gamma", client_legal_name="L", last="A") | {column: "P2"})
    run = planned(sheet(rows, column), kind="tree")
    place = next(position for position, key in run.mapping if key == column)
    assert [one.verdict for one in rows_of(run)] == ["error", "error", "new"]
    assert all(one.errors == {column: ["Rows 2 and 3 both have “P 1”. Keep one of them."]} for one in rows_of(run)[:2])
    rejudging.edit(run, 3, {place: "P2"})
    assert [one.verdict for one in rows_of(run)] == ["new", "error", "error"]
    rejudging.edit(run, 3, {place: "P3"})
    assert [one.verdict for one in rows_of(run)] == ["new"] * 3
