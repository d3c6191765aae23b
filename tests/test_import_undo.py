"""Undo of an import as one unit: what it created goes, overwritten values come back, what people changed since stays (import.md 2)."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from clientdesk.models import Change, LegalHold
from clientdesk.rights import Role
from clients.models import Client, Company
from contacts.models import CrmAction, Department, Office
from intake import undoing
from intake.models import ImportRun
from tests.importing import csv_bytes, imported, work_off, world

NEW = [{"name": f"Fernleitung {number}", "legal_name": f"Fernleitung {number} AG", "city": "Bern", "country": "CH"} for number in range(3)]
CHANGED = {"name": "Brauer Antriebe", "legal_name": "Brauer Antriebe AG", "city": "Ulm", "email": "neu@brauer.example"}


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER)


def undone(run: ImportRun, by) -> undoing.Report:
    """Undo `run` as the worker does and return what was done."""
    assert undoing.start(run.pk, by) == ""
    work_off()
    run.refresh_from_db()
    assert run.undone_at, run.undo.error
    return undoing.Report.read(run.undo_report[undoing.KIND])


def records(found: dict) -> dict:
    """Return the records of a world without its history and without what each save counts up."""
    return {
        name: [{key: value for key, value in one.items() if key != "version"} for one in some]
        for name, some in found.items()
        if name != "changes"
    }


def test_an_undone_import_leaves_the_world_as_it_was(brauer, boss):
    before = records(world())
    run = imported(csv_bytes([*NEW, CHANGED]), by=boss)
    assert Client.objects.count() == 4
    shown = undoing.look(run, boss)
    report = undone(run, boss)
    assert records(world()) == before
    assert report == shown
    assert (report.deleted["clients.Client"], report.restored, report.values, report.kept) == (3, 1, 3, 0)


def test_an_import_that_is_undone_twice_says_so_and_changes_nothing_the_second_time(brauer, boss):
    run = imported(csv_bytes([*NEW, CHANGED]), by=boss)
    undone(run, boss)
    after, entries = world(), Change.objects.count()
    assert "There is nothing left to undo." in undoing.start(run.pk, boss)
    work_off()
    assert (world(), Change.objects.count()) == (after, entries)


def later(client: Client, act: str, boss) -> None:
    """Do to a client, after its import, what people do."""
    match act:
        case "edited":
            client.notes = "Called on Monday."
            client.save()
        case "a contact":
            client.contacts.register(client, last_name="Krämer")
        case "an action":
            CrmAction.objects.create(client=client, kind=CrmAction.Kind.MEMO, subject="Seen")
        case "an office":
            Office.objects.create(client=client, name="Werk 2")
        case "a department":
            Department.objects.create(client=client, name="Purchasing")
        case "a responsible":
            client.responsibles.create(user=boss)
        case "a hold":
            LegalHold.objects.create(content_type=ContentType.objects.get_for_model(Client), object_id=client.pk, reason="A case")
        case "its company":
            client.company.registration_number = "HRB 1"
            client.company.save()
        case "its headquarters":
            office = client.offices.get()
            office.email = "office@fern.example"
            office.save()
        case "edited and edited back":
            client.notes = "Called."
            client.save()
            client.notes = ""
            client.save()


@pytest.mark.parametrize(
    ("act", "why"),
    [
        ("edited", "changed it on"),
        ("a contact", "Something else needs it by now: contacts."),
        ("an action", "Something else needs it by now: CRM actions."),
        ("an office", "Something else needs it by now: offices."),
        ("a department", "Something else needs it by now: departments."),
        ("a responsible", "Something else needs it by now"),
        ("a hold", "A legal hold keeps it."),
        ("its company", "Something else needs it by now: companies."),
        ("its headquarters", "Something else needs it by now: offices."),
        ("edited and edited back", ""),
    ],
)
def test_a_created_client_that_somebody_needs_stays_whole_and_is_listed(act, why, headquarters, boss):
    run = imported(csv_bytes(NEW), by=boss)
    client = Client.objects.get(name="Fernleitung 1")
    later(client, act, boss)
    shown = undoing.look(run, boss)
    report = undone(run, boss)
    assert report == shown
    listed = [(kept.name, kept.reason) for kept in undoing.shown(report, run.work_id, boss) if kept.kind == "Client"]
    if not why:
        assert not Client.objects.exists()
        assert not listed
        return
    assert list(Client.objects.values_list("name", flat=True)) == ["Fernleitung 1"]
    [(name, reason)] = listed
    assert name == "Fernleitung 1"
    assert why in reason
    assert client.offices.filter(is_headquarters=True).count() == 1
    assert Company.objects.get().client_id == client.pk
    assert report.deleted["clients.Client"] == 2


def test_a_field_edited_later_is_kept_and_listed_with_who_and_when(brauer, boss, make_staff):
    run = imported(csv_bytes([CHANGED]), by=boss)
    ada = make_staff(Role.DESK, first_name="Ada", last_name="Berg")
    client = Client.objects.get()
    client.city = "Jena"
    client.save()
    Change.objects.latest("id")
    with transaction.atomic():
        transaction.set_rollback(True)
    report = undone(run, boss)
    client.refresh_from_db()
    assert (client.city, client.legal_name, client.email) == ("Jena", "Brauer Antriebe GmbH", "info@brauer.example")
    assert client.company.registered_name == "Brauer Antriebe GmbH"
    [kept] = undoing.shown(report, run.work_id, boss)
    assert (kept.name, kept.fields) == ("Brauer Antriebe", "City")
    assert "changed it on" in kept.reason
    assert ada
