"""Door 3: a contact person comes in by invitation (decision 17, J7 to J13, J20, X60; trial 1.5, A01 to A04, A06, V5 to V7)."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk.models import AccessLink, Change, OutgoingMail, User
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from portal import states
from portal.models import ClientAccess, ContactAccess, Level, Opening, State
from portal.rights import MEMBER, Right
from tests.doors import NEW_PASSWORD, activated, choose, delivered, dump, fresh_brakes, invited, is_in, link_path, sign_in  # noqa: F401

SET_PASSWORD = "/account/set-password/"


def access_of(contact: Contact) -> ContactAccess:
    return ContactAccess.objects.get(contact=contact)


def cell(contact: Contact, rights=("invite", "change")) -> str:
    contact = Contact.objects.get(pk=contact.pk)
    return render_to_string("portal/_invite_cell.html", {"access": states.of_contacts([contact])[contact.pk], "rights": set(rights)})


# --- the gesture ---------------------------------------------------------------------------------


def test_an_invitation_is_one_mail_with_a_link_and_no_password(ada, desk, settings):
    answer = desk.post(reverse("access:invite", args=[ada.pk]), follow=True)

    [message] = delivered()
    assert message.to == ["ada@brauer.example"]
    assert link_path(message)
    link = AccessLink.objects.get()
    until = timezone.localtime(link.expires_at).strftime("%H:%M %Z")
    for text in (message.body, message.alternatives[0].content):
        assert until in text
        assert "Ada" in text
        assert ada.client.legal_name in text
        assert NEW_PASSWORD not in text
    assert timedelta(days=7) - (link.expires_at - timezone.now()) < timedelta(minutes=1)
    assert "Ada Krämer was invited. The link works until" in answer.content.decode()


def test_an_invitation_opens_the_door_with_the_narrowest_level(ada, desk):
    desk.post(reverse("access:invite", args=[ada.pk]))

    access = access_of(ada)
    assert access.allowed
    assert access.level == Level.ONLY_RELATED
    assert Right(access.rights) == MEMBER
    assert not access.may_decide_quotes
    assert access.state == State.INVITED
    assert access.user.email == "ada@brauer.example"
    assert not access.user.has_usable_password()
    assert not access.user.is_staff


def test_an_invitation_keeps_rights_that_were_chosen_before(ada, desk):
    ContactAccess.objects.create(contact=ada, rights=int(Right.JOBS_VIEW), level=Level.ALL_OFFICES)

    desk.post(reverse("access:invite", args=[ada.pk]))

    assert (access_of(ada).rights, access_of(ada).level) == (Right.JOBS_VIEW, Level.ALL_OFFICES)


def test_the_internal_name_reaches_neither_mail_nor_page(make_client):
    client = make_client("zzinternal", legal_name="Visible Ltd")
    contact = client.contacts.register(client, last_name="Okafor", email="okafor@visible.example")
    ContactAccess.of(contact).invite(by=None)
    [message] = delivered()
    browser = Browser()

    page = browser.get(link_path(message), follow=True).content.decode()
    home = browser.post(SET_PASSWORD, {"password": NEW_PASSWORD}, follow=True).content.decode()
    told = delivered()

    for text in (
        message.subject,
        message.body,
        message.alternatives[0].content,
        page,
        home,
        *(f"{notice.subject} {notice.body}" for notice in told),
    ):
        assert "zzinternal" not in text
    assert "Visible Ltd" in message.body
    assert "Visible Ltd" in page
    assert "Visible Ltd" in home


def no_mail_address(contact):
    Contact.objects.filter(pk=contact.pk).update(email="")


def deactivated_contact(contact):
    Contact.objects.filter(pk=contact.pk).update(active=False, is_primary=False)


def denied_client(contact):
    ClientAccess.objects.create(client=contact.client, portal_access=Opening.DENIED)


def potential_client(contact):
    Client.objects.filter(pk=contact.client_id).update(status=Client.Status.POTENTIAL)


def inactive_client(contact):
    Client.objects.filter(pk=contact.client_id).update(status=Client.Status.INACTIVE)


def address_of_staff(contact):
    User.objects.invite("ADA@brauer.example", role=Role.DESK)


def address_of_another_portal_user(contact):
    other = contact.client.contacts.register(contact.client, last_name="Twin", email="Ada@BRAUER.example")
    ContactAccess.of(other).invite(by=None)


def active_already(contact):
    activated(contact)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_mail_address, "No e-mail"),
        (deactivated_contact, "is deactivated"),
        (denied_client, "The portal of Brauer Antriebe GmbH is closed"),
        (potential_client, "The portal of Brauer Antriebe GmbH is closed"),
        (inactive_client, "The portal of Brauer Antriebe GmbH is closed"),
        (address_of_staff, "A staff user signs in with “ada@brauer.example”"),
        (address_of_another_portal_user, "Another portal user signs in with “ada@brauer.example”"),
        (active_already, "has access already"),
    ],
)
def test_an_invitation_that_cannot_arrive_is_not_offered_and_refused_with_the_reason(spoil, reason, ada, desk):
    spoil(ada)
    delivered()
    before = dump()

    shown = cell(ada)
    answer = desk.post(reverse("access:invite", args=[ada.pk]))

    assert "access:invite" not in shown
    assert reverse("access:invite", args=[ada.pk]) not in shown
    if spoil is not active_already:
        assert reason in shown
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert dump() == before


def test_a_client_that_is_allowed_expressly_may_be_invited_though_only_potential(ada, desk):
    potential_client(ada)
    ClientAccess.objects.create(client=ada.client, portal_access=Opening.ALLOWED)

    assert desk.post(reverse("access:invite", args=[ada.pk])).status_code == 303


def test_after_an_address_is_added_the_button_returns(ada):
    no_mail_address(ada)
    assert "Add e-mail" in cell(ada)

    Contact.objects.filter(pk=ada.pk).update(email="ada@brauer.example")

    assert reverse("access:invite", args=[ada.pk]) in cell(ada)


def test_the_list_invites_the_primary_contact_of_the_moment_and_nobody_else(ada, desk):
    otto = ada.client.contacts.register(ada.client, first_name="Otto", last_name="Brauer", email="otto@brauer.example")
    otto.make_primary()

    desk.post(reverse("access:invite_primary", args=[ada.client_id]))

    assert [message.to for message in delivered()] == [["otto@brauer.example"]]
    assert not ContactAccess.objects.filter(contact=ada).exists()


def test_a_client_without_contact_cannot_be_invited(brauer, desk):
    before = dump()

    answer = desk.post(reverse("access:invite_primary", args=[brauer.pk]))

    assert answer.status_code == 422
    assert "no contact person yet" in answer.content.decode()
    assert dump() == before


def test_a_second_click_sends_again_and_ends_the_older_link(ada, desk):
    desk.post(reverse("access:invite", args=[ada.pk]))
    [first] = delivered()
    desk.post(reverse("access:invite", args=[ada.pk]))
    [second] = delivered()

    old = Browser().get(link_path(first))
    assert old.status_code == 410
    assert "This link was replaced" in old.content.decode()
    assert choose(link_path(second)).status_code == 302


def test_two_clicks_before_the_worker_comes_send_one_living_link(ada, desk):
    for _ in range(2):
        desk.post(reverse("access:invite", args=[ada.pk]))

    [message] = delivered()

    assert choose(link_path(message)).status_code == 302
    assert sorted(OutgoingMail.objects.values_list("state", flat=True))[:2] == ["dropped", "queued"]


def test_without_a_worker_the_page_says_that_the_mail_waits(ada, desk):
    desk.post(reverse("access:invite", args=[ada.pk]))
    assert "E-mail not sent yet" in cell(ada)
    delivered()
    assert "E-mail not sent yet" not in cell(ada)


def test_a_press_by_script_swaps_the_cell(ada, desk):
    answer = desk.post(reverse("access:invite", args=[ada.pk]), headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.lstrip().startswith('<div class="access" data-invite>')
    assert "Invite again" in page
    assert "Ada Krämer was invited" in page


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/clients/?page=2"])
def test_the_way_back_stays_in_the_house(back, ada, desk):
    answer = desk.post(reverse("access:invite", args=[ada.pk]), {"next": back})

    assert answer.headers["Location"] == (back if back.startswith("/c") else ada.get_absolute_url())


def test_the_history_tells_who_opened_the_door(ada, as_user, make_staff):
    desk = make_staff(Role.DESK)
    as_user(desk).post(reverse("access:invite", args=[ada.pk]))

    entry = Change.objects.filter(content_type__model="contactaccess").first()
    assert entry.actor == desk
    assert entry.changes["allowed"][1] in (True, "True")


def test_the_states_of_a_page_take_three_queries(make_client, django_assert_num_queries):
    contacts = []
    for number in range(6):
        client = make_client(f"Client {number}")
        contacts.append(client.contacts.register(client, last_name=f"Person {number}", email=f"p{number}@x{number}.example"))
    invited(contacts[1])
    activated(contacts[2])
    User.objects.invite("P3@x3.example", role=Role.DESK)

    with django_assert_num_queries(3):
        found = states.of_contacts(contacts)
        seen = [(found[contact.pk].state, found[contact.pk].can_be_invited) for contact in contacts]

    assert seen == [
        (State.NO_ACCESS, True),
        (State.INVITED, True),
        (State.ACTIVE, False),
        (State.NO_ACCESS, False),
        (State.NO_ACCESS, True),
        (State.NO_ACCESS, True),
    ]


def test_the_states_of_a_page_read_no_notes(ada, django_assert_max_num_queries):
    """Up to 10,000 characters each that no list shows."""
    with django_assert_max_num_queries(5) as seen:
        states.of_contacts([ada])

    assert seen.captured_queries
    assert all('"notes"' not in query["sql"] for query in seen.captured_queries)
