"""Another sign-in address: wanted, confirmed from its own mailbox, told to both, or withdrawn (trial A06, A16; replaces XD37)."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk import links, new_addresses
from clientdesk.models import AccessLink, OutgoingMail, User
from clientdesk.rights import Role
from contacts.models import Contact
from portal.models import ContactAccess
from tests.doors import PASSWORD, activated, choose, delivered, dump, fresh_brakes, invited, is_in, link_path, sign_in  # noqa: F401
from tests.factors import fresh

OLD, NEW = "desk@desk.example", "new@desk.example"


@pytest.fixture
def bob(make_staff) -> User:
    return make_staff(Role.DESK)


def wanted(browser: Browser, address: str = NEW) -> str:
    """Ask for `address` and return the path of the link that goes there."""
    assert browser.post(reverse("account:address"), {"email": address}).headers["Location"] == reverse("account:security")
    mails = {message.to[0]: message for message in delivered()}
    assert len(mails) == 2
    return link_path(mails[address])


def confirm(path: str, browser: Browser | None = None):
    """Open the link and press the button; return the answer, which is the page of a dead link where there is no button."""
    browser = browser or Browser()
    looked = browser.get(path)
    return browser.post(reverse("account:confirm_address")) if looked.status_code == 302 else looked


def test_nothing_changes_until_the_new_mailbox_confirms_and_then_everything(bob):
    browser, elsewhere = fresh(OLD), fresh(OLD)
    path = wanted(browser)
    assert sign_in(NEW).status_code == 422
    assert f"{NEW} waits to be confirmed" in browser.get(reverse("account:security")).text
    mailbox = Browser()
    for _ in range(3):
        assert mailbox.get(path).headers["Location"] == reverse("account:confirm_address")
        assert mailbox.get(reverse("account:confirm_address")).status_code == 200
    assert sign_in(OLD).status_code == 302

    assert mailbox.post(reverse("account:confirm_address")).headers["Location"] == reverse("account_login")

    assert sign_in(NEW).status_code == 302
    assert sign_in(OLD).status_code == 422
    assert not is_in(browser, "clients:list")
    assert not is_in(elsewhere, "clients:list")
    told = delivered()
    assert [message.to for message in told] == [[OLD], [NEW]]
    assert all(OLD in message.body and NEW in message.body for message in told)
    assert confirm(path).status_code == 410


def test_both_addresses_are_told_what_is_wanted(bob):
    fresh(OLD).post(reverse("account:address"), {"email": NEW})

    mails = {message.to[0]: message for message in delivered()}

    assert "/account/link/" in mails[NEW].body
    assert "/account/link/" not in mails[OLD].body
    assert "you asked to sign in at ClientDesk with new@desk.example" in mails[OLD].body


def test_a_contact_changes_the_own_address_and_the_client_file_follows(ada):
    browser = activated(ada)
    path = wanted(browser, "Ada.New@brauer.example")
    ada.refresh_from_db()
    assert ada.email == "ada@brauer.example"

    confirm(path)

    ada.refresh_from_db()
    assert ada.email == "Ada.New@brauer.example"
    assert not is_in(browser)
    browser = Browser()
    assert sign_in("ada.new@brauer.example", browser=browser).headers["Location"] == reverse("portal:home")
    assert is_in(browser)
    assert {message.to[0] for message in delivered()} == {"ada@brauer.example", "Ada.New@brauer.example"}


def test_staff_enter_another_address_and_it_waits_for_the_contact(ada, desk):
    activated(ada)
    form = {"last_name": "Krämer", "first_name": "Ada", "version": Contact.objects.get().version}

    desk.post(f"/contacts/{ada.pk}/edit/", form | {"email": "ada.new@brauer.example"})

    ada.refresh_from_db()
    assert ada.email == "ada@brauer.example"
    assert "ada.new@brauer.example waits to be confirmed" in desk.get(ada.get_absolute_url()).text
    mails = {message.to[0]: message for message in delivered()}
    assert "ClientDesk entered ada.new@brauer.example as your new address" in mails["ada@brauer.example"].body
    confirm(link_path(mails["ada.new@brauer.example"]))
    ada.refresh_from_db()
    assert ada.email == "ada.new@brauer.example"
    assert sign_in("ada.new@brauer.example").status_code == 302


def test_staff_are_told_that_an_address_belongs_to_somebody_else(ada, desk):
    activated(ada)
    page = desk.post(f"/contacts/{ada.pk}/edit/", {"last_name": "Krämer", "email": OLD, "version": Contact.objects.get().version})

    assert page.status_code == 422
    assert "Another user signs in with “desk@desk.example”" in page.text
    assert not OutgoingMail.objects.filter(kind="new_address").exists()


@pytest.mark.parametrize("who", ["the person", "staff"])
def test_what_was_withdrawn_cannot_be_confirmed(who, ada, desk):
    browser = activated(ada)
    path = wanted(browser, "ada.new@brauer.example")

    if who == "staff":
        desk.post(reverse("access:withdraw_address", args=[ada.pk]))
    else:
        browser.post(reverse("account:withdraw_address"))

    assert "waits to be confirmed" not in browser.get(reverse("account:security")).text
    assert confirm(path).status_code == 410
    assert Contact.objects.get(pk=ada.pk).email == "ada@brauer.example"


def new_password(contact):
    Browser().post(reverse("account:forgot"), {"email": "ada@brauer.example"})
    choose(link_path(delivered()[-1]))


def closed(contact):
    ContactAccess.objects.get(contact=contact).withdraw()


def closed_and_opened(contact):
    for active in (False, True):
        found = Contact.objects.get(pk=contact.pk)
        found.active = active
        found.save()


def a_newer_wish(contact):
    new_addresses.want(User.objects.get(access__contact=contact), "third@brauer.example", None)


def ran_out(contact):
    AccessLink.objects.filter(purpose="address").update(expires_at=timezone.now())


def somebody_took_it(contact):
    User.objects.invite("ADA.new@brauer.example", role=Role.READER)


@pytest.mark.parametrize("change", [new_password, closed, closed_and_opened, a_newer_wish, ran_out, somebody_took_it])
def test_a_link_to_a_new_address_dies(change, ada):
    path = wanted(activated(ada), "ada.new@brauer.example")
    change(ada)

    answer = confirm(path)

    assert answer.status_code == 410
    assert "This link does not work any more" in answer.text
    assert User.objects.filter(email="ada.new@brauer.example", role="").count() == 0


def test_a_password_link_that_a_stranger_asks_for_stops_no_change(ada):
    path = wanted(activated(ada), "ada.new@brauer.example")
    Browser().post(reverse("account:forgot"), {"email": "ada@brauer.example"})
    delivered()

    assert confirm(path).headers["Location"] == reverse("account_login")


def test_a_change_ends_older_links_to_choose_a_password(ada):
    """Trial A06."""
    path = wanted(activated(ada), "ada.new@brauer.example")
    Browser().post(reverse("account:forgot"), {"email": "ada@brauer.example"})
    reset = link_path(delivered()[-1])
    confirm(path)

    assert Browser().get(reset).status_code == 410


def test_nobody_learns_whether_an_address_has_an_account(ada, make_staff):
    """Trial V2: the same page, and no mail where the address is taken."""
    make_staff(Role.READER)
    browser = activated(ada)
    browser.get(reverse("portal:home"))
    answers = []
    for address in ("nobody@nowhere.example", "reader@desk.example"):
        browser.post(reverse("account:address"), {"email": address})
        answers.append(browser.get(reverse("account:security")).text.replace(address, "…").partition("<main")[2].partition("csrf")[0])
        assert (address in {message.to[0] for message in delivered()}) == (address == "nobody@nowhere.example")
    assert answers[0] == answers[1]


@pytest.mark.parametrize(("typed", "said"), [("", "Fill in"), ("nobody", "complete domain"), ("DESK@desk.example", "already")])
def test_what_is_no_new_address_gets_a_sentence(typed, said, bob):
    browser = fresh(OLD)
    page = browser.post(reverse("account:address"), {"email": typed})

    assert page.status_code == 422
    assert said in page.text
    assert not OutgoingMail.objects.exists()


def test_one_person_sends_few_links_to_mailboxes_of_others(bob):
    browser = fresh(OLD)
    statuses = [browser.post(reverse("account:address"), {"email": f"victim{number}@post.example"}).status_code for number in range(7)]
    assert statuses == [303] * 5 + [422] * 2


def test_a_link_to_choose_a_password_confirms_no_address_and_the_other_way_round(ada):
    browser = Browser()
    browser.get(invited(ada))
    assert browser.post(reverse("account:confirm_address")).status_code == 404

    path = wanted(activated(ada), "ada.new@brauer.example")
    browser = Browser()
    browser.get(path)
    before = dump()
    assert browser.post(reverse("account:set_password"), {"password": PASSWORD}).status_code == 404
    assert dump() == before


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_succeeds(make_staff):
    """Trial A03."""
    bob = make_staff(Role.DESK)
    link = new_addresses.want(bob, NEW, bob)
    came, at_once = [], Barrier(2)

    def press() -> None:
        at_once.wait()
        try:
            new_addresses.confirm(link)
            came.append("confirmed")
        except links.Dead as dead:
            came.append(dead.why)
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["confirmed", "used"]
