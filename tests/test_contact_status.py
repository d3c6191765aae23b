"""Taking a contact out of use and back (issue 4, invariants 3, 4 and 12; trial A14): who follows, who loses the portal, what comes back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client as Browser

from clientdesk.models import Change
from clientdesk.rights import Role
from contacts.models import Contact
from portal.models import ContactAccess
from tests.doors import activated, fresh_brakes, invited, is_in  # noqa: F401 - a fixture


@pytest.fixture
def bea(ada) -> Contact:
    """The second contact of Brauer Antriebe."""
    return ada.client.contacts.register(ada.client, first_name="Bea", last_name="Brauer", email="bea@brauer.example")


def sent(page) -> dict[str, str]:
    """What the page that says what will happen sends along."""
    return {"confirmed": page.context["fingerprint"]}


def url(contact: Contact, gesture: str) -> str:
    return f"/contacts/{contact.pk}/{gesture}/"


def primaries(contact: Contact) -> list[str]:
    return [one.first_name for one in contact.client.contacts.filter(is_primary=True)]


def test_whoever_loses_nothing_is_deactivated_at_once_and_undo_brings_the_contact_back(desk, bea):
    page = desk.post(url(bea, "deactivate"), follow=True)
    assert "Bea Brauer was deactivated." in page.text
    assert f'action="{url(bea, "restore")}"' in page.text
    bea.refresh_from_db()
    assert not bea.active
    page = desk.post(url(bea, "restore"), follow=True)
    assert "Bea Brauer was restored." in page.text
    bea.refresh_from_db()
    assert bea.active
    assert primaries(bea) == ["Ada"]


def test_the_primary_contact_names_who_follows(desk, ada, bea):
    """Invariant 3."""
    page = desk.post(url(ada, "deactivate"))
    assert page.status_code == 200
    assert "is the primary contact" in page.text
    ada.refresh_from_db()
    assert ada.active
    refused = desk.post(url(ada, "deactivate"), sent(page))
    assert refused.status_code == 422
    assert "Choose who is the primary contact from now on." in refused.text
    page = desk.post(url(ada, "deactivate"), sent(page) | {"successor": bea.pk}, follow=True)
    assert "Ada Krämer was deactivated. Bea Brauer is now the primary contact." in page.text
    assert primaries(ada) == ["Bea"]
    ada.refresh_from_db()
    assert (ada.active, ada.is_primary) == (False, False)


@pytest.mark.parametrize("whose", ["nobody", "deactivated", "another client's"])
def test_only_a_colleague_in_use_can_follow(desk, ada, bea, make_client, whose):
    other = make_client("Grünwald Pharma")
    keys = {"nobody": 0, "another client's": other.contacts.register(other, last_name="Stadler").pk}
    away = ada.client.contacts.register(ada.client, last_name="Away")
    away.deactivate()
    page = desk.post(url(ada, "deactivate"))
    answer = desk.post(url(ada, "deactivate"), sent(page) | {"successor": keys.get(whose, away.pk)})
    assert answer.status_code == 422
    assert primaries(ada) == ["Ada"]


def test_the_last_contact_of_a_company_needs_no_successor_and_is_primary_again_once_restored(desk, ada):
    desk.post(url(ada, "deactivate"))
    assert primaries(ada) == []
    desk.post(url(ada, "restore"))
    assert primaries(ada) == ["Ada"]


def test_a_restored_contact_leaves_the_primary_one_of_now_alone(desk, ada, bea):
    ada.deactivate(bea)
    desk.post(url(ada, "restore"))
    assert primaries(ada) == ["Bea"]


def test_the_one_person_of_an_individual_stays(desk, make_client):
    """Invariant 4."""
    ida = make_client("Ida Roth", kind="individual", first_name="Ida", last_name="Roth").contacts.get()
    page = desk.post(url(ida, "deactivate"), follow=True)
    assert "is the individual client Ida Roth. Deactivate the client instead." in page.text
    ida.refresh_from_db()
    assert ida.active


def test_an_erased_contact_is_not_restored(desk, bea):
    bea.active, bea.erased_at = False, bea.created_at
    bea.save()
    assert "Restore contact" not in desk.get(f"/contacts/{bea.pk}/").text
    assert "It stays as it is." in desk.post(url(bea, "restore"), follow=True).text
    assert not Contact.objects.get(pk=bea.pk).active


# --- the portal ----------------------------------------------------------------------------------
def test_losing_the_portal_is_said_first_and_happens_at_the_next_request(desk, bea):
    """Trial A14."""
    inside = activated(bea)
    page = desk.post(url(bea, "deactivate"))
    assert page.status_code == 200
    assert "Bea Brauer loses portal access at once." in page.text
    assert is_in(inside)
    page = desk.post(url(bea, "deactivate"), sent(page), follow=True)
    assert "was deactivated" in page.text
    assert ">Undo<" not in page.text
    answer = inside.get("/portal/", follow=True)
    assert "because your access was closed" in answer.text
    assert not is_in(inside)


def test_an_access_that_opened_meanwhile_is_asked_about_again(desk, ada, bea):
    page = desk.post(url(ada, "deactivate"))
    activated(ada)
    again = desk.post(url(ada, "deactivate"), sent(page) | {"successor": bea.pk})
    assert again.status_code == 200
    assert "loses portal access at once" in again.text
    ada.refresh_from_db()
    assert ada.active


def test_restoring_gives_back_what_was_and_an_old_link_stays_dead(desk, bea):
    path = invited(bea)
    bea.deactivate()
    bea.restore()
    assert ContactAccess.objects.get(contact=bea).allowed
    assert Browser().get(path).status_code == 410
    assert not ContactAccess.objects.get(contact=bea).activated


def test_restoring_gives_nobody_an_access_that_was_withdrawn(desk, bea):
    activated(bea)
    ContactAccess.objects.get(contact=bea).withdraw()
    bea.refresh_from_db()
    bea.deactivate()
    page = desk.post(url(bea, "restore"), follow=True)
    assert "can enter the portal" not in page.text
    assert not ContactAccess.objects.get(contact=bea).is_open


def test_who_comes_back_in_is_said(desk, bea):
    activated(bea)
    bea.deactivate()
    assert "can enter the portal as before" in desk.post(url(bea, "restore"), follow=True).text


# --- rights, history, the tab ---------------------------------------------------------------------
def test_a_reader_neither_deactivates_nor_restores(make_staff, as_user, ada, bea):
    reader = as_user(make_staff(Role.READER))
    assert "Deactivate contact" not in reader.get(f"/contacts/{bea.pk}/").text
    for gesture in ("deactivate", "restore", "make-primary"):
        assert reader.post(url(bea, gesture)).status_code == 403
    bea.refresh_from_db()
    assert bea.active
    assert not bea.is_primary


def test_the_history_of_contact_and_client_tells_both(desk, bea):
    before = Change.objects.count()
    desk.post(url(bea, "deactivate"))
    desk.post(url(bea, "restore"))
    assert [change.changes["active"] for change in Change.objects.order_by("pk")[before:]] == [[True, False], [False, True]]
    assert "Bea Brauer" in desk.get(f"/clients/{bea.client_id}/history/").text


def test_deactivated_contacts_stand_behind_a_link(desk, ada, bea):
    tab = f"/clients/{ada.client_id}/contacts/"
    assert "Show deactivated" not in desk.get(tab).text
    bea.deactivate()
    page = desk.get(tab)
    assert [contact.first_name for contact, _ in page.context["cards"]] == ["Ada"]
    assert "Show deactivated contact persons (1)" in page.text
    page = desk.get(f"{tab}?view=deactivated")
    assert [contact.first_name for contact, _ in page.context["cards"]] == ["Bea"]
    assert "Show the contact persons in use" in page.text


@pytest.mark.django_db(transaction=True)
def test_the_last_two_deactivated_at_once_never_leave_a_client_without_primary_contact(ada, bea):
    start = Barrier(2)

    def leave(contact: Contact) -> None:
        try:
            start.wait()
            own = Contact.objects.get(pk=contact.pk)
            own.deactivate(next(iter(own.successors), None))  # asked once: the other one may leave between two questions
        except ValidationError:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(leave, (ada, bea)))
    active = ada.client.contacts.filter(active=True)
    assert active.filter(is_primary=True).count() == min(1, active.count())
    assert not ada.client.contacts.filter(active=False, is_primary=True).exists()
