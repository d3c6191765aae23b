"""Undo of what imports of every kind write: contacts, offices, departments, names that were passed on (import.md 2, step 6)."""

import pytest

from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact, CrmAction, Department, Office
from tests.undoing import an_import, everything, looked_at_and_undone, reasons


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER)


def test_contacts_offices_and_departments_go_and_what_pointed_to_them_points_back(brauer, ada, boss):
    before = everything()
    with an_import(boss) as run:
        office = Office.objects.create(client=brauer, name="Werk 2")
        Office.objects.create(client=brauer, name="Werk 2 Nord", parent=office)
        department = Department.objects.create(client=brauer, name="Purchasing", office=office)
        ada.department = department
        ada.save()
        ada.assign_offices([ada.default_office, office], office)
        brauer.contacts.register(brauer, first_name="Ben", last_name="Krämer", department=department, offices=None)
        brauer.contacts.register(brauer, first_name="Cy", last_name="Dahl").make_primary()
    report = looked_at_and_undone(run, boss)
    assert everything() == before
    assert report.kept == 0
    assert report.deleted == {
        **{"contacts.Contact": 2, "contacts.Office": 2, "contacts.Department": 1},
        "contacts.ContactOffice": 3,
    }


def test_what_stays_keeps_what_it_stands_on(brauer, ada, boss):
    with an_import(boss) as run:
        office = Office.objects.create(client=brauer, name="Werk 2")
        department = Department.objects.create(client=brauer, name="Purchasing", office=office)
        ben = brauer.contacts.register(brauer, first_name="Ben", last_name="Krämer", department=department)
        brauer.contacts.register(brauer, first_name="Cy", last_name="Dahl")
    CrmAction.objects.create(client=brauer, contact=ben, kind=CrmAction.Kind.MEMO, subject="Seen")
    report = looked_at_and_undone(run, boss)
    assert set(brauer.contacts.values_list("first_name", flat=True)) == {"Ada", "Ben"}
    assert (brauer.offices.count(), brauer.departments.count()) == (2, 1)
    assert set(reasons(report, run, boss)) == {("Ben Krämer", ""), ("Purchasing", ""), ("Werk 2", ""), ("Ben Krämer", "")}


def test_a_primary_contact_stays_while_others_need_one(brauer, boss):
    with an_import(boss) as run:
        brauer.contacts.register(brauer, first_name="Ben", last_name="Krämer")
    brauer.contacts.register(brauer, first_name="Cy", last_name="Dahl")
    report = looked_at_and_undone(run, boss)
    assert brauer.contacts.count() == 2
    assert "Make one of them the primary contact first." in next(iter(reasons(report, run, boss).values()))


def test_an_individual_goes_with_its_contact_and_stays_with_it(make_client, boss):
    kept = make_client("Kept", kind="individual", first_name="Kay", last_name="Ept")
    with an_import(boss) as run:
        for name in ("Anna", "Bela"):
            make_client(name, kind="individual", first_name=name, last_name="Holm")
    Client.objects.get(name="Bela").deactivate()
    looked_at_and_undone(run, boss)
    assert set(Client.objects.values_list("name", flat=True)) == {"Kept", "Bela"}
    assert set(Contact.objects.values_list("first_name", flat=True)) == {"Kay", "Bela"}
    assert kept.contacts.count() == 1


def test_names_that_were_passed_on_go_back_all_the_way(make_client, boss):
    first, second = make_client("One", external_id="1"), make_client("Two", external_id="2")
    before = everything()
    with an_import(boss) as run:
        for client, name, external_id in ((first, "Three", "3"), (second, "One", "1")):
            client.name, client.external_id = name, external_id
            client.save()
        make_client("Two", external_id="2")
    report = looked_at_and_undone(run, boss)
    assert everything() == before
    assert (report.kept, report.restored, report.values) == (0, 2, 4)


def test_a_name_that_somebody_holds_by_now_stops_the_whole_row_of_names(make_client, boss):
    first, second = make_client("One"), make_client("Two")
    with an_import(boss) as run:
        for client, name in ((first, "Three"), (second, "One")):
            client.name = name
            client.save()
    make_client("Two")
    report = looked_at_and_undone(run, boss)
    assert set(Client.objects.values_list("name", flat=True)) == {"Three", "One", "Two"}
    assert (report.restored, report.kept) == (0, 2)
    assert reasons(report, run, boss) == {
        ("One", "Name"): "“Two” has the value of before by now.",
        ("Three", "Name"): "“One” has the value of before by now.",
    }


def test_offices_that_the_import_took_away_from_a_contact_are_given_back(brauer, ada, boss):
    office = Office.objects.create(client=brauer, name="Werk 2")
    ada.assign_offices([ada.default_office, office], ada.default_office)
    before = everything()
    with an_import(boss) as run:
        ada.assign_offices([ada.default_office], ada.default_office)
    looked_at_and_undone(run, boss)
    assert everything() == before
