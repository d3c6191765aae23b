"""The Job Queries report with the keyboard only, with and without JavaScript: from a client's row to a saved report (J26, J27, S8)."""

import re

from playwright.sync_api import expect

from tests.browser.watching import check


def test_the_report_of_a_client_is_opened_narrowed_turned_to_another_client_and_saved(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    page.goto("/clients/?view=all&q=grunwald+pharma")
    press.go("link", "Job queries report of Grünwald Pharma")
    expect(page.get_by_role("img", name=re.compile("^Jobs by month"))).to_be_visible()
    expect(page.get_by_role("cell", name="Grünwald Pharma").first).to_be_visible()

    press.press("button", "Period")
    press.choose("Logged in", "Last 12 months")
    press.go("button", re.compile("^Apply ?: Period$"))
    expect(page.get_by_role("button", name="Period: Last 12 months")).to_be_visible()

    press.press("button", "Client: Grünwald Pharma")
    press.type("Another client", "brauer antrieb")
    if script:
        page.get_by_role("radio", name="Brauer Antriebe", exact=True).wait_for()
        press.go("button", re.compile("^Apply ?: Client$"))
    else:
        press.go("button", re.compile("^Apply ?: Client$"))
        press.go("link", "Brauer Antriebe")
    expect(page.get_by_role("button", name="Client: Brauer Antriebe")).to_be_visible()
    expect(page.get_by_role("cell", name="Grünwald Pharma")).to_have_count(0)

    press.open("link", "Save report", dialog=script)
    name = "Brauer, a year" if script else "Brauer, twelve months"
    press.type("Name", name)
    press.send("Save view", dialog=script)
    expect(page.get_by_role("navigation", name="Saved reports").get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
    if script:
        check(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Saved reports")).to_be_hidden()
    expect(page.locator(".asked")).to_contain_text("Brauer Antriebe")
    expect(page.get_by_role("img", name=re.compile("^Jobs by month"))).to_be_visible()
