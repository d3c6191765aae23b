"""Exactly one primary contact, whoever swaps it and how often (J18, J19, invariant 3; trial V33)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client as Browser

from clientdesk.models import User
from contacts.models import Contact


@pytest.fixture
def bea(ada) -> Contact:
    return ada.client.contacts.register(ada.client, first_name="Bea", last_name="Brauer", email="bea@brauer.example")


def primaries(contact: Contact) -> list[str]:
    return [one.first_name for one in contact.client.contacts.filter(is_primary=True)]


def test_making_one_primary_lets_the_other_step_back_in_one_go(desk, ada, bea):
    page = desk.post(f"/contacts/{bea.pk}/make-primary/", follow=True)
    assert "Bea Brauer is now the primary contact." in page.text
    assert primaries(ada) == ["Bea"]


def test_the_button_stands_on_profile_and_card_of_all_but_the_primary_contact(desk, ada, bea):
    for page, there in ((f"/contacts/{bea.pk}/", True), (f"/contacts/{ada.pk}/", False)):
        assert ("make-primary" in desk.get(page).text) is there
    tab = desk.get(f"/clients/{ada.client_id}/contacts/").text
    assert f'action="/contacts/{bea.pk}/make-primary/"' in tab
    assert f'action="/contacts/{ada.pk}/make-primary/"' not in tab


def test_from_a_card_one_comes_back_to_the_cards(desk, ada, bea):
    tab = f"/clients/{ada.client_id}/contacts/"
    assert desk.post(f"/contacts/{bea.pk}/make-primary/", {"next": tab}).headers["Location"] == tab
    other = desk.post(f"/contacts/{ada.pk}/make-primary/", {"next": "https://evil.example/"})
    assert other.headers["Location"] == f"/contacts/{ada.pk}/"


def test_a_deactivated_contact_does_not_become_primary_and_a_sentence_says_so(desk, ada, bea):
    bea.deactivate()
    page = desk.post(f"/contacts/{bea.pk}/make-primary/", follow=True)
    assert "is deactivated and cannot be the primary contact" in page.text
    assert primaries(ada) == ["Ada"]


def test_who_was_deactivated_after_it_was_read_does_not_become_primary(ada, bea):
    Contact.objects.get(pk=bea.pk).deactivate()
    with pytest.raises(ValidationError):
        bea.make_primary()
    assert primaries(ada) == ["Ada"]


@pytest.mark.django_db(transaction=True)
def test_twenty_swaps_at_once_five_times_over_leave_exactly_one_and_no_error(brauer, make_staff):
    """Trial V33."""
    user = make_staff()
    people = [brauer.contacts.register(brauer, last_name=f"Person {n}") for n in range(20)]

    def post(contact: Contact) -> int:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            return browser.post(f"/contacts/{contact.pk}/make-primary/").status_code
        finally:
            connections.close_all()

    for _round in range(5):
        with ThreadPoolExecutor(20) as pool:
            assert set(pool.map(post, people)) == {303}
        assert Contact.objects.filter(client=brauer, is_primary=True).count() == 1
