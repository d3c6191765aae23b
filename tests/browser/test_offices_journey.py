"""Offices and departments at the keyboard: added to a client, chosen for a contact, with JavaScript and without (C2, C10, X37, X40)."""

import re

from playwright.sync_api import expect

from tests.browser.watching import check


def test_an_office_and_a_department_are_added_and_chosen_for_a_contact(visit, keys, script):
    page = visit("manager", script=script)
    at, main = keys(page), page.locator("#main")
    office, department, contact = ("Graz laboratory", "Quality", 4) if script else ("Linz warehouse", "Logistics", 2)

    page.goto("/clients/1/")
    at.go("link", re.compile("^Offices"))
    at.open("link", "Add office", dialog=script)
    at.type("Name", office)
    at.choose("Belongs to", "Vienna office")
    at.type("City", "Österreich")
    at.send("Add office", dialog=script)
    expect(main.get_by_role("listitem").filter(has_text=office).last).to_contain_text("Österreich")

    at.go("link", re.compile("^Departments"))
    at.open("link", "Add department", dialog=script)
    at.type("Name", department)
    at.choose("Office", office)
    at.type("E-mail", "team@gruenwald.example")
    at.send("Add department", dialog=script)
    expect(main.get_by_role("row").filter(has_text=department)).to_contain_text("team@gruenwald.example")

    page.goto(f"/contacts/{contact}/")
    at.go("link", "Change offices")
    if script:
        check(page)
    at.tick(office)
    # One radio of a group is reached by Tab, the others by the arrows.
    at.to(page.get_by_role("radio", checked=True))
    wanted = page.get_by_label(f"Default: {office}", exact=True)
    while not wanted.is_checked():
        page.keyboard.press("ArrowDown")
    at.go("button", "Save offices")
    expect(page.get_by_role("region", name="Client")).to_contain_text(f"{office} Default")

    at.go("link", "Edit")
    at.type("Department", f" {department.lower()}")
    at.go("button", "Save contact")
    expect(page.get_by_role("region", name="Client").get_by_role("link", name=department, exact=True)).to_be_visible()

    at.go("link", "Edit")
    at.type("Department", f"{department} of {office}")
    at.go("button", "Save contact")
    at.go("link", f"{department} of {office}")
    expect(main).to_contain_text("Contact details")


def test_an_unticked_default_is_told_and_the_summary_leads_to_it(visit, keys, script):
    """X38."""
    page = visit("manager", script=script)
    at = keys(page)
    page.goto("/contacts/3/offices/")
    at.tick("Vienna office")
    at.tick("Leipzig plant")
    at.go("button", "Save offices")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("“Vienna office” is the default office but not ticked.")
    if script:
        check(page)
    at.to(summary.get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
