"""Who may enter which area: every address of the product, found by walking the URL resolver (house.md, Tests 1; X3, J7, V8)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from clientdesk.rights import Right, Role
from clients.models import Client
from tests.doors import fresh_brakes  # noqa: F401
from tests.standing import written


@dataclass(frozen=True)
class Door:
    """One address: an example path of it and the view behind it."""

    name: str
    path: str
    right: Right | None

    @property
    def area(self) -> str:
        return next((area for area in ("portal", "account") if self.path.startswith(f"/{area}/")), "staff")


def walk(patterns: list, before: str = "/", namespace: str = "") -> Iterator[Door]:
    """Yield every address below `patterns` with its variables filled in."""
    for entry in patterns:
        route = str(entry.pattern)
        for name, converter in entry.pattern.converters.items():
            value = "1" if isinstance(converter, IntConverter) else "x"
            kinds = [f"<{kind}:{name}>" for kind in ("int", "str", "slug", "path", "uuid")] + [f"<{name}>"]
            for kind in kinds:
                route = route.replace(kind, value)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry.url_patterns, before + route, inner)
        elif isinstance(entry, URLPattern):
            view = entry.callback
            right = getattr(view, "right", None) or getattr(getattr(view, "view_class", None), "right", None)
            yield Door(f"{namespace}{entry.name}", before + route, right)


DOORS = list(walk(get_resolver().url_patterns))
STAFF = [door for door in DOORS if door.area == "staff"]
PORTAL = [door for door in DOORS if door.area == "portal"]
ACCOUNT = [door for door in DOORS if door.area == "account"]
# Where everybody's start page is: the back office's for staff, the portal's for a contact.
START = "/"


def ids(doors: list[Door]) -> list[str]:
    return [door.name for door in doors]


def test_the_walk_finds_the_doors():
    names = {door.name for door in DOORS}

    assert {
        "clients:list",
        "contacts:make_primary",
        "access:invite",
        "staff:deactivate",
        "portal:home",
        "account_login",
        "account:link",
    } <= names
    assert all("<" not in door.path for door in DOORS)


@pytest.mark.parametrize("door", STAFF, ids=ids(STAFF))
def test_every_staff_page_names_a_right(door):
    assert isinstance(door.right, Right), f"{door.path} needs @needs(Right.…)"


@pytest.mark.parametrize("door", STAFF + PORTAL, ids=ids(STAFF + PORTAL))
def test_who_is_not_signed_in_is_asked_to(door, db):
    for answer in (Browser().get(door.path), Browser().post(door.path)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(f"{reverse('account_login')}?next=")


@pytest.mark.parametrize("door", [door for door in STAFF if door.path != START], ids=ids([door for door in STAFF if door.path != START]))
def test_a_contact_is_refused_on_every_staff_page(door, house, db):
    browser = house.browser("")

    with written() as statements:
        answers = browser.get(door.path), browser.post(door.path)

    for answer in answers:
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "This page belongs to the back office" in page
        assert 'href="/clients/' not in page
    assert house.is_as_before(statements)


def test_the_start_page_leads_a_contact_into_the_portal(house, db):
    assert house.browser("").get(START).headers["Location"] == reverse("portal:home")


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("door", PORTAL, ids=ids(PORTAL))
def test_staff_are_refused_on_every_portal_page(door, role, house, db):
    browser = house.browser(role)

    for answer in (browser.get(door.path), browser.post(door.path)):
        assert answer.status_code == 403
        assert "This page belongs to the client portal" in answer.content.decode()


@pytest.mark.parametrize("door", STAFF + ACCOUNT, ids=ids(STAFF + ACCOUNT))
def test_looking_changes_nothing_for_staff(door, house, db):
    """Trial V16."""
    looks_around(door, house, Role.ADMINISTRATOR)


@pytest.mark.parametrize("door", PORTAL + ACCOUNT, ids=ids(PORTAL + ACCOUNT))
def test_looking_changes_nothing_for_a_contact(door, house, db):
    looks_around(door, house, "")


def test_what_a_look_at_a_page_would_change_is_noticed(house, db):
    """Otherwise the tests around this one would be content with anything."""
    with written() as statements:
        Client.objects.update(notes="changed by looking")
    assert not house.is_as_before(statements)


def looks_around(door: Door, house, who: str) -> None:
    browser = house.browser(who)
    with written() as statements:
        for answer in (browser.get(door.path), browser.head(door.path)):
            answer.getvalue()
    assert house.is_as_before(statements)


@pytest.mark.parametrize("door", ACCOUNT, ids=ids(ACCOUNT))
def test_the_account_pages_answer_everybody(door, db):
    assert Browser().get(door.path).status_code in (200, 302, 404, 410)


@pytest.mark.parametrize("door", STAFF + PORTAL, ids=ids(STAFF + PORTAL))
def test_a_form_that_a_script_sends_without_a_session_leads_to_sign_in(door, db):
    answer = Browser().post(door.path, headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == reverse("account_login")
