"""Two workbooks that LibreOffice itself saved from one: what it writes is what we read, spaces and all (tests/corpus/files)."""

from pathlib import Path

import pytest

from intake.reader import Limits, open_table
from intake.reader.table import CellError

FILES = Path(__file__).parent / "corpus" / "files"
# A cell that cannot be trusted is told by its code; a switch is written otherwise by each format.
EXPECTED = [
    ["=1+1", "000123", "1234.5", "2026-11-30", True, "12.5%", "2469", "error_value", "2026-11-30 14:05:00", "  one\n\n  two   three"],
    ["+49 30 1", "000007", "digits", "1900-03-01", False, "100%", "ab", "error_value", "", "_x0041_ & <b>"],
    ["00123", "x", "", "", "", "", "00123", "", "", "“Köln” 山田 🙂"],
]
SWITCHES = {"ods": {True: "1", False: "0"}, "xlsx": {True: "TRUE", False: "FALSE"}}


@pytest.mark.parametrize("format", ["ods", "xlsx"])
def test_what_libreoffice_saved_is_read_as_it_stands_there(format):
    with open_table(FILES / f"libreoffice.{format}", f"a.{format}", Limits(), None) as table:
        rows = [[cell.code if isinstance(cell, CellError) else cell for cell in row.cells] for row in table]
    assert rows == [[SWITCHES[format].get(text, text) if isinstance(text, bool) else text for text in row] for row in EXPECTED]
