"""Looking at the portal as one of its contacts: read only, audited, no sign-in, and gone as soon as the door shuts (decision 13, XD12)."""

import re

import pytest
from django.urls import reverse

from clientdesk.management.commands.list_routes import routes
from clientdesk.models import Change, User
from clientdesk.rights import Role
from contacts.models import Contact
from portal.models import ClientAccess, ContactAccess
from tests.doors import activated, dump, fresh_brakes, visible  # noqa: F401
from tests.quoting import quote_in

HOME = reverse("portal:home")
BANNER = "You see the portal as Ada Krämer does."


@pytest.fixture
def access(ada) -> ContactAccess:
    ContactAccess.of(ada).invite(by=None)
    return ContactAccess.objects.get(contact=ada)


def look(browser, contact: Contact):
    return browser.post(reverse("access:view_portal", args=[contact.pk]))


def test_staff_read_what_the_contact_reads_under_a_banner(desk, ada):
    contacts = activated(ada)
    assert look(desk, ada).headers["Location"] == HOME

    contacts.get(HOME)  # reads what was said when the password was chosen

    looked, own = visible(desk.get(HOME)), visible(contacts.get(HOME))

    assert BANNER in looked
    assert BANNER not in own
    start, end = looked.index('<div class="viewing"'), looked.index('<main class="portal-main"')
    assert (looked[:start].rstrip() + "\n" + looked[end:]).split() == own.split()


def test_every_page_of_the_portal_is_the_contacts_own_and_writes_nothing(desk, portal, ada, make_quote, make_project, make_job):
    keys = {"quote": quote_in(make_quote(), "sent").pk, "project": make_project().pk, "job": make_job().pk}
    look(desk, ada)
    portal.get(HOME)  # reads what was said when the password was chosen
    addresses = [route.path for route in routes() if route.area == "portal" and "GET" in route.methods]
    addresses = [re.sub(r"/(quote|project|job)s/<int:pk>/", lambda found: f"/{found[1]}s/{keys[found[1]]}/", path) for path in addresses]
    before = dump()

    for address in (address for address in addresses if "<" not in address):
        looked, own = desk.get(address), portal.get(address)
        assert looked.status_code == own.status_code, address
        assert main_of(looked) == main_of(own), address
    assert dump() == before


def main_of(answer) -> str:
    """Return what an answer says to the person, or to what it leads."""
    # The key that makes a form's act happen once is new each time.
    text = re.sub(r"[0-9a-f-]{32,36}", "", visible(answer)) if "html" in answer.headers.get("Content-Type", "") else ""
    return text.partition("<main")[2] or answer.headers.get("Location", "")


def test_nothing_is_noted_but_that_somebody_looked(desk, access, ada):
    look(desk, ada)
    before = dump()
    desk.get(HOME)
    desk.post(HOME)

    assert dump() == before
    assert User.objects.get(pk=access.user_id).last_login is None
    entry = Change.objects.filter(action=Change.Action.ACCESS).get()
    assert (entry.actor.email, entry.object_id) == ("desk@desk.example", access.pk)
    assert "Looked at the portal as this contact" in desk.get(reverse("contacts:history", args=[ada.pk])).text


def test_whatever_would_change_something_is_refused_with_a_sentence(desk, access, ada):
    look(desk, ada)
    before = dump()
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(desk, method)(HOME)
        assert answer.status_code == 403
        assert "You look at the portal as Ada Krämer. Only the contact itself can do this." in answer.text
        assert BANNER in answer.text
    assert dump() == before


def test_the_way_back_ends_it_and_the_back_office_never_saw_anybody_else(desk, access, ada):
    look(desk, ada)
    assert "Dahl" in desk.get(reverse("profile")).text

    answer = desk.post(reverse("access:end_view", args=[ada.pk]))

    assert answer.headers["Location"] == reverse("access:reach_quotes", args=[ada.pk])
    assert "This page belongs to the client portal" in desk.get(HOME).text


SHUT = {
    "access": lambda access, user: access.withdraw(),
    "contact": lambda access, user: Contact.objects.update(active=False),
    "portal": lambda access, user: ClientAccess.objects.create(client=access.contact.client, portal_access="denied"),
    "right": lambda access, user: User.objects.filter(pk=user.pk).update(role=Role.READER),
    "restricted": lambda access, user: type(access.contact.client).objects.update(
        restricted_to_responsible=True, sales_person=User.objects.invite("other@desk.example", role=Role.DESK)
    ),
}


@pytest.mark.parametrize("shut", SHUT)
def test_it_ends_at_the_next_page_once_the_door_is_shut_or_staff_may_no_longer(make_staff, as_user, access, ada, shut):
    user = make_staff(Role.DESK)
    browser = as_user(user)
    look(browser, ada)
    assert browser.get(HOME).status_code == 200

    SHUT[shut](access, user)

    answer = browser.get(HOME)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("contacts:list"))
    assert browser.get(reverse("profile")).status_code == 200
    assert browser.get(HOME).status_code == 403


def test_a_contact_that_cannot_come_in_cannot_be_looked_through(desk, ada):
    answer = desk.post(reverse("access:view_portal", args=[ada.pk]), follow=True)

    assert "Ada Krämer was never invited." in answer.text
    assert desk.get(HOME).status_code == 403
    assert not Change.objects.filter(action=Change.Action.ACCESS).exists()


def test_signing_out_ends_it_for_whoever_comes_next(desk, access, ada, make_staff):
    look(desk, ada)
    desk.post(reverse("account_logout"))
    desk.force_login(make_staff(Role.MANAGER))

    assert desk.get(HOME).status_code == 403
