"""Undo of an import as one unit: what it created goes, overwritten values come back, what people changed since stays (import.md 2)."""

import json

import pytest
import time_machine
from auditlog.context import set_actor
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from clientdesk.models import Change, LegalHold
from clientdesk.personal.erasing import erase
from clientdesk.personal.subject import person
from clientdesk.rights import Role
from clients.merging import MERGER
from clients.models import Category, Client, Company, DuplicatePair
from contacts.models import CrmAction, Department, Office
from intake import undoing
from tests.importing import csv_bytes, imported, work_off, world
from tests.undoing import looked_at_and_undone, reasons, records, undone

NEW = [{"name": f"Fernleitung {number}", "legal_name": f"Fernleitung {number} AG", "city": "Bern", "country": "CH"} for number in range(3)]
CHANGED = {"name": "Brauer Antriebe", "legal_name": "Brauer Antriebe AG", "city": "Ulm", "email": "neu@brauer.example"}


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER)


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
    client = Client.objects.get()
    with set_actor(make_staff(Role.DESK, first_name="Ada", last_name="Berg")), time_machine.travel("2026-12-01T10:05:00Z", tick=False):
        client.city = "Jena"
        client.save()
    report = undone(run, boss)
    client.refresh_from_db()
    assert (client.city, client.legal_name, client.email) == ("Jena", "Brauer Antriebe GmbH", "info@brauer.example")
    assert client.company.registered_name == "Brauer Antriebe GmbH"
    assert reasons(report, run, boss) == {("Brauer Antriebe", "City"): "Ada Berg changed it on 1 December 2026, 11:05."}


def test_names_of_before_are_former_names_again_and_those_of_the_import_are_none(brauer, boss):
    brauer.legal_name = "Brauer Antriebe AG"
    brauer.save()
    before = Client.objects.get().former_names
    run = imported(csv_bytes([{"name": "Brauer Antriebe", "legal_name": "Brauer Antriebe GmbH"}]), by=boss)
    assert Client.objects.get().former_names != before
    undone(run, boss)
    assert (Client.objects.get().former_names, Client.objects.get().legal_name) == (before, "Brauer Antriebe AG")


def told(entry: Change) -> tuple:
    """Return what an entry of the history says of the record."""
    return entry.changes, entry.object_repr, entry.object_pk, entry.of_type, entry.of_id, entry.additional_data, entry.serialized_data


def test_the_undo_has_a_history_of_its_own(brauer, boss):
    run = imported(csv_bytes([NEW[0], CHANGED]), by=boss)
    made, office = Client.objects.get(name="Fernleitung 0").pk, Office.objects.get(client__name="Fernleitung 0").pk
    with transaction.atomic():
        Office.objects.get(pk=office).delete()
        expected = told(Change.objects.latest("id"))
        transaction.set_rollback(True)
    undone(run, boss)
    entries = Change.objects.filter(run=run.undo).exclude(content_type__model="company")
    assert {(entry.content_type.model, entry.action, entry.actor) for entry in entries} == {
        ("client", Change.Action.DELETE, boss),
        ("office", Change.Action.DELETE, boss),
        ("client", Change.Action.UPDATE, boss),
    }
    gone = entries.get(object_id=made, action=Change.Action.DELETE, content_type__model="client")
    assert gone.changes["name"] == ["Fernleitung 0", None]
    assert told(entries.get(object_id=office, action=Change.Action.DELETE, content_type__model="office")) == expected
    back = entries.get(object_id=brauer.pk, content_type__model="client")
    assert back.changes["city"] == ["Ulm", ""]
    assert back.additional_data["took_back"]


# --- what cannot come back --------------------------------------------------------------------------
def test_what_is_taken_or_gone_meanwhile_is_kept_and_listed_with_the_sentence(make_client, boss):
    category = Category.objects.create(name="Machines")
    client = make_client(external_id="S-1", category=category)
    other = Category.objects.create(name="Optics")
    cells = {"name": client.name, "legal_name": client.legal_name, "external_id": "S-2", "category": "Optics", "city": "Ulm"}
    run = imported(csv_bytes([cells], keys=tuple(cells)), by=boss)
    make_client("Castell Optik", external_id="S-1")
    category.delete()
    report = looked_at_and_undone(run, boss)
    client.refresh_from_db()
    assert (client.external_id, client.category, client.city) == ("S-2", other, "")
    assert reasons(report, run, boss) == {
        ("Brauer Antriebe", "External ID"): "“Castell Optik” has the value of before by now.",
        ("Brauer Antriebe", "Category"): "What it was before is in the settings no more.",
    }


