"""A person who is there twice is merged, one who changed the employer is moved; both are undone; by keyboard, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keys import Keys

TWICE = {True: ("/contacts/11/", "/contacts/12/"), False: ("/contacts/13/", "/contacts/14/")}
PRIMARY, FOLLOWS = "/contacts/10/", "Grażyna Dąbrowska"
FORMER, CLIENT = "Fjordkraft Offshore", "Jessen Pharma"


@pytest.fixture
def page(visit, script) -> Page:
    return visit("manager", script=script)


def name_at(page: Page, address: str) -> str:
    """Open the profile of a contact and return the name."""
    page.goto(address)
    return page.title().partition(" · ")[0]


def choose(press: Keys, name: str, act: str) -> None:
    """Open the menu of the contact `name` and follow its link `act`."""
    press.press("button", f"More actions for {name}")
    press.go("link", act)


def test_two_contacts_are_merged_and_parted_again(page, keys, script):
    press = keys(page)
    stays, goes = TWICE[script]
    loser, winner = name_at(page, goes), name_at(page, stays)
    choose(press, winner, "Merge with another contact…")
    press.type("Name or e-mail of the other contact", loser)
    press.go("button", "Find contacts")
    press.go("link", loser)

    expect(page.locator("#main")).to_contain_text(f"{loser} (")
    press.to(page.locator("#choice-last_name-winner"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("#choice-last_name-loser")).to_be_checked()
    press.go("button", "Merge contacts")
    expect(page.get_by_role("heading", level=1)).to_contain_text(loser.rpartition(" ")[2])
    expect(page.locator(".messages")).to_contain_text(loser)

    press.go("link", "What was done, and undo")
    press.go("button", "Undo merge")
    expect(page.locator(".messages")).to_contain_text(f"{loser} is a contact of its own again.")
    assert name_at(page, stays) == winner


def test_a_contact_is_moved_to_another_client_and_back(page, keys, script):
    """The page says what happens before anything does, and asks who becomes the primary contact (invariant 3)."""
    press = keys(page)
    name, path = name_at(page, PRIMARY), page.get_by_role("navigation", name="Breadcrumb")
    choose(press, name, "Move to another client…")
    press.type("Name, e-mail or number of the other client", CLIENT)
    press.go("button", "Find clients")
    press.go("link", CLIENT)

    expect(page.locator("#main")).to_contain_text("Nothing is saved yet.")
    press.choose("Primary contact from now on", FOLLOWS)
    press.go("button", "Move contact")
    expect(page.locator(".messages")).to_contain_text(f"{name} was moved to {CLIENT}.")
    expect(path).to_contain_text(CLIENT)
    press.go("button", "Undo")
    expect(page.locator(".messages")).to_contain_text(f"{name} is with its former client again.")
    expect(path).to_contain_text(FORMER)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Primary contact")
