"""What every answer tells the browser (trial S03; ASVS 3.3, 3.4, 14.3.2)."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from clientdesk.rights import Role
from tests.doors import activated, fresh_brakes, invited  # noqa: F401


def page(ada, browser):
    return browser.get(reverse("clients:list"))


def sign_in_page(ada, browser):
    return Browser().get(reverse("account_login"))


def portal_page(ada, browser):
    return activated(ada).get(reverse("portal:home"))


def set_password_page(ada, browser):
    return Browser().get(invited(ada), follow=True)


def redirect(ada, browser):
    return Browser().get(reverse("clients:list"))


def link(ada, browser):
    return Browser().get(invited(ada))


def dead_link(ada, browser):
    return Browser().get("/account/link/nothing/")


def unknown_page(ada, browser):
    return browser.get("/nowhere/")


def unknown_page_for_strangers(ada, browser):
    return Browser().get("/nowhere/")


def forbidden(ada, browser):
    return browser.get(reverse("staff:list"))


def missing_token(ada, browser):
    return Browser(enforce_csrf_checks=True).post(reverse("account_login"))


def foreign_host(ada, browser):
    return Browser().get("/", headers={"Host": "evil.example"})


def too_large(ada, browser):
    return Browser().post(reverse("account_login"), headers={"Content-Length": str(6 * 1024 * 1024)})


def wrong_form(ada, browser):
    return Browser().post(reverse("account:forgot"), {"email": "x"})


def wrong_method(ada, browser):
    return browser.get(reverse("access:invite", args=[1]))


def healthy(ada, browser):
    return Browser().get("/healthz")


def ready(ada, browser):
    return Browser().get("/readyz")


def script_answer(ada, browser):
    return Browser().get(reverse("clients:list"), headers={"HX-Request": "true"})


def static_file(ada, browser):
    return Browser().get(f"{settings.STATIC_URL}css/tokens.css")


def unknown_static_file(ada, browser):
    return Browser().get(f"{settings.STATIC_URL}css/none.css")


DYNAMIC = [
    page,
    sign_in_page,
    portal_page,
    set_password_page,
    redirect,
    link,
    dead_link,
    unknown_page,
    unknown_page_for_strangers,
    forbidden,
    missing_token,
    foreign_host,
    too_large,
    wrong_form,
    wrong_method,
    healthy,
    ready,
    script_answer,
]


@pytest.fixture
def browser(make_staff, as_user):
    return as_user(make_staff(Role.DESK))


def policy(answer) -> dict[str, str]:
    return {
        name: rest for name, _space, rest in (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    }


def assert_safe(answer) -> None:
    assert policy(answer) == {
        "default-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers
    kind = answer.headers.get("Content-Type", "")
    assert not kind.startswith("text/") or "charset=" in kind


@pytest.mark.parametrize("ask", DYNAMIC)
def test_every_answer_carries_the_headers_and_is_not_kept(ask, ada, browser):
    answer = ask(ada, browser)

    assert_safe(answer)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("ask", [static_file, unknown_static_file])
def test_files_carry_the_headers_too(ask, ada, browser):
    answer = ask(ada, browser)
    answer.close()
    assert_safe(answer)


def test_a_fault_of_ours_carries_the_headers(browser, monkeypatch):
    monkeypatch.setattr("clientdesk.middleware.may", lambda user, right: 1 / 0)
    browser.raise_request_exception = False

    answer = browser.get(reverse("clients:list"))

    assert answer.status_code == 500
    assert_safe(answer)
    assert "ZeroDivisionError" not in answer.content.decode()


@pytest.mark.parametrize("ask", [page, sign_in_page, portal_page, set_password_page, dead_link, forbidden, unknown_page])
def test_no_page_needs_more_than_the_policy_allows(ask, ada, browser):
    text = ask(ada, browser).content.decode()

    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    assert "javascript:" not in text
    assert "data:image" not in text
    assert "<script>" not in text
    assert 'src="http' not in text
    assert '<link rel="stylesheet" href="http' not in text


def test_cookies_are_for_this_host_and_out_of_reach_of_scripts(ada, browser):
    answer = activated(ada).get(reverse("portal:home"))
    cookies = {**answer.cookies, **sign_in_page(ada, browser).cookies}

    assert {"csrf", "browser"} <= set(cookies)
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


_PRODUCTION = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
from clients import context
# There are no tables here, so nobody to ask for the brand of the headquarters.
context.headquarters = lambda: None
answer = Client().get("/account/sign-in/", secure=True, headers={"Host": "desk.example"})
plain = Client().get("/account/sign-in/", headers={"Host": "desk.example"})
print(json.dumps({
    "status": answer.status_code,
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "cookies": {name: [bool(c["secure"]), c["path"], c["domain"]] for name, c in answer.cookies.items()},
    "hsts": answer.headers.get("Strict-Transport-Security"),
    "plain": [plain.status_code, plain.headers.get("Location")],
}))
"""


def test_behind_https_cookies_are_bound_to_the_host_and_the_browser_stays_with_https(tmp_path):
    environment = os.environ | {
        "PUBLIC_BASE_URL": "https://desk.example",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "desk.example",
        "DEBUG": "false",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "LOG_LEVEL": "ERROR",
    }
    done = subprocess.run(
        [sys.executable, "-c", _PRODUCTION], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])

    assert found["status"] == 200
    assert found["names"] == ["__Host-session", "__Host-csrf"]
    assert found["secure"] == [True, True]
    assert found["cookies"] == {"__Host-csrf": [True, "/", ""], "__Host-browser": [True, "/", ""]}
    assert found["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert found["plain"] == [301, "https://desk.example/account/sign-in/"]


@pytest.mark.parametrize("host", ["testserver", "evil.example"])
def test_the_way_to_https_carries_the_headers(settings, host):
    settings.SECURE_SSL_REDIRECT = True

    answer = Browser().get("/clients/", headers={"Host": host})

    assert answer.status_code == (301 if host == "testserver" else 400)
    assert_safe(answer)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("length", "status"), [(8 * 1024, 302), (20 * 1024, 414)])
def test_a_long_address_gets_an_answer_of_ours(db, length, status):
    answer = Browser().get("/clients/?" + "a" * length)

    assert answer.status_code == status
    assert_safe(answer)
