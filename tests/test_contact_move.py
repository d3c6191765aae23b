"""A contact is moved to another client: what is said before, what happens, the history of both clients, and back as one unit."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact, ContactMove, Department, Office
from portal.models import ContactAccess, Level
from tests.doors import activated, fresh_brakes, is_in  # noqa: F401 - a fixture


@pytest.fixture
def target(make_client) -> Client:
    return make_client("Grünwald Pharma", email="info@gruenwald.example", city="Graz", country="AT")


@pytest.fixture
def bea(ada) -> Contact:
    """Not primary, in two offices and a department."""
    works = Office.objects.create(client=ada.client, name="Works")
    lab = Department.objects.create(client=ada.client, name="Laboratory")
    return ada.client.contacts.register(
        ada.client, first_name="Bea", last_name="Brauer", email="bea@brauer.example", department=lab, offices=[works, ada.default_office]
    )


def url(contact: Contact, target: Client) -> str:
    return f"/contacts/{contact.pk}/move/{target.pk}/"


def move(browser, contact: Contact, target: Client, **more):
    """Look at what happens, then press Move contact; return the page after it."""
    page = browser.get(url(contact, target))
    return browser.post(url(contact, target), {"confirmed": page.context["fingerprint"]} | more, follow=True)


def undo(browser, contact: Contact):
    return browser.post(f"/contacts/{contact.pk}/moves/{ContactMove.objects.latest('pk').pk}/undo/", follow=True)


def primaries(client: Client) -> list[str]:
    return [one.first_name for one in client.contacts.filter(is_primary=True)]


def test_the_target_is_searched_among_corporate_clients_that_one_sees(desk, bea, target, make_client, make_staff):
    make_client("Grünwald Ida", kind="individual", first_name="Ida", last_name="Grünwald", email="i@gruenwald.example")
    make_client("Grünwald Geheim", email="x@gruenwald.example", restricted_to_responsible=True, sales_person=make_staff(Role.READER))
    page = desk.get(f"/contacts/{bea.pk}/move/?q=grunwald")
    assert list(page.context["found"]) == [target]
    assert f'href="{url(bea, target)}"' in page.text
    assert f'href="/contacts/{bea.pk}/move/"' in desk.get(f"/contacts/{bea.pk}/").text


def test_the_page_says_what_changes_and_nothing_happens_yet(desk, bea, target):
    page = desk.get(url(bea, target))
    said = [one.sentence for one in page.context["consequences"]]
    assert said == [
        "Bea Brauer leaves the offices of Brauer Antriebe and belongs to “Headquarters” of Grünwald Pharma.",
        "The department “Laboratory” is lost.",
        "The mailing address becomes that of Grünwald Pharma, because the client's is used.",
        "Bea Brauer becomes the primary contact of Grünwald Pharma.",
    ]
    bea.refresh_from_db()
    assert bea.client_id != target.pk


def test_the_contact_moves_with_all_that_must_belong_to_its_client(desk, bea, target):
    """Invariant 6."""
    page = move(desk, bea, target)
    assert "Bea Brauer was moved to Grünwald Pharma." in page.text
    bea.refresh_from_db()
    assert (bea.client, bea.department, bea.default_office.client) == (target, None, target)
    assert [office.client for office in bea.offices.all()] == [target]
    assert bea.mailing_address.city == "Graz"
    assert (primaries(target), bea.is_primary) == (["Bea"], True)


def test_undo_brings_offices_department_and_place_back(desk, ada, bea, target):
    move(desk, bea, target)
    page = undo(desk, bea)
    assert "is with its former client again" in page.text
    bea = Contact.objects.get(pk=bea.pk)
    assert (bea.client, bea.department.name, bea.is_primary) == (ada.client, "Laboratory", False)
    assert sorted(office.name for office in bea.offices.all()) == ["Headquarters", "Works"]
    assert primaries(target) == []
    assert "was undone already" in undo(desk, bea).text


def test_undo_leaves_what_was_changed_since(desk, ada, bea, target):
    move(desk, bea, target)
    bea = Contact.objects.get(pk=bea.pk)
    graz = Office.objects.create(client=target, name="Graz")
    bea.set_offices([graz, bea.default_office])
    bea.last_name = "Berger"
    bea.save()
    page = undo(desk, bea)
    assert "left an office that belongs to the other client again" in page.text
    bea = Contact.objects.get(pk=bea.pk)
    assert bea.last_name == "Berger"
    assert {office.client for office in bea.offices.all()} == {ada.client}


def test_the_primary_contact_names_who_follows(desk, ada, bea, target):
    """Invariant 3."""
    page = desk.get(url(ada, target))
    assert "is the primary contact of Brauer Antriebe" in page.text
    refused = move(desk, ada, target)
    assert "Choose who is the primary contact from now on." in refused.text
    assert Contact.objects.get(pk=ada.pk).client_id == bea.client_id
    move(desk, ada, target, successor=bea.pk)
    assert (primaries(bea.client), primaries(target)) == (["Bea"], ["Ada"])
    undo(desk, ada)
    assert (primaries(bea.client), primaries(target)) == (["Ada"], [])


def test_whoever_has_a_primary_contact_keeps_it(desk, bea, target):
    target.contacts.register(target, first_name="Gus", last_name="Grün")
    move(desk, bea, target)
    assert primaries(target) == ["Gus"]


def test_portal_access_and_rights_end_at_once_and_come_back_with_undo(desk, bea, target):
    """Invariant 8, trial A14."""
    inside = activated(bea)
    ContactAccess.objects.filter(contact=bea).update(rights=7, level=Level.ALL_OFFICES, may_decide_quotes=True)
    assert "loses portal access and all portal rights at once" in desk.get(url(bea, target)).text
    move(desk, bea, target)
    assert not is_in(inside)
    access = ContactAccess.objects.get(contact=bea)
    assert (access.allowed, access.rights, access.level, access.may_decide_quotes) == (False, None, Level.ONLY_RELATED, False)
    assert access.can_be_invited
    undo(desk, bea)
    access = ContactAccess.objects.get(contact=bea)
    assert (access.allowed, access.rights, access.level, access.may_decide_quotes) == (True, 7, Level.ALL_OFFICES, True)


def test_both_clients_tell_of_it_and_neither_names_the_other(desk, ada, bea, target, make_staff):
    """XD33."""
    move(desk, bea, target)
    html = desk.get(f"/clients/{ada.client_id}/history/").text
    assert "Bea Brauer was moved to another client" in html
    assert "Grünwald" not in html.split("<main")[1]
    assert "Bea Brauer" in desk.get(f"/clients/{target.pk}/history/").text
    undo(desk, bea)
    assert "came back from another client" in desk.get(f"/clients/{ada.client_id}/history/").text


def test_reasons_why_not_are_sentences(desk, ada, bea, target, make_client):
    ida = make_client("Ida Roth", kind="individual", first_name="Ida", last_name="Roth", email="i@roth.example")
    for contact, client, sentence in (
        (ida.contacts.get(), target, "is the individual client Ida Roth and cannot be moved."),
        (bea, ida, "is an individual, who has no other contact persons."),
        (bea, bea.client, "is a contact person of Brauer Antriebe already."),
    ):
        assert sentence in desk.get(url(contact, client)).text
        assert desk.post(url(contact, client), {"confirmed": "x"}).status_code == 422
    assert "cannot be moved" in desk.get(f"/contacts/{ida.contacts.get().pk}/move/").text
    assert not ContactMove.objects.exists()


def test_a_page_that_is_too_old_moves_nothing(desk, bea, target):
    page = desk.get(url(bea, target))
    bea.use_client_address = False
    bea.save()
    answer = desk.post(url(bea, target), {"confirmed": page.context["fingerprint"]})
    assert answer.status_code == 409
    assert "Something changed after you opened this page." in answer.text
    assert not ContactMove.objects.exists()


def test_a_restricted_client_is_no_target_and_its_contacts_are_not_undone(desk, bea, target, make_staff):
    move(desk, bea, target)
    Client.objects.exclude(pk=target.pk).update(restricted_to_responsible=True, sales_person=make_staff(Role.READER))
    assert undo(desk, bea).status_code == 404
    other = Client.objects.exclude(pk=target.pk).get()
    assert desk.get(url(bea, other)).status_code == 404
    assert desk.post(url(bea, other)).status_code == 404


def test_a_move_names_nobody_and_goes_with_an_erased_person(make_staff, as_user, desk, bea, target):
    move(desk, bea, target)
    assert "Bea" not in str(ContactMove.objects.get().steps)
    as_user(make_staff(Role.ADMINISTRATOR)).post(f"/contacts/{bea.pk}/erase/", {"typed": "Brauer"})
    assert "cannot be undone" in undo(desk, bea).text
    assert "Bea" not in desk.get(f"/clients/{ContactMove.objects.get().from_client}/history/").text


@pytest.mark.django_db(transaction=True)
def test_moved_to_two_clients_at_once_it_is_with_one_and_each_client_keeps_its_laws(bea, target, make_client, make_staff):
    third, user, start = make_client("Cascade", email="c@cascade.example"), make_staff(), Barrier(2)
    pages = {}
    for client in (target, third):
        browser = Browser()
        browser.force_login(user)
        pages[client.pk] = browser.get(url(bea, client)).context["fingerprint"]

    def post(client: Client) -> int:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            start.wait()
            return browser.post(url(bea, client), {"confirmed": pages[client.pk]}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(post, (target, third)))
    assert answers[0] == 303
    assert answers[1] in (303, 409)
    bea.refresh_from_db()
    assert {office.client_id for office in bea.offices.all()} == {bea.client_id}
    for client in Client.objects.all():
        active = client.contacts.filter(active=True)
        assert active.filter(is_primary=True).count() == min(1, active.count())
