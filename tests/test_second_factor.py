"""The second factor: set up, asked for, braked, told of, lost (issue 7, part 6; trial A16, V14, V15)."""

import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk import brakes, factors
from clientdesk.models import User
from clientdesk.rights import Role
from tests.doors import PASSWORD, activated, choose, delivered, dump, fresh_brakes, is_in, link_path, sign_in  # noqa: F401
from tests.factors import code_of, fresh, half_in, kinds_of, second_step, secret_on, with_app
from tests.test_doors import STAFF

DESK = "desk@desk.example"


@pytest.fixture
def bob(make_staff) -> User:
    return make_staff(Role.DESK)


@pytest.fixture
def required(settings):
    settings.STAFF_MFA_REQUIRED = True


def subjects() -> list[str]:
    return [message.subject for message in delivered()]


# --- setting it up -----------------------------------------------------------------------------------


def set_up_app(browser: Browser):
    """Add an app as a person does, and return the secret and the page of recovery codes."""
    secret = secret_on(browser.get(reverse("account:add_app")))
    answer = browser.post(reverse("account:add_app"), {"code": code_of(secret)})
    assert answer.headers["Location"] == reverse("account:codes")
    return secret, browser.get(reverse("account:codes"))


def test_who_adds_an_app_gets_recovery_codes_and_a_notice_and_is_asked_for_a_code_from_then_on(bob):
    secret, page = set_up_app(fresh(DESK))

    assert kinds_of(bob) == ["recovery_codes", "totp"]
    assert [code.replace(" ", "") for code in page.context["codes"]] == factors.codes_of(bob)
    assert len(page.context["codes"]) == 10
    assert subjects() == ["An authenticator app was added (ClientDesk)"]
    other = half_in(DESK)
    assert not is_in(other, "clients:list")
    assert second_step(other, code_of(secret, 1)).headers["Location"] == reverse("home")
    assert is_in(other, "clients:list")


def test_a_contact_sets_up_an_app_too(ada):
    browser = activated(ada)
    secret, _page = set_up_app(browser)

    assert [message.to for message in delivered()] == [["ada@brauer.example"]]
    other = half_in("ada@brauer.example")
    assert second_step(other, code_of(secret)).headers["Location"] == reverse("portal:home")
    assert is_in(other)


def test_a_wrong_first_code_adds_nothing_and_the_picture_stays(bob):
    browser = fresh(DESK)
    secret = secret_on(browser.get(reverse("account:add_app")))

    answer = browser.post(reverse("account:add_app"), {"code": "000000" if code_of(secret) != "000000" else "111111"})

    assert answer.status_code == 422
    assert secret_on(answer) == secret
    assert "<svg" in answer.content.decode()
    assert kinds_of(bob) == []


@pytest.mark.parametrize("page", ["account:add_app", "account:add_passkey", "account:password", "account:address"])
def test_what_is_delicate_asks_for_the_password_where_the_sign_in_is_long_ago(bob, page, as_user):
    browser, url = as_user(bob), reverse(page)
    before = dump()

    assert browser.get(url).headers["Location"] == f"{reverse('account_reauthenticate')}?next={url.replace('/', '%2F')}"
    assert browser.post(url, {"code": "1", "password": "x" * 20, "email": "new@desk.example"}).headers["Location"] == url
    assert dump() == before
    assert browser.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": url}).headers["Location"] == url
    assert browser.get(url).status_code == 200


def test_a_button_waits_for_the_password_and_then_acts(bob, as_user):
    with_app(bob)
    browser = as_user(bob)
    url = reverse("account:remove_factor", args=[Authenticator.objects.get(type="totp").pk])

    asked = browser.post(url)
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert len(kinds_of(bob)) == 2
    browser.post(asked.headers["Location"], {"password": PASSWORD, "next": url})

    assert kinds_of(bob) == []


def test_recovery_codes_are_shown_only_to_the_browser_that_made_them_and_for_minutes(bob):
    browser = fresh(DESK)
    set_up_app(browser)
    assert fresh_codes_shown(browser)

    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=11)):
        assert not fresh_codes_shown(browser)
    elsewhere = half_in(DESK)
    second_step(elsewhere, factors.codes_of(bob)[0])
    assert not fresh_codes_shown(elsewhere)


def fresh_codes_shown(browser: Browser) -> bool:
    return browser.get(reverse("account:codes")).status_code == 200


def test_the_database_alone_tells_no_secret(bob, settings):
    secret = with_app(bob)
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in factors.codes_of(bob))

    settings.SECRET_KEY = "another one, as somebody would have who stole the rows"
    assert second_step(half_in(DESK), code_of(secret)).status_code == 422


# --- the second step -----------------------------------------------------------------------------------


