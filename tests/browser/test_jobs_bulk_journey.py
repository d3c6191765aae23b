"""Many jobs at once from the list, and the feedback of a contact, at the keyboard (JD3, XD29)."""

import re

from playwright.sync_api import expect

from tests.browser.watching import check


def test_the_priority_of_two_jobs_is_changed_and_taken_back(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    page.goto("/jobs/?view=open")
    for box in page.locator("tbody input[type=checkbox]").all()[:2]:
        press.to(box)
        page.keyboard.press("Space")
    press.go("button", "Change priority")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the priority of 2 jobs")
    press.choose("Priority", "Low")
    press.go("button", "Change priority")
    expect(page.locator("#main")).to_contain_text("will be due at another time")
    if script:
        check(page)
    press.go("button", "Change priority")
    expect(page.locator(".messages")).to_contain_text("now.")
    press.go("button", "Undo")
    expect(page.locator("#main")).to_contain_text("are over at another time then")
    if script:
        check(page)
    press.go("button", "Undo")
    expect(page.locator(".messages")).to_contain_text("before")
    # The head of a column: up, down, and the third time as the list was at first.
    page.goto("/jobs/?view=open")
    head = page.get_by_role("columnheader", name="Technician")
    for direction in ("ascending", "descending", ""):
        press.go("link", "Technician")
        if direction:
            expect(head).to_have_attribute("aria-sort", direction)
        else:
            expect(head).not_to_have_attribute("aria-sort", re.compile(""))
    page.goto("/jobs/?view=todo")


def test_a_contact_says_what_a_closed_project_was_like(visit, keys):
    page = visit("anna.lindholm@gruenwald.example", script=False)
    press = keys(page)
    page.goto("/portal/projects/")
    press.go("link", page.get_by_role("link", name="Give feedback").first.get_attribute("aria-label") or "Give feedback")
    press.go("button", "Send feedback")
    expect(page.get_by_role("alert")).to_contain_text("Choose how content you are.")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    press.type("What went well, and what did not?", "Quick and exact.")
    press.go("button", "Send feedback")
    expect(page.get_by_role("status")).to_contain_text("Thank you for your feedback")
    expect(page.locator("#main")).to_contain_text("Quick and exact.")
