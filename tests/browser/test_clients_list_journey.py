"""The clients list at the keyboard, with and without JavaScript: a view is saved, rows are picked and changed, and taken back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watching import check


@pytest.fixture
def suffix(script) -> str:
    """Names differ between the two runs of a journey, as both live in one installation."""
    return "scripted" if script else "plain"


def names(page) -> list[str]:
    return page.locator("tbody a.name").all_inner_texts()


def look(page, script: bool) -> None:
    """Look for violations where a script can."""
    if script:
        check(page)


def test_a_view_is_saved_renamed_and_deleted_and_comes_back(visit, keys, script, suffix):
    page = visit("manager", script=script)
    press = keys(page)
    page.goto("/clients/?kind=individual&sort=-name")
    listed = names(page)
    press.open("link", "Save this view", dialog=script)
    press.type("Name", f"People {suffix}")
    press.tick("Shared with all staff")
    press.send("Save view", dialog=script)
    tab = page.get_by_role("navigation", name="Client views").get_by_role("link", name=f"People {suffix}")
    expect(tab).to_have_attribute("aria-current", "page")
    assert names(page) == listed
    look(page, script)

    press.open("link", "Rename view", dialog=script)
    press.type("Name", f"Persons {suffix}")
    press.send("Save view", dialog=script)
    expect(page.get_by_role("navigation", name="Client views")).to_contain_text(f"Persons {suffix}")

    press.go("button", "Delete view")
    expect(page.locator(".messages")).to_contain_text("was deleted")
    press.go("button", "Undo")
    expect(page.get_by_role("navigation", name="Client views")).to_contain_text(f"Persons {suffix}")
    page.goto("/clients/?view=all")


def test_picked_clients_are_moved_to_a_branch_and_back(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    page.goto("/clients/?q=delattre")
    listed = names(page)
    assert len(listed) > 1
    if script:
        expect(page.locator("#bulk")).to_be_hidden()
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("#bulk")).to_contain_text("2 clients selected")
        check(page)
        page.keyboard.press("b")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    else:
        for name in listed[:2]:
            press.tick(f"Select {name}")
        press.go("button", "Change branch")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the branch of 2 clients")
    look(page, script)
    press.choose("New branch", "Stockholm")
    press.go("button", "Change branch")
    expect(page.locator("#main")).to_contain_text("by the business hours of Stockholm.")
    press.go("button", "Change branch")
    expect(page.locator(".messages")).to_contain_text(re.compile("moved to the branch “Stockholm”"))
    assert names(page) == listed
    press.go("button", "Undo")
    # The clocks move back, too: that is read and said once more.
    expect(page.locator("#main")).to_contain_text("by the business hours of Headquarters.")
    look(page, script)
    press.go("button", "Undo")
    expect(page.locator(".messages")).to_contain_text("before")
    page.goto("/clients/?view=all")


def test_a_branch_must_be_chosen(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    page.goto("/clients/bulk/?action=branch&pick=1&query=")
    press.go("button", "Change branch")
    assert page.title().startswith("Error: ")
    look(page, script)


def test_columns_are_chosen_and_put_back(visit, keys, script):
    page = visit("reader", script=script)
    press = keys(page)
    page.goto("/clients/?view=all")
    press.press("button", "Columns")
    press.tick("City")
    press.go("button", "Show columns")
    expect(page.get_by_role("columnheader", name="City")).to_be_visible()
    look(page, script)
    press.press("button", "Columns")
    press.go("button", "Standard columns")
    expect(page.get_by_role("columnheader", name="City")).to_have_count(0)


def test_from_client_to_client_in_the_order_of_the_list(visit, keys, script):
    page = visit("reader", script=script)
    press = keys(page)
    page.goto("/clients/?kind=individual")
    listed = names(page)
    press.go("link", listed[1])
    expect(page.locator(".neighbours")).to_contain_text(re.compile(r"^\s*2 of \d+"))
    for key, name, place in (("]", "Next client", 2), ("[", "Previous client", 1)):
        if script:
            with page.expect_navigation():
                page.keyboard.press(key)
        else:
            press.go("link", name)
        expect(page.get_by_role("heading", level=1)).to_contain_text(listed[place])
    look(page, script)
    page.goto("/clients/?view=all")
