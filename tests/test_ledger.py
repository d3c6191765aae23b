"""What one act did to many records is taken back as a whole, and what somebody touched since stays (the ledger of merges)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientdesk import history
from clientdesk.ledger import Ledger, LeftBehind, take_back
from clientdesk.models import Change
from clients.models import Client, Company
from contacts.models import Contact, Office


def row(record) -> dict:
    """Return what is stored of `record`, without what counts or stamps changes."""
    found = type(record)._base_manager.filter(pk=record.pk).values().first() or {}
    return {name: value for name, value in found.items() if name not in ("version", "updated_at")}


def back(ledger: Ledger) -> list[tuple[str, str, str]]:
    """Take the steps back as they come out of the database: as JSON."""
    import json

    return [(kept.record, kept.label, kept.why) for kept in take_back(json.loads(json.dumps(ledger.steps)))]


def test_a_change_is_saved_with_history_and_taken_back(brauer):
    before, ledger = row(brauer), Ledger()
    ledger.change(brauer, city="Bonn", status=Client.Status.POTENTIAL, phone="+49305550142", more_emails=[{"address": "a@b.example"}])
    assert Client.objects.get().city == "Bonn"
    last = history.changes_of(brauer).first()
    assert last.changes["city"] == ["", "Bonn"]
    assert back(ledger) == []
    assert row(brauer) == before
    assert history.changes_of(brauer).first().changes["status"] == ["potential", "active"]


def test_a_change_to_what_is_there_is_no_step(brauer):
    ledger, version = Ledger(), brauer.version
    ledger.change(brauer, city="", name="Brauer Antriebe")
    assert ledger.steps == []
    assert Client.objects.get().version == version


def test_what_was_edited_since_stays_and_is_named(brauer):
    ledger = Ledger()
    ledger.change(brauer, city="Bonn", notes="Ours")
    Client.objects.update(notes="Theirs")
    assert back(ledger) == [("Brauer Antriebe", "Notes", "It was changed since.")]
    brauer.refresh_from_db()
    assert (brauer.city, brauer.notes) == ("", "Theirs")


def test_what_was_put_back_by_hand_is_not_complained_about(brauer):
    ledger = Ledger()
    ledger.change(brauer, city="Bonn")
    Client.objects.update(city="")
    assert back(ledger) == []


def test_a_deleted_record_comes_back_with_its_key_and_its_age(ada):
    office = Office.objects.create(client=ada.client, name="Store", email="store@brauer.example", phone="+49305550142")
    Office.objects.filter(pk=office.pk).update(created_at="2020-01-01T10:00:00Z")
    before, ledger = row(office), Ledger()
    ledger.delete(Office.objects.get(pk=office.pk))
    assert not Office.objects.filter(pk=office.pk).exists()
    assert back(ledger) == []
    assert row(office) == before


def test_a_record_on_which_others_hang_is_not_deleted(ada):
    """A cascade would take contacts along unseen."""
    for record in (ada.client, ada.default_office, ada):
        with pytest.raises(LeftBehind):
            Ledger().delete(record)
    assert Client.objects.count() == 1
    assert Contact.objects.count() == 1


def test_a_record_that_would_lose_its_link_counts_as_hanging_on(brauer):
    Office.objects.all().delete()
    with pytest.raises(LeftBehind, match="Company"):
        Ledger().delete(brauer)
    Company.objects.update(client=None)
    Ledger().delete(brauer)


def test_a_created_record_goes_again_unless_it_was_changed(brauer):
    ledger = Ledger()
    office = Office(client=brauer, name="Store")
    ledger.create(office)
    other = Office(client=brauer, name="Works")
    ledger.create(other)
    Office.objects.filter(pk=other.pk).update(email="works@brauer.example")
    assert back(ledger) == [("Works", "E-mail", "It was changed since.")]
    assert sorted(Office.objects.values_list("name", flat=True)) == ["Headquarters", "Works"]


@pytest.fixture
def moved(ada, make_client):
    """Forty contacts of one client that moved to another: ledger, former and new client."""
    former, new = ada.client, make_client("Nordwind", email="info@nordwind.example")
    for n in range(39):
        former.contacts.register(former, last_name=f"Person {n}")
    ledger = Ledger()
    assert ledger.move(former.contacts.filter(is_primary=False), client=new) == 39
    return ledger, former, new


def test_many_rows_move_with_history_and_version(moved):
    _ledger, former, new = moved
    assert (former.contacts.count(), new.contacts.count()) == (1, 39)
    contact = new.contacts.first()
    assert contact.version == 2
    assert history.changes_of(contact).first().changes == {"client": [former.pk, new.pk]}


def test_many_rows_come_back_and_those_that_went_elsewhere_stay(moved, make_client):
    ledger, former, new = moved
    third = make_client("Third", email="info@third.example")
    one, two = new.contacts.order_by("pk")[:2]
    Contact.objects.filter(pk=one.pk).update(client=third)
    two.contact_offices.all().delete()
    two.delete()
    stayed = back(ledger)
    assert ("Person 0", "Client", "It was changed since.") in stayed
    assert ("Contact", "", "It was deleted since.") in stayed
    assert (former.contacts.count(), third.contacts.count(), new.contacts.count()) == (38, 1, 0)


def test_a_move_asks_as_often_for_forty_rows_as_for_one(moved, brauer):
    _ledger, former, new = moved
    with CaptureQueriesContext(connection) as many:
        Ledger().move(new.contacts.all(), client=former)
    with CaptureQueriesContext(connection) as one:
        Ledger().move(former.contacts.filter(is_primary=True), client=new)
    assert len(many) == len(one)


def test_a_place_that_is_taken_meanwhile_is_named_and_the_rest_comes_back(ada):
    store = Office.objects.create(client=ada.client, name="Store")
    ledger = Ledger()
    ledger.change(ada, notes="Ours")
    ledger.delete(store)
    Office.objects.create(client=ada.client, name="store")
    assert back(ledger) == [("Office Store", "", "Something else has its place now.")]
    ada.refresh_from_db()
    assert ada.notes == ""


def test_steps_are_taken_back_from_the_last_to_the_first(brauer):
    ledger = Ledger()
    ledger.change(brauer, city="Bonn")
    ledger.change(brauer, city="Köln")
    office = Office(client=brauer, name="Store")
    ledger.create(office)
    ledger.change(office, name="Lager")
    assert back(ledger) == []
    brauer.refresh_from_db()
    assert brauer.city == ""
    assert Office.objects.count() == 1
    assert Change.objects.filter(action=Change.Action.DELETE).count() == 1
