"""Settings, Staff users (JD8, decision 16, invariant 9; trial A13, V13, V31)."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk import links
from clientdesk.models import AccessLink, Change, OutgoingMail, User
from clientdesk.rights import Role
from portal.models import ContactAccess
from tests.doors import NEW_PASSWORD, activated, choose, delivered, dump, fresh_brakes, invited, is_in, link_path, sign_in  # noqa: F401

LIST = "staff:list"
NOOR = {"first_name": "Noor", "last_name": "Haddad", "email": "noor@desk.example", "role": Role.MANAGER, "technician": "on"}


@pytest.fixture
def boss(make_staff) -> User:
    return make_staff(Role.ADMINISTRATOR, first_name="Ingrid")


@pytest.fixture
def office(boss, as_user) -> Browser:
    """The browser of the administrator."""
    return as_user(boss)


def edit(office: Browser, user: User, **values):
    fields = {"first_name": user.first_name, "last_name": user.last_name, "email": user.email, "role": user.role, "version": user.version}
    return office.post(reverse("staff:edit", args=[user.pk]), fields | values)


def test_a_new_colleague_is_invited_and_comes_in(office):
    page = office.post(reverse("staff:add"), NOOR, follow=True)

    assert "Noor Haddad was invited. The link works until" in page.content.decode()
    [message] = delivered()
    assert message.to == ["noor@desk.example"]
    assert "Your role is Manager" in message.body
    browser = Browser()
    answer = choose(link_path(message), NEW_PASSWORD, browser)
    assert answer.headers["Location"] == reverse("home")
    assert is_in(browser, "clients:list")
    noor = User.objects.by_address("noor@desk.example")
    assert (noor.role, noor.technician) == (Role.MANAGER, True)


@pytest.mark.parametrize("missing", ["last_name", "email", "role"])
def test_what_is_missing_is_named_and_nobody_is_invited(missing, office):
    answer = office.post(reverse("staff:add"), {key: value for key, value in NOOR.items() if key != missing})

    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not User.objects.by_address("noor@desk.example")
    assert not OutgoingMail.objects.exists()


def staff_address(ada):
    User.objects.invite("Noor@DESK.example", role=Role.READER, last_name="Other")


def deactivated_staff_address(ada):
    User.objects.invite("noor@desk.example", role=Role.READER, last_name="Other", is_active=False)


def portal_address(ada):
    ada.email = "noor@desk.example"
    ada.save()
    ContactAccess.of(ada).invite(by=None)


@pytest.mark.parametrize(
    ("taken", "sentence"),
    [
        (staff_address, "belongs to the staff user Other"),
        (deactivated_staff_address, "belongs to Other, who is deactivated. Restore that user."),
        (portal_address, "A portal user signs in with “noor@desk.example”"),
    ],
)
def test_an_address_belongs_to_one_person_only(taken, sentence, ada, office):
    taken(ada)
    before = dump()

    answer = office.post(reverse("staff:add"), NOOR)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert dump() == before


def test_no_field_that_is_not_on_the_form_can_be_set(office):
    office.post(
        reverse("staff:add"), NOOR | {"is_active": "", "password": "x", "session_epoch": "7", "last_login": "2026-01-01", "id": "77"}
    )

    noor = User.objects.by_address("noor@desk.example")
    assert noor.is_active
    assert not noor.has_usable_password()
    assert (noor.session_epoch, noor.last_login) == (0, None)


def test_sending_again_ends_the_older_link(office):
    office.post(reverse("staff:add"), NOOR)
    [first] = delivered()
    office.post(reverse("staff:invite", args=[User.objects.by_address("noor@desk.example").pk]))
    [second] = delivered()

    assert Browser().get(link_path(first)).status_code == 410
    assert choose(link_path(second)).status_code == 302


def test_who_chose_a_password_is_not_invited_again(office, make_staff):
    desk = make_staff(Role.DESK)
    before = dump()

    answer = office.post(reverse("staff:invite", args=[desk.pk]))

    assert answer.status_code == 403
    assert "chose a password already" in answer.content.decode()
    assert dump() == before


def test_a_new_role_counts_at_once_and_ends_the_sessions(office, make_staff, as_user):
    desk = make_staff(Role.DESK)
    browser = as_user(desk)
    assert is_in(browser, "clients:choose")

    answer = edit(office, desk, role=Role.READER, technician="on")

    assert answer.status_code == 303
    assert not is_in(browser, "clients:list")
    sign_in("desk@desk.example", browser=browser)
    assert is_in(browser, "clients:list")
    assert browser.get(reverse("clients:add")).status_code == 403
    changed = Change.objects.filter(content_type__model="user", object_id=desk.pk).first().changes
    assert changed["role"] == ["desk", "reader"]


def test_a_new_name_ends_no_session(office, make_staff, as_user):
    desk = make_staff(Role.DESK)
    browser = as_user(desk)

    edit(office, desk, first_name="Dana")

    assert is_in(browser, "clients:list")
    assert User.objects.get(pk=desk.pk).first_name == "Dana"


def test_another_address_of_who_signs_in_counts_once_its_mailbox_confirms_it(office, make_staff, as_user):
    """Trial A16: the old address is told before and after, and the sessions end."""
    desk = make_staff(Role.DESK)
    browser = as_user(desk)

    page = edit(office, desk, email="other@desk.example", first_name="Dana")

    assert page.headers["Location"] == reverse(LIST)
    desk.refresh_from_db()
    assert (desk.email, desk.first_name) == ("desk@desk.example", "Dana")
    assert "other@desk.example waits to be confirmed" in office.get(reverse("staff:edit", args=[desk.pk])).text
    assert is_in(browser, "clients:list")
    mails = {message.to[0]: message for message in delivered()}
    assert "ClientDesk entered other@desk.example as your new address" in mails["desk@desk.example"].body
    mailbox = Browser()
    mailbox.get(link_path(mails["other@desk.example"]))
    mailbox.post(reverse("account:confirm_address"))
    assert not is_in(browser, "clients:list")
    assert sign_in("desk@desk.example").status_code == 422
    assert sign_in("other@desk.example").status_code == 302
    assert [message.to[0] for message in delivered()] == ["desk@desk.example", "other@desk.example"]
    assert Change.objects.filter(object_id=desk.pk, changes__email=["desk@desk.example", "other@desk.example"]).exists()


def test_a_new_address_is_withdrawn_by_the_administrator(office, make_staff):
    desk = make_staff(Role.DESK)
    edit(office, desk, email="other@desk.example")
    link = AccessLink.objects.get(user=desk)

    page = office.post(reverse("staff:withdraw_address", args=[desk.pk]), follow=True).text

    assert "goes on signing in with desk@desk.example" in page
    assert "waits to be confirmed" not in page
    assert Browser().get(reverse("account:link", args=[link.token])).status_code == 410


def test_a_mistyped_address_is_corrected_before_the_first_sign_in_and_the_old_link_dies(office):
    office.post(reverse("staff:add"), NOOR | {"email": "nor@desk.example"})
    [wrong] = delivered()

    edit(office, User.objects.by_address("nor@desk.example"), email="noor@desk.example")

    [right] = delivered()
    assert right.to == ["noor@desk.example"]
    assert Browser().get(link_path(wrong)).status_code == 410
    assert choose(link_path(right)).status_code == 302


@pytest.mark.parametrize("role", [Role.READER, Role.DESK, Role.MANAGER])
def test_who_may_not_manage_users_gives_no_rights_to_anybody(role, make_staff, as_user, ada):
    """Trial B09, V10: neither to the own user nor to another, nor, below Manager, to a contact."""
    activated(ada)
    own, other = make_staff(role, "own@desk.example"), make_staff(Role.READER, "other@desk.example")
    browser, before = as_user(own), dump()
    for user in (own, other):
        assert edit(browser, user, role=Role.ADMINISTRATOR).status_code == 403
    assert browser.post(reverse("staff:add"), NOOR).status_code == 403
    if role != Role.MANAGER:
        everything = {"allowed": "on", "level": "all_selected_offices", "rights": ["INVOICES_VIEW"], "version": 1}
        assert browser.post(reverse("access:edit_account", args=[ada.pk]), everything).status_code == 403
        assert browser.post(reverse("access:edit_client_rights", args=[ada.client_id]), everything).status_code == 403
    assert dump() == before


def test_two_editors_get_a_conflict_and_nothing_is_lost(office, make_staff):
    desk = make_staff(Role.DESK)
    edit(office, desk, first_name="Dana")

    answer = edit(office, desk, first_name="Doris")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Dana" in page
    assert "Doris" in page
    assert User.objects.get(pk=desk.pk).first_name == "Dana"


def test_signing_in_is_no_edit(office, make_staff):
    desk = make_staff(Role.DESK)
    sign_in("desk@desk.example")
    sign_in("desk@desk.example", "a wrong but long password")

    assert edit(office, desk, first_name="Dana").status_code == 303


def test_deactivated_means_out_at_the_next_request_and_restore_is_offered(office, make_staff, as_user):
    desk = make_staff(Role.DESK)
    browser = as_user(desk)

    page = office.post(reverse("staff:deactivate", args=[desk.pk]), follow=True).content.decode()

    assert "Desk Dahl was deactivated and is signed out everywhere." in page
    assert page.count(reverse("staff:restore", args=[desk.pk])) == 2
    assert not is_in(browser, "clients:list")
    assert sign_in("desk@desk.example").status_code == 422
    office.post(reverse("staff:restore", args=[desk.pk]))
    assert sign_in("desk@desk.example").status_code == 302


def test_an_invitation_dies_with_the_deactivation(office):
    noor = User.objects.invite("noor@desk.example", role=Role.DESK, last_name="Haddad")
    links.invite(noor, by=None)
    [message] = delivered()

    office.post(reverse("staff:deactivate", args=[noor.pk]))
    office.post(reverse("staff:restore", args=[noor.pk]))

    assert Browser().get(link_path(message)).status_code == 410


def test_an_invitation_that_is_still_queued_dies_with_the_deactivation(office):
    noor = User.objects.invite("noor@desk.example", role=Role.DESK, last_name="Haddad")
    links.invite(noor, by=None)
    office.post(reverse("staff:deactivate", args=[noor.pk]))

    assert delivered() == []


def test_nobody_deactivates_themselves(office, boss, make_staff):
    make_staff(Role.ADMINISTRATOR, "second@desk.example")
    before = dump()

    answer = office.post(reverse("staff:deactivate", args=[boss.pk]))

    assert answer.status_code == 403
    assert "You cannot deactivate yourself" in answer.content.decode()
    assert dump() == before


def test_the_last_administrator_stays_one(office, boss, make_staff):
    make_staff(Role.ADMINISTRATOR, "gone@desk.example", is_active=False)

    answer = edit(office, boss, role=Role.DESK)

    assert answer.status_code == 422
    assert "is the last administrator" in answer.content.decode()
    assert User.objects.get(pk=boss.pk).role == Role.ADMINISTRATOR


def test_one_of_two_administrators_may_step_down_and_stays_signed_in(office, boss, make_staff):
    make_staff(Role.ADMINISTRATOR, "second@desk.example")
    before = office.cookies["session"].value

    answer = edit(office, boss, role=Role.DESK)

    assert answer.headers["Location"] == reverse("home")
    assert is_in(office, "clients:list")
    assert office.get(reverse(LIST)).status_code == 403
    assert office.cookies["session"].value != before


def test_the_list_says_how_far_everybody_is(office, make_staff):
    make_staff(Role.DESK)
    links.invite(User.objects.invite("noor@desk.example", role=Role.DESK, last_name="Haddad"), by=None)
    links.invite(User.objects.invite("late@desk.example", role=Role.DESK, last_name="Late"), by=None)
    AccessLink.objects.filter(user__last_name="Late").update(expires_at=timezone.now())
    make_staff(Role.READER, is_active=False)

    page = office.get(reverse(LIST)).content.decode()

    for text in ("Invited", "Invitation expired", "E-mail not sent yet", "Deactivated", "Restore"):
        assert text in page


def test_portal_users_are_no_staff_users(ada, office):
    invited(ada)
    user = User.objects.get(access__contact=ada)

    assert "ada@brauer.example" not in office.get(reverse(LIST)).content.decode()
    for name in ("edit", "invite", "deactivate", "restore"):
        assert office.post(reverse(f"staff:{name}", args=[user.pk]), {"role": "administrator"}).status_code == 404
    assert User.objects.get(pk=user.pk).role == ""
