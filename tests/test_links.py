"""One-time links as records: what they are, when they die, who holds them (invariant 11; ASVS 6.5, 6.6)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk import links
from clientdesk.models import AccessLink, OutgoingMail, User
from clientdesk.rights import Role
from portal.models import ContactAccess
from tests.doors import activated, choose, delivered, fresh_brakes  # noqa: F401

INVITATION, RESET = AccessLink.Purpose.INVITATION, AccessLink.Purpose.RESET


@pytest.fixture
def noor(db) -> User:
    return User.objects.invite("noor@desk.example", role=Role.DESK, first_name="Noor")


def test_a_token_is_long_random_and_never_stored(noor):
    tokens = {AccessLink.objects.issue(noor, INVITATION).token for _ in range(20)}

    assert len(tokens) == 20
    assert all(len(token) == 43 for token in tokens)
    for link in AccessLink.objects.all():
        stored = {str(value) for value in vars(link).values()}
        assert link.token not in stored
        assert AccessLink.objects.by_token(link.token) == link


def test_another_secret_key_makes_every_link_worthless(noor, settings):
    token = AccessLink.objects.issue(noor, INVITATION).token
    settings.SECRET_KEY = "another" * 10

    assert AccessLink.objects.get().token != token


@pytest.mark.parametrize(("purpose", "lifetime"), [(INVITATION, timedelta(days=7)), (RESET, timedelta(hours=1))])
def test_a_purpose_has_its_lifetime(purpose, lifetime, noor):
    link = AccessLink.objects.issue(noor, purpose)

    assert abs(link.expires_at - timezone.now() - lifetime) < timedelta(seconds=5)


def test_lifetimes_are_settings(noor, settings):
    settings.INVITATION_DAYS, settings.PASSWORD_RESET_TIMEOUT = 2, 600

    assert AccessLink.objects.issue(noor, INVITATION).expires_at < timezone.now() + timedelta(days=2, seconds=5)
    assert AccessLink.objects.issue(noor, RESET).expires_at < timezone.now() + timedelta(seconds=605)
    assert links.reset_time() == "10 minutes"


def test_a_newer_link_of_any_purpose_ends_the_older(noor):
    older = AccessLink.objects.issue(noor, INVITATION)
    AccessLink.objects.issue(noor, RESET)

    assert AccessLink.objects.get(pk=older.pk).state == AccessLink.State.VOIDED
    assert AccessLink.objects.unspent().count() == 1


def test_the_links_of_others_stay(noor):
    other = AccessLink.objects.issue(User.objects.invite("mats@desk.example", role=Role.DESK), INVITATION)
    AccessLink.objects.issue(noor, INVITATION)

    assert AccessLink.objects.get(pk=other.pk).state == AccessLink.State.OPEN


def test_a_link_made_by_the_command_line_works_like_a_mailed_one(noor):
    link = AccessLink.objects.issue(noor, INVITATION)

    assert choose(reverse("account:link", args=[link.token])).status_code == 302


@pytest.mark.parametrize(("first", "second"), [("Noor@desk.example", "noor@DESK.example"), ("noor@desk.example", "NOOR@desk.example")])
def test_two_users_never_share_an_address(first, second, db):
    User.objects.invite(first, role=Role.DESK)

    with pytest.raises(IntegrityError):
        User.objects.invite(second, role=Role.DESK)


def test_a_link_is_spent_by_a_post_with_a_typed_password_only(noor):
    path = reverse("account:link", args=[AccessLink.objects.issue(noor, INVITATION).token])
    browser = Browser()

    assert browser.post(path, {"password": "a long and quiet passphrase"}).status_code == 405
    browser.get(path)
    assert browser.post(reverse("account:set_password"), {}).status_code == 422
    assert not User.objects.get(pk=noor.pk).has_usable_password()
    assert browser.get(reverse("clients:list")).status_code == 302


def test_a_session_that_looked_at_a_dead_link_cannot_spend_the_one_before(noor):
    browser = Browser()
    old = reverse("account:link", args=[AccessLink.objects.issue(noor, INVITATION).token])
    browser.get(old)
    AccessLink.objects.issue(noor, INVITATION)

    assert browser.post(reverse("account:set_password"), {"password": "a long and quiet passphrase"}).status_code == 410


def test_a_link_of_somebody_who_is_gone_is_unknown(noor):
    link = AccessLink.objects.issue(noor, INVITATION)
    User.objects.filter(pk=noor.pk).delete()

    with pytest.raises(links.Dead, match="unknown"):
        links.spend(link, "a hash")


def test_a_contact_who_is_deleted_leaves_no_way_in(ada):
    browser = activated(ada)
    ada.delete()

    assert browser.get(reverse("portal:home")).status_code == 302
    assert not ContactAccess.objects.exists()


def test_an_address_that_nobody_uses_any_more_can_be_invited_again(ada, brauer):
    activated(ada)
    ada.delete()
    successor = brauer.contacts.register(brauer, first_name="Otto", last_name="Neu", email="ada@brauer.example")

    ContactAccess.of(successor).invite(by=None)

    [message] = delivered()
    user = User.objects.get()
    assert (user.first_name, user.has_usable_password()) == ("Otto", False)
    assert message.to == ["ada@brauer.example"]


def test_the_mail_of_a_link_that_died_in_the_queue_is_not_sent(ada):
    ContactAccess.of(ada).invite(by=None)
    ContactAccess.objects.get().withdraw()

    assert delivered() == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED
