"""A file with mistakes is corrected in the review and imported as a whole; keyboard only, with and without JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.watching import check

LONG = 60_000


@pytest.fixture
def faulty(tmp_path, script) -> Path:
    """A CSV file with a name that cannot be, two rows of one name, and a country that nobody knows."""
    one, two = ("Quell", "Rhein") if script else ("Saale", "Tauber")
    # What one journey says of a word is known in the next.
    near, far = ("Germny", "Xanadu") if script else ("Germanie", "Lemuria")
    rows = [
        f"{one} & Söhne,{one} & Söhne GmbH,Germany",
        f"{one} Twin,{one} Twin AG,{far}",
        f"{one} Twin,{one} Zwei AG,Germany",
        f"{two} Druck,{two} Druck AG,{near}",
        f"{two} Satz,{two} Satz AG,{near}",
    ]
    path = tmp_path / f"faulty {one}.csv"
    path.write_text("\n".join(["Name,Legal name,Country", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_faulty_file_is_corrected_and_imported_as_a_whole(visit, keys, script, faulty):
    page = visit("manager", script=script)
    press = keys(page)
    one = faulty.stem.split()[1]
    page.goto("/import/")
    press.upload("File", faulty)
    press.go("button", "Read file")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review 5 rows", timeout=LONG)
    press.go("link", "Errors 5")
    if script:
        check(page)

    press.type("Name in row 2", f"{one} und Söhne")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Errors 4")).to_be_visible()
    press.go("button", "Use “Germany” in 2 rows")
    expect(page.get_by_role("link", name="Errors 2")).to_be_visible()

    press.go("link", "Correct unknown words at once")
    if script:
        check(page)
    press.choose(f"What “{'Xanadu' if script else 'Lemuria'}” means as Country", "Greece")
    press.go("button", "Read them so")

    press.go("link", "Edit row 4")
    if script:
        check(page)
    press.type("Name", f"{one} Drei")
    press.go("button", "Compare this row again")
    expect(page.locator("tbody tr .badge, tbody tr [class*=badge]").first).to_have_text(re.compile("New"))

    press.go("link", "Next: import mode")
    if script:
        check(page)
    press.to(page.locator("input[name=mode]:checked"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("input[name=mode]:checked")).to_have_value("create")
    press.to(page.locator("input[name=skip_errors]:checked"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=skip_errors]:checked")).to_have_value("no")
    press.go("button", "Start import")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import finished", timeout=LONG)
    expect(page.locator(".stats")).to_contain_text("Created")
    assert page.locator(".stats dd").all_inner_texts()[:2] == ["5", "5"]
