"""What guessing passwords costs, and what it never does to the owner (trial A11, V14, V15)."""

import pytest
import time_machine
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from clientdesk import brakes
from clientdesk.models import OutgoingMail, User
from clientdesk.rights import Role
from tests.doors import PASSWORD, WRONG, choose, delivered, fresh_brakes, link_path, sign_in, visible  # noqa: F401

MANY = brakes.PAIR.tries


def fail(times: int, browser: Browser | None = None, email: str = "desk@desk.example", **headers) -> list[int]:
    return [sign_in(email, WRONG, browser or Browser(), **headers).status_code for _ in range(times)]


@pytest.fixture
def bob(make_staff) -> User:
    """Bob, with a browser in which he signed in before."""
    bob = make_staff(Role.DESK)
    bob.browser = Browser()
    sign_in("desk@desk.example", PASSWORD, bob.browser)
    bob.browser.post(reverse("account_logout"))
    return bob


def test_after_ten_wrong_passwords_a_browser_waits_and_says_so(bob):
    browser = Browser()
    browser.get(reverse("account_login"))
    assert fail(MANY, browser) == [422] * MANY

    answer = sign_in("desk@desk.example", PASSWORD, browser)

    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.content.decode()
    assert sign_in("desk@desk.example", PASSWORD, Browser()).status_code == 302


def test_the_owner_of_the_address_is_told_once(bob):
    browser = Browser()
    browser.get(reverse("account_login"))
    fail(MANY + 5, browser)

    assert [(message.to, message.subject) for message in delivered()] == [
        (["desk@desk.example"], "Wrong passwords for your account at ClientDesk")
    ]


def test_an_unknown_address_is_braked_alike_and_nobody_is_told(bob):
    known, unknown = Browser(), Browser()
    for browser in (known, unknown):
        browser.get(reverse("account_login"))
    fail(MANY, known)
    fail(MANY, unknown, "nobody@nowhere.example")

    answers = [sign_in("desk@desk.example", WRONG, known), sign_in("nobody@nowhere.example", WRONG, unknown)]

    assert [answer.status_code for answer in answers] == [429, 429]
    assert visible(answers[0]) == visible(answers[1]).replace("nobody@nowhere.example", "desk@desk.example")
    assert OutgoingMail.objects.filter(kind="signin_braked").count() == 2
    assert [message.to for message in delivered()] == [["desk@desk.example"]]


def test_changing_headers_or_cookies_does_not_lift_the_limit(bob):
    """Trial V14."""
    statuses = [
        fail(
            1, Browser(), HTTP_X_FORWARDED_FOR=f"10.0.0.{number}", HTTP_X_REAL_IP=f"10.0.0.{number}", HTTP_FORWARDED=f"for=10.0.0.{number}"
        )[0]
        for number in range(25)
    ]

    assert statuses[:10] == [422] * 10
    assert set(statuses[11:]) == {429}


def test_fresh_browsers_that_open_the_page_first_are_counted_as_well(bob):
    statuses = []
    for _ in range(14):
        browser = Browser()
        browser.get(reverse("account_login"))
        statuses += fail(1, browser)

    assert statuses[-1] == 429


def test_a_forged_cookie_is_no_known_browser(bob):
    browser = Browser()
    browser.cookies[brakes.cookie_name()] = bob.browser.cookies[brakes.cookie_name()].value[:-2] + "xx"
    fail(MANY, browser)

    assert fail(1, browser) == [429]


def test_a_success_does_not_clear_the_failures_of_others(bob):
    stranger = Browser()
    stranger.get(reverse("account_login"))
    fail(MANY - 1, stranger)

    sign_in("desk@desk.example", PASSWORD, bob.browser)
    bob.browser.post(reverse("account_logout"))

    assert fail(2, stranger) == [422, 429]


def test_a_thousand_wrong_tries_from_elsewhere_never_lock_the_owner_out(bob, monkeypatch):
    """Trial V15: from a browser that knows him, and by a reset from any."""
    for number in range(1000 // 20):
        for _ in range(20):
            brakes.SignInBrake(request_from(f"198.51.100.{number}"), "desk@desk.example").press()
    assert sign_in("desk@desk.example", PASSWORD, Browser(), REMOTE_ADDR="198.51.100.250").status_code == 429

    assert sign_in("desk@desk.example", PASSWORD, bob.browser).status_code == 302

    Browser().post(reverse("account:forgot"), {"email": "desk@desk.example"})
    reset = next(message for message in delivered() if "new password" in message.subject)
    assert choose(link_path(reset)).status_code == 302


def request_from(address: str):
    return RequestFactory().post("/account/sign-in/", REMOTE_ADDR=address)


def test_the_brake_lets_go_after_a_while(bob):
    browser = Browser()
    browser.get(reverse("account_login"))
    fail(MANY, browser)
    assert fail(1, browser) == [429]

    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=brakes.PAIR.seconds + 1)):
        assert sign_in("desk@desk.example", PASSWORD, browser).status_code == 302


def test_a_successful_sign_in_costs_no_try(bob):
    for _ in range(MANY + 2):
        assert sign_in("desk@desk.example", PASSWORD, bob.browser).status_code == 302
        bob.browser.post(reverse("account_logout"))


def test_who_finds_an_open_browser_cannot_guess_the_password_in_it(bob):
    """The password that is asked for once more is braked for that person; no sentence has gaps."""
    browser = Browser()
    sign_in("desk@desk.example", PASSWORD, browser)
    url = reverse("account_reauthenticate")
    tries = [browser.post(url, {"password": WRONG}) for _ in range(MANY + 1)]
    assert 429 in [answer.status_code for answer in tries] or "Too many" in tries[-1].text
    assert "%(" not in tries[-1].text
    assert browser.post(url, {"password": PASSWORD}).status_code != 302
