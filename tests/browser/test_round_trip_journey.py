"""A list leaves for editing, a client is changed in the file and here, and the one cell that both changed is settled in the review."""

from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.watching import check

LONG = 60_000


def edited(path: Path, client: int, texts: dict[str, str]) -> None:
    """Type `texts` (by header) into the row of `client` in the workbook."""
    book = load_workbook(path)
    heads = [cell.value for cell in book.active[1]]
    ids = [row[heads.index("ClientDesk ID")].value for row in book.active.iter_rows()]
    for header, text in texts.items():
        book.active.cell(ids.index(str(client)) + 1, heads.index(header) + 1, text)
    book.save(path)


def test_an_exported_list_comes_back_edited(visit, keys, tmp_path):
    page = visit("manager")
    press = keys(page)
    page.goto("/clients/?view=corporate")
    press.press("button", "Export")
    path = press.download("Corporate clients for editing", tmp_path)
    edited(path, 1, {"Contract number": "FILE-1", "Province": "Nord"})

    page.goto("/clients/1/identification/edit/")
    press.type("Contract number", "HERE-1")
    press.go("button", "Save identification")

    page.goto("/import/")
    press.upload("File", path)
    press.go("button", "Read file")
    expect(page.get_by_text("Edited in both places: the file says “FILE-1”")).to_be_visible(timeout=LONG)
    check(page)
    press.go("button", "Use the file’s value")
    expect(page.get_by_text("Edited in both places")).to_have_count(0)
    expect(page.locator("ins")).to_contain_text(["Nord", "FILE-1"])
