"""Many invitations at once: from the list of contacts and, to primary contacts, from that of clients (XD34, J10 to J12, decision 17)."""

import pytest
from django.urls import reverse

from clientdesk import work
from clientdesk.models import LongRun
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from portal import bulk_inviting
from portal.bulk_inviting import order_of
from portal.models import ContactAccess, State
from tests.doors import activated, delivered, dump, fresh_brakes, invited  # noqa: F401


@pytest.fixture
def people(ada):
    """Five people of one client: never invited, without e-mail, deactivated, invited already, and in the portal."""
    names = ("Never", "Nomail", "Gone", "Invited", "Inside")
    found = {name: ada.client.contacts.register(ada.client, last_name=name, email=f"{name.lower()}@brauer.example") for name in names}
    Contact.objects.filter(pk=found["Nomail"].pk).update(email="")
    Contact.objects.filter(pk=found["Gone"].pk).update(active=False)
    invited(found["Invited"])
    activated(found["Inside"])
    return found


def picked(contacts: dict[str, Contact]) -> list[int]:
    return [contact.pk for contact in contacts.values()]


def test_the_dry_run_names_who_gets_one_and_why_the_others_do_not_and_sends_nothing(people, desk):
    before = dump()
    page = desk.get(reverse("access:bulk_invite"), {"pick": picked(people)})

    outlook = page.context["outlook"]
    assert [contact.last_name for contact in outlook.invited] == ["Never"]
    assert {contact.last_name: reason for contact, reason in outlook.left} == {
        "Nomail": "No e-mail",
        "Gone": "Gone is deactivated.",
        "Invited": "Invited already; the link still works.",
        "Inside": "Inside has access already.",
    }
    assert "Send again to 1 person who was invited already, too" in page.text
    assert dump() == before


def test_sent_it_invites_exactly_those_and_says_who_got_none(people, desk):
    answer = desk.post(reverse("access:bulk_invite"), {"pick": picked(people)}, follow=True)

    assert [message.to for message in delivered()] == [["never@brauer.example"]]
    assert "1 contact was invited." in answer.text
    assert {contact.last_name for contact, _reason in answer.context["left"]} == {"Nomail", "Gone", "Invited", "Inside"}


def test_who_was_invited_already_is_invited_again_where_that_was_chosen(people, desk):
    page = desk.get(reverse("access:bulk_invite"), {"pick": picked(people), "again": "1"})
    assert {contact.last_name for contact in page.context["outlook"].invited} == {"Never", "Invited"}

    desk.post(reverse("access:bulk_invite"), dict(page.context["fields"]) | {"pick": picked(people)})

    assert {message.to[0] for message in delivered()} == {"never@brauer.example", "invited@brauer.example"}


def test_clients_mean_their_primary_contact_of_the_moment_and_one_without_is_named(people, ada, make_client, desk):
    empty = make_client("Nobody there")
    page = desk.get(reverse("access:bulk_invite_primary"), {"pick": [ada.client_id, empty.pk]})
    assert [contact.full_name for contact in page.context["outlook"].invited] == ["Ada Krämer"]
    assert "No contact person yet." in page.text

    desk.post(reverse("access:bulk_invite_primary"), {"pick": [ada.client_id, empty.pk]})

    assert [message.to for message in delivered()] == [["ada@brauer.example"]]


def test_many_are_the_workers_chunk_by_chunk_each_exactly_once(ada, desk, monkeypatch):
    monkeypatch.setattr(bulk_inviting, "AT_ONCE", 3)
    monkeypatch.setattr(bulk_inviting, "CHUNK", 3)
    for number in range(7):
        ada.client.contacts.register(ada.client, last_name=f"Person {number}", email=f"p{number}@brauer.example")
    answer = desk.post(reverse("access:bulk_invite"), {"query": "view=active", "all": "1"})
    run = LongRun.objects.get(kind="portal_invite")
    assert answer.headers["Location"] == reverse("access:invite_run", args=[run.pk])
    assert "0 of 8" in desk.get(answer.headers["Location"]).text

    while work.advance_due("worker"):
        pass

    run.refresh_from_db()
    assert (run.state, run.done, order_of(run).sent) == ("done", 8, 8)
    assert len({message.to[0] for message in delivered()}) == 8
    assert "8 contacts were invited." in desk.get(answer.headers["Location"]).text


def test_who_may_not_invite_any_more_stops_a_run_that_waits(ada, make_staff, as_user, monkeypatch):
    monkeypatch.setattr(bulk_inviting, "AT_ONCE", 0)
    user = make_staff(Role.DESK)
    as_user(user).post(reverse("access:bulk_invite"), {"pick": [ada.pk]})
    type(user).objects.filter(pk=user.pk).update(role=Role.READER)

    work.advance_due("worker")

    assert LongRun.objects.get(kind="portal_invite").state == "failed"
    assert not ContactAccess.objects.exists()


def test_a_run_is_its_owners_and_restricted_people_are_met_by_nobody_else(ada, people, make_staff, as_user):
    Client.objects.filter(pk=ada.client_id).update(restricted_to_responsible=True)
    browser = as_user(make_staff(Role.MANAGER))
    assert browser.post(reverse("access:bulk_invite"), {"pick": [ada.pk]}).headers["Location"].startswith("/contacts/")
    assert browser.get(reverse("access:invite_run", args=[987_654])).status_code == 404
    assert not ContactAccess.objects.filter(contact=ada).exists()


# --- how far an invitation is -----------------------------------------------------------------------
def test_an_invitation_is_called_by_how_far_it_is(ada, desk):
    def shown() -> str:
        return ContactAccess.objects.get(contact=ada).shown.words

    ContactAccess.of(ada).invite(by=None)
    assert shown() == "E-mail not sent yet"
    path = invited(ada)
    assert shown() == "Invited"
    desk.get(path)
    assert shown() == "Invitation opened"
    ContactAccess.objects.get(contact=ada).withdraw()
    assert shown() == "Invitation withdrawn"
    activated(ada)
    assert ContactAccess.objects.get(contact=ada).invitation == "accepted"
    assert shown() == State.ACTIVE.label


def test_a_refused_address_is_marked_and_explains_itself_in_the_lists(ada, desk, manager):
    """Trial G04: a refused mail is not tried again (test_outbox.py), and everybody who could look for it is told why."""
    access = ContactAccess.of(ada)
    link = access.invite(by=None)
    link.mails.update(state="failed", error="The mail server answered: 550 no such mailbox")
    assert delivered() == []

    pages = [(desk, ada.get_absolute_url()), (desk, reverse("access:account", args=[ada.pk]))]
    for browser, page in (*pages, (desk, "/contacts/?view=all"), (desk, "/clients/?view=all"), (manager, "/settings/portal-users/")):
        text = browser.get(page).text
        assert "E-mail not delivered" in text, page
        assert "550 no such mailbox" in text, page
    reason = desk.get(reverse("access:bulk_invite"), {"pick": [ada.pk]}).context["outlook"].left[0][1]
    assert reason == "E-mail not delivered: The mail server answered: 550 no such mailbox"
