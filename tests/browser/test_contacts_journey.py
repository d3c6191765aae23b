"""The people of a client at the keyboard, with and without JavaScript: another primary contact, and one who leaves."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watching import check

CLIENT = "Jessen Pharma"


@pytest.fixture
def page(visit, script):
    return visit("desk", script=script)


def cards(page) -> list[str]:
    return page.locator(".person-card .nm").all_inner_texts()


def look(page, script: bool) -> None:
    """Look for violations where a script can."""
    if script:
        check(page)


def open_people(page, press) -> None:
    """Go to the contact persons of the client by its list."""
    page.goto(f"/clients/?view=all&q={CLIENT}")
    press.go("link", CLIENT)
    press.go("link", re.compile("^Contact persons"))


def test_the_primary_contact_is_swapped_on_a_card_and_back_on_the_profile(page, keys, script):
    """J18, J19."""
    press = keys(page)
    open_people(page, press)
    former, other = cards(page)[:2]
    expect(page.locator(".person-card").first).to_contain_text("Primary")
    press.go("button", f"Make primary: {other}")
    expect(page.locator(".messages")).to_contain_text(f"{other} is now the primary contact.")
    assert cards(page)[0] == other
    look(page, script)

    press.go("link", former)
    press.go("button", "Make primary")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Primary contact")
    look(page, script)


def test_the_primary_contact_leaves_with_a_successor_and_comes_back(page, keys, script):
    """Invariant 3."""
    press = keys(page)
    open_people(page, press)
    leaving, successor = cards(page)[:2]
    press.go("link", leaving)
    press.press("button", f"More actions for {leaving}")
    press.go("button", "Deactivate contact")
    look(page, script)
    press.go("button", "Deactivate contact")
    assert page.title().startswith("Error: ")
    look(page, script)
    press.choose("Primary contact from now on", successor)
    press.go("button", "Deactivate contact")
    expect(page.locator(".messages")).to_contain_text(f"{successor} is now the primary contact.")
    look(page, script)

    press.go("button", "Restore contact")
    expect(page.locator(".messages")).to_contain_text(f"{leaving} was restored")
    press.go("button", "Make primary")
    open_people(page, press)
    assert cards(page)[0] == leaving
