"""Where somebody is signed in, and what ends it: the person, a new password or address, deactivation (invariant 11; trial A14, A15)."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk import factors, new_addresses, user_sessions
from clientdesk.models import Change, User, UserSession
from clientdesk.rights import Role
from portal.models import ContactAccess
from tests.doors import NEW_PASSWORD, PASSWORD, activated, delivered, fresh_brakes, is_in, sign_in  # noqa: F401
from tests.factors import fresh, with_app

DESK = "desk@desk.example"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"


@pytest.fixture
def bob(make_staff) -> User:
    return make_staff(Role.DESK)


def shown(browser: Browser) -> list[str]:
    return [session.browser for session in browser.get(reverse("account:security")).context["sessions"]]


def test_the_page_names_each_browser(bob):
    browser = Browser(headers={"user-agent": FIREFOX})
    sign_in(DESK, browser=browser)
    for said in (IPHONE, EDGE, "<b>curl</b>"):
        sign_in(DESK, browser=Browser(headers={"user-agent": said}))

    assert shown(browser) == ["", "Edge, Windows", "Safari, iPhone", "Firefox, Linux"]
    page = browser.get(reverse("account:security")).text
    assert "This browser" in page
    assert "curl" not in page


def test_one_browser_is_signed_out_from_another(bob, make_staff):
    here, there = fresh(DESK), fresh(DESK)
    other = make_staff(Role.READER)
    stranger = fresh(other.email)
    [newest, _mine] = user_sessions.of(bob)

    assert stranger.post(reverse("account:end_session", args=[newest.pk])).status_code == 404
    assert is_in(there, "clients:list")
    here.post(reverse("account:end_session", args=[newest.pk]))

    assert not is_in(there, "clients:list")
    assert is_in(here, "clients:list")
    assert len(shown(here)) == 1


def test_sign_out_everywhere_else_leaves_this_browser_and_nobody_else(bob, make_staff):
    here, there, unlisted = fresh(DESK), fresh(DESK), fresh(DESK)
    UserSession.objects.filter(key=unlisted.cookies["session"].value).delete()
    colleague = fresh(make_staff(Role.READER).email)

    here.post(reverse("account:end_others"))

    assert [is_in(browser, "clients:list") for browser in (here, there, unlisted, colleague)] == [True, False, False, True]
    assert len(shown(here)) == 1


def test_a_contact_signs_out_everywhere_else_too(ada):
    here = activated(ada)
    there = fresh("ada@brauer.example")
    here.post(reverse("account:end_others"))
    assert (is_in(here), is_in(there)) == (True, False)


def password_changed(contact, user):
    fresh("ada@brauer.example").post(reverse("account:password"), {"password": NEW_PASSWORD})


def address_changed(contact, user):
    new_addresses.confirm(new_addresses.want(user, "ada.new@brauer.example", user))


def contact_off(contact, user):
    contact.active = False
    contact.save()


def access_off(contact, user):
    ContactAccess.objects.get(contact=contact).withdraw()


def factor_lost(contact, user):
    with_app(user)
    factors.reset(user)


@pytest.mark.parametrize("change", [password_changed, address_changed, contact_off, access_off, factor_lost])
def test_what_ends_every_session_ends_it_on_the_account_pages_too(change, ada):
    browser = activated(ada)
    assert is_in(browser, "account:security")

    change(ada, User.objects.get(access__contact=ada))

    assert not is_in(browser, "account:security")
    assert not is_in(browser)


def test_a_new_password_is_chosen_by_rules_ends_other_sessions_and_is_told(ada):
    here, there = activated(ada), fresh("ada@brauer.example")
    assert here.post(reverse("account:password"), {"password": "short"}).status_code == 422

    answer = here.post(reverse("account:password"), {"password": NEW_PASSWORD})

    assert answer.headers["Location"] == reverse("account:security")
    assert (is_in(here), is_in(there)) == (True, False)
    assert len(shown(here)) == 1
    assert [(message.to, message.subject) for message in delivered()] == [
        (["ada@brauer.example"], "Your password at ClientDesk was changed")
    ]
    assert sign_in("ada@brauer.example", PASSWORD).status_code == 422
    assert sign_in("ada@brauer.example", NEW_PASSWORD).status_code == 302


def test_the_key_of_the_session_changes_with_the_password(bob):
    """Trial A13."""
    browser = fresh(DESK)
    before = browser.cookies["session"].value
    browser.post(reverse("account:password"), {"password": NEW_PASSWORD})

    thief = Browser()
    thief.cookies["session"] = before
    assert not is_in(thief, "clients:list")


def test_who_takes_the_own_role_away_stays_listed(make_staff):
    make_staff(Role.ADMINISTRATOR, "second@desk.example")
    boss = make_staff(Role.ADMINISTRATOR)
    browser = fresh(boss.email)
    version = User.objects.get(pk=boss.pk).version
    form = {"first_name": "A", "last_name": "B", "role": "desk", "email": boss.email, "version": version}
    browser.post(reverse("staff:edit", args=[boss.pk]), form)
    assert User.objects.get(pk=boss.pk).role == "desk"
    assert len(shown(browser)) == 1


def test_rows_of_old_sessions_are_swept(bob):
    fresh(DESK)
    user_sessions.sweep()
    assert UserSession.objects.count() == 1
    UserSession.objects.update(started_at=timezone.now() - timezone.timedelta(hours=13))

    user_sessions.sweep()

    assert UserSession.objects.count() == 0


@pytest.mark.parametrize("way", ["staff page", "command"])
def test_an_administrator_helps_who_lost_phone_and_codes(way, bob, make_staff, as_user, capsys):
    from django.core.management import call_command

    with_app(bob)
    delivered()
    boss = None
    if way == "command":
        call_command("remove_second_factor", DESK)
    else:
        boss = make_staff(Role.ADMINISTRATOR)
        assert as_user(boss).post(reverse("staff:remove_factors", args=[bob.pk])).status_code == 303

    assert sign_in(DESK).headers["Location"] == reverse("home")
    assert [message.subject for message in delivered()] == ["Your second factor was removed (ClientDesk)"]
    noted = Change.objects.filter(object_id=bob.pk, additional_data__second_factor="all_removed").get()
    assert (noted.actor, noted.content_type.model) == (boss, "user")


def test_staff_help_a_contact_who_lost_phone_and_codes(ada, manager, desk):
    browser = activated(ada)
    with_app(User.objects.get(access__contact=ada))
    url = reverse("access:remove_factors", args=[ada.pk])

    assert desk.post(url).status_code == 403
    assert sign_in("ada@brauer.example").headers["Location"] == reverse("mfa_authenticate")
    tab = reverse("access:account", args=[ada.pk])
    assert url not in desk.get(tab).text, "only who gives portal rights is offered it"
    assert f'href="{url}"' in manager.get(tab).text
    asked = manager.get(url).text
    assert "is signed out everywhere" in asked
    assert is_in(browser), "looking at the question answers nothing"
    answer = manager.post(url, follow=True)
    assert answer.redirect_chain == [(tab, 303)]
    assert "signs in with the password alone again" in answer.text

    assert not is_in(browser)
    assert sign_in("ada@brauer.example").headers["Location"] == reverse("portal:home")
    assert manager.get(url, follow=True).redirect_chain == [(tab, 303)], "there is nothing to ask about any more"
