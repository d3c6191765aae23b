"""A manager undoes an import: the result offers it, a page says what it does, and what somebody edited since stays."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.watching import check

LONG = 120_000


def bring(page: Page, folder: Path, name: str) -> None:
    """Import a file of three clients."""
    path = folder / f"{name}.csv"
    rows = [f"{name} {number},{name} {number} AG,Bern" for number in (1, 2, 3)]
    path.write_text("\n".join(["Name,Legal name,City", *rows, ""]), encoding="utf-8")
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Read file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review 3 rows", timeout=LONG)
    page.get_by_role("link", name="Next: import mode").click()
    page.get_by_role("button", name="Start import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import finished", timeout=LONG)


def test_an_import_is_undone_but_for_what_somebody_edited(visit, installation, tmp_path):
    page = visit("manager")
    name = "Rücknahme"
    bring(page, tmp_path, name)
    result = page.url
    page.get_by_role("link", name=f"{name} 2").click()
    page.goto(f"{page.url}edit/")
    page.get_by_label("Notes").fill("Called.")
    page.get_by_role("button", name="Save client").click()
    page.goto(result)
    page.get_by_role("link", name="Undo import…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undo this import")
    stays = page.get_by_role("region", name="What stays as it is, and why")
    expect(stays.locator("tbody tr")).to_have_count(1)
    expect(stays).to_contain_text(f"{name} 2")
    expect(stays).to_contain_text("changed it on")
    check(page)
    with installation.worker_asleep():
        page.get_by_role("button", name="Undo import").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Undoing the import")
        check(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Import undone", timeout=LONG)
    page.get_by_role("link", name="Result of the import").click()
    expect(page.get_by_text("undid this import")).to_be_visible()
    page.goto(f"/clients/?view=all&q={name}")
    expect(page.locator("tbody tr")).to_have_count(1)
