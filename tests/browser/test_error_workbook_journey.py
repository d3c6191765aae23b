"""Wrong rows come back in the person's own workbook; corrected there and uploaded, only they are imported (J6)."""

import re

from openpyxl import load_workbook
from playwright.sync_api import expect

from clientdesk.spreadsheets import write_xlsx
from tests.browser.watching import check

ROWS = [["Name", "Legal name", "Country"], ["Silberbach", "Silberbach AG", "CH"], ["Moosgrund", "Moosgrund AG", "Avalon"]]


def test_staff_correct_the_error_workbook_and_upload_it_again(visit, keys, tmp_path):
    page = visit("manager")
    press = keys(page)
    own = tmp_path / "valley clients.xlsx"
    own.write_bytes(b"".join(write_xlsx(ROWS, sheet="Valley")))
    for created, skipped, failed in ((1, 0, 1), (1, 1, 0)):
        page.goto("/import/")
        press.upload("File", own)
        press.go("button", "Read file")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Review 2 rows"), timeout=20_000)
        press.go("link", "Next: import mode")
        press.go("button", "Start import")
        expect(page.get_by_role("heading", level=1)).to_have_text("Import finished", timeout=20_000)
        values = page.locator(".stats dd").all_inner_texts()
        assert [int(values[place].split()[0]) for place in (1, 4, 5)] == [created, skipped, failed]
        if failed:
            check(page)
            own = press.download("Error workbook", tmp_path)
            book = load_workbook(own)
            assert book["Valley"]["C3"].comment.text.startswith("“Avalon” is no country")
            book["Valley"]["C3"].value = "Austria"
            book.save(own)