def test_a_code_works_once_and_a_clock_may_be_half_a_minute_wrong(bob):
    secret = with_app(bob)
    with time_machine.travel(timezone.now(), tick=False):
        codes = [code_of(secret, steps) for steps in (-1, 0, 1)]
        assert [second_step(half_in(DESK), code).status_code for code in codes] == [302] * 3
        assert [second_step(half_in(DESK), code).status_code for code in codes] == [422] * 3
        assert second_step(half_in(DESK), code_of(secret, 3)).status_code == 422


def test_a_recovery_code_works_once(bob):
    with_app(bob)
    code = factors.codes_of(bob)[3]

    assert second_step(half_in(DESK), f"{code[:4]} {code[4:]}").status_code == 302
    assert second_step(half_in(DESK), code).status_code == 422
    assert len(factors.codes_of(bob)) == 9


def test_a_new_password_by_link_keeps_the_second_step(bob):
    secret = with_app(bob)
    Browser().post(reverse("account:forgot"), {"email": DESK})
    reset = next(message for message in delivered() if "new password" in message.subject)
    browser = Browser()

    assert choose(link_path(reset), browser=browser).headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(browser, "clients:list")
    assert second_step(browser, code_of(secret)).headers["Location"] == reverse("home")


def test_who_was_deactivated_between_the_two_steps_stays_outside(bob, make_staff):
    secret = with_app(bob)
    browser = half_in(DESK)
    bob.deactivate(by=make_staff(Role.ADMINISTRATOR))

    second_step(browser, code_of(secret))

    assert not is_in(browser, "clients:list")


def test_wrong_codes_stop_a_stranger_with_the_password_and_not_the_owner(bob, monkeypatch):
    assert brakes.CODES.tries == 10
    monkeypatch.setattr(brakes, "CODES", brakes.Window("second-factor", 3, 900))
    secret = with_app(bob)
    home = half_in(DESK)
    second_step(home, code_of(secret))
    home.post(reverse("account_logout"))
    delivered()

    statuses = [second_step(half_in(DESK), "12345").status_code for _ in range(5)]
    assert statuses == [422] * 3 + [429] * 2
    assert second_step(half_in(DESK), code_of(secret, 1)).status_code == 429
    assert subjects() == ["Wrong codes for your account (ClientDesk)"]
    assert second_step(half_in(DESK, home), code_of(secret, 1)).status_code == 302


# --- required of staff ---------------------------------------------------------------------------------------


