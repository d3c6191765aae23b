"""What a contact keeps up to date in the portal at the keyboard, with JavaScript and without: company, colleagues, e-mails, the report."""

from playwright.sync_api import expect

from tests.browser.watching import check


def test_a_contact_keeps_company_colleagues_and_mails_up_to_date(visit, keys, script):
    page = visit("anna.lindholm@gruenwald.example", script=script)
    press = keys(page)
    name = "Scripted" if script else "Plain"

    page.goto("/portal/company/edit/")
    press.type("Phone", "call me")
    press.go("button", "Save")
    assert page.title().startswith("Error: ")
    if script:
        check(page)
    press.type("Phone", "+49 30 3231271" if script else "+49 30 3231272")
    press.go("button", "Save")
    expect(page.get_by_role("status")).to_contain_text("The company data were saved.")

    page.goto("/portal/colleagues/")
    press.go("link", "Add colleague")
    press.type("First name", "Wilma")
    press.type("Last name", name)
    press.type("E-mail", f"wilma.{name.lower()}@gruenwald.example")
    press.go("button", "Add colleague")
    expect(page.get_by_role("status")).to_contain_text(f"Wilma {name} was added to your colleagues.")

    page.goto("/portal/profile/e-mails/")
    press.tick("About jobs")
    press.go("button", "Save choice")
    expect(page.get_by_role("status")).to_contain_text("Your choice was saved.")

    page.goto("/portal/")
    press.go("link", "Report")
    expect(page.get_by_role("heading", level=1)).to_have_text("Report about jobs")
