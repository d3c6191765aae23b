"""Door 3: a contact person comes in by invitation (decision 17, J7 to J13, J20, X60; trial 1.5, A01 to A04, A06, V5 to V7)."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
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
    return render_to_string("portal/_invite.html", {"access": states.of_contacts([contact])[contact.pk], "rights": set(rights)})


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

    assert (access_of(ada).own_rights, access_of(ada).level) == (Right.JOBS_VIEW, Level.ALL_OFFICES)


def test_the_internal_name_reaches_neither_mail_nor_page(make_client):
    client = make_client("zzinternal", legal_name="Visible Ltd")
    contact = client.contacts.register(client, last_name="Okafor", email="okafor@visible.example")
    ContactAccess.of(contact).invite(by=None)
    [message] = delivered()
    browser = Browser()

    page = browser.get(link_path(message), follow=True).content.decode()
    home = browser.post(SET_PASSWORD, {"password": NEW_PASSWORD}, follow=True).content.decode()
    told = delivered()

    for text in (message.subject, message.body, message.alternatives[0].content, page, home, *(m.body + m.subject for m in told)):
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
    assert page.lstrip().startswith('<div class="row" data-invite>')
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


def test_the_states_of_a_page_take_one_query(make_client, django_assert_num_queries):
    contacts = []
    for number in range(6):
        client = make_client(f"Client {number}")
        contacts.append(client.contacts.register(client, last_name=f"Person {number}", email=f"p{number}@x{number}.example"))
    invited(contacts[1])
    activated(contacts[2])
    User.objects.invite("P3@x3.example", role=Role.DESK)

    with django_assert_num_queries(1):
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


# --- the link ------------------------------------------------------------------------------------


def test_a_link_is_looked_at_as_often_as_anyone_likes_and_spent_once(ada):
    path = invited(ada)
    for _ in range(5):
        assert Browser().get(path).status_code == 302
        assert Browser().head(path).status_code == 302

    browser = Browser()
    assert choose(path, browser=browser).headers["Location"] == reverse("portal:home")
    assert is_in(browser)

    again = Browser().get(path)
    assert again.status_code == 410
    assert "This link was used already" in again.content.decode()
    assert choose(path, "another long and quiet passphrase").status_code in (404, 410)
    assert sign_in("ada@brauer.example", NEW_PASSWORD).status_code == 302


def test_the_token_leaves_the_address_bar(ada):
    path = invited(ada)
    token = path.rstrip("/").split("/")[-1]
    browser = Browser()

    moved = browser.get(path)
    page = browser.get(moved.headers["Location"])

    assert moved.headers["Location"] == SET_PASSWORD
    assert token not in page.content.decode()
    assert token not in str(dict(browser.session.items()))
    assert "ada@brauer.example" in page.content.decode()
    assert "At least 15 characters" in page.content.decode()
    assert "This invitation works until" in page.content.decode()


def test_no_link_lets_anybody_in_by_itself(ada):
    browser = Browser()
    browser.get(invited(ada), follow=True)

    assert browser.get(reverse("portal:home")).headers["Location"].startswith(reverse("account_login"))


def expired(contact):
    AccessLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def withdrawn(contact):
    access_of(contact).withdraw()


def other_address(contact):
    contact = Contact.objects.get(pk=contact.pk)
    contact.email = "ada.new@brauer.example"
    contact.save()


def deactivated_user(contact):
    User.objects.filter(access__contact=contact).update(is_active=False)


@pytest.mark.parametrize(
    "spoil", [expired, withdrawn, other_address, deactivated_contact, deactivated_user, inactive_client, denied_client]
)
def test_a_dead_link_explains_itself_and_says_nothing_of_its_owner(spoil, ada):
    path = invited(ada)
    early = Browser()
    early.get(path)
    spoil(ada)

    for answer in (Browser().get(path), early.get(SET_PASSWORD)):
        page = answer.content.decode()
        assert answer.status_code == 410
        assert "Ask for a new link" in page
        assert "brauer" not in page.lower()
        assert "Ada" not in page
    late = Browser()
    late.session.save()
    early_again = Browser()
    early_again.get(path)
    assert early_again.post(SET_PASSWORD, {"password": NEW_PASSWORD}).status_code in (404, 410)
    assert not User.objects.get(access__contact=ada).has_usable_password()


@pytest.mark.parametrize("path", ["/account/link/nothing-like-it/", SET_PASSWORD])
def test_an_unknown_link_explains_itself_too(path, db):
    answer = Browser().get(path)

    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()
    assert "Ask for a new link" in answer.content.decode()


def test_a_withdrawn_link_stays_dead_when_access_is_given_again(ada):
    path = invited(ada)
    access = access_of(ada)
    access.withdraw()
    ContactAccess.objects.filter(pk=access.pk).update(allowed=True)

    assert Browser().get(path).status_code == 410


def test_an_expired_invitation_does_not_stand_in_the_way_of_a_new_one(ada, desk):
    path = invited(ada)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert Browser().get(path).status_code == 410
        assert access_of(ada).state == State.EXPIRED
        AccessLink.objects.all()
        ContactAccess.of(Contact.objects.get(pk=ada.pk)).invite(by=None)
        [message] = delivered()
        assert choose(link_path(message)).status_code == 302


def test_a_new_address_before_the_first_sign_in_takes_the_user_along(ada):
    old = invited(ada)
    other_address(ada)

    new = invited(ada)

    assert Browser().get(old).status_code == 410
    assert choose(new).status_code == 302
    assert User.objects.get(access__contact=ada).email == "ada.new@brauer.example"
    assert sign_in("ada.new@brauer.example", NEW_PASSWORD).status_code == 302
    assert sign_in("ada@brauer.example", NEW_PASSWORD).status_code == 422


def test_who_is_signed_in_as_somebody_else_is_told_and_can_sign_out(ada, desk):
    path = invited(ada)

    page = desk.get(path, follow=True)
    assert page.status_code == 403
    assert "This link belongs to somebody else" in page.content.decode()
    assert desk.post(SET_PASSWORD, {"password": NEW_PASSWORD}).status_code == 403

    desk.post(SET_PASSWORD, {"sign_out": "yes"})
    assert desk.post(SET_PASSWORD, {"password": NEW_PASSWORD}).headers["Location"] == reverse("portal:home")


def test_the_first_sign_in_is_noted(ada):
    activated(ada)

    access = access_of(ada)
    assert access.accepted_at is not None
    assert access.state == State.ACTIVE
    assert access.user.last_login is not None


def test_who_was_never_invited_can_neither_sign_in_nor_reset(ada):
    """J7, invariant 10."""
    assert sign_in("ada@brauer.example").status_code == 422

    Browser().post(reverse("account:forgot"), {"email": "ada@brauer.example"})

    assert delivered() == []
    assert not User.objects.exists()


def test_the_log_never_holds_a_token(ada, said):
    path = invited(ada)
    token = path.rstrip("/").split("/")[-1]

    Browser().get(path)
    Browser().post(path)
    choose(path)
    Browser().get(path)
    Browser().get(f"{path}x")

    assert said.lines
    assert token not in said.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_of_two_who_spend_a_link_at_once_exactly_one_succeeds(round_, ada):
    path = invited(ada)
    browsers = [Browser(), Browser()]
    for browser in browsers:
        browser.get(path)
    start = threading.Barrier(2)
    answers = {}

    def spend(number: int) -> None:
        start.wait()
        try:
            answers[number] = browsers[number].post(SET_PASSWORD, {"password": f"{NEW_PASSWORD} {number}"}).status_code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=spend, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers.values()) == [302, 410]
    winner = next(number for number, status in answers.items() if status == 302)
    user = User.objects.get(access__contact=ada)
    assert user.check_password(f"{NEW_PASSWORD} {winner}")
    assert OutgoingMail.objects.filter(kind="password_changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_one_address_at_once_make_one_user(ada):
    twin = ada.client.contacts.register(ada.client, last_name="Twin", email="ADA@brauer.example")
    start = threading.Barrier(2)
    found = []

    def invite(pk: int) -> None:
        start.wait()
        try:
            ContactAccess.of(Contact.objects.get(pk=pk)).invite(by=None)
            found.append("invited")
        except Exception as error:
            found.append(" ".join(error.messages))
        finally:
            connection.close()

    threads = [threading.Thread(target=invite, args=(contact.pk,)) for contact in (ada, twin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert "invited" in found
    assert any("signs in with" in sentence for sentence in found)
    assert User.objects.count() == 1
    assert ContactAccess.objects.count() == 1
