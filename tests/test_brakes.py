"""The counters behind the brakes, in the shared cache of production (trial V14, 6.3.1)."""

import threading

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import timezone

from clientdesk import brakes
from clientdesk.brakes import Browser, Window
from tests.doors import fresh_brakes  # noqa: F401

FEW = Window("few", 3, 60)


@pytest.fixture
def shared_cache(transactional_db):
    table = "shared_cache_of_a_test"
    with override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": table}}):
        call_command("createcachetable", verbosity=0)
        yield
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {table}")


def test_a_window_holds_so_many_tries_and_lets_go_after_its_time():
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        assert [bool(FEW.take("bob")) for _ in range(4)] == [True, True, True, False]
        assert FEW.take("ann")
    with time_machine.travel(start + timezone.timedelta(seconds=61), tick=False):
        assert FEW.take("bob")


def test_a_try_that_was_taken_back_does_not_count():
    FEW.take("bob").undo()

    assert FEW.count("bob") == 0


def test_tries_at_the_same_moment_are_all_counted(shared_cache):
    taken, start = [], threading.Barrier(8)

    def press() -> None:
        start.wait()
        try:
            taken.append(FEW.take("bob"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 1 <= sum(one is not None for one in taken) <= FEW.tries
    assert FEW.count("bob") == sum(one is not None for one in taken)


def test_the_shared_cache_has_room_for_a_flood():
    from clientdesk import settings as production

    assert production.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 10_000


def asked_from(address: str, cookie: str = "", **headers):
    request = RequestFactory().post("/account/sign-in/", REMOTE_ADDR=address, **headers)
    if cookie:
        request.COOKIES[brakes.cookie_name()] = cookie
    return request


@pytest.mark.parametrize(
    ("address", "headers", "expected"),
    [
        ("203.0.113.9", {}, "203.0.113.9"),
        ("203.0.113.9", {"HTTP_X_FORWARDED_FOR": "10.0.0.1"}, "203.0.113.9"),
        ("203.0.113.9", {"HTTP_X_REAL_IP": "10.0.0.1", "HTTP_FORWARDED": "for=10.0.0.1"}, "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", {}, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", {}, "2001:db8:1:2::/64"),
    ],
)
def test_a_connection_is_its_address_and_never_a_header(address, headers, expected):
    assert brakes.connection(asked_from(address, **headers)) == expected


def test_behind_a_stated_proxy_the_address_it_saw_counts(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert brakes.connection(asked_from("10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9")) == "203.0.113.9"


@pytest.mark.parametrize("said", ["", "unknown", "6.6.6.6, _hidden", "<script>"])
def test_a_proxy_that_says_nothing_usable_counts_itself(said, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert brakes.connection(asked_from("10.0.0.1", HTTP_X_FORWARDED_FOR=said)) == "10.0.0.1"


def test_fewer_addresses_than_proxies_count_as_the_nearest(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2

    assert brakes.connection(asked_from("10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6")) == "10.0.0.1"


def test_a_browser_is_known_again_by_what_we_signed():
    browser = Browser.of(asked_from("203.0.113.9"))
    browser.remember("Bob@desk.example")
    response = HttpResponse()
    browser.keep(response)
    cookie = response.cookies[brakes.cookie_name()].value

    again = Browser.of(asked_from("203.0.113.9", cookie))

    assert again.name == browser.name
    assert again.knows("bob@DESK.example")
    assert not again.knows("ann@desk.example")
    assert "bob" not in cookie.lower()


@pytest.mark.parametrize("cookie", ["", "x", "eyJuYW1lIjoieCJ9:1abc:xyz", "a:b:c"])
def test_a_cookie_that_is_not_ours_is_a_new_browser(cookie):
    browser = Browser.of(asked_from("203.0.113.9", cookie))

    assert browser.is_new
    assert not browser.addresses


def test_a_browser_remembers_a_few_addresses_only():
    browser = Browser()
    for number in range(20):
        browser.remember(f"user{number}@desk.example")

    assert len(browser.addresses) == 8
    assert browser.knows("user19@desk.example")
    assert not browser.knows("user0@desk.example")
