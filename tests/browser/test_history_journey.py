"""A change is looked at, taken back and seen again in the history, by keyboard and without JavaScript."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.watching import check


def test_a_change_is_taken_back_from_the_history(visit):
    page = visit("manager")
    page.goto("/clients/3/edit/")
    page.get_by_label("Legal name").fill("Somebody else entirely")
    with page.expect_navigation():
        page.locator("main form [type=submit]").first.click()
    # The last of thirteen tabs is on the page without scrolling.
    expect(page.get_by_role("navigation", name="Client sections").get_by_role("link", name="History")).to_be_in_viewport(ratio=1)
    page.goto(f"/clients/3/history/as-of/?on={date.today() - timedelta(days=1)}")
    assert "Somebody else entirely" in page.inner_text("main")
    check(page)
    page.goto("/clients/3/history/")
    undo = page.get_by_role("link", name="Undo").first
    undo.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Somebody else entirely" in page.inner_text("main")
    check(page)
    button = page.get_by_role("button", name="Undo change")
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "took back the change of" in page.inner_text("main")
    check(page)


def test_a_change_that_cannot_be_taken_back_says_why(visit):
    page = visit("manager")
    page.goto("/clients/1/history/")
    while (older := page.get_by_role("link", name="Next", exact=True)).count():
        with page.expect_navigation():
            older.click()
    first = page.locator("ol.timeline > li").last.get_attribute("id").removeprefix("change-")
    page.goto(f"/clients/1/history/{first}/undo/")
    assert "This change cannot be taken back." in page.inner_text("main")
    check(page)


def press(page, name: str) -> None:
    """Reach the button `name` by keyboard and press it."""
    page.get_by_role("button", name=name).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_person_is_looked_up_held_and_erased(visit):
    page = visit("administrator")
    page.goto("/clients/?view=individual")
    person = re.search(r"/clients/\d+/", page.locator("a.name").last.get_attribute("href"))[0]
    page.goto(f"{person}dossier/")
    check(page)
    press(page, "Open dossier")
    assert "Client record" in page.inner_text("main")
    check(page)
    page.goto(f"{person}hold/")
    page.get_by_label("Reason").fill("Lawsuit 7")
    press(page, "Place legal hold")
    assert "Legal hold" in page.inner_text("h1")
    check(page)
    page.goto(f"{person}erase/")
    assert "Lawsuit 7" in page.inner_text("main")
    check(page)
    page.goto(f"{person}hold/")
    check(page)
    press(page, "Lift legal hold")
    page.goto(f"{person}erase/")
    press(page, "Erase personal data")
    assert page.title().startswith("Error: ")
    check(page)
    field = page.get_by_label(re.compile("To erase, type the client number"))
    field.fill(re.search(r"number (\S+)", page.inner_text("label[for=id_typed]"))[1])
    press(page, "Erase personal data")
    assert "Erased client" in page.inner_text("h1")
    check(page)
    page.goto(f"{person}history/")
    assert "erased the personal data" in page.inner_text("main")
    check(page)
