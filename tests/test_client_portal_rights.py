"""The tab Portal rights of a client: what it may do as a whole, and who loses or gains by a change (X64, XD11, XD13, invariant 8)."""

import pytest
from django.urls import reverse

from clientdesk.rights import Role
from clients.models import Client
from portal import states
from portal.models import ClientAccess, ContactAccess, Opening, PortalDefaults
from portal.rights import Right, default_rights, names, shipped_rights
from tests.doors import activated, fresh_brakes, invited, is_in  # noqa: F401
from tests.test_versions import form_of, hidden_of


@pytest.fixture
def url(brauer) -> str:
    return reverse("access:edit_client_rights", args=[brauer.pk])


def save(browser, url: str, **changes):
    return browser.post(url, form_of(browser.get(url)) | changes)


def without(*rights: Right) -> list[str]:
    held = Right(default_rights())
    for right in rights:
        held &= ~right
    return names(held)


def rights_of(client: Client) -> Right:
    return Right(ClientAccess.objects.get(client=client).rights)


def test_a_client_without_rights_of_its_own_shows_the_defaults_and_gets_a_row_with_the_first_save(url, brauer, manager):
    assert manager.get(url).context["form"]["rights"].value() == names(default_rights())

    assert save(manager, url, rights=[*names(default_rights()), "INVOICES_VIEW"]).status_code == 303

    assert rights_of(brauer) == Right(default_rights()) | Right.INVOICES_VIEW


def test_who_loses_what_is_named_before_it_is_saved_and_comes_back_with_the_right(url, ada, manager):
    otto = ada.client.contacts.register(ada.client, first_name="Otto", last_name="Brauer", email="otto@brauer.example")
    for contact in (ada, otto):
        invited(contact)
    ContactAccess.objects.filter(contact=otto).update(rights=int(Right.JOBS_VIEW))

    asked = save(manager, url, rights=without(Right.JOBS_VIEW, Right.JOBS_ADD))

    said = [(one.sentence, one.names) for one in asked.context["consequences"]]
    assert said == [
        ("These contacts lose: Jobs: View", ("Otto Brauer", "Ada Krämer")),
        ("These contacts lose: Jobs: Add", ("Ada Krämer",)),
    ]
    assert not ClientAccess.objects.exists()
    assert manager.post(url, hidden_of(asked)).status_code == 303
    assert not ContactAccess.objects.get(contact=ada).may(Right.JOBS_VIEW)

    back = save(manager, url, rights=names(default_rights()))
    assert "These contacts get what they were granted before: Jobs: View" in back.text
    manager.post(url, hidden_of(back))
    assert ContactAccess.objects.get(contact=ada).may(Right.JOBS_ADD)


def test_what_nobody_was_granted_is_saved_at_once(url, ada, manager):
    invited(ada)
    answer = save(manager, url, rights=[*names(default_rights()), "REPORTS_VIEW"])
    assert answer.status_code == 303
    assert f"Portal rights of {ada.client} were saved." in manager.get(answer.headers["Location"]).text


def test_a_confirmation_of_something_else_asks_again(url, ada, manager):
    invited(ada)
    asked = hidden_of(save(manager, url, rights=without(Right.JOBS_ADD)))
    otto = ada.client.contacts.register(ada.client, last_name="Brauer", email="otto@brauer.example")
    invited(otto)

    again = manager.post(url, asked)

    assert [one.names for one in again.context["consequences"]] == [("Brauer", "Ada Krämer")]
    assert not ClientAccess.objects.exists()


def test_a_closed_portal_shuts_out_at_the_next_request_and_names_whom(url, ada, manager):
    browser = activated(ada)
    asked = save(manager, url, portal_access=Opening.DENIED)
    assert [one.names for one in asked.context["consequences"]] == [("Ada Krämer",)]
    assert is_in(browser)

    manager.post(url, hidden_of(asked))

    assert not is_in(browser)
    assert "Closed" in manager.get(reverse("access:client_rights", args=[ada.client_id])).text


def test_a_portal_that_is_allowed_expressly_opens_for_a_potential_client(url, ada, manager):
    invited(ada)
    Client.objects.filter(pk=ada.client_id).update(status=Client.Status.POTENTIAL)

    asked = save(manager, url, portal_access=Opening.ALLOWED)

    assert "1 contact can enter the portal:" in asked.text
    manager.post(url, hidden_of(asked))
    assert ContactAccess.objects.get(contact=ada).is_open


def test_an_area_that_cannot_be_viewed_allows_nothing_else(url, manager):
    answer = save(manager, url, rights=["QUOTES_DECIDE"])
    assert answer.status_code == 422
    assert "Tick View as well, or untick: Quotes: Decide." in answer.text


# --- what holds where nobody chose any (decision 17) ---------------------------------------------------
DEFAULTS = "/settings/portal-rights/"


def test_the_default_rights_hold_for_clients_without_rights_of_their_own(ada, make_client, make_staff, as_user):
    other = make_client("Chosen")
    ClientAccess.objects.create(client=other, rights=int(Right.QUOTES_VIEW))
    invited(ada)
    boss = as_user(make_staff(Role.ADMINISTRATOR))

    asked = save(boss, DEFAULTS, rights=without(Right.JOBS_ADD))
    assert "1 contact loses something of: Jobs: Add" in asked.text
    assert not PortalDefaults.objects.exists()
    boss.post(DEFAULTS, hidden_of(asked))

    assert not ContactAccess.objects.get(contact=ada).may(Right.JOBS_ADD)
    assert names(ClientAccess.of(Client.objects.get(pk=make_client("New").pk)).rights) == without(Right.JOBS_ADD)
    assert ClientAccess.of(Client.objects.get(pk=other.pk)).rights == Right.QUOTES_VIEW
    assert "1 contact gets something of: Jobs: Add" in save(boss, DEFAULTS, rights=names(shipped_rights())).text


def test_a_list_does_not_ask_for_rights_that_it_does_not_show(ada, django_assert_num_queries):
    for number in range(4):
        ada.client.contacts.register(ada.client, last_name=f"Person {number}", email=f"p{number}@brauer.example")
    with django_assert_num_queries(3):  # the contacts themselves are one
        found = states.of_contacts(ada.client.contacts.all())
        assert all(access.can_be_invited and access.shown for access in found.values())


@pytest.mark.parametrize(("role", "may_change"), [(Role.READER, False), (Role.DESK, False), (Role.MANAGER, True)])
def test_only_managers_change_the_rights_of_a_client(role, may_change, url, ada, make_staff, as_user):
    """Decision 16."""
    invited(ada)
    browser = as_user(make_staff(role))
    page = browser.get(reverse("access:client_rights", args=[ada.client_id]))

    assert "Ada Krämer" in page.text
    assert (url in page.text) == may_change
    assert browser.post(url, {}).status_code == (422 if may_change else 403)
