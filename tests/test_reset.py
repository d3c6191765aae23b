"""A forgotten password: the same answer for everybody, one link, one hour (X61, X62; trial A05, A06, A08, A15, A23, V1, V3 to V5)."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk import brakes, links
from clientdesk.models import AccessLink, OutgoingMail, User
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from portal.models import ContactAccess
from tests.doors import (  # noqa: F401
    NEW_PASSWORD,
    PASSWORD,
    activated,
    choose,
    delivered,
    dump,
    fresh_brakes,
    invited,
    is_in,
    link_path,
    links_in,
    sign_in,
)

FORGOT, NEW_LINK = "account:forgot", "account:new_link"


def ask(email: str, page: str = FORGOT, browser: Browser | None = None, **headers):
    return (browser or Browser()).post(reverse(page), {"email": email}, **headers)


def reset_link(email: str) -> str:
    """Ask for a link and return its path."""
    ask(email)
    [message] = delivered()
    return link_path(message)


# --- who gets what ---------------------------------------------------------------------------------


def test_a_contact_gets_a_link_for_one_hour_and_comes_in_with_the_new_password(ada):
    activated(ada)

    ask("ada@brauer.example")
    [message] = delivered()

    assert message.to == ["ada@brauer.example"]
    assert "once and for one hour" in message.body
    assert "once and for one hour" in message.alternatives[0].content
    browser = Browser()
    answer = choose(link_path(message), NEW_PASSWORD, browser)
    assert answer.headers["Location"] == reverse("portal:home")
    assert is_in(browser)
    assert sign_in("ada@brauer.example", PASSWORD).status_code == 422
    assert sign_in("ada@brauer.example", NEW_PASSWORD).status_code == 302


def test_staff_get_a_link_too(make_staff):
    make_staff(Role.DESK)

    browser = Browser()
    answer = choose(reset_link("desk@desk.example"), NEW_PASSWORD, browser)

    assert answer.headers["Location"] == reverse("home")
    assert sign_in("desk@desk.example", NEW_PASSWORD).status_code == 302


def test_who_never_chose_a_password_is_invited_again(ada):
    """The trap of domain.md: a reset for a contact who never activated must re-invite."""
    old = invited(ada)

    ask("ada@brauer.example", NEW_LINK)
    [message] = delivered()

    assert "invites you" in message.subject
    assert Browser().get(old).status_code == 410
    assert AccessLink.objects.latest("pk").purpose == AccessLink.Purpose.INVITATION
    assert choose(link_path(message)).status_code == 302


def test_staff_who_never_chose_a_password_are_invited_again(db):
    links.invite(User.objects.invite("new@desk.example", role=Role.DESK, first_name="Noor"), by=None)
    delivered()

    ask("new@desk.example")
    [message] = delivered()

    assert "You are invited to the back office" in message.subject


def nobody(contact):
    Contact.objects.filter(pk=contact.pk).delete()


def never_invited(contact):
    pass


def deactivated(contact):
    activated(contact)
    Contact.objects.filter(pk=contact.pk).update(active=False)


def withdrawn(contact):
    activated(contact)
    ContactAccess.objects.get(contact=contact).withdraw()


def client_inactive(contact):
    activated(contact)
    Client.objects.filter(pk=contact.client_id).update(status=Client.Status.INACTIVE)


def user_inactive(contact):
    activated(contact)
    User.objects.update(is_active=False)


def staff_inactive(contact):
    User.objects.invite("ada@brauer.example", role=Role.DESK, is_active=False)


def in_order(contact):
    activated(contact)


STRANGERS = [nobody, never_invited, deactivated, withdrawn, client_inactive, user_inactive, staff_inactive]


@pytest.mark.parametrize("kind", [*STRANGERS, in_order])
@pytest.mark.parametrize("page", [FORGOT, NEW_LINK])
def test_the_answer_is_the_same_whoever_asks(kind, page, ada, django_assert_num_queries):
    kind(ada)
    delivered()
    Browser().get(reverse(page))

    # A transaction, one row, its end: nobody is looked up.
    with django_assert_num_queries(3):
        answer = ask("ada@brauer.example", page)

    assert (answer.status_code, answer.content, answer.headers["Location"]) == (303, b"", reverse("account:forgot_done"))
    assert set(answer.headers) == set(ask("nobody@nowhere.example", page).headers)
    assert OutgoingMail.objects.filter(kind="link_wanted").count() == 2
    sent = delivered()
    assert [message.to for message in sent] == ([["ada@brauer.example"]] if kind is in_order else [])


def test_the_page_after_asking_names_no_address_and_says_one_hour(db):
    page = ask("ada@brauer.example", browser=(browser := Browser()))
    text = browser.get(page.headers["Location"]).content.decode()

    assert "ada@brauer.example" not in text
    assert "once and for one hour" in text


@pytest.mark.parametrize(
    "typed", ["", "ada", "ada@", "a@b.example, c@d.example", '"a b"@x.example', "ada@brauer.example\nbcc: x@y.example"]
)
def test_what_is_no_address_gets_a_sentence_and_no_mail(typed, db):
    answer = ask(typed)

    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not OutgoingMail.objects.exists()


# --- one link, one hour -----------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "status"), [(timedelta(minutes=59, seconds=59), 302), (timedelta(minutes=60, seconds=1), 410)])
def test_a_link_works_for_one_hour(after, status, ada):
    activated(ada)
    path = reset_link("ada@brauer.example")
    made = AccessLink.objects.latest("pk").created_at

    with time_machine.travel(made + after, tick=False):
        answer = choose(path) if status == 302 else Browser().get(path)

    assert answer.status_code == status


def test_a_newer_link_ends_the_older(ada):
    activated(ada)
    older = reset_link("ada@brauer.example")
    newer = reset_link("ada@brauer.example")

    assert Browser().get(older).status_code == 410
    assert choose(newer).status_code == 302


def new_password(contact):
    choose(reset_link("ada@brauer.example"), "the third long passphrase of today")


def other_address(contact):
    user = User.objects.get(access__contact=contact)
    user.email = "ada.new@brauer.example"
    user.save()


def contact_address(contact):
    Contact.objects.filter(pk=contact.pk).update(email="ada.new@brauer.example")


def contact_off(contact):
    Contact.objects.filter(pk=contact.pk).update(active=False)


def access_off(contact):
    ContactAccess.objects.get(contact=contact).withdraw()


@pytest.mark.parametrize("change", [new_password, other_address, contact_address, contact_off, access_off])
def test_an_older_link_dies_with_what_it_was_made_for(change, ada):
    activated(ada)
    path = reset_link("ada@brauer.example")

    change(ada)

    assert Browser().get(path).status_code == 410
    browser = Browser()
    browser.get(path)
    assert browser.post("/account/set-password/", {"password": NEW_PASSWORD}).status_code in (404, 410)
    assert not User.objects.get(access__contact=ada).check_password(NEW_PASSWORD)


def test_the_link_of_one_person_does_nothing_for_another(ada, make_staff):
    activated(ada)
    boss = make_staff(Role.ADMINISTRATOR)

    choose(reset_link("ada@brauer.example"))

    assert User.objects.get(pk=boss.pk).check_password(PASSWORD)


def test_a_new_password_ends_the_other_sessions_and_is_noticed(ada):
    first = activated(ada)
    second = Browser()
    sign_in("ada@brauer.example", PASSWORD, second)
    assert is_in(second)

    choose(reset_link("ada@brauer.example"))

    assert not is_in(first)
    assert not is_in(second)
    [notice] = delivered()
    assert notice.subject == "Your password at ClientDesk was changed"
    assert notice.to == ["ada@brauer.example"]
    assert NEW_PASSWORD not in notice.body


# --- staff press the button (A23) -------------------------------------------------------------------


def test_five_presses_leave_one_living_link_and_the_sixth_waits(ada, desk):
    activated(ada)
    url = reverse("access:send_reset", args=[ada.pk])

    pages = [desk.post(url, follow=True).content.decode() for _ in range(brakes.RESETS_BY_STAFF.tries)]
    refused = desk.post(url)

    assert AccessLink.objects.unspent().count() == 1
    assert "The link works once and for one hour." in pages[-1]
    assert refused.status_code == 422
    assert "was sent 5 times within the last hour" in refused.content.decode()
    [message] = delivered()
    assert all(links_in(message)[0] not in page and "/account/link/" not in page for page in pages)
    assert choose(link_path(message)).status_code == 302


def test_a_press_that_sends_nothing_is_not_counted(ada, desk):
    activated(ada)
    Contact.objects.filter(pk=ada.pk).update(active=False)
    url = reverse("access:send_reset", args=[ada.pk])

    pages = [desk.post(url).content.decode() for _ in range(brakes.RESETS_BY_STAFF.tries + 1)]

    assert all("The access of Ada Krämer is blocked." in page for page in pages)
    Contact.objects.filter(pk=ada.pk).update(active=True)
    assert desk.post(url).status_code == 303


def test_the_button_for_a_reset_invites_who_never_chose_a_password(ada, desk):
    invited(ada)

    page = desk.post(reverse("access:send_reset", args=[ada.pk]), follow=True)

    assert "Ada Krämer was invited" in page.content.decode()
    assert "invites you" in delivered()[0].subject


# --- look-alikes and foreign hosts ------------------------------------------------------------------

# What some folding or other takes for the same address; the second of each pair is a stranger's.
LOOK_ALIKES = [
    ("mike@brauer.example", "mıke@brauer.example"),
    ("mike@brauer.example", "mi̇ke@brauer.example"),
    ("mike@brauer.example", "mike@brauer.example"),
    ("mike@brauer.example", "miKe@brauer.example"),
    ("susan@brauer.example", "ſusan@brauer.example"),
    ("straße@brauer.example", "strasse@brauer.example"),
    ("fine@brauer.example", "ﬁne@brauer.example"),
    ("office@brauer.example", "oﬀice@brauer.example"),
    ("anna@brauer.example", "аnna@brauer.example"),
    ("paul@brauer.example", "рaul@brauer.example"),
    ("ada@brauer.example", "ada@brauer.examp1e"),
    ("ada@brauer.example", "ada@brauer.exampIe.evil"),
    ("ada@brauer.example", "ada@bräuer.example"),
    ("ada@brauer.example", "ada@brauer。example"),
    ("ada@brauer.example", "ada@brauer.example"),
    ("ada@brauer.example", "ada@brauer.example"),
    ("ada@brauer.example", "ada\u200b@brauer.example"),
    ("ada@brauer.example", "ada\u00ad@brauer.example"),
    ("jose@brauer.example", "josé@brauer.example"),
    ("no1@brauer.example", "no¹@brauer.example"),
]


@pytest.mark.parametrize(("stored", "typed"), LOOK_ALIKES)
def test_a_mail_goes_to_the_stored_address_only(stored, typed, ada):
    Contact.objects.filter(pk=ada.pk).update(email=stored)
    ContactAccess.of(Contact.objects.get(pk=ada.pk)).invite(by=None)
    delivered()

    ask(typed)
    delivered()

    for message in mail.outbox:
        assert message.to in ([stored], ["info@brauer.example"])


@pytest.mark.parametrize("typed", ["ADA@brauer.example", "Ada@BRAUER.EXAMPLE", "  ada@brauer.example "])
def test_case_and_spaces_make_no_other_person(typed, ada):
    activated(ada)

    ask(typed)

    assert [message.to for message in delivered()] == [["ada@brauer.example"]]


SPOOFED = [
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "localhost:8000@evil.example"},
    {"HTTP_HOST": "evil.example:80"},
    {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_SERVER": "evil.example"},
    {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_PORT": "6666"},
    {"HTTP_HOST": "localhost", "HTTP_FORWARDED": "host=evil.example;proto=https"},
    {"HTTP_HOST": "localhost", "HTTP_X_ORIGINAL_HOST": "evil.example"},
    {"HTTP_HOST": "localhost", "SERVER_NAME": "evil.example"},
    {"HTTP_HOST": "localhost, evil.example"},
    {"HTTP_HOST": "127.0.0.1:6666"},
]


@pytest.mark.parametrize("headers", SPOOFED)
def test_no_header_changes_where_a_link_leads(headers, ada, desk, settings):
    """Trial V1: invitation, reset and notice."""
    desk.post(reverse("access:invite", args=[ada.pk]), **headers)
    if not ContactAccess.objects.exists():
        ContactAccess.of(ada).invite(by=None)
    [invitation] = delivered()
    browser = Browser()
    browser.get(link_path(invitation))
    browser.post("/account/set-password/", {"password": NEW_PASSWORD}, **headers)
    ask("ada@brauer.example", **headers)

    sent = [invitation, *delivered()]

    for message in sent:
        for text in (message.body, message.alternatives[0].content):
            assert "evil.example" not in text
            assert "6666" not in text
        assert all(link.startswith(settings.PUBLIC_BASE_URL) for link in links_in(message))


# --- limits -------------------------------------------------------------------------------------------


def test_beyond_the_limit_the_answer_stays_the_same_and_no_mail_is_queued(ada):
    activated(ada)
    answers = [ask("ada@brauer.example") for _ in range(brakes.LINKS_BY_ADDRESS.tries + 3)]

    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(303, reverse("account:forgot_done"))}
    assert OutgoingMail.objects.filter(kind="link_wanted").count() == brakes.LINKS_BY_ADDRESS.tries


def test_one_connection_cannot_flood_the_outbox_by_changing_headers(db, monkeypatch):
    monkeypatch.setattr(brakes, "LINKS_BY_CONNECTION", brakes.Window("few", 3, 3600))

    for number in range(10):
        ask(f"person{number}@nowhere.example", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")

    assert OutgoingMail.objects.count() == 3


# --- the worker is cut off ------------------------------------------------------------------------------


def test_a_second_try_to_send_carries_the_same_link(ada, monkeypatch):
    activated(ada)
    ask("ada@brauer.example")
    with monkeypatch.context() as patched:
        patched.setattr("clientdesk.outbox._mark_sent", lambda mail: None)
        [first] = delivered()
    OutgoingMail.objects.update(claimed_until=None, next_try_at=timezone.now())

    [second] = delivered()

    assert links_in(first) == links_in(second)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert choose(link_path(second)).status_code == 302


def test_a_link_that_ran_out_in_the_queue_is_made_anew(ada):
    """The mail server was away for a day: what arrives at last must work."""
    ContactAccess.of(ada).invite(by=None)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        [message] = delivered()
        assert choose(link_path(message)).status_code == 302
