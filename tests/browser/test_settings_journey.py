"""Settings at the keyboard, with and without JavaScript: a list is put in order, a custom field is made and answered."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def suffix(script) -> str:
    """Names differ between the two runs of a journey, as both live in one installation."""
    return "scripted" if script else "plain"


def test_an_administrator_orders_a_list_and_takes_an_entry_out_of_use(visit, keys, script, suffix):
    page = visit("administrator", script=script)
    press = keys(page)
    page.goto("/settings/")
    press.go("link", re.compile("^Lead sources"))
    for name in ("Newsletter", "Podcast"):
        press.go("link", "Add lead source")
        press.type("Name", f"{name} {suffix}")
        press.go("button", "Add lead source")
    rows = page.locator("main tbody tr")
    expect(rows.last).to_contain_text(f"Podcast {suffix}")

    press.go("button", f"Move Podcast {suffix} up")
    expect(rows.last).to_contain_text(f"Newsletter {suffix}")
    # The same key again goes on from where the entry is now.
    expect(page.get_by_role("button", name=f"Move Podcast {suffix} up")).to_be_focused()

    press.go("button", f"Deactivate Newsletter {suffix}")
    expect(page.locator("main").get_by_role("status").first).to_contain_text(f"Newsletter {suffix} was deactivated.")
    press.go("link", f"Newsletter {suffix}")
    press.go("link", f"Delete Newsletter {suffix}")
    press.go("button", f"Delete Newsletter {suffix}")
    expect(page.locator("main")).to_contain_text(f"Newsletter {suffix} was deleted.")


def test_a_custom_field_is_made_and_answered(visit, keys, script, suffix):
    page = visit("administrator", script=script)
    press = keys(page)
    page.goto("/settings/custom-fields/")
    press.go("link", "Add custom field")
    press.to(press.field("Client"))
    page.keyboard.press("ArrowDown")
    press.type("Label", f"Languages {suffix}")
    press.choose("Kind of field", "Multiple selection")
    press.type("Options", "Portuguese")
    press.go("button", "Add custom field")
    expect(page.locator("main")).to_contain_text(f"Languages {suffix}")

    page.goto("/contacts/2/")
    press.go("link", "Edit")
    press.tick("Portuguese")
    press.go("button", "Save contact")
    expect(page.locator("main")).to_contain_text(f"Languages {suffix}")
    expect(page.locator("main")).to_contain_text("Portuguese")
    page.goto("/settings/custom-fields/")
    press.go("button", f"Deactivate Languages {suffix}")
    expect(page.locator("main").get_by_role("status").first).to_contain_text(f"Languages {suffix} was deactivated")
