"""Who may enter which area: every address of the product, found by walking the URL resolver (house.md, Tests 1; X3, J7, V8)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from clientdesk.rights import Right, Role
from tests.doors import activated, chunks, dump, fresh_brakes, taken_back  # noqa: F401


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


def test_every_staff_page_names_a_right():
    assert [door.path for door in STAFF if not isinstance(door.right, Right)] == [], "They need @needs(Right.…)"


def test_who_is_not_signed_in_is_asked_to(db):
    for door in STAFF + PORTAL:
        for answer in (Browser().get(door.path), Browser().post(door.path)):
            assert answer.status_code == 302, door.path
            assert answer.headers["Location"].startswith(f"{reverse('account_login')}?next="), door.path


def test_a_contact_is_refused_on_every_staff_page(ada):
    browser = activated(ada)
    before = dump()
    for number, door in enumerate(STAFF):
        if door.path == START:
            continue
        with taken_back(browser) as writes:
            # The area is shut before the method is asked about: looking is tried at every fourth.
            for answer in [browser.post(door.path)] + ([browser.get(door.path)] if number % 4 == 0 else []):
                page = answer.content.decode()
                assert answer.status_code == 403, door.path
                assert "This page belongs to the back office" in page, door.path
                assert 'href="/clients/' not in page, door.path
            assert not writes or dump() == before, door.path


def test_the_start_page_leads_a_contact_into_the_portal(ada):
    assert activated(ada).get(START).headers["Location"] == reverse("portal:home")


@pytest.mark.parametrize("role", Role.values)
def test_staff_are_refused_on_every_portal_page(role, make_staff, as_user):
    browser = as_user(make_staff(role))
    for door in PORTAL:
        for answer in (browser.get(door.path), browser.post(door.path)):
            assert answer.status_code == 403, door.path
            assert "This page belongs to the client portal" in answer.content.decode(), door.path


@pytest.mark.parametrize("doors", chunks(STAFF + ACCOUNT, 40))
def test_looking_changes_nothing_for_staff(doors, ada, make_staff, as_user):
    """Trial V16."""
    browser = as_user(make_staff(Role.ADMINISTRATOR))
    browser.raise_request_exception = False
    before = dump()
    for door in doors:
        with taken_back(browser) as writes:
            browser.get(door.path)
            browser.head(door.path)
            assert not writes or dump() == before, door.path


def test_looking_changes_nothing_for_a_contact(ada):
    browser = activated(ada)
    before = dump()
    for door in PORTAL + ACCOUNT:
        with taken_back(browser) as writes:
            browser.get(door.path)
            browser.head(door.path)
            assert not writes or dump() == before, door.path


def test_the_account_pages_answer_everybody(db):
    for door in ACCOUNT:
        assert Browser().get(door.path).status_code in (200, 302, 404, 410), door.path


def test_a_form_that_a_script_sends_without_a_session_leads_to_sign_in(db):
    for door in STAFF + PORTAL:
        answer = Browser().post(door.path, headers={"HX-Request": "true"})
        assert answer.status_code == 204, door.path
        assert answer.headers["HX-Redirect"] == reverse("account_login"), door.path
