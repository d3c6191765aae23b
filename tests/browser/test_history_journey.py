"""A change is looked at, taken back and seen again in the history, by keyboard and without JavaScript."""

from tests.browser.watching import check


def test_a_change_is_taken_back_from_the_history(visit):
    page = visit("manager")
    page.goto("/clients/3/edit/")
    page.get_by_label("Legal name").fill("Somebody else entirely")
    with page.expect_navigation():
        page.locator("main form [type=submit]").first.click()
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
    first = page.locator("ol.timeline > li").last.get_attribute("id").removeprefix("change-")
    page.goto(f"/clients/1/history/{first}/undo/")
    assert "This change cannot be taken back." in page.inner_text("main")
    check(page)
