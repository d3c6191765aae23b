"""The tab Mailing address of a contact: the client's of now, or its own (X47, X48, J24, decision 5, invariant 16)."""

import pytest

from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from tests.client_forms import errors, sent
from tests.doors import activated, fresh_brakes  # noqa: F401


@pytest.fixture
def julia(make_client) -> Contact:
    client = make_client("Grünwald", street="Lange Straße 5", postal_code="10115", city="Berlin")
    return client.contacts.register(client, first_name="Julia", last_name="Stadler", email="j@gruenwald.example")


def tab(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/address/"


def save(desk, contact: Contact, **changes):
    page = desk.post(f"{tab(contact)}edit/", sent(desk.get(f"{tab(contact)}edit/"), **changes))
    contact.refresh_from_db()
    return page


def main_of(page) -> str:
    return page.text.partition("<main")[2]


OWN = {"use_client_address": None, "street": "Eigene Gasse 1", "postal_code": "14467", "city": "Potsdam"}


def test_the_clients_address_of_the_moment_is_shown_until_there_is_an_own_one(desk, julia):
    """X47, invariant 16."""
    assert "Lange Straße 5" in main_of(desk.get(tab(julia)))
    Client.objects.filter(pk=julia.client_id).update(street="Neue Straße 9")
    assert "Neue Straße 9" in main_of(desk.get(tab(julia)))
    form = main_of(desk.get(f"{tab(julia)}edit/"))
    assert "<dd>Neue Straße 9</dd>" in form


def test_letters_to_the_client_go_to_its_correspondence_address_so_do_those_to_its_people(desk, julia):
    """XD7."""
    client = julia.client
    client.use_billing_address, client.post_street, client.post_city = False, "Postfach 7", "Kiel"
    client.save()
    page = main_of(desk.get(tab(julia)))
    assert "Postfach 7" in page
    assert "Lange Straße" not in page


def test_unticked_the_own_address_holds_whatever_the_clients_becomes(desk, julia):
    """X48, J24."""
    page = save(desk, julia, **OWN)
    assert (page.status_code, page.headers["Location"]) == (303, tab(julia))
    Client.objects.filter(pk=julia.client_id).update(street="Neue Straße 9")
    shown = main_of(desk.get(tab(julia)))
    assert "Eigene Gasse 1" in shown
    assert "14467 Potsdam" in shown
    assert "Neue Straße" not in shown
    bob = julia.client.contacts.register(julia.client, last_name="Noor")
    assert "Neue Straße 9" in main_of(desk.get(tab(bob))), "for that contact only"


def test_ticked_again_the_own_address_sleeps_and_comes_back(desk, julia):
    """Decision 5."""
    save(desk, julia, **OWN)
    save(desk, julia, use_client_address="on")
    shown = main_of(desk.get(tab(julia)))
    assert "Lange Straße 5" in shown
    assert "Eigene Gasse" not in shown
    assert "An own address is kept for later." in shown
    assert julia.street == "Eigene Gasse 1"
    save(desk, julia, use_client_address=None)
    assert "Eigene Gasse 1" in main_of(desk.get(tab(julia)))


def test_a_blank_own_address_begins_as_the_clients(desk, julia):
    fields = sent(desk.get(f"{tab(julia)}edit/"))
    shown = [fields[name] for name in ("street", "postal_code", "city", "country")]
    assert shown == [["Lange Straße 5"], ["10115"], ["Berlin"], ["DE"]]
    save(desk, julia, use_client_address=None, city="Potsdam")
    assert (julia.street, julia.city, julia.use_client_address) == ("Lange Straße 5", "Potsdam", False)


def test_the_clients_address_is_not_copied_while_it_is_used(desk, julia):
    """Else an old copy would stand there after the client moved."""
    page = save(desk, julia, use_client_address="on")
    assert page.status_code == 303
    assert (julia.street, julia.city, julia.country) == ("", "", "")
    Client.objects.filter(pk=julia.client_id).update(street="Neue Straße 9")
    assert sent(desk.get(f"{tab(julia)}edit/"))["street"] == ["Neue Straße 9"]


def test_an_own_address_says_something(desk, julia):
    blank = dict.fromkeys(("street", "street2", "postal_code", "city", "province", "country"), "")
    page = desk.post(f"{tab(julia)}edit/", sent(desk.get(f"{tab(julia)}edit/"), use_client_address=None, **blank))
    assert page.status_code == 422
    assert errors(page) == {"street": ["Enter the address, or tick “Use the client's address”."]}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("street", "x" * 201, "Shorten it to 200"), ("country", "XX", "not offered any more"), ("city", "a\x00", "cannot be stored")],
)
def test_what_is_wrong_is_said(desk, julia, field, value, said):
    page = desk.post(f"{tab(julia)}edit/", sent(desk.get(f"{tab(julia)}edit/"), **OWN | {field: value}))
    assert page.status_code == 422
    assert said in errors(page)[field][0]


def test_the_portal_shows_what_the_tab_shows(desk, julia):
    browser = activated(julia)
    assert "Lange Straße 5" in browser.get("/portal/profile/").text
    save(desk, julia, **OWN)
    assert "Eigene Gasse 1" in browser.get("/portal/profile/").text
    save(desk, julia, use_client_address="on")
    Client.objects.filter(pk=julia.client_id).update(street="Neue Straße 9")
    assert "Neue Straße 9" in browser.get("/portal/profile/").text


def test_readers_look_but_cannot_change(make_staff, as_user, julia):
    reader = as_user(make_staff(Role.READER))
    assert "/edit/" not in main_of(reader.get(tab(julia)))
    assert reader.get(f"{tab(julia)}edit/").status_code == 403
    assert reader.post(f"{tab(julia)}edit/", {"street": "Eigene Gasse 1"}).status_code == 403
