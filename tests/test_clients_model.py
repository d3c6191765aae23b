"""The laws of a client that hold wherever it is made (X7, X16, invariants 1 to 5)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clients.models import Client
from clients.names import proposed_name, validate_name
from contacts.models import Contact, Office
from intake.demo.sketches import Sketch
from intake.demo.storing import store


@pytest.mark.parametrize(
    "name", ["Acme & Sons", "A/B", "Acme!", "-Acme", ".x", "Acme\u202e", "a\x00b", "Acme@home", "²", "²Acme", "½ Acme"]
)
def test_a_name_with_special_characters_is_refused(name):
    with pytest.raises(ValidationError):
        validate_name(name)


@pytest.mark.parametrize("sign", ["\u3164", "\u115f", "\u1160", "\uffa0", "\u034f", "\ufe0f", "\U000e0100"])
def test_a_name_of_letters_that_nobody_sees_is_refused_and_the_letter_named(sign):
    for name in (sign, f"Acme{sign}"):
        with pytest.raises(ValidationError, match=rf"U\+{ord(sign):04X}"):
            validate_name(name)
    assert proposed_name(f"{sign}Acme{sign}") == "Acme"


@pytest.mark.parametrize(
    "name", ["60 m²", "Ⅳ Legio", "Müller 24", "Acme_2.0-x", "株式会社", "ООО Ромашка", "शर्मा", "شركة النور", "4711", "É"]
)
def test_a_name_of_letters_and_digits_is_accepted(name):
    validate_name(name)


@pytest.mark.parametrize("again", ["brauer antriebe", "  Brauer   Antriebe ", "Ｂrauer Antriebe", "BRAUER\u00a0ANTRIEBE"])
def test_a_duplicate_name_by_case_spaces_or_unicode_form_names_the_existing_client(brauer, make_client, again):
    with pytest.raises(ValidationError, match=brauer.number):
        make_client(again)


def test_the_database_itself_refuses_a_second_client_of_the_same_name(brauer):
    other = Client(name="BRAUER Antriebe", legal_name="x", branch=brauer.branch, number="C-9")
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


def test_registering_a_taken_name_without_a_check_gives_a_sentence(brauer):
    with pytest.raises(ValidationError, match="exists already"):
        Client(name="BRAUER Antriebe", legal_name="x", branch=brauer.branch).register(None)
    assert Client.objects.count() == 1


def test_two_clients_may_share_a_legal_name_that_holds_anything(make_client):
    legal = 'Acme & Sons "GmbH" <b>'
    make_client("Acme One", legal_name=legal)
    assert make_client("Acme Two", legal_name=legal).legal_name == legal


def test_an_individual_gets_its_contact_from_its_own_data(make_client):
    client = make_client(
        "Elena Kovacs", kind="individual", first_name="Elena", last_name="Kovács", email="Elena@Home.EXAMPLE", country="HU"
    )
    contact = client.contacts.get()
    assert (contact.full_name, contact.email, contact.country, contact.is_primary) == ("Elena Kovács", "Elena@home.example", "HU", True)
    assert contact.default_office == client.offices.get() == contact.offices.get()


def test_a_failure_of_the_contact_leaves_no_client(make_client, monkeypatch):
    monkeypatch.setattr(Contact, "save", lambda self, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_client("Elena Kovacs", kind="individual", last_name="Kovács")
    assert not Client.objects.exists()


def test_the_first_contact_is_primary_and_a_swap_leaves_exactly_one(brauer, ada):
    bob = brauer.contacts.register(brauer, first_name="Bob", last_name="Noor")
    assert (ada.is_primary, bob.is_primary) == (True, False)
    bob.make_primary()
    assert list(brauer.contacts.filter(is_primary=True)) == [bob]


def test_numbers_are_given_once_and_in_order(make_client):
    assert [make_client(name).number for name in ("A", "B")] == ["C-00001", "C-00002"]


@pytest.mark.parametrize(
    ("legal", "name"), [("Acme & Sons (UK)", "Acme Sons UK"), ("«Ромашка»", "Ромашка"), ("&&&", ""), ("O'Neil", "O Neil")]
)
def test_a_name_is_proposed_from_a_legal_name(legal, name):
    assert proposed_name(legal) == name


def test_whoever_stores_clients_asks_the_same_place_for_number_and_headquarters(headquarters, monkeypatch):
    monkeypatch.setattr("clients.numbers.client_number", lambda place: f"N{place}")
    monkeypatch.setattr("intake.demo.storing.client_number", lambda place: f"N{place}")
    monkeypatch.setattr(Office, "headquarters_name", staticmethod(lambda: "Zentrale"))
    Client(name="One", legal_name="One", branch=headquarters).register(None)
    store([Sketch("Two", "Two")], None)
    assert set(Client.objects.values_list("number", "offices__name")) == {("N1", "Zentrale"), ("N2", "Zentrale")}


def test_an_office_keeps_its_name_tidy_even_when_only_the_name_is_saved(brauer):
    office = brauer.offices.get()
    office.name = "  Haupt   Haus "
    office.save(update_fields=["name"])
    office.refresh_from_db()
    assert (office.name, office.name_key) == ("Haupt Haus", "haupt haus")
