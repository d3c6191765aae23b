"""S7, Home: the contact's own data in the portal's own frame (X8, X9, X48; issue 2, door 3)."""

import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clients.models import Branch, CustomField
from contacts.models import Contact, Position
from tests.doors import activated, fresh_brakes  # noqa: F401

HOME = "portal:home"


@pytest.fixture
def julia(make_client):
    client = make_client(
        "zzinternal", legal_name="Grünwald Pharma <b>AG</b>", street="Lange Straße 5", postal_code="10115", city="Berlin", notes="zznotes"
    )
    position = Position.objects.create(name="Regulatory affairs")
    return client.contacts.register(
        client,
        first_name="Julia",
        last_name="Stadler",
        email="j.stadler@gruenwald.example",
        phone="+493055501234",
        position=position,
        notes="zznotes",
    )


@pytest.fixture
def page(julia, headquarters) -> str:
    Branch.objects.update(email="berlin@nordwort.example", phone="+49305558120")
    return activated(julia).get(reverse(HOME)).content.decode()


def test_the_home_page_shows_the_contacts_own_data(page):
    for text in (
        "Julia Stadler",
        "Grünwald Pharma &lt;b&gt;AG&lt;/b&gt;",
        "Regulatory affairs",
        "Headquarters",
        "j.stadler@gruenwald.example",
        "+49 30 55501234",
        "Lange Straße 5",
        "10115 Berlin",
        "Germany",
    ):
        assert text in page


def test_the_home_page_says_what_will_come_and_who_helps(page):
    assert "Nothing waits for you here yet" in page
    assert "Your quotes, the progress of your projects and your jobs will appear on this page" in page
    assert "berlin@nordwort.example" in page
    assert "+49 30 5558120" in page


def test_no_word_of_the_back_office_reaches_the_portal(page):
    for text in ("zzinternal", "zznotes", "C-00001"):
        assert text not in page
    addresses = set(re.findall(r'(?:href|action)="(/[^"]*)"', page))
    assert {address for address in addresses if not address.startswith(("/portal/", "/account/", "/static/"))} == set()


def test_the_own_mailing_address_takes_the_place_of_the_clients(julia):
    browser = activated(julia)
    Contact.objects.filter(pk=julia.pk).update(use_client_address=False, street="Eigene Gasse 1", city="Potsdam", country="DE")

    page = browser.get(reverse(HOME)).content.decode()

    assert "Eigene Gasse 1" in page
    assert "Lange Straße" not in page


@pytest.mark.parametrize(
    ("clock", "greeting"), [("06:30", "Good morning, Julia"), ("12:30", "Good afternoon, Julia"), ("20:00", "Good evening, Julia")]
)
def test_the_greeting_fits_the_hour(clock, greeting, julia):
    browser = activated(julia)
    hour, minute = map(int, clock.split(":"))
    with time_machine.travel(timezone.localtime().replace(hour=hour, minute=minute)):
        browser.force_login(julia.access.user if hasattr(julia, "access") else Contact.objects.get(pk=julia.pk).access.user)
        assert greeting in browser.get(reverse(HOME)).content.decode()


def test_a_contact_without_a_first_name_is_greeted_by_the_last(brauer):
    contact = brauer.contacts.register(brauer, last_name="Okafor", email="okafor@brauer.example")

    assert re.search(r"Good \w+, Okafor", activated(contact).get(reverse(HOME)).content.decode())


def test_the_home_page_takes_few_queries(julia, django_assert_max_num_queries):
    browser = activated(julia)
    browser.get(reverse(HOME))

    # Session, user, access with contact, client, branch, office; and the transaction around them.
    with django_assert_max_num_queries(6):
        browser.get(reverse(HOME))


def test_custom_values_are_shown_only_where_staff_let_them_be_seen(julia):
    """XD23: “visible in the client portal” is asked per field; what is not ticked, not asked any more or blank stays away."""
    for entity, key, label, more in (
        ("contact", "badge", "Badge <b>", {"visible_in_portal": True}),
        ("contact", "mood", "Mood", {}),
        ("client", "level", "Support level", {"visible_in_portal": True}),
        ("client", "old", "Old field", {"visible_in_portal": True, "active": False}),
        ("client", "blank", "Blank field", {"visible_in_portal": True}),
    ):
        CustomField.objects.create(entity=entity, key=key, label=label, **more)
    julia.custom = {"badge": "17-B", "mood": "zzgrumpy"}
    julia.save()
    julia.client.custom = {"level": "Priority", "old": "zzold"}
    julia.client.save()
    page = activated(julia).get(reverse(HOME)).content.decode()
    assert "<dt>Badge &lt;b&gt;</dt>" in page
    for said in ("17-B", "Support level", "Priority"):
        assert said in page
    for kept in ("Mood", "zzgrumpy", "Old field", "zzold", "Blank field"):
        assert kept not in page
