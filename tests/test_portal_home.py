"""S7, Home in the portal's own frame, and the contact's own data (X8, X9, X48; issue 2, door 3)."""

import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clients.models import Branch, CustomField
from contacts.models import Contact, Position
from tests.doors import activated, fresh_brakes  # noqa: F401
from tests.portal_people import let

HOME, PROFILE = "portal:home", "portal:profile"


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


def test_the_profile_shows_the_contacts_own_data(julia):
    page = activated(julia).get(reverse(PROFILE)).content.decode()
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

    page = browser.get(reverse(PROFILE)).content.decode()

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

    # Session, user, access with contact, client, branch, office; quotes for the page and for the menu, projects, jobs, deliverables.
    with django_assert_max_num_queries(12):
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
    page = activated(julia).get(reverse(PROFILE)).content.decode()
    assert "<dt>Badge &lt;b&gt;</dt>" in page
    for said in ("17-B", "Support level", "Priority"):
        assert said in page
    for kept in ("Mood", "zzgrumpy", "Old field", "zzold", "Blank field"):
        assert kept not in page


def test_the_home_page_says_what_waits_and_how_far_projects_are(ada, make_quote, make_project, make_job):
    browser = activated(ada)
    let(ada, may_decide_quotes=True)
    quote, project = make_quote("Pump manual"), make_project("Line 3", progress=40)
    quote.send(ada.email)
    make_job("Replace the pump", requested=True)

    page = browser.get(reverse(HOME)).content.decode()

    assert "1 quote waits for your decision. We look at 1 request of yours." in page
    for address in (reverse("portal:accept", args=[quote.pk]), reverse("portal:project", args=[project.pk])):
        assert f'href="{address}"' in page
    assert '<progress class="meter" max="100" value="40"' in page
    assert "Replace the pump" in page


def test_the_home_page_offers_nothing_that_the_contact_may_not_see(ada, make_quote, make_project, make_job):
    browser = activated(ada)
    let(ada, rights=0, may_decide_quotes=True)
    make_quote("Pump manual").send(ada.email)
    make_project("Line 3")
    make_job("Replace the pump")

    page = browser.get(reverse(HOME)).content.decode()

    assert "Nothing waits for you here yet" in page
    for text in ("Pump manual", "Line 3", "Replace the pump", "/portal/quotes/", "/portal/jobs/request/"):
        assert text not in page
