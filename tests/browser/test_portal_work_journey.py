"""What a contact does in the portal, by keyboard, with JavaScript and without: accept a quote; request a job, replace
and withdraw the file that came with it, cancel it (X59, JD7; area Files)."""

import re

from playwright.sync_api import FilePayload, expect

from tests.browser.watching import check

ANNA = "anna.lindholm@gruenwald.example"


def test_a_contact_decides_a_quote_and_requests_and_cancels_a_job(visit, keys, script):
    name, verb = ("Package leaflet, 20 mg", "Accept") if script else ("Labels for the new strength", "Reject")
    page = visit(ANNA, script=script)
    press = keys(page)

    page.goto("/portal/")
    press.go("link", re.compile("^Quotes"))
    card = page.locator(".quote-card", has_text=name)
    press.go("link", card.get_by_role("link", name=verb).get_attribute("aria-label"))
    expect(page.get_by_label("Your name")).to_have_value("Anna Lindholm")
    press.go("button", page.locator("form .actions button").inner_text())
    expect(page.get_by_role("status")).to_contain_text(f"You {verb.lower()}ed")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Approved" if script else "Rejected")

    page.goto("/portal/jobs/")
    press.go("link", "Request a job")
    press.type("What is to be done?", f"Fix the lamp {script}")
    page.get_by_label(re.compile("^Files")).set_input_files(handed("Lamp.txt"))
    press.go("button", "Send request")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Fix the lamp {script}")
    press.go("link", "Replace Lamp.txt")
    press.go("button", "Replace file")
    expect(page.get_by_role("alert")).to_contain_text("Choose a file.")
    if script:
        check(page)
    page.get_by_label("New file").set_input_files(handed("Lamp, wired.txt"))
    press.go("button", "Replace file")
    expect(page.locator(".timeline")).to_contain_text("Lamp, wired.txt is there instead of Lamp.txt")
    press.go("link", "Withdraw Lamp, wired.txt")
    press.go("button", "Withdraw file")
    expect(page.get_by_role("status")).to_contain_text("“Lamp, wired.txt” was withdrawn.")
    press.go("link", "Cancel job")
    press.type("Reason", "It works again")
    press.go("button", "Cancel job")
    expect(page.locator("#main")).to_contain_text("It works again")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cancelled")


def handed(name: str) -> FilePayload:
    """A small file of this name."""
    return {"name": name, "mimeType": "text/plain", "buffer": name.encode()}
