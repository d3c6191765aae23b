"""Staff match the columns of a file that our words do not know, with and without JavaScript (D13, V28)."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watching import check

LONG = 120_000


@pytest.fixture
def strange(tmp_path, script) -> Path:
    """A file of one client in a code page, whose headers say little."""
    path = tmp_path / f"strange {script}.csv"
    lines = [f"Kurz {script};Lang;Wohin;Telefon;Tel.", "Ostwind Segel;Ostwind Segel Łódź;Łódź;+48 42 5550100;+48 42 5550101"]
    path.write_bytes("\r\n".join(lines).encode("cp1250"))
    return path


def choose(page: Page, header: str, field: str) -> None:
    page.get_by_label(f"Our field for “{header}”").select_option(label=field)


def test_staff_match_columns_and_read_the_file_in_another_encoding(visit, strange, script):
    page = visit("manager", script=script)
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(strange)
    page.get_by_role("button", name="Read file").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Match columns", timeout=LONG)
    expect(page.locator(".notice.warn")).to_contain_text("The column “Legal name” is missing.")
    if not script:
        page.locator(".reading").get_by_role("button").first.click()
        expect(heading).to_have_text("Match columns", timeout=LONG)
    page.get_by_role("button", name="Next: review").click()
    expect(page.get_by_role("heading", name="There are 3 problems")).to_be_visible()
    if script:
        check(page)
        page.set_viewport_size({"width": 1440, "height": 900})
    choose(page, f"Kurz {script}", "Name")
    choose(page, "Lang", "Legal name")
    choose(page, "Wohin", "City")
    choose(page, "Telefon", "Do not import")
    page.get_by_role("button", name="Next: review").click()
    expect(heading).to_have_text("Review 1 row", timeout=LONG)
    expect(page.locator("tbody")).to_contain_text("Ostwind Segel")
