"""Door 3 and door 1: who comes in, and who does not any more (X49 to X51; trial A08, A13, A14, A19, A20, V13, V16)."""

import re
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from clientdesk import outbox
from clientdesk.models import OutgoingMail, User
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from portal.models import ClientAccess, ContactAccess, Opening
from tests.doors import PASSWORD, WRONG, activated, choose, dump, fresh_brakes, invited, is_in, sign_in, visible  # noqa: F401

# --- one answer for everybody ----------------------------------------------------------------------


def unknown(contact):
    contact.delete()
    return PASSWORD


def never_invited(contact):
    return PASSWORD


def without_password(contact):
    invited(contact)
    return ""


def wrong_password(contact):
    activated(contact)
    return WRONG


def deactivated_contact(contact):
    activated(contact)
    Contact.objects.filter(pk=contact.pk).update(active=False)
    return PASSWORD


def closed_access(contact):
    activated(contact)
    ContactAccess.objects.get(contact=contact).withdraw()
    return PASSWORD


def closed_client(contact):
    activated(contact)
    Client.objects.filter(pk=contact.client_id).update(status=Client.Status.INACTIVE)
    return PASSWORD


def inactive_staff(contact):
    user = User.objects.invite("ada@brauer.example", role=Role.DESK, is_active=False)
    user.set_password(PASSWORD)
    user.save()
    return PASSWORD


REFUSED = [unknown, never_invited, without_password, wrong_password, deactivated_contact, closed_access, closed_client, inactive_staff]


@pytest.mark.parametrize("kind", REFUSED)
def test_who_may_not_come_in_gets_one_answer(kind, ada):
    password = kind(ada) or WRONG
    expected = sign_in("nobody@nowhere.example", WRONG)

    answer = sign_in("ada@brauer.example", password)

    assert answer.status_code == expected.status_code == 422
    assert visible(answer) == visible(expected).replace("nobody@nowhere.example", "ada@brauer.example")
    assert set(answer.headers) == set(expected.headers)
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("kind", [unknown, without_password, wrong_password, inactive_staff])
def test_every_refusal_hashes_one_password(kind, ada, monkeypatch):
    """The time must not tell who exists (trial V2)."""
    password = kind(ada) or WRONG
    hashed = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    from django.contrib.auth.hashers import MD5PasswordHasher

    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(hasher, lambda self, *words, **more: hashed.append(1) or plain(self, *words, **more))

    sign_in("ada@brauer.example", password)

    assert len(hashed) == 1


def work_of(email: str, password: str) -> list[str]:
    """Return what one try to sign in asks of the database and of the shared cache, without the values."""
    with CaptureQueriesContext(connection) as seen, patch("django.core.cache.cache.set", wraps=cache.set) as kept:
        sign_in(email, password)
    return [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in seen] + ["keep"] * kept.call_count


@pytest.mark.parametrize("kind", REFUSED)
def test_every_refusal_asks_and_writes_as_much_as_one_for_an_unknown_address(kind, ada):
    """One statement or commit more is milliseconds that tell (trial V2)."""
    password = kind(ada) or WRONG
    expected = work_of("nobody@nowhere.example", WRONG)

    assert work_of("ada@brauer.example", password) == expected
    assert any(statement.startswith("UPDATE") for statement in expected)


def test_the_password_box_is_empty_after_an_error_and_the_address_is_not(ada):
    page = sign_in("ada@brauer.example", WRONG).content.decode()

    assert WRONG not in page
    assert 'value="ada@brauer.example"' in page
    assert "<title>Error: Sign in" in page.replace("\n", "")


def test_a_failed_sign_in_is_noted_for_the_known_and_for_nobody_else(ada):
    activated(ada)
    before = User.objects.get(access__contact=ada)
    sign_in("nobody@nowhere.example", WRONG)
    assert User.objects.get(pk=before.pk).last_failed_login is None

    sign_in("ada@brauer.example", WRONG)

    after = User.objects.get(pk=before.pk)
    assert timezone.now() - after.last_failed_login < timezone.timedelta(minutes=1)
    assert after.last_login == before.last_login
    assert after.version == before.version


def test_only_signing_in_writes_the_last_login(ada, desk):
    browser = activated(ada)
    before = User.objects.get(access__contact=ada).last_login
    is_in(browser)
    desk.get(ada.get_absolute_url())
    assert User.objects.get(access__contact=ada).last_login == before

    sign_in("ada@brauer.example")

    assert User.objects.filter(access__contact=ada, last_login__gt=before).exists()


