"""Every kind of file is imported and undone again: what was there before is there afterwards, and nothing else."""

import pytest

from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from tests.importing import csv_bytes, imported
from tests.test_import_tree import ROWS, row, sheet
from tests.undoing import everything, looked_at_and_undone

PEOPLE = ("client_name", "first_name", "last_name", "email", "department", "city")


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER)


def test_people_who_came_with_a_file_go_and_who_was_changed_is_as_before(ada, boss):
    client = ada.client.name
    before = everything()
    rows = [
        {"client_name": client, "first_name": ada.first_name, "last_name": ada.last_name, "email": ada.email, "city": "Ulm"},
        {"client_name": client, "last_name": "Neu", "email": "neu@brauer.example", "department": "Purchasing"},
        {"client_name": client, "last_name": "Neuer", "department": "Purchasing"},
    ]
    run = imported(csv_bytes(rows, PEOPLE, kind="contact"), kind="contact", by=boss)
    assert (run.figures["created"], run.figures["updated"], run.figures["failed"]) == (2, 1, 0)
    report = looked_at_and_undone(run, boss)
    assert report.kept == 0
    assert everything() == before


def test_persons_who_are_clients_go_with_their_contact(headquarters, boss):
    rows = [{"first_name": "Mia", "last_name": f"Person {place}", "email": f"m{place}@x.example"} for place in range(3)]
    before = everything()
    run = imported(csv_bytes(rows, ("first_name", "last_name", "email"), kind="individual"), kind="individual", by=boss)
    assert (run.figures["created"], Client.objects.count(), Contact.objects.count()) == (3, 3, 3)
    looked_at_and_undone(run, boss)
    assert everything() == before


def test_a_tree_is_felled_and_what_stood_before_stands(headquarters, boss):
    imported(sheet([row("Zeta", client_legal_name="Zeta AG", last="Zell", email="alt@zeta.example")]), kind="tree", by=boss)
    before = everything()
    run = imported(sheet(ROWS), kind="tree", by=boss)
    assert run.figures["failed"] == 0
    report = looked_at_and_undone(run, boss)
    assert report.kept == 0
    assert everything() == before
