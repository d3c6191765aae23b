"""Rules of the ground floor that no single page owns: reading takes no lock, nothing typed is markup, nobody is led elsewhere."""

import pytest
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings as current
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils.module_loading import import_string

from clientdesk import settings as product
from clientdesk.middleware import HistoryMiddleware
from clientdesk.models import Change
from clients.models import Client


@pytest.fixture
def notes(monkeypatch):
    """Note for each request whether its view ran inside a transaction."""
    seen = []
    original = Client.objects.visible_to

    def noting(*args, **kwargs):
        seen.append(connection.in_atomic_block)
        return original(*args, **kwargs)

    monkeypatch.setattr(Client.objects, "visible_to", noting)
    return seen


@pytest.mark.django_db(transaction=True)
def test_a_page_that_only_reads_takes_no_transaction(desk, brauer, notes):
    assert desk.get(reverse("clients:list")).status_code == 200
    assert notes
    assert not any(notes)


def failing(monkeypatch, error: Exception) -> None:
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("clients.list_views.ClientList.get", fail)


def test_a_page_may_ask_for_the_password_once_more_before_it_is_shown(desk, monkeypatch):
    failing(monkeypatch, ReauthenticationRequired())

    answer = desk.get(reverse("clients:list"))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_a_page_that_only_reads_may_be_answered_from_within(desk, monkeypatch):
    failing(monkeypatch, ImmediateHttpResponse(HttpResponse("Wait a moment.")))

    assert desk.get(reverse("clients:list")).content == b"Wait a moment."


def test_a_page_that_only_reads_still_fails_loudly(desk, monkeypatch):
    failing(monkeypatch, ZeroDivisionError())
    desk.raise_request_exception = False

    assert desk.get(reverse("clients:list")).status_code == 500


def test_whoever_answers_errors_of_views_is_asked_about_pages_that_only_read_too():
    """ReadingMiddleware calls those views itself, so that Django asks nobody."""
    made = {name: import_string(name)(lambda request: HttpResponse()) for name in reversed(current.MIDDLEWARE)}
    assert [name for name, one in made.items() if hasattr(one, "process_exception")] == current.ERRORS_ANSWERED_BY


def test_a_name_that_looks_like_markup_stays_text_in_hints(brauer, desk):
    brauer.contacts.register(brauer, first_name="Ada", last_name="<img src=x id=evil>")
    page = desk.get(reverse("contacts:add", args=[brauer.pk])).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x id=evil&gt;" in page


def test_the_error_summary_repeats_what_was_typed(desk, headquarters):
    posted = {"name": "Acme <b> Sons", "legal_name": "Acme", "email": "a@acme.example", "branch": headquarters.pk}
    page = desk.post(reverse("clients:add"), posted).content.decode()
    assert page.count("“Acme &lt;b&gt; Sons” holds") == 2


@pytest.mark.parametrize("back", ["foo", "account_logout", "//evil.example", "https://evil.example/", "javascript:alert(1)", "\\evil", ""])
def test_the_way_back_is_an_address_of_ours(desk, back):
    answer = desk.post(reverse("profile_theme"), {"theme": "dark", "next": back})
    assert (answer.status_code, answer.url) == (302, reverse("profile"))


def test_the_way_back_leads_to_the_page_it_names(desk):
    assert desk.post(reverse("profile_theme"), {"theme": "dark", "next": "/contacts/?q=a"}).url == "/contacts/?q=a"


@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.1"), (1, "203.0.113.9")])
def test_the_history_believes_only_a_trusted_proxy(settings, proxies, seen):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().post("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "203.0.113.9"})
    assert HistoryMiddleware._get_remote_addr(request) == seen


@pytest.mark.parametrize("address", ["/nowhere/", "/clients/999999/"])
def test_with_debug_on_an_unknown_address_still_gets_our_page(settings, desk, address):
    settings.DEBUG = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "clientdesk.middleware.UnknownAddressMiddleware"]

    answer = desk.get(address)

    assert answer.status_code == 404
    assert "urlpatterns" not in answer.content.decode()
    assert "URLconf" not in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


def test_the_history_of_a_new_record_tells_only_of_its_own_columns(brauer, ada):
    for record in (brauer, ada, ada.default_office, brauer.branch):
        told = Change.objects.get_for_object(record).get(action=Change.Action.CREATE).changes
        assert set(told) <= {column.name for column in record._meta.concrete_fields}


def test_the_product_keeps_passwords_with_argon2id_and_counts_in_a_cache_that_all_processes_share():
    encoded = import_string(product.PASSWORD_HASHERS[0])().encode("a long and quiet passphrase", "saltsaltsaltsalt")
    assert encoded.startswith("argon2$argon2id$")
    assert product.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
