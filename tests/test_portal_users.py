"""Portal users over all clients (S14, S15): one list with contact, client, state and last sign-in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clientdesk.models import AccessLink
from clientdesk.rights import Role
from clients.models import Branch
from contacts.models import Contact
from portal import states
from portal.models import ClientAccess, ContactAccess, Opening, State
from tests.doors import activated, fresh_brakes  # noqa: F401

LIST = "/settings/portal-users/"


def names(page) -> list[str]:
    return [contact.full_name for contact, _access in page.context["rows"]]


def person(client, n: int = 0, **fields) -> Contact:
    return client.contacts.register(client, **({"first_name": "Ben", "last_name": f"Ohm {n}", "email": f"ben{n}@brauer.example"} | fields))


def test_the_list_shows_contact_client_state_and_last_sign_in(manager, ada):
    activated(ada)
    page = manager.get(LIST)
    assert names(page) == ["Ada Krämer"]
    row = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    for shown in (
        "Ada Krämer",
        "ada@brauer.example",
        "Brauer Antriebe",
        "Berlin",
        "Active",
        f"/contacts/{ada.pk}/",
        f"/clients/{ada.client_id}/",
    ):
        assert shown in row
    assert "Never" not in row
    assert "1 portal user" in page.text


def test_who_never_got_an_account_is_no_portal_user(manager, ada):
    ContactAccess.objects.create(contact=ada)
    page = manager.get(LIST)
    assert names(page) == []
    assert "No portal users yet" in page.text


def test_an_invited_person_never_signed_in(manager, ada):
    ContactAccess.of(ada).invite(by=None)
    text = manager.get(LIST).text
    assert "Invited" in text
    assert "Never" in text


# --- the state, asked of the database --------------------------------------------------------------
def invited(contact) -> None:
    ContactAccess.of(contact).invite(by=None)


def run_out(contact) -> None:
    invited(contact)
    AccessLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))


def other_address(contact) -> None:
    invited(contact)
    contact.email = "new@brauer.example"
    contact.save()


def withdrawn(contact) -> None:
    activated(contact)
    ContactAccess.objects.get().withdraw()


def taken_back_before(contact) -> None:
    invited(contact)
    ContactAccess.objects.get().withdraw()


def closed(contact) -> None:
    activated(contact)
    ClientAccess.objects.create(client=contact.client, portal_access=Opening.DENIED)


def inactive(contact) -> None:
    activated(contact)
    contact.client.deactivate()


def inactive_but_allowed(contact) -> None:
    ClientAccess.objects.create(client=contact.client, portal_access=Opening.ALLOWED)
    contact.refresh_from_db()
    inactive(contact)


def potential_and_invited_before(contact) -> None:
    invited(contact)
    contact.client.status = "potential"
    contact.client.save()


def account_off(contact) -> None:
    activated(contact)
    user = ContactAccess.objects.get().user
    user.is_active = False
    user.save()


def deactivated(contact) -> None:
    activated(contact)
    contact.active = False
    contact.save()


PASTS = {
    activated: State.ACTIVE,
    invited: State.INVITED,
    run_out: State.EXPIRED,
    other_address: State.EXPIRED,
    withdrawn: State.BLOCKED,
    taken_back_before: State.NO_ACCESS,
    closed: State.BLOCKED,
    inactive: State.BLOCKED,
    inactive_but_allowed: State.ACTIVE,
    potential_and_invited_before: State.BLOCKED,
    account_off: State.BLOCKED,
    deactivated: State.BLOCKED,
    lambda contact: None: State.NO_ACCESS,
    lambda contact: ContactAccess.objects.create(contact=contact, allowed=True): State.NOT_INVITED,
}


@pytest.mark.parametrize(("past", "state"), PASTS.items(), ids=lambda value: getattr(value, "__name__", str(value)))
def test_the_database_finds_a_state_as_the_access_itself_derives_it(ada, past, state):
    """Two ways to one answer: the word in the row and the filter must never differ."""
    past(ada)
    contact = Contact.objects.get(pk=ada.pk)
    assert states.of_contacts([contact])[contact.pk].state == state
    found = [each for each in State if Contact.objects.filter(states.condition(each), pk=ada.pk).exists()]
    assert found == [state]


# --- filters ---------------------------------------------------------------------------------------
@pytest.fixture
def users(ada, make_client):
    """An active one in Berlin, an invited one in Vienna, one whose invitation ran out."""
    activated(ada)
    vienna = Branch.objects.create(name="Vienna", code="VIE", country="AT")
    client = make_client("Cobalt Wien", branch=vienna, email="info@cobalt.example")
    run_out(person(client, first_name="Carl", last_name="Zorn", email="carl@cobalt.example"))
    invited(person(client, first_name="Béla", last_name="Nagy", email="bela@cobalt.example"))
    return vienna


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ada Krämer", "Béla Nagy", "Carl Zorn"]),
        ("sort=-name", ["Carl Zorn", "Béla Nagy", "Ada Krämer"]),
        ("q=bela", ["Béla Nagy"]),
        ("q=cobalt.example", ["Béla Nagy", "Carl Zorn"]),
        ("state=active", ["Ada Krämer"]),
        ("state=invited&state=expired", ["Béla Nagy", "Carl Zorn"]),
        ("state=expired", ["Carl Zorn"]),
        ("state=blocked", []),
        ("state=nonsense", ["Ada Krämer", "Béla Nagy", "Carl Zorn"]),
        ("branch={vienna}", ["Béla Nagy", "Carl Zorn"]),
        ("branch={vienna}&state=invited&q=nagy", ["Béla Nagy"]),
    ],
)
def test_the_list_is_filtered_by_words_state_and_branch(manager, users, query, found):
    assert names(manager.get(f"{LIST}?{query.format(vienna=users.pk)}")) == found


def test_nothing_found_offers_the_way_back(manager, users):
    page = manager.get(f"{LIST}?q=zzz")
    assert "No portal user matches" in page.text
    assert "Clear filters" in page.text


def test_portal_users_of_a_restricted_client_are_for_those_responsible(manager, users, ada, make_staff, as_user):
    """XD33."""
    owner = make_staff(Role.MANAGER, "owner@desk.example")
    ada.client.sales_person, ada.client.restricted_to_responsible = owner, True
    ada.client.save()
    assert "Ada Krämer" not in names(manager.get(LIST))
    assert "Ada Krämer" in names(as_user(owner).get(LIST))


@pytest.mark.parametrize(("role", "status"), [(Role.READER, 403), (Role.DESK, 403), (Role.MANAGER, 200), (Role.ADMINISTRATOR, 200)])
def test_managers_and_administrators_see_the_list_and_its_menu_entry(make_staff, as_user, ada, role, status):
    browser = as_user(make_staff(role))
    assert browser.get(LIST).status_code == status
    menu = [entry.label for entry in browser.get("/clients/").context["menu"]]
    assert ("Portal users" in menu) == (status == 200)


def test_the_list_asks_as_often_for_fifty_as_for_two(manager, brauer):
    for n in range(2):
        invited(person(brauer, n))
    manager.get(LIST)
    with CaptureQueriesContext(connection) as few:
        manager.get(LIST)
    for n in range(2, 50):
        invited(person(brauer, n))
    with CaptureQueriesContext(connection) as many:
        assert len(names(manager.get(LIST))) == 50
    assert len(many) == len(few)