def test_nobody_signs_up(db):
    for name in ("account_signup", "account_reset_password", "account_email", "account_inactive", "account_change_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert Browser().get("/account/signup/").status_code == 404


@pytest.mark.parametrize("headers", [{"HTTP_ACCEPT": "application/json"}, {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}])
def test_a_script_gets_the_same_page(headers, db):
    answer = sign_in("nobody@nowhere.example", WRONG, **headers)

    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("text/html")


# --- where one lands --------------------------------------------------------------------------------


def test_staff_land_in_the_back_office_and_contacts_in_the_portal(ada, make_staff):
    activated(ada)
    make_staff(Role.READER)

    assert sign_in("reader@desk.example").headers["Location"] == reverse("home")
    assert sign_in("ada@brauer.example").headers["Location"] == reverse("portal:home")


FOREIGN = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2e%2e",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    "http:///evil.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "\x00//evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "ftp://testserver/",
    "http://localhost/clients/",
    "//localhost/clients/",
    "http://[::1/",
    "%2f%2fevil.example",
    "clients/",
    "/portal/",
]


@pytest.mark.parametrize("there", FOREIGN)
@pytest.mark.parametrize("where", ["query", "form"])
def test_next_leads_nowhere_but_into_the_own_area(there, where, make_staff):
    make_staff(Role.DESK)
    url = reverse("account_login")

    if where == "query":
        answer = Browser().post(url, {"login": "desk@desk.example", "password": PASSWORD}, query_params={"next": there})
    else:
        answer = Browser().post(url, {"login": "desk@desk.example", "password": PASSWORD, "next": there})

    assert answer.headers["Location"] == reverse("home")


def test_next_leads_to_the_page_that_was_wanted(make_staff):
    make_staff(Role.DESK)
    browser = Browser()
    asked = browser.get("/clients/?q=brauer")
    page = browser.get(asked.headers["Location"])
    assert 'name="next" value="/clients/?q=brauer"' in page.content.decode()

    answer = browser.post(reverse("account_login"), {"login": "desk@desk.example", "password": PASSWORD, "next": "/clients/?q=brauer"})

    assert answer.headers["Location"] == "/clients/?q=brauer"


def test_who_is_signed_in_already_is_sent_home(ada, desk):
    assert desk.get(reverse("account_login")).headers["Location"] == reverse("home")
    assert activated(ada).get(reverse("account_login")).headers["Location"] == reverse("portal:home")


# --- sessions -----------------------------------------------------------------------------------------


def test_signing_in_changes_the_session_and_the_old_one_is_dead(make_staff):
    make_staff(Role.DESK)
    browser = Browser()
    invited_session = browser.session
    invited_session["mark"] = 1
    invited_session.save()
    before = browser.cookies["session"].value

    sign_in("desk@desk.example", PASSWORD, browser)

    assert browser.cookies["session"].value != before
    thief = Browser()
    thief.cookies["session"] = before
    assert thief.get(reverse("clients:list")).status_code == 302


def test_sign_out_needs_a_post(make_staff, as_user):
    browser = as_user(make_staff(Role.DESK))
    page = browser.get(reverse("account_logout"))

    assert page.status_code == 200
    assert is_in(browser, "clients:list")
    assert browser.post(reverse("account_logout")).headers["Location"] == reverse("account_login")
    assert not is_in(browser, "clients:list")


@pytest.mark.parametrize("page", ["account_login", "account_logout", "account:forgot", "account:new_link", "account:set_password"])
@pytest.mark.parametrize("headers", [{}, {"HTTP_ORIGIN": "https://evil.example", "HTTP_REFERER": "https://evil.example/"}])
def test_a_post_from_another_page_has_no_effect(page, headers, make_staff):
    user = make_staff(Role.DESK)
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(user)
    before = dump()

    answer = browser.post(reverse(page), {"login": "desk@desk.example", "password": PASSWORD, "email": "desk@desk.example"}, **headers)

    assert answer.status_code == 403
    assert dump() == before
    assert is_in(browser, "clients:list")


