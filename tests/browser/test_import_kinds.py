"""The further kinds of import: a company tree is looked at before it is saved; contact persons are imported from their client."""

import pytest
from playwright.sync_api import expect

from tests.browser.watching import check

LONG = 60_000
TREE = """Client name,Legal name,Office,Office city,Department,First name,Last name,E-mail
Havel Werke,Havel Werke AG,Brandenburg plant,Brandenburg,Purchasing,Ada,Krämer,ada@havel.example
Havel Werke,,Brandenburg plant,,Sales,Jonas,Brauer,jonas@havel.example
Havel Werke,,,,Sales,Zoë,Giraud,no mail
Ems Druck,Ems Druck GmbH,,,,,,
"""


@pytest.fixture
def tree(tmp_path):
    """A CSV file of two clients with what stands beneath them; one e-mail address is none."""
    path = tmp_path / "tree.csv"
    path.write_text(TREE, encoding="utf-8")
    return path


@pytest.fixture
def people(tmp_path):
    """A CSV file of one person that says of nobody whose it is."""
    path = tmp_path / "people.csv"
    path.write_text("First name,Last name,E-mail,Department\nMaja,Neu,maja@havel.example,Purchasing\n", encoding="utf-8")
    return path


def test_a_tree_is_looked_at_and_imported_and_a_client_gets_one_more_person(visit, keys, tree, people):
    page = visit("manager")
    press = keys(page)
    page.goto("/import/?kind=tree")
    press.upload("File", tree)
    press.go("button", "Read file")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review 4 rows", timeout=LONG)
    press.go("link", "Look at the tree")
    expect(page.locator(".tree > li").nth(1)).to_contain_text("Havel Werke")
    expect(page.locator(".tree > li > ul > li").first).to_contain_text("Brandenburg plant")
    check(page)
    press.go("link", "Review the rows")
    press.go("link", "Next: import mode")
    press.go("button", "Start import")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import finished", timeout=LONG)
    press.go("link", "Created 3")
    client = page.get_by_role("link", name="Havel Werke").first.get_attribute("href")
    page.goto(f"{client}contacts/")
    press.go("link", "Import contact persons")
    press.upload("File", people)
    press.go("button", "Read file")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review 1 row", timeout=LONG)
