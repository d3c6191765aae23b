"""Door 1: staff add a client and its contact person, and invite the person; keyboard only, with and without JavaScript."""

import re

from playwright.sync_api import Route, expect

from intake.management.commands.demo import PASSPHRASE, address


def test_staff_sign_in_add_a_client_with_a_contact_person_and_invite_her(visit, keys, installation, script):
    page = visit(script=script)
    press = keys(page)
    page.goto("/")
    press.type("E-mail", address("desk"))
    press.type("Password", PASSPHRASE)
    press.go("button", "Sign in")

    press.press("button", "Create new")
    press.go("link", "Client")
    press.go("link", "Corporate client")
    # Another company each time: of a client that looks the same Add client would ask first.
    name, domain = ("Aalto Medical", "aalto.example") if script else ("Vesala Optiikka", "vesala.example")
    press.type("Name", name)
    press.type("Legal name", f"{name} Oy & Sons")
    press.type("Main contact e-mail", f"desk@{domain}")
    press.choose("Country of registration", "Finland")
    press.go("button", "Continue")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.locator("#main")).to_contain_text(f"{name} Oy & Sons")

    press.go("link", re.compile("^Contact persons"))
    press.open("link", "Add contact person", dialog=script)
    press.type("First name", "Petra")
    press.type("Last name", "Lahtinen")
    press.type("E-mail", f"petra@{domain}")
    press.send("Add contact person", dialog=script)
    expect(page.locator(".person-card")).to_contain_text("Petra Lahtinen")

    press.go("link", "Show profile of Petra Lahtinen")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Contacts")).to_have_attribute("aria-current", "page")
    press.press("button", "Invite Petra Lahtinen")
    # The worker may have sent the mail already.
    expect(page.locator("[data-invite]").first).to_contain_text(re.compile("E-mail not sent yet|Invited"))
    if script:
        expect(page.get_by_role("button", name="Invite again Petra Lahtinen")).to_be_focused()
    assert installation.link(f"petra@{domain}")


def test_an_individual_becomes_a_client_with_one_contact_person(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    page.goto("/clients/add/?kind=corporate")
    press.tick("Individual")
    first, last = ("Jorge Luís", "Ibáñez") if script else ("Begoña", "Zubiri")
    press.type("First name", first)
    press.type("Last name", last)
    press.type("Name", f"{first} {last}")
    press.type("Main contact e-mail", f"{last.lower()}@post.example".replace("á", "a").replace("ñ", "n"))
    press.go("button", "Continue")
    press.go("link", re.compile("^Contact persons"))
    expect(page.locator(".person-card")).to_have_count(1)
    expect(page.locator(".person-card")).to_contain_text("Primary")


def test_a_refused_form_leads_to_its_first_error(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    page.goto("/clients/add/?kind=corporate")
    press.type("Name", "grünwald   PHARMA")
    press.type("Legal name", "Grünwald")
    press.type("Main contact e-mail", "office-at-gruenwald")
    press.go("button", "Continue")
    assert page.title().startswith("Error: ")
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("“Grünwald Pharma” exists already")
    if script:
        expect(summary).to_be_focused()
    press.press("link", summary.get_by_role("link").last.inner_text())
    expect(page.get_by_label("Main contact e-mail")).to_be_focused()


def test_the_dialog_keeps_what_was_typed_when_it_is_refused(visit, keys):
    page = visit("desk")
    press = keys(page)
    page.goto("/clients/1/contacts/")
    press.open("link", "Add contact person", dialog=True)
    press.type("First name", "Ada")
    press.type("E-mail", "ada@gruenwald")
    press.press("button", "Add contact person")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".error-summary")).to_be_focused()
    expect(dialog.get_by_label("First name")).to_have_value("Ada")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("link", name="Add contact person").first).to_be_focused()


def test_clients_are_found_by_typing_and_by_filters(visit, keys, script):
    page = visit("reader", script=script)
    press = keys(page)
    page.goto("/clients/?view=all")
    press.type("Name, e-mail or number", "grunwald")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Grünwald Pharma")
    page.goto("/clients/?view=all")
    press.press("button", "Country")
    press.choose("Country", "Japan")
    press.go("button", re.compile("^Apply ?: Country$"))
    expect(page.locator("tbody")).to_contain_text("東京印刷")
    expect(page.locator("tbody")).not_to_contain_text("Grünwald Pharma")
    press.go("link", re.compile("^Clear"))
    expect(page.locator("tbody")).to_contain_text("Brauer Antriebe")


def test_the_search_field_of_every_page_finds_a_contact_without_accents(visit, keys, script):
    page = visit("reader", script=script)
    press = keys(page)
    page.goto("/profile/")
    press.type("Search clients, contacts and jobs", "kramer tobias")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press.go("link", "Tobias Krämer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tobias Krämer")


def test_typing_on_while_an_answer_is_awaited_is_no_fault(visit):
    page = visit("desk")
    page.goto("/clients/add/?kind=corporate")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/clients/similar/**", hold_the_first)
    with page.expect_request("**/clients/similar/**"):
        page.get_by_label("Name", exact=True).press_sequentially("Grün")
    with page.expect_response("**/clients/similar/**"):
        page.get_by_label("Name", exact=True).press_sequentially("wald Pharma")
    expect(page.locator("#similar")).to_contain_text("Grünwald Pharma")
    expect(page.locator("[data-load-failed]")).to_have_count(0)
    # What stands on the console is watched for every page (conftest.visit).
