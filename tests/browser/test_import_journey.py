"""Door 2: staff fill the template with ten thousand clients and import it; keyboard only, with and without JavaScript."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from intake.columns import ClientResource
from intake.demo.rows import KEYS, WRONG, rows
from tests.browser.watching import check

ROWS = 10_000
# Without JavaScript the steps are the same pages: what differs shows in a few rows as well.
FEW_ROWS = 400
# Reading and importing ten thousand rows takes some seconds; a machine that does much else may take its time.
LONG = 120_000


def fill(template: Path, made: Iterable[dict[str, str]]) -> Path:
    """Write rows below the template's headers, as a person does, and save the workbook under another name."""
    book = load_workbook(template)
    sheet = book.worksheets[0]
    places = {str(cell.value): cell.column for cell in sheet[1]}
    labels = ClientResource.fields
    for line, row in enumerate(made, start=2):
        for key in KEYS:
            sheet.cell(line, places[labels[key].label], row[key] or None)
    filled = template.with_name("clients to import.xlsx")
    book.save(filled)
    return filled


def figures(page: Page) -> dict[str, int]:
    """Read the result's figures off the page."""
    terms, values = page.locator(".stats dt").all_inner_texts(), page.locator(".stats dd").all_inner_texts()
    return {term: int(value.split()[0].replace(",", "")) for term, value in zip(terms, values, strict=True)}


def test_staff_import_ten_thousand_clients_from_the_template(visit, keys, script, tmp_path):
    page = visit("manager", script=script)
    press = keys(page)
    page.goto("/clients/")
    press.go("link", "Import clients")
    template = press.download("Template XLSX", tmp_path)
    # The second run brings other clients into the same installation.
    count = ROWS if script else FEW_ROWS
    filled = fill(template, rows(ROWS) if script else (row | {"name": f"{row['name']} Nord", "external_id": ""} for row in rows(count)))

    press.upload("File", filled)
    press.go("button", "Read file")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(f"^Review {count:,} rows"), timeout=LONG)
    press.go("link", f"Errors {len(WRONG)}")
    expect(page.locator("tbody tr")).to_have_count(len(WRONG))
    expect(page.locator("tbody")).to_contain_text("“Atlantis” is no country")
    if script:
        check(page)

    press.go("link", "Next: import mode")
    if script:
        check(page)
    press.go("button", "Start import")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import finished", timeout=LONG)
    found = figures(page)
    read = found.pop("Rows read")
    assert (read, found["Failed"]) == (count, len(WRONG))
    assert sum(found.values()) == read
    if script:
        check(page)
    press.go("link", "Clients")
    press.type("Name, e-mail or number", "procházka tiskárna")
    page.keyboard.press("Enter")
    expect(page.locator("tbody")).to_contain_text("Procházka Tiskárna")


@pytest.fixture
def few(tmp_path) -> Path:
    """A small CSV file of clients."""
    path = tmp_path / "few clients.csv"
    lines = [",".join(("Name", "Legal name", "Country"))]
    lines += [f"Fernleitung {number},Fernleitung {number} AG,{country}" for number, country in enumerate(("CH", "Austria", "Atlantis"))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read_file(page: Page, path: Path) -> None:
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Read file").click()


def test_the_pages_of_waiting_and_stopping_can_be_used_by_everybody(visit, installation, few):
    page = visit("manager")
    with installation.worker_asleep():
        read_file(page, few)
        expect(page.get_by_role("heading", level=1)).to_have_text("Reading the file")
        check(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Review 3 rows", timeout=LONG)
    page.get_by_role("link", name="Next: import mode").click()
    with installation.worker_asleep():
        page.get_by_role("button", name="Start import").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Importing")
        check(page)
        page.get_by_role("button", name="Cancel import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import cancelled", timeout=LONG)
    check(page)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("no table.csv", b"Nothing of ours,here\n1,2\n"),
        ("broken.xlsx", b"PK\x03\x04 not a workbook"),
        ("picture.png", b"\x89PNG\r\n"),
    ],
)
def test_a_file_that_cannot_be_imported_says_why(visit, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    page = visit("manager")
    read_file(page, path)
    problem = page.locator(".notice:is(.bad, .warn), .error-summary")
    expect(problem).to_be_visible(timeout=LONG)
    check(page)
    page.goto("/import/")
    check(page)
