"""A manager adds a client that looks like another, finds the pair, merges it and takes that back; by keyboard, with and without scripts."""

import re

from playwright.sync_api import Page, expect

from tests.browser.keys import Keys
from tests.browser.watching import check


def search(page: Page, press: Keys) -> None:
    """Search the whole base for duplicates, once a search that another journey began is over."""
    for _ in range(240):
        if page.get_by_role("button", name=re.compile("^Search")).count():
            break
        page.wait_for_timeout(500)
        page.goto("/clients/duplicates/")
    press.go("button", re.compile("^Search"))


def test_a_client_added_twice_is_found_merged_and_parted_again(visit, keys, script):
    page = visit("manager", script=script)
    press = keys(page)
    name = f"Zwiebel und Lauch {'scripted' if script else 'plain'}"
    for number, legal_name in enumerate(("Zwiebel & Lauch GmbH", "Zwiebel und Lauch"), 1):
        page.goto("/clients/add/?kind=corporate")
        press.type("Name", f"{name} {number}")
        press.type("Legal name", f"{legal_name} {'A' if script else 'B'}xyl")
        press.type("Main contact e-mail", f"{number}@{'a' if script else 'b'}zwiebel.example")
        press.go("button", "Continue")
        if number == 2:
            expect(page.get_by_role("alert")).to_contain_text("This looks like a client that you have")
            expect(page.get_by_role("alert")).to_contain_text(f"{name} 1")
            expect(page.get_by_label("Name", exact=True)).to_have_value(f"{name} 2")
            if script:
                check(page)
            press.go("button", "Add it all the same")
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"{name} {number}")

    page.goto("/clients/")
    press.go("link", "Possible duplicates")
    search(page, press)
    # Other journeys leave thousands of surer pairs, so this one is looked for by its name; the search takes its time.
    merge = page.get_by_role("link", name=re.compile(rf"^Merge… +{name} 1, {name} 2$"))
    for _ in range(240):
        page.goto(f"/clients/duplicates/?q={name}")
        if merge.count():
            break
        page.wait_for_timeout(500)
    expect(page.locator("#results")).to_contain_text("Same name but for the legal form")
    if script:
        check(page)
    press.go("link", re.compile(rf"^Merge… +{name} 1, {name} 2$"))

    expect(page.locator("#main")).to_contain_text(f"{name} 1 (")
    press.to(page.locator("#choice-legal_name-winner"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("#choice-legal_name-loser")).to_be_checked()
    if script:
        check(page)
    press.go("button", "Merge clients")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{name} 1")
    expect(page.locator("#main")).to_contain_text("Zwiebel und Lauch")
    expect(page.locator(".messages")).to_contain_text(f"{name} 2")

    press.go("link", "What was done, and undo")
    if script:
        check(page)
    press.go("button", "Undo merge")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{name} 2")
    expect(page.locator(".messages")).to_contain_text("is a client of its own again")


def test_a_pair_that_is_none_is_remembered_and_taken_back(visit, keys, script):
    page = visit("manager", script=script)
    press = keys(page)
    page.goto("/clients/duplicates/")
    if not page.get_by_role("button", name=re.compile("^Not a duplicate")).count():
        search(page, press)
        for _ in range(30):
            page.wait_for_timeout(500)
            page.goto("/clients/duplicates/")
            if page.get_by_role("button", name=re.compile("^Not a duplicate")).count():
                break
    press.go("button", re.compile("^Not a duplicate"))
    expect(page.locator(".messages")).to_contain_text("are remembered as two clients")
    press.go("button", "Undo “Not a duplicate”")
    expect(page.locator(".messages")).to_contain_text("are a pair to decide again")
