"""Individual clients from a spreadsheet: each is saved with the person that it is (X16, C11, decisions 3 and 19)."""

import pytest

from clients.models import Client, Company, CompanyType
from contacts.models import Contact
from intake.people_names import parted_name
from tests.importing import csv_bytes, imported, planned, rows_of


def people(rows: list[dict[str, str]], keys: tuple[str, ...] = ()) -> bytes:
    return csv_bytes(rows, keys, kind="individual")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Anna Meier", "Anna", "Meier"),
        ("Anna Maria  Meier", "Anna Maria", "Meier"),
        ("Meier, Anna Maria", "Anna Maria", "Meier"),
        ("von der Heide, Karl", "Karl", "von der Heide"),
        ("Cher", "", "Cher"),
        ("Cher,", "", "Cher"),
        ("山田花子", "", "山田花子"),
    ],
)
def test_one_name_is_parted_at_its_comma_or_before_its_last_word(text, first, last):
    assert parted_name(text)[:2] == (first, last)


def test_an_individual_is_saved_with_its_own_contact_and_without_a_company(headquarters):
    row = {"first_name": "Anna", "last_name": "O’Neil", "email": "anna@oneil.example", "phone": "030 5550121", "country": "DE"}
    run = imported(people([row]), kind="individual")
    assert run.figures["created"] == 1
    client = Client.objects.get()
    assert (client.kind, client.legal_name, client.name, client.number) == ("individual", "Anna O’Neil", "Anna O Neil", "C-00001")
    assert client.offices.get().is_headquarters
    assert not Company.objects.exists()
    contact = client.contacts.get()
    assert (contact.first_name, contact.last_name, contact.is_primary) == ("Anna", "O’Neil", True)
    assert (contact.email, str(contact.phone), contact.country) == ("anna@oneil.example", "+49305550121", "DE")
    assert list(contact.offices.all()) == [client.offices.get()]


def test_a_single_name_is_parted_and_the_review_says_how(headquarters):
    run = planned(b'Name,Main contact e-mail\nAnna Meier,a@m.example\n"O\'Neil, Kim",k@o.example\nCher,c@c.example\n', kind="individual")
    rows = rows_of(run)
    assert [row.verdict for row in rows] == ["new"] * 3
    assert [row.warnings["name"] for row in rows] == [
        ["Read as first name “Anna” and last name “Meier”."],
        ["Read as first name “Kim” and last name “O'Neil”."],
        ["Read as the last name “Cher”, without a first name."],
    ]
    assert [(row.values["name"], row.values["legal_name"]) for row in rows] == [
        ("Anna Meier", "Anna Meier"),
        ("Kim O Neil", "Kim O'Neil"),
        ("Cher", "Cher"),
    ]


def test_two_people_of_one_name_get_two_internal_names(headquarters):
    rows = [{"first_name": "Anna", "last_name": "Meier"}, {"first_name": "Anna", "last_name": "Meier"}]
    imported(people(rows, ("first_name", "last_name")), kind="individual")
    assert sorted(Client.objects.values_list("name", flat=True)) == ["Anna Meier", "Anna Meier 2"]


def test_an_update_changes_the_client_and_leaves_its_contact(make_client):
    client = make_client(
        "Anna Meier", kind="individual", first_name="Anna", last_name="Meier", legal_name="Anna Meier", email="a@m.example"
    )
    before = Contact.objects.values().get()
    row = {"name": "anna meier", "first_name": "Anna", "last_name": "Meier-Lang", "email": "new@m.example"}
    run = planned(people([row], ("name", "first_name", "last_name", "email")), kind="individual")
    (found,) = rows_of(run)
    assert found.warnings["last_name"] == ["The legal name “Anna Meier” becomes “Anna Meier-Lang”."]
    run = imported(people([row | {"city": "Bonn"}]), kind="individual")
    client.refresh_from_db()
    assert (run.figures["updated"], client.legal_name, client.email, client.city) == (1, "Anna Meier-Lang", "new@m.example", "Bonn")
    assert Contact.objects.values().get() == before


@pytest.mark.parametrize("cells", [{"name": "Anna Meier"}, {"name": "Meier, Anna"}, {"name": "Anna Meier", "last_name": "Lang"}])
def test_neither_a_name_that_identifies_nor_a_last_name_alone_renames_anybody(make_client, cells):
    make_client("Anna Meier", kind="individual", first_name="Anna", last_name="Meier", legal_name="Anna M. Meier")
    assert [row.verdict for row in rows_of(planned(people([cells]), kind="individual"))] == ["unchanged"]


@pytest.mark.parametrize(
    ("cells", "key", "sentence"),
    [
        ({"first_name": "Anna"}, "last_name", "Enter the last name of the person."),
        ({"email": "a@m.example"}, "last_name", "Enter the last name of the person."),
        (
            {"name": "Brauer Antriebe"},
            "name",
            "“Brauer Antriebe” is a corporate client (C-00001). An import of individual clients does not change it; use another name.",
        ),
        (
            {"last_name": "Meier", "company_type": "Partnership"},
            "company_type",
            "“Partnership” is a type of corporate clients. Choose one for individual clients.",
        ),
    ],
)
def test_what_a_person_cannot_be_is_refused_with_a_sentence(brauer, cells, key, sentence):
    CompanyType.objects.create(name="Partnership", fits="corporate")
    (row,) = rows_of(planned(people([cells]), kind="individual"))
    assert row.errors == {key: [sentence]}


@pytest.mark.parametrize("header", ["Company name", "Legal name", "Firma", "Raison sociale"])
def test_a_corporate_file_is_refused_before_its_rows_are_read(headquarters, header):
    """C11: nobody's last name becomes “GmbH”."""
    run = planned(f"Name,{header}\nBrauer,Brauer GmbH\n".encode(), kind="individual")
    assert (run.state, run.rows_read) == ("matching", 0)
    assert run.problems == [
        f"The column “{header}” holds companies, and no column holds the last names of people. "
        "Import the file as corporate clients, or add the columns “First name” and “Last name”."
    ]


def test_the_company_that_somebody_works_for_does_not_hinder(headquarters):
    run = planned(b"First name,Last name,Company\nAnna,Meier,Brauer GmbH\n", kind="individual")
    assert run.counts == {"new": 1}


def test_a_person_of_nearly_the_same_name_is_told(make_client):
    """CD2: without an identifying text nobody is found, but resembled."""
    make_client("Anna Meier", kind="individual", first_name="Anna", last_name="Meier", legal_name="Anna Meier")
    (row,) = rows_of(planned(people([{"first_name": "Anna", "last_name": "Meier"}]), kind="individual"))
    assert "“Anna Meier” (C-00001) has nearly this name." in row.warnings["name"][0]