def test_staff_without_a_second_factor_are_led_to_set_one_up_and_can_do_nothing_else(bob, required):
    browser = fresh(DESK)
    before = dump()

    for answer in (browser.get("/clients/"), browser.post("/clients/add/?kind=corporate", {"name": "X"}), browser.get("/nowhere/else/")):
        assert answer.status_code in (302, 404)
    assert browser.get("/clients/").headers["Location"] == reverse("account:set_up")
    assert browser.get("/clients/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == reverse("account:set_up")
    assert dump() == before
    assert browser.get(reverse("account:set_up")).status_code == 200

    _secret, page = set_up_app(browser)
    assert page.context["start"] == reverse("home")
    assert is_in(browser, "clients:list")
    assert browser.get(reverse("account:set_up")).headers["Location"] == reverse("home")


def test_no_address_of_the_back_office_is_a_way_around_it(bob, required):
    browser = fresh(DESK)
    for number, door in enumerate(STAFF):
        answer = browser.post(door.path) if number % 2 else browser.get(door.path)
        assert answer.headers.get("Location") == reverse("account:set_up"), door.path
    assert browser.get(reverse("portal:home")).status_code == 403


def test_a_new_staff_user_comes_in_by_invitation_and_is_led_to_set_it_up(make_staff, required, django_user_model):
    from clientdesk import links

    user = django_user_model.objects.invite("new@desk.example", role=Role.DESK, last_name="Haddad")
    links.invite(user, None)
    [message] = delivered()
    browser = Browser()

    choose(link_path(message), browser=browser)

    assert browser.get("/clients/").headers["Location"] == reverse("account:set_up")
    set_up_app(browser)
    assert is_in(browser, "clients:list")


def test_nothing_is_required_of_contacts(ada, required):
    assert is_in(activated(ada))


def test_the_last_factor_of_staff_stays_and_that_of_a_contact_may_go(bob, ada, required):
    with_app(bob)
    with pytest.raises(ValidationError, match="second factor"):
        factors.remove(bob, factors.of(bob).get(type="totp").pk)
    delivered()

    activated(ada)
    anna = User.objects.get(access__contact=ada)
    with_app(anna)
    factors.remove(anna, factors.of(anna).get(type="totp").pk)

    assert kinds_of(anna) == []
    assert [message.to for message in delivered() if "removed" in message.subject] == [["ada@brauer.example"]]


def test_nobody_removes_the_factor_of_somebody_else(bob, make_staff):
    other = make_staff(Role.READER)
    with_app(other)

    answer = fresh(DESK).post(reverse("account:remove_factor", args=[factors.of(other).get(type="totp").pk]))

    assert answer.status_code == 404
    assert len(kinds_of(other)) == 2


# --- made-up passkeys -------------------------------------------------------------------------------------------


def test_one_connection_gets_few_challenges(db, monkeypatch):
    monkeypatch.setattr(brakes, "CHALLENGES", brakes.Window("passkey-challenge", 3, 60))
    assert [Browser().get(reverse("account:passkey")).status_code for _ in range(4)] == [200] * 3 + [429]


@pytest.mark.parametrize(
    "credential",
    ["", "x", "1", "null", "[]", '"text"', "{}", '{"id": 1}', '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
     '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "oA", '
     '"authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}, "clientExtensionResults": {}}'],
)  # fmt: skip
def test_a_made_up_passkey_is_refused_with_a_sentence(bob, credential):
    browser = fresh(DESK)
    browser.get(reverse("account:add_passkey"))
    assert browser.post(reverse("account:add_passkey"), {"name": "Mine", "credential": credential}).status_code == 422
    assert kinds_of(bob) == []

    stranger = Browser()
    assert "challenge" in stranger.get(reverse("account:passkey")).json()["request_options"]["publicKey"]
    assert stranger.post(reverse("account:passkey"), {"credential": credential}).headers["Location"] == reverse("account_login")
    assert not is_in(stranger, "clients:list")
    if credential.startswith("{"):
        assert "This passkey was not taken" in stranger.get(reverse("account_login")).content.decode()


def test_oneself_and_administrators_read_what_became_of_a_second_factor_when_and_by_whom(bob, make_staff, as_user):
    boss = as_user(make_staff(Role.ADMINISTRATOR, first_name="Bea", last_name="Boss"))
    browser = fresh(DESK)
    set_up_app(browser)
    passkey = Authenticator.objects.create(user=bob, type=factors.Kind.WEBAUTHN, data={"name": "Phone", "credential": {"id": "x"}})
    browser.post(reverse("account:rename_passkey", args=[passkey.pk]), {"name": "Key in the drawer"})
    browser.post(reverse("account:renew_codes"))
    browser.post(reverse("account:remove_factor", args=[passkey.pk]))
    boss.post(reverse("staff:remove_factors", args=[bob.pk]))
    own = ("Passkey removed", "New recovery codes", "Passkey renamed", "Authenticator app added")
    expected = [("App, passkeys and recovery codes removed", "Bea Boss"), *((words, str(bob)) for words in own)]
    for page in (boss.get(reverse("staff:edit", args=[bob.pk])), fresh(DESK).get(reverse("account:security"))):
        assert [(event.words, event.who) for event in page.context["events"]] == expected
        assert "Passkey renamed" in page.text
    assert not boss.get(reverse("account:security")).context["events"]
    assert as_user(make_staff(Role.MANAGER, "m@desk.example")).get(reverse("staff:edit", args=[bob.pk])).status_code == 403


def test_of_a_contact_administrators_read_it_beside_the_sign_in(ada, make_staff, as_user):
    activated(ada)
    with_app(User.objects.get(access__contact=ada))
    for role, seen in ((Role.ADMINISTRATOR, ["Authenticator app added"]), (Role.MANAGER, [])):
        page = as_user(make_staff(role, f"{role}@desk.example")).get(reverse("access:account", args=[ada.pk]))
        assert [event.words for event in page.context["events"]] == seen
        assert ("Authenticator app added" in page.text) is bool(seen)


def test_a_passkey_gets_another_name_from_its_owner_only(bob, make_staff):
    browser = fresh(DESK)
    passkey = Authenticator.objects.create(user=bob, type=factors.Kind.WEBAUTHN, data={"name": "Phone", "credential": {"id": "x"}})
    url = reverse("account:rename_passkey", args=[passkey.pk])
    assert 'value="Phone"' in browser.get(url).text
    assert browser.post(url, {"name": "  "}).status_code == 422

    page = browser.post(url, {"name": " Key in the\r\ndrawer "}, follow=True).text

    assert "The passkey is called “Key in the drawer” from now on." in page
    passkey.refresh_from_db()
    assert passkey.data == {"name": "Key in the drawer", "credential": {"id": "x"}}
    app = Authenticator.objects.create(user=bob, type=factors.Kind.TOTP, data={})
    assert browser.get(reverse("account:rename_passkey", args=[app.pk])).status_code == 404
    make_staff(Role.READER, "eve@desk.example")
    assert fresh("eve@desk.example").post(url, {"name": "Mine"}).status_code == 404
