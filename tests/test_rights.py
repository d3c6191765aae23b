"""Every staff address x every role: the view's named right decides, and a refused POST changes nothing (decision 16; V9, V10)."""

import pytest

from clientdesk.rights import ROLES, Right, Role, may
from portal.models import ClientAccess, ContactAccess
from portal.rights import AREAS, MEMBER, default_rights, effective, of, shipped_rights
from portal.rights import Right as PortalRight
from tests.doors import chunks, dump, fresh_brakes, taken_back  # noqa: F401
from tests.test_doors import STAFF, Door


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("doors", chunks(STAFF, 30))
def test_the_role_decides_on_every_staff_page(doors: list[Door], role: str, make_staff, as_user, ada):
    browser = as_user(make_staff(role))
    browser.raise_request_exception = False
    refusal = f"Your role “{Role(role).label}” does not allow this"
    before = dump()
    for door in doors:
        with taken_back(browser) as writes:
            holders = [one for one in Role.values if door.right in ROLES[one]]
            # Of those who may, the first and the one who may most are asked: roles between them are refused less than the first.
            if role in holders[1:-1]:
                continue
            page = browser.get(door.path)
            if role in holders:
                assert refusal not in page.getvalue().decode(errors="replace"), f"{role} has the right {door.right} on {door.path}"
                assert page.status_code < 500, door.path
                assert role != Role.ADMINISTRATOR or browser.post(door.path).status_code < 500, door.path
                continue
            for answer in (page, browser.post(door.path)):
                assert answer.status_code == 403, door.path
                assert refusal in answer.content.decode(), door.path
            assert not writes or dump() == before, door.path


@pytest.mark.parametrize(
    ("right", "roles"),
    [
        (Right.VIEW, {"reader", "desk", "manager", "administrator"}),
        (Right.EXPORT, {"reader", "desk", "manager", "administrator"}),
        (Right.ADD, {"desk", "manager", "administrator"}),
        (Right.CHANGE, {"desk", "manager", "administrator"}),
        (Right.DEACTIVATE, {"desk", "manager", "administrator"}),
        (Right.INVITE, {"desk", "manager", "administrator"}),
        (Right.CRM_MAIL, {"desk", "manager", "administrator"}),
        (Right.LOG_JOBS, {"desk", "manager", "administrator"}),
        (Right.IMPORT, {"manager", "administrator"}),
        (Right.UNDO, {"manager", "administrator"}),
        (Right.MERGE, {"manager", "administrator"}),
        (Right.PORTAL_RIGHTS, {"manager", "administrator"}),
        (Right.CHANGE_TYPE, {"manager", "administrator"}),
        (Right.SHARE_VIEWS, {"manager", "administrator"}),
        (Right.HOLD, {"manager", "administrator"}),
        (Right.DOSSIER, {"manager", "administrator"}),
        (Right.SETTINGS, {"administrator"}),
        (Right.STAFF, {"administrator"}),
        (Right.ERASE, {"administrator"}),
    ],
)
def test_the_roles_hold_the_rights_of_decision_16(right, roles):
    assert {role for role, held in ROLES.items() if right in held} == roles


def test_every_right_is_in_the_table_above():
    assert set(Right) == set().union(*ROLES.values())


def test_a_user_without_role_and_a_deactivated_one_may_nothing(make_staff, ada):
    gone = make_staff(Role.ADMINISTRATOR, is_active=False)
    ContactAccess.of(ada).invite(by=None)
    contact = ContactAccess.objects.get(contact=ada).user

    assert not any(may(user, right) for user in (gone, contact) for right in Right)


# --- what a contact may: never more than the client (invariant 8, V11, X64) --------------------------------


@pytest.fixture
def access(ada) -> ContactAccess:
    ContactAccess.of(ada).invite(by=None)
    return ContactAccess.objects.get(contact=ada)


def again(access: ContactAccess) -> ContactAccess:
    return ContactAccess.objects.get(pk=access.pk)


def test_a_client_without_a_row_counts_as_the_defaults(access):
    assert access.effective_rights == MEMBER
    assert PortalRight(default_rights()) == MEMBER | PortalRight.QUOTES_DECIDE


def test_a_right_of_the_client_that_is_taken_is_gone_at_once_and_comes_back(access, ada):
    row = ClientAccess.objects.create(client=ada.client)
    assert again(access).may(PortalRight.JOBS_VIEW)

    row.rights = int(PortalRight(row.rights) & ~PortalRight.JOBS_VIEW)
    row.save()
    assert not again(access).may(PortalRight.JOBS_VIEW)
    assert PortalRight.JOBS_VIEW in PortalRight(again(access).rights)

    row.rights = default_rights()
    row.save()
    assert again(access).may(PortalRight.JOBS_VIEW)


def test_more_rights_than_the_client_has_are_of_no_use(access):
    ContactAccess.objects.update(rights=int(~PortalRight(0)))

    assert again(access).effective_rights == PortalRight(default_rights())
    assert not again(access).may(PortalRight.INVOICES_VIEW)


def test_deciding_quotes_is_the_contacts_switch_and_the_clients_right(access, ada):
    ContactAccess.objects.update(rights=int(PortalRight.QUOTES_DECIDE))
    assert not again(access).may(PortalRight.QUOTES_DECIDE)

    ContactAccess.objects.update(may_decide_quotes=True)
    assert again(access).may(PortalRight.QUOTES_DECIDE)

    ClientAccess.objects.create(client=ada.client, rights=0)
    assert not again(access).may(PortalRight.QUOTES_DECIDE)


def test_rights_are_cells_of_areas_and_actions():
    assert of("JOBS", "CANCEL") == PortalRight.JOBS_CANCEL
    assert of("REPORTS", "ADD") is None
    assert all(any(right.name.startswith(area) for area in AREAS) for right in PortalRight)
    assert effective(None, shipped_rights()) == PortalRight(0)


def test_the_numbers_of_rights_never_change():
    """They are stored."""
    assert [(right.name, int(right)) for right in PortalRight][:4] == [
        ("QUOTES_VIEW", 1),
        ("QUOTES_ADD", 2),
        ("QUOTES_DOWNLOAD", 4),
        ("QUOTES_DECIDE", 8),
    ]
    assert int(PortalRight.REPORTS_DOWNLOAD) == 2**22
