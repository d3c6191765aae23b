"""Door 2, without a file: rows copied in a spreadsheet program are pasted and reviewed."""

import re

from playwright.sync_api import expect

from tests.browser.watching import check

COPIED = 'Name\tLegal name\tExternal ID\nUferwerk Eins\tUferwerk Eins AG\t00123\nUferwerk Zwei\t"Uferwerk\nZwei AG"\t00124\n'


def test_rows_copied_in_a_spreadsheet_are_pasted_and_reviewed(visit, keys):
    page = visit("manager")
    press = keys(page)
    page.goto("/import/")
    press.go("button", "Read file")
    problem = page.locator(".error-summary")
    expect(problem).to_contain_text("Choose a file, or paste rows from your spreadsheet.")
    check(page)
    press.to(press.field("Or paste rows from your spreadsheet"))
    # As a paste does: tabs and line breaks arrive as they are.
    page.keyboard.insert_text(COPIED)
    press.go("button", "Read file")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Review 2 rows"), timeout=60_000)
    expect(page.get_by_text("Uferwerk Zwei").first).to_be_visible()
