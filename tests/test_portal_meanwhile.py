"""What a contact who is signed in to the portal meets while staff merge or erase its client (trial E06): an answer, never an error."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clientdesk.models import Merge
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from tests.doors import PASSWORD, activated, choose, fresh_brakes, invited, is_in, sign_in  # noqa: F401 - a fixture
from tests.test_merge import loser, merge, winner  # noqa: F401 - fixtures


@pytest.fixture
def administrator(make_staff, as_user):
    return as_user(make_staff(Role.ADMINISTRATOR))


@pytest.fixture
def ida(make_client) -> Contact:
    """The one person of an individual client."""
    client = make_client("Ida Roth", kind="individual", first_name="Ida", last_name="Roth", email="ida@roth.example")
    contact = client.contacts.get()
    contact.email = "ida@roth.example"
    contact.save()
    return contact


def erase(browser, record: Client | Contact, **typed: str):
    name = "clients:erase" if isinstance(record, Client) else "contacts:erase"
    answer = browser.post(reverse(name, args=[record.pk]), typed)
    assert answer.status_code == 303
    return answer


def asked(browser) -> list[int]:
    """Ask every page of the portal and its front door; return the answers' codes."""
    home = reverse("portal:home")
    return [browser.get(home).status_code, browser.post(home, {"x": "y"}).status_code, browser.get("/").status_code]


def test_contacts_of_both_clients_stay_signed_in_over_a_merge_and_its_undo(manager, winner, loser, ada):  # noqa: F811
    bea = Contact.objects.get(last_name="Brauer")
    browsers = {ada: activated(ada), bea: activated(bea)}
    merge(manager, winner, loser)
    for browser in browsers.values():
        assert max(asked(browser)) < 500
        assert is_in(browser)
        assert winner.legal_name in browser.get("/portal/").text
    assert manager.post(f"/clients/merges/{Merge.objects.get().pk}/undo/").status_code == 303
    assert max(asked(browsers[bea])) < 500
    assert loser.legal_name in browsers[bea].get("/portal/").text
    assert winner.legal_name in browsers[ada].get("/portal/").text


def test_of_two_individuals_that_become_one_the_person_who_went_is_signed_out(manager, ida, make_client):
    other = make_client("Ida Rot", kind="individual", first_name="Ida", last_name="Rot", email="rot@roth.example").contacts.get()
    other.email = "rot@roth.example"
    other.save()
    staying, going = activated(ida), activated(other)
    assert merge(manager, ida.client, other.client, primary="winner").status_code == 303
    assert is_in(staying)
    answer = going.get("/portal/", follow=True)
    assert answer.status_code == 200
    assert "because your access was closed" in answer.text
    assert not is_in(going)


def test_an_erased_individual_is_signed_out_with_a_sentence(administrator, ida):
    browser = activated(ida)
    erase(administrator, ida.client, typed=ida.client.number)
    answer = browser.get("/portal/", follow=True)
    assert answer.status_code == 200
    assert "Roth" not in answer.text
    assert max(asked(browser)) < 500
    assert not is_in(browser)
    assert sign_in("ida@roth.example", PASSWORD).status_code < 500


def test_an_erased_contact_is_signed_out_and_its_colleague_stays(administrator, brauer, ada):
    bea = brauer.contacts.register(brauer, first_name="Bea", last_name="Brauer", email="bea@brauer.example")
    gone, stays = activated(bea), activated(ada)
    erase(administrator, bea, typed="Brauer")
    assert max(asked(gone)) < 500
    assert not is_in(gone)
    assert is_in(stays)


def test_a_link_sent_before_the_erasure_leads_to_a_page_that_says_so(administrator, ida, client):
    path = invited(ida)
    erase(administrator, ida.client, typed=ida.client.number)
    answer = client.get(path, follow=True)
    assert answer.status_code < 500
    assert "Roth" not in answer.text


def test_a_link_sent_before_the_merge_still_opens_the_portal_of_the_client_that_stayed(manager, winner, loser):  # noqa: F811
    bea = Contact.objects.get(last_name="Brauer")
    path = invited(bea)
    merge(manager, winner, loser)
    manager_sees = manager.get(f"/contacts/{bea.pk}/")
    assert manager_sees.status_code == 200
    browser = Browser()
    assert choose(path, PASSWORD, browser).status_code < 400
    assert winner.legal_name in browser.get("/portal/").text