@pytest.mark.parametrize(
    "page", ["account_login", "account_logout", "account:forgot", "account:forgot_done", "account:new_link", "account:set_password"]
)
def test_looking_changes_nothing_and_is_not_kept(page, make_staff, as_user):
    browser = as_user(make_staff(Role.DESK))
    before = dump()

    for other in (browser, Browser()):
        answer = other.get(reverse(page))
        assert "no-store" in answer.headers["Cache-Control"]

    assert dump() == before


def off_contact(contact):
    Contact.objects.filter(pk=contact.pk).update(active=False)


def off_access(contact):
    ContactAccess.objects.filter(contact=contact).update(allowed=False)


def off_client(contact):
    Client.objects.filter(pk=contact.client_id).update(status=Client.Status.INACTIVE)


def off_portal(contact):
    ClientAccess.objects.create(client=contact.client, portal_access=Opening.DENIED)


def off_user(contact):
    User.objects.filter(access__contact=contact).update(is_active=False)


def off_row(contact):
    ContactAccess.objects.filter(contact=contact).delete()


def off_contact_row(contact):
    contact.delete()


def off_client_row(contact):
    contact.client.contacts.all().delete()
    contact.client.delete()


@pytest.mark.parametrize("off", [off_contact, off_access, off_client, off_portal, off_user, off_row, off_contact_row, off_client_row])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_loses_access_is_out_at_the_next_request(off, method, ada):
    browser = activated(ada)
    assert is_in(browser)
    off(ada)

    answer = getattr(browser, method)(reverse("portal:home"))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert browser.get(reverse("account_login")).status_code == 200


def test_access_that_is_given_back_needs_no_new_invitation(ada):
    activated(ada)
    off_access(ada)
    assert sign_in("ada@brauer.example").status_code == 422

    ContactAccess.objects.update(allowed=True)

    assert sign_in("ada@brauer.example").status_code == 302


def test_a_deactivated_staff_user_is_out_at_the_next_request(make_staff, as_user):
    user, boss = make_staff(Role.DESK), make_staff(Role.ADMINISTRATOR)
    browser = as_user(user)
    assert is_in(browser, "clients:list")

    user.deactivate(by=boss)

    assert browser.get(reverse("clients:list")).headers["Location"].startswith(reverse("account_login"))
    user.restore()
    assert not is_in(browser, "clients:list")
    assert sign_in("desk@desk.example").status_code == 302


# --- once more (reauthentication) ---------------------------------------------------------------------------


def test_a_password_can_be_asked_for_once_more(make_staff):
    make_staff(Role.DESK)
    browser = Browser()
    sign_in("desk@desk.example", PASSWORD, browser)
    url = reverse("account_reauthenticate")

    page = browser.get(url).content.decode()
    assert 'autocomplete="username"' in page
    wrong = browser.post(url, {"password": WRONG})
    assert "This is not your password" in wrong.content.decode()
    assert browser.post(url, {"password": PASSWORD}).status_code == 302


def test_no_answer_at_the_doors_waits_for_the_mail_server(ada, make_staff, as_user, monkeypatch):
    """Trial V2: whoever asks, a mail is a row; it is neither made nor sent before the answer."""
    from django.core.mail.backends.locmem import EmailBackend

    make_staff(Role.DESK)
    path = invited(ada)

    def waits(*_args: object) -> None:
        raise AssertionError("this answer waits for the mail server")

    for busy in ("open", "send_messages"):
        monkeypatch.setattr(EmailBackend, busy, waits)
    monkeypatch.setattr(outbox, "_prepare", waits)
    for email in ("desk@desk.example", "nobody@nowhere.example"):
        for page in ("account:forgot", "account:new_link"):
            assert Browser().post(reverse(page), {"email": email}).status_code == 303
        assert [sign_in(email, WRONG, browser).status_code for browser in [Browser()] for _ in range(11)][-1] in (422, 429)
    assert choose(path).status_code == 302
    staff = as_user(User.objects.by_address("desk@desk.example"))
    assert staff.post(reverse("access:send_reset", args=[ada.pk])).status_code in (200, 303)
    asked = Browser()
    sign_in("desk@desk.example", PASSWORD, asked)
    asked.post(reverse("account:address"), {"email": "new@desk.example"})
    waiting = set(OutgoingMail.objects.filter(state="queued").values_list("kind", flat=True))
    assert {"link_wanted", "password_changed", "contact_reset", "new_address", "new_address_wanted"} <= waiting
