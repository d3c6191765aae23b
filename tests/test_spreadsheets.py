"""What leaves as a spreadsheet: nothing in it can be executed, and everything comes back (D14, 1.2.10)."""

import csv
import io
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from clientdesk.spreadsheets import CELL_CHARACTERS, column_letters, neutralise, restore, write_csv, write_xlsx

HARMLESS = ["Brauer", "O'Neill", "'tHooft", "", " =1", "1=1", "müller@brauer.example", "'", "''"]
EXECUTABLE = ["=1+1", "+49 30", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", EXECUTABLE)
def test_a_text_that_a_program_would_run_gets_an_apostrophe(text):
    assert neutralise(text) == f"'{text}"
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_any_other_text_stays(text):
    assert neutralise(text) == restore(text) == text


@given(st.text("='+-@\t\r\nx＝", max_size=8) | st.text())
@settings(max_examples=500, deadline=None)
def test_the_way_back_is_exact_for_every_text(text):
    assert restore(neutralise(text)) == text
    assert neutralise(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_is_what_excel_opens_by_a_double_click():
    content = b"".join(write_csv([["Name", "Since"], ["Müller, Söhne", date(2024, 2, 29)], ["=1+1", None], ["a\nb", Decimal("1.50")]]))
    assert content.startswith(b"\xef\xbb\xbfName,Since\r\n")
    assert read_csv(content) == [["Name", "Since"], ["Müller, Söhne", "2024-02-29"], ["'=1+1", ""], ["a\nb", "1.50"]]


ROWS = [
    ["Name", "Value"],
    ["=1+1", 1],
    ["+49 30 1234", 1.5],
    ["00123", Decimal("12.50")],
    ['a\nb & <c> "d"', True],
    ["  spaces  ", None],
    ["東京 😀", date(2024, 2, 29)],
    ["@x", datetime(2024, 2, 29, 13, 45)],
    ["long", 123456789012345678],
    ["early", date(1899, 12, 31)],
    ["no number", float("nan")],
]


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"".join(write_xlsx(ROWS, sheet="Clients: [all]/2026")))
    return path


def test_openpyxl_reads_what_we_write(workbook):
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["Clients   all  2026"]
    found = [[cell.value for cell in line] for line in book.active.iter_rows()]
    assert [line[0] for line in found] == [line[0] for line in ROWS]
    values = [line[1] for line in found[1:]]
    assert values[:5] == [1, 1.5, 12.5, True, None]
    assert values[5:] == [datetime(2024, 2, 29), datetime(2024, 2, 29, 13, 45), "123456789012345678", "1899-12-31", "nan"]
    assert {cell.data_type for cell in book.active["A"]} == {"s"}
    assert book.active.freeze_panes == "A2"
    assert book.active["A1"].font.bold


def test_columns_are_named_as_a_spreadsheet_shows_them():
    assert [column_letters(index) for index in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_calamine_reads_what_we_write(workbook):
    found = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_index(0).to_python()
    assert [line[0] for line in found] == [line[0] for line in ROWS]
    assert found[6][1] == date(2024, 2, 29)
    assert found[8][1] == "123456789012345678"


def test_no_cell_of_a_workbook_is_a_formula(tmp_path):
    content = b"".join(write_xlsx([[text] for text in EXECUTABLE]))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f" not in package.read("xl/worksheets/sheet1.xml")
        assert package.testzip() is None
        assert {entry.extract_version for entry in package.infolist()} == {20}


written = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20)


@given(st.lists(written, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_every_text_survives_a_workbook(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("a") / "a.xlsx"
    path.write_bytes(b"".join(write_xlsx([["head"], *([f"|{value}"] for value in values)])))
    found = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert [line[0] for line in found[1:]] == [f"|{value}" for value in values]


def test_a_text_longer_than_the_format_allows_is_cut():
    content = b"".join(write_xlsx([["x" * 40_000]]))
    found = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(found[0][0]) == CELL_CHARACTERS


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_memory_does_not_grow_with_the_rows_and_the_first_piece_comes_at_once(write):
    taken = 0

    def source(count: int):
        nonlocal taken
        for index in range(count):
            taken += 1
            yield [f"Client number {index}", "Köln", index]

    pieces = write(source(50_000))
    assert next(pieces)
    assert taken <= 500
    tracemalloc.start()
    size = sum(map(len, pieces))
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (size > 200_000, taken) == (True, 50_000)
    assert used < 2_000_000
