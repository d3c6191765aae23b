"""The search field at the keyboard: what it offers while somebody types, and the page of results with and without JavaScript."""

import re

from playwright.sync_api import expect

from tests.browser.watching import check


def test_a_client_is_chosen_with_the_arrow_keys(visit):
    page = visit("manager")
    page.goto("/clients/")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search clients, contacts and jobs")
    expect(field).to_be_focused()
    field.press_sequentially("brauer")
    found = page.get_by_role("listbox", name="Found")
    expect(found).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(found.locator("mark").first).to_have_text("Brauer")
    expect(page.locator("#q-said")).to_contain_text("found")
    check(page)
    field.press("ArrowDown")
    first = found.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "none")
    field.press("ArrowUp")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/clients/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Brauer")


def test_enter_without_a_choice_opens_the_page_of_results_and_escape_closes_the_list(visit):
    page = visit("desk")
    page.goto("/contacts/")
    field = page.get_by_role("combobox", name="Search clients, contacts and jobs")
    field.press_sequentially("brauer")
    found = page.get_by_role("listbox", name="Found")
    expect(found).to_be_visible()
    field.press("Escape")
    expect(found).to_be_hidden()
    expect(field).to_have_value("brauer")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=brauer$"))
    expect(page.get_by_role("heading", name="Clients", exact=True)).to_be_visible()
    check(page)


def test_without_javascript_the_field_leads_to_the_page_of_results(visit):
    page = visit("reader", script=False)
    page.goto("/clients/")
    page.get_by_label("Search clients, contacts and jobs").fill("brauer")
    page.keyboard.press("Enter")
    expect(page.locator("main mark").first).to_have_text("Brauer")
    expect(page.get_by_role("listbox")).to_have_count(0)
