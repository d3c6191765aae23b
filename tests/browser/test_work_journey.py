"""A technician works on a job without JavaScript and with the keyboard only; with it one draws a signature and drags on the board."""

import re

from playwright.sync_api import Page, expect

from tests.browser.watching import check


def logged(page: Page, subject: str) -> None:
    """Log a job that is assigned at once."""
    page.goto("/jobs/add/?client=1")
    page.get_by_label("Subject").fill(subject)
    page.get_by_label(re.compile("^Technician")).select_option(index=1)
    page.get_by_role("button", name="Log job").click()
    expect(page.get_by_text(f"{subject} was logged.")).to_be_visible()


def test_work_is_timed_written_down_signed_and_sent_without_javascript(visit, keys):
    page = visit("desk", script=False)
    press = keys(page)
    logged(page, "Change the belt")
    sessions = page.get_by_role("region", name=re.compile("^Work sessions"))
    press.go("button", "Travel")
    expect(page.get_by_text("Your time on")).to_contain_text("Travel")
    press.go("button", "On site")
    press.go("button", "Stop")
    expect(sessions.get_by_role("row")).to_have_count(3)

    press.go("link", "Add part")
    press.type("Part", "Belt 120 cm")
    press.go("button", "Add part")
    expect(page.get_by_role("region", name=re.compile("^Parts and expenses"))).to_contain_text("Belt 120 cm")
    press.type("What is to be checked", "Test run")
    press.go("button", "Add check")
    press.go("button", "Test run")
    expect(page.get_by_role("button", name="Test run")).to_have_attribute("aria-pressed", "true")

    press.go("link", "Sign")
    press.go("button", "Save signature")
    expect(page.get_by_role("region", name="Signatures")).to_contain_text("For the client")
    press.go("link", "Send work docket")
    press.go("button", "Send work docket")
    expect(page.get_by_role("region", name="Work docket")).to_contain_text("Sent to")
    press.go("link", "Remove Belt 120 cm")
    press.go("button", "Remove")
    expect(page.get_by_text("No parts were used.")).to_be_visible()


def test_a_signature_is_drawn_and_a_job_dragged_on_the_board(visit):
    page = visit("desk")
    logged(page, "Grease the axle")
    page.get_by_role("link", name="Sign", exact=True).click()
    pad = page.locator("canvas")
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=4)
    page.mouse.up()
    expect(page.get_by_text("Signed.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Save signature").click()
    expect(page.get_by_role("img", name=re.compile("^Signature of"))).to_be_visible()
    check(page)

    page.goto("/jobs/board/")
    card = page.locator("[data-card]", has_text="Grease the axle")
    card.drag_to(page.locator("[data-status=open]"))
    expect(page.get_by_text("is open again, with a new clock.")).to_be_visible()
    expect(page.locator("[data-status=open]")).to_contain_text("Grease the axle")
