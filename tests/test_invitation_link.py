"""The link of an invitation: looked at, spent once, dead with an explanation (trial 1.5, A02 to A06, V5 to V7)."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk.models import AccessLink, OutgoingMail, User
from contacts.models import Contact
from portal.models import ContactAccess, State
from tests.doors import NEW_PASSWORD, activated, choose, delivered, fresh_brakes, invited, is_in, link_path, sign_in  # noqa: F401
from tests.test_invitation import access_of, deactivated_contact, denied_client, inactive_client

SET_PASSWORD = "/account/set-password/"


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
    """Trial A03, V6."""
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
@pytest.mark.parametrize("round_", range(5))
def test_inviting_again_beside_somebody_who_chooses_a_password_never_takes_it_away(round_, ada):
    path = invited(ada)
    browser = Browser()
    browser.get(path)
    start = threading.Barrier(2)
    done = {}

    def choose_one() -> None:
        start.wait()
        try:
            done["chosen"] = browser.post(SET_PASSWORD, {"password": NEW_PASSWORD}).status_code == 302
        finally:
            connections.close_all()

    def invite_again() -> None:
        start.wait()
        try:
            ContactAccess.of(Contact.objects.get(pk=ada.pk)).invite(by=None)
            done["invited"] = True
        except ValidationError:
            done["invited"] = False
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for act in (choose_one, invite_again)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done.values()) == [False, True]
    assert User.objects.get().has_usable_password() == done["chosen"]


def test_a_user_that_was_read_before_the_password_was_chosen_keeps_it(ada):
    path = invited(ada)
    stale = access_of(ada)
    assert stale.user.invitation_open
    choose(path)
    stale.contact.first_name = "Adele"

    stale.make_user()

    user = User.objects.get()
    assert user.check_password(NEW_PASSWORD)
    assert user.first_name == "Adele"


def test_inviting_again_is_no_change_of_the_user(ada):
    invited(ada)
    before = User.objects.get().version

    invited(ada)

    assert User.objects.get().version == before


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
