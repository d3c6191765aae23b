"""The wizard from start to Finish, keyboard only, with and without JavaScript; every step is looked at (S1 to S17, SD1)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.watching import check


@pytest.fixture
def suffix(script) -> str:
    """Names differ between the two runs of a journey, as both live in one installation."""
    return "scripted" if script else "plain"


@pytest.fixture
def licence(tmp_path) -> Path:
    path = tmp_path / "hygiene.pdf"
    path.write_bytes(b"%PDF-1.7 washed hands")
    return path


def test_a_client_is_created_step_by_step(visit, keys, installation, script, suffix, licence):
    page = visit("desk", script=script)
    press = keys(page)
    page.goto("/clients/new/")
    press.go("button", "New client")

    press.choose("Company type", "Limited company")
    press.choose("Category", "Healthcare › Hospitals")
    press.go("button", "Next")
    expect(page.locator("h1")).to_contain_text("Identification Step 2 of 7")

    press.type("Name", f"Klinik am See {suffix}")
    press.type("Legal name", "Klinik am See gGmbH & Co.")
    press.type("Main contact e-mail", "info@klinik-see.example")
    press.choose("Country of registration", "Germany")
    press.go("button", "Next")
    press.type("Street", "Seeweg 5")
    press.type("City", "Plön")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press.type("Sales notes", "Met at the fair.")
    press.go("button", "Next")

    press.type("First name", "Petra")
    press.type("Last name", "Öztürk")
    press.type("E-mail", f"petra.{suffix}@klinik-see.example")
    press.tick("Portal user")
    press.go("button", "Add another contact")
    press.to(page.get_by_label("Last name").nth(1))
    page.keyboard.type("Ott")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Documents")
    press.go("button", "Back")
    press.go("button", "Back")
    expect(page.get_by_label("Sales notes")).to_have_value("Met at the fair.")
    press.go("button", "Next")
    expect(page.get_by_label("Last name").nth(1)).to_have_value("Ott")
    press.go("button", "Next")

    press.upload("Hygiene instructions", licence)
    press.go("button", "Next")
    expect(page.locator("h1")).to_contain_text("Review")
    for words in ("Klinik am See gGmbH & Co.", "Plön", "Petra Öztürk", "hygiene.pdf", "Germany"):
        expect(page.locator("#step")).to_contain_text(words)

    press.go("link", "Change Address")
    press.type("City", "Eutin")
    press.go("button", "Next")
    expect(page.locator("h1")).to_contain_text("Review")
    expect(page.locator("#step")).to_contain_text("Eutin")

    press.go("button", "Finish")
    expect(page.locator("h1")).to_contain_text(f"Klinik am See {suffix} was added")
    expect(page.locator("#main")).to_contain_text("Company type and category are set.")
    press.go("link", "Customer data")
    expect(page.locator("h1")).to_contain_text(f"Klinik am See {suffix}")
    press.go("link", re.compile("^Contact persons"))
    expect(page.locator(".person-card")).to_have_count(2)
    assert installation.link(f"petra.{suffix}@klinik-see.example")


def test_a_client_is_created_from_a_company_of_the_registry(visit, keys, script, suffix):
    page = visit("desk", script=script)
    press = keys(page)
    page.goto("/companies/add/")
    press.type("Registered name", f"Zander & Töchter {suffix} KG")
    press.go("button", "Add company")
    page.goto("/clients/new/")
    press.go("button", "From an existing company")
    press.type("Registered name, registration or tax number", f"tochter {suffix}")
    if script:
        page.get_by_role("radio", name=f"Zander & Töchter {suffix} KG").wait_for()
    else:
        press.go("button", "Search")
    press.tick(f"Zander & Töchter {suffix} KG")
    press.choose("Category", "Logistics")
    press.type("Main contact e-mail", "office@zander.example")
    while "Review" not in page.inner_text("h1"):
        press.go("button", "Next")
    press.go("button", "Finish")
    expect(page.locator("h1")).to_contain_text(f"Zander Töchter {suffix} KG was added")
    press.go("link", "Customer data")
    expect(page.locator("#main")).to_contain_text(f"Zander & Töchter {suffix} KG")


def test_a_draft_waits_and_is_discarded(visit, keys, script, suffix):
    page = visit("manager", script=script)
    press = keys(page)
    page.goto("/clients/new/")
    press.go("button", "New client")
    press.choose("Company type", "Association")
    press.choose("Category", "Logistics")
    press.go("button", "Next")
    press.type("Name", f"Half a client {suffix}")
    press.go("button", "Back")
    page.goto("/clients/new/")
    press.go("link", f"Resume Half a client {suffix}")
    expect(page.get_by_label("Name", exact=True)).to_have_value(f"Half a client {suffix}")
    press.go("button", "Cancel")
    expect(page.locator("#main")).to_contain_text("Nothing was saved.")
    expect(page.locator("#main")).not_to_contain_text(f"Half a client {suffix}")


def test_the_browsers_own_back_shows_what_was_kept(visit, keys):
    page = visit("manager")
    press = keys(page)
    page.goto("/clients/new/")
    press.go("button", "New client")
    press.choose("Company type", "Association")
    press.choose("Category", "Logistics")
    press.go("button", "Next")
    press.type("Name", "Kept by the browser")
    press.type("Legal name", "Kept")
    press.type("Main contact e-mail", "kept@post.example")
    press.go("button", "Next")
    page.go_back()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Kept by the browser")
    press.type("Name", "Altered after Back")
    press.go("button", "Next")
    assert "was changed in another tab" not in page.inner_text("main")


def test_every_step_and_its_errors_can_be_used_by_everybody(visit):
    page = visit("manager")

    def go(button: str) -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).first.click()
        check(page)

    page.goto("/clients/new/")
    go("New client")
    go("Next")
    page.get_by_label("Company type").select_option(label="Limited company")
    page.get_by_label("Category").select_option(label="Public sector")
    go("Next")
    go("Next")
    page.get_by_label("Name", exact=True).fill("W" * 100)
    page.get_by_label("Legal name").fill("شركة النور <b> " * 12)
    page.get_by_label("Main contact e-mail").fill("a@" + "b" * 60 + ".example")
    go("Next")
    go("Next")
    go("Next")
    page.get_by_label("First name").fill("Anna")
    page.get_by_label("Portal user").check()
    go("Next")
    page.get_by_label("Last name").fill("Lindholm")
    page.get_by_label("E-mail").fill("anna.lindholm@gruenwald.example")
    go("Next")
    assert "Grünwald Pharma" in page.inner_text("main")
    go("Add another contact")
    page.get_by_label("E-mail").first.fill("anna.l@other.example")
    go("Next")
    while page.get_by_role("button", name="Finish", exact=True).count() == 0:
        for box in page.get_by_label("Comes later").all():
            box.check()
        go("Next")
    go("Finish")
    page.goto("/clients/new/")
    go("From an existing company")
    go("Next")


def test_the_older_of_two_tabs_is_told(visit):
    page = visit("manager")
    page.goto("/clients/new/")
    page.get_by_role("button", name="New client").click()
    page.get_by_label("Company type").select_option(label="Association")
    page.get_by_label("Category").select_option(label="Logistics")
    with page.expect_navigation():
        page.get_by_role("button", name="Next").click()
    second = page.context.new_page()
    second.goto(page.url)
    for tab, name in ((second, "Second tab"), (page, "First tab")):
        tab.get_by_label("Name", exact=True).fill(name)
        tab.get_by_label("Legal name").fill(name)
        tab.get_by_label("Main contact e-mail").fill("two@tabs.example")
        with tab.expect_navigation():
            tab.get_by_role("button", name="Next").click()
    assert "was changed in another tab" in page.inner_text("main")
    check(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Keep mine").click()
    page.get_by_role("link", name="Identification").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("First tab")
