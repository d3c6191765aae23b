"""Contact persons from a spreadsheet: whose they are, whom a row is about, what is refused (import.md, XD2, XD20, XD22)."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientdesk.models import Change, User
from clientdesk.rights import Role
from contacts.models import Contact
from intake import applying
from intake.models import ImportRun
from portal.models import ContactAccess
from tests.importing import csv_bytes, imported, labels_of, planned, rows_of, work_off

KEYS = ("client_number", "client_name", "client_email", "first_name", "last_name", "email", "department", "office", "street", "city")


def sheet(*rows: dict[str, str], keys: tuple[str, ...] = KEYS) -> bytes:
    return csv_bytes(rows, tuple(dict.fromkeys([*keys, *(key for row in rows for key in row)])), kind="contact")


def plan(*rows: dict[str, str], **chosen):
    return rows_of(planned(sheet(*rows), kind="contact", **chosen))


def load(*rows: dict[str, str], **chosen) -> ImportRun:
    return imported(sheet(*rows), kind="contact", **chosen)


def test_a_contact_person_is_saved_with_everything_that_belongs_to_it(brauer):
    plant = brauer.offices.create(name="Leipzig plant")
    row = {
        "client_name": "BRAUER antriebe",
        "first_name": "Ada",
        "last_name": "Krämer",
        "email": "Ada@Brauer.example",
        "phone": "0711 5550121",
        "department": "Purchasing",
        "office": "leipzig PLANT",
        "gender": "Frau",
        "language": "Deutsch",
        "mother_tongues": "de; Polish",
        "no_crm_emails": "ja",
        "street": "Amselweg 3",
        "city": "Ulm",
    }
    assert load(row).figures["created"] == 1
    ada = Contact.objects.get()
    assert (ada.client, ada.full_name, ada.email, str(ada.phone)) == (brauer, "Ada Krämer", "Ada@brauer.example", "+497115550121")
    assert (ada.department.name, ada.default_office, list(ada.offices.all())) == ("Purchasing", plant, [plant])
    assert (ada.gender, ada.language, ada.mother_tongues, ada.no_crm_emails) == ("female", "de", ["de", "pl"], True)
    assert (ada.use_client_address, ada.mailing_address.city, ada.is_primary) == (False, "Ulm", True)


def test_the_first_of_several_rows_of_a_client_is_the_primary_contact(brauer, make_client):
    zeta = make_client("Zeta", email="")
    rows = [{"client_name": name, "last_name": f"P{number}"} for number, name in enumerate(["Zeta", "Brauer Antriebe", "Zeta", "Zeta"])]
    assert load(*rows).figures["created"] == 4
    assert {str(contact) for contact in Contact.objects.filter(is_primary=True)} == {"P0", "P1"}
    load({"client_name": "Zeta", "last_name": "P9"})
    assert str(zeta.contacts.get(is_primary=True)) == "P0"


@pytest.mark.parametrize(
    ("link", "key", "sentence"),
    [
        ({}, "client_number", "Give the client’s number, name or e-mail, so that it is known whose contact person this is."),
        ({"client_name": "Brauer"}, "client_name", "“Brauer” leads to no client. Correct it, or import that client first."),
        (
            {"client_name": "Brauer Antriebe GmbH"},
            "client_name",
            "“Brauer Antriebe GmbH” leads to no client. Is “Brauer Antriebe” (C-00001) meant?",
        ),
        (
            {"client_email": "both@twin.example"},
            "client_email",
            "“both@twin.example” leads to 2 clients: “Twin One” (C-00002) and “Twin Two” (C-00003). Give the client number.",
        ),
        (
            {"client_number": "C-00001", "client_name": "Twin One"},
            "client_name",
            "“C-00001” leads to “Brauer Antriebe” (C-00001), but “Twin One” to “Twin One” (C-00002). Correct one of them.",
        ),
        (
            {"client_name": "Secret"},
            "client_name",
            "This leads to a client that you may not see. Leave the row out, or ask who is responsible for that client.",
        ),
        ({"client_name": "Cher"}, "", "Cher is an individual, who has no other contact persons."),
        (
            {"client_name": "Brauer Antriebe", "office": "Plant"},
            "office",
            "“Plant” is none of the client’s offices in use. Use one of: Headquarters.",
        ),
        (
            {"client_name": "Brauer Antriebe", "department": "sales"},
            "department",
            "“Sales” is a deactivated department of this client. Restore it, or choose another name.",
        ),
    ],
)  # fmt: skip
def test_a_row_that_leads_to_no_place_of_its_own_is_refused_with_a_sentence(brauer, make_client, make_staff, link, key, sentence):
    for name in ("Twin One", "Twin Two"):
        make_client(name, email="Both@twin.example")
    make_client("Secret", restricted_to_responsible=True, project_manager=make_staff(Role.DESK))
    make_client("Cher", kind="individual", last_name="Cher")
    brauer.departments.create(name="Sales", active=False)
    (row,) = plan({"last_name": "Neu"} | link)
    assert (row.verdict, row.errors) == ("error", {key: [sentence]})


def test_an_ambiguous_e_mail_of_clients_is_settled_by_a_second_cell(make_client):
    make_client("Twin One", email="both@twin.example")
    second = make_client("Twin Two", email="both@twin.example")
    load({"client_email": "both@twin.example", "client_name": "Twin Two", "last_name": "Neu"})
    assert Contact.objects.get().client == second


def test_a_person_is_found_by_e_mail_at_its_client_only(ada, make_client):
    other = make_client("Zeta", email="")
    other.contacts.register(other, last_name="Same", email="ada@brauer.example")
    found, added = plan(
        {"client_name": "Brauer Antriebe", "last_name": "Krämer-Lang", "email": "ADA@brauer.example"},
        {"client_name": "Zeta", "last_name": "Neu", "email": "neu@zeta.example"},
    )
    assert (found.verdict, found.target_id, found.changes["last_name"]) == ("changed", ada.pk, ["Krämer", "Krämer-Lang"])
    assert added.verdict == "new"
    (both,) = plan({"last_name": "Krämer", "email": "ada@brauer.example"})
    assert "“ada@brauer.example” leads to 2 contact persons: “Ada Krämer” (Brauer Antriebe) and “Same” (Zeta)." in both.errors["email"][0]


def test_two_rows_about_one_person_are_errors_at_both(brauer):
    row = {"client_name": "Brauer Antriebe", "last_name": "Neu", "email": "neu@brauer.example"}
    found = plan(row, row | {"email": "NEU@brauer.example", "last_name": "Other"}, row | {"email": ""})
    assert [one.verdict for one in found] == ["error", "error", "new"]
    assert found[0].errors["email"] == ["Rows 2 and 3 both have “neu@brauer.example”. Keep one of them."]


def test_a_name_identifies_among_the_people_of_one_client(ada, make_client):
    make_client("Zeta", email="")
    people = [{"client_name": name, "first_name": "ada", "last_name": "KRÄMER"} for name in ("Brauer Antriebe", "Zeta")]
    found, added = plan(*people, key="name", is_matched=True)
    assert (found.target_id, found.verdict, added.verdict) == (ada.pk, "changed", "new")


def test_an_external_id_of_another_clients_person_moves_nobody(ada, make_client):
    make_client("Zeta", email="")
    Contact.objects.update(external_id="E1")
    (row,) = plan({"client_name": "Zeta", "last_name": "Krämer", "external_id": "E1"}, key="external_id", is_matched=True)
    assert row.errors["external_id"] == [
        "“Ada Krämer” is a contact person of “Brauer Antriebe” (C-00001), not of “Zeta” (C-00002). An import moves nobody; correct the row."
    ]


def test_the_address_of_who_signs_in_stays(ada):
    """XD37: with the sentence of the form."""
    user = User.objects.invite("ada@brauer.example")
    user.set_password("a long and quiet passphrase")
    user.save()
    ContactAccess.objects.create(contact=ada, user=user, allowed=True)
    Contact.objects.update(external_id="E1")
    row = {"external_id": "E1", "last_name": "Krämer", "email": "new@brauer.example"}
    (found,) = plan(row, key="external_id", is_matched=True)
    assert found.errors == {"email": ["Ada Krämer signs in to the portal with this address, so it is not changed here."]}


def test_an_address_of_ones_own_takes_the_place_of_the_clients_and_clearing_it_gives_it_back(ada):
    row = {"client_name": "Brauer Antriebe", "last_name": "Krämer", "email": "ada@brauer.example"}
    (found,) = rows_of(load(row | {"street": "Amselweg 3"}))
    assert found.changes == {"street": ["", "Amselweg 3"], "use_client_address": [True, False]}
    assert "takes its place" in found.warnings["street"][0]
    load(row | {"street": "(clear)"})
    ada.refresh_from_db()
    assert (ada.street, ada.use_client_address) == ("", True)


def test_a_deactivated_match_is_told_and_stays_so(ada):
    ada.deactivate()
    (row,) = plan({"client_name": "Brauer Antriebe", "last_name": "Lang", "email": "ada@brauer.example"})
    assert (row.verdict, row.warnings["email"]) == ("changed", ["“Ada Krämer” is deactivated and stays so."])


def test_equal_new_departments_are_one(brauer):
    rows = [
        {"client_name": "Brauer Antriebe", "last_name": f"P{number}", "department": name} for number, name in enumerate(["Lab", "LAB "])
    ]
    load(*rows)
    assert [str(department) for department in brauer.departments.all()] == ["Lab"]
    assert Change.objects.filter(content_type__model="department").count() == 1


def test_who_was_added_or_changed_after_the_review_is_a_conflict(ada, brauer):
    rows = [
        {"client_name": "Brauer Antriebe", "last_name": "Lang", "email": "ada@brauer.example"},
        {"client_name": "Brauer Antriebe", "last_name": "Neu", "email": "neu@brauer.example"},
    ]
    run = planned(sheet(*rows), kind="contact")
    ada.make_primary()
    ada.first_name = "Adele"
    ada.save()
    brauer.contacts.register(brauer, last_name="Neu", email="neu@brauer.example")
    applying.start(run.pk, None)
    work_off()
    assert [row.outcome for row in rows_of(run)] == ["conflict", "conflict"]
    assert "“Adele Krämer” was changed after the review" in rows_of(run)[0].errors[""][0]
    assert Contact.objects.filter(email="neu@brauer.example").count() == 1


@pytest.mark.parametrize("header", ["First name,Last name", "Vorname,Nachname"])
def test_a_file_that_says_of_nobody_whose_people_it_holds_is_refused(brauer, header):
    run = planned(f"{header}\nAda,Krämer\n".encode(), kind="contact")
    assert run.state == "matching"
    assert "One of the columns “Client number”, “Client name”, “Client e-mail” must be there." in run.problems[0]
    assert planned(f"{header}\nAda,Lang\n".encode(), "b.csv", kind="contact", client=brauer).counts == {"new": 1}


def test_an_import_from_the_page_of_a_client_is_about_that_client(brauer, manager):
    page = manager.get(reverse("intake:upload"), {"kind": "contact", "client": brauer.pk})
    assert "Import contact persons of Brauer Antriebe" in page.text
    assert 'value="corporate"' not in page.text
    file = SimpleUploadedFile("people.csv", b"Last name,E-mail\nNeu,neu@brauer.example\n")
    manager.post(f"{reverse('intake:upload')}?client={brauer.pk}", {"kind": "corporate", "file": file})
    assert list(ImportRun.objects.values_list("kind", "client")) == [("contact", brauer.pk)]


@pytest.mark.parametrize("asked", ["0", "x", "99999", "secret"])
def test_a_client_that_is_unknown_or_hidden_is_ignored_with_a_message(brauer, manager, make_client, make_staff, asked):
    secret = make_client("Secret", restricted_to_responsible=True, project_manager=make_staff(Role.DESK))
    page = manager.get(reverse("intake:upload"), {"client": secret.pk if asked == "secret" else asked}, follow=True)
    assert "That client is gone, or you may not see it." in page.text
    assert "Secret" not in page.text


def test_the_template_for_one_client_asks_for_no_link_and_offers_its_places(brauer, manager):
    brauer.departments.create(name="Purchasing")
    answer = manager.get(reverse("intake:template", args=["contact", "xlsx"]), {"client": brauer.pk})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    heads = [cell.value for cell in book.worksheets[0][1]]
    assert heads == [label for key, label in labels_of("contact").items() if not key.startswith("client_")]
    for name, offered in (("department", "Purchasing"), ("office", "Headquarters")):
        (place,) = book.defined_names[f"list_{name}"].destinations
        assert book[place[0]][place[1].split(":")[0].replace("$", "")].value == offered


def test_what_leads_to_an_import_knows_its_kind(brauer, manager):
    for url, wanted in (
        (reverse("contacts:list"), "?kind=contact"),
        (reverse("contacts:of_client", args=[brauer.pk]), f"?kind=contact&amp;client={brauer.pk}"),
        (reverse("clients:choose"), "?kind=individual"),
        (reverse("clients:choose"), "?kind=corporate"),
    ):
        assert f"{reverse('intake:upload')}{wanted}" in manager.get(url).text
    page = manager.get(reverse("intake:upload"), {"kind": "contact"})
    assert 'value="contact" checked' in page.text


def test_a_plan_tells_nothing_of_people_of_a_hidden_client(brauer, manager, make_client, make_staff):
    secret = make_client("Secret", restricted_to_responsible=True, project_manager=make_staff(Role.DESK))
    secret.contacts.register(secret, first_name="Hid", last_name="Den", email="hid@secret.example")
    run = imported(sheet({"last_name": "Changed", "email": "hid@secret.example"}), kind="contact", by=secret.project_manager)
    assert run.figures["updated"] == 1
    page = manager.get(reverse("intake:result", args=[run.pk])).text
    assert "A client that you may not see" in page
    assert "Changed" not in page


def test_the_queries_of_a_chunk_do_not_grow_with_its_rows(brauer):
    def queries(first: int, count: int) -> int:
        people = range(first, first + count)
        row = {"client_name": "Brauer Antriebe"}
        content = sheet(*(row | {"last_name": f"P{n}", "email": f"p{n}@b.example", "department": f"D{n % 7}"} for n in people))
        with CaptureQueriesContext(connection) as found:
            assert imported(content, kind="contact").figures["created"] == count
        return len(found)

    assert queries(0, 10) >= queries(100, 70)