def test_personal_data_that_were_erased_stay_erased(brauer, boss, make_staff):
    run = imported(csv_bytes([NEW[0], CHANGED]), by=boss)
    for client in Client.objects.all():
        erase(person(client, f"Erased {client.pk}"), make_staff(Role.ADMINISTRATOR, f"{client.pk}@desk.example"))
    before = records(world())
    report = looked_at_and_undone(run, boss)
    assert records(world()) == before

    assert (report.kept, report.is_empty) == (2, True)
    assert set(reasons(report, run, boss).values()) == {"Its personal data were erased, and stay so."}


def test_a_client_that_was_merged_away_is_listed_and_nothing_of_it_comes_back(brauer, boss):
    run = imported(csv_bytes([NEW[0]]), by=boss)
    made = Client.objects.get(name="Fernleitung 0")
    MERGER.merge(brauer.pk, made.pk, boss, {}, {one.pk: str(one.version) for one in (brauer, made)})
    before = records(world())
    report = looked_at_and_undone(run, boss)
    assert records(world()) == before
    found = reasons(report, run, boss)
    assert found["Fernleitung 0", ""] == "It was deleted or merged since; there is nothing to give back."
    # The headquarters of the one that went is an office of the other one.
    assert [name for name, _fields in found] == ["Fernleitung 0", "Headquarters (Fernleitung 0)"]


def test_suspected_duplicates_keep_nothing(brauer, boss):
    run = imported(csv_bytes([NEW[0]]), by=boss)
    DuplicatePair.objects.create(first=brauer, second=Client.objects.get(name="Fernleitung 0"))
    looked_at_and_undone(run, boss)
    assert list(Client.objects.all()) == [brauer]
    assert not DuplicatePair.objects.exists()


def test_restricted_clients_are_left_alone_counted_and_not_named(brauer, boss, make_staff):
    run = imported(csv_bytes([*NEW, CHANGED]), by=boss)
    keeper = make_staff(Role.DESK)
    Client.objects.filter(name__in=["Fernleitung 1", "Brauer Antriebe"]).update(restricted_to_responsible=True, sales_person=keeper)
    report = looked_at_and_undone(run, boss)
    assert (report.hidden, report.kept, report.deleted["clients.Client"]) == (2, 0, 2)
    assert set(Client.objects.values_list("name", "city")) == {("Fernleitung 1", "Bern"), ("Brauer Antriebe", "Ulm")}
    assert reasons(report, run, boss) == {}


def test_what_stays_of_a_client_that_was_restricted_later_is_not_named_to_others(headquarters, boss, make_staff):
    run = imported(csv_bytes([NEW[1]]), by=boss)
    later(Client.objects.get(), "edited", boss)
    report = undone(run, boss)
    assert len(reasons(report, run, boss)) == 1
    Client.objects.update(restricted_to_responsible=True, sales_person=make_staff(Role.DESK))
    assert reasons(report, run, boss) == {}


# --- more than one import ---------------------------------------------------------------------------
@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["the first one first", "the last one first"])
def test_two_imports_that_touch_the_same_clients_are_undone_in_any_order(order, brauer, boss):
    before = records(world())
    runs = [
        imported(csv_bytes([NEW[0], CHANGED]), by=boss),
        imported(
            csv_bytes([NEW[1], {"name": "Brauer Antriebe", "city": "Jena"}, {"name": "Fernleitung 0", "city": "Chur"}]), "b.csv", by=boss
        ),
    ]
    reports = [looked_at_and_undone(runs[place], boss) for place in order]
    found = records(world())
    if order == (1, 0):
        assert found == before
        assert [report.kept for report in reports] == [0, 0]
        return
    # What the second one wrote over stays when the first one goes, and is given back to what the first one wrote.
    assert reports[0].kept == 2
    assert set(Client.objects.values_list("name", "city")) == {("Brauer Antriebe", "Ulm"), ("Fernleitung 0", "Bern")}


def test_a_report_forgets_whom_its_sentences_name(brauer, boss, make_staff):
    run = imported(csv_bytes([NEW[0]]), by=boss)
    undone(run, boss)
    listed = {
        "of": "clients.Client",
        "pk": brauer.pk,
        "fields": [],
        "why": {"word": "refused", "sentence": "Brauer Antriebe has departments."},
    }
    run.undo_report[undoing.KIND]["listed"] = [listed]
    run.save()
    erase(person(brauer, "Erased 1"), make_staff(Role.ADMINISTRATOR))
    run.refresh_from_db()
    assert "Brauer" not in json.dumps(run.undo_report)
