"""XLSX: what the spreadsheet shows comes out, cell by cell; what cannot be known is an error of that cell (V28, V30, D07)."""

import tracemalloc
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientdesk.spreadsheets import write_xlsx
from intake.reader import CellError, Limits, open_table
from intake.reader.xlsx.numbers import format_for
from tests.corpus import workbooks
from tests.corpus.workbooks import number, parts, row, rows, sheet, strings, styles, text, write

HEAD = row(1, "Name", "Code")


@pytest.fixture
def opened(tmp_path):
    """Return a function that opens a workbook made of rows as XML."""

    def open_rows(content: str, score=None, **options):
        return open_table(workbooks.workbook(tmp_path / "upload", content, **options), "clients.xlsx", Limits(), score)

    return open_rows


@pytest.fixture
def value(opened):
    """Return a function that gives what cell B2 is read as: its text, or (code, raw text) of its error."""

    def read_cell(cell: str, **options) -> str | tuple[str, str]:
        with opened(HEAD + f'<row r="2">{text("A2", "Brauer")}{cell}</row>', **options) as table:
            (only,) = table
        found = only.cells[1]
        return (found.code, found.raw) if isinstance(found, CellError) else found

    return read_cell


NUMBERS = [
    # format, stored, shown
    ("General", "7791", "7791"),
    ("General", "7791.0", "7791"),
    ("General", "0", "0"),
    ("General", "-5", "-5"),
    ("General", "1.1000000000000001", "1.1"),
    ("General", "0.30000000000000004", "0.3"),
    ("General", "1E+05", "100000"),
    ("General", "4.9170123456699997E+11", "491701234567"),
    ("General", "1E-3", "0.001"),
    ("General", "123456789012345", "123456789012345"),
    ("General", "1234567890123456", ("digits", "1234567890123456")),
    ("General", "1.2345678901234568E+17", ("digits", "1.2345678901234568E+17")),
    ("General", "abc", ("number", "abc")),
    ("General", "NaN", ("number", "NaN")),
    ("General", "1_000", ("number", "1_000")),
    ("@", "123", "123"),
    ("000000", "123", "000123"),
    ("00000", "1234567", "1234567"),
    ("000000", "12.5", "12.5"),
    ("000", "-5", "-005"),
    ("00-00-00", "123456", "12-34-56"),
    ("[Red]0000", "7", "0007"),
    ('"C-"00000', "42", "C-00042"),
    ('"C-"0', "42", "C-42"),
    ("\\+00\\ 000\\ 0000", "491234567", "+49 123 4567"),
    ('"+"General', "4930", "+4930"),
    ("(###) ###-####", "5551234567", "(555) 123-4567"),
    ("[<=9999999]###-####;(###) ###-####", "5551234", "555-1234"),
    ("[<=9999999]###-####;(###) ###-####", "5551234567", "(555) 123-4567"),
    # An amount keeps its value, whatever dress it wears.
    ("0.00", "7791", "7791"),
    ("#,##0.00", "1234.5678", "1234.5678"),
    ("# ##0", "1234567", "1234567"),
    ("[$€-407] #,##0", "12", "12"),
    ('0" kg"', "42", "42"),
    ("0.00E+00", "491701234567", "491701234567"),
    ("# ?/?", "0.5", "0.5"),
    ("0%", "0.15", "15%"),
    ("0%", "0.155", "15.5%"),
    # Dates
    ("dd/mm/yyyy", "45351", "2024-02-29"),
    ("[$-409]d\\-mmm\\-yy;@", "45351", "2024-02-29"),
    ("mmm yy", "45351", "2024-02-29"),
    ("dd.mm.yyyy hh:mm", "45351.573611111111", "2024-02-29 13:46:00"),
    ("dd.mm.yyyy hh:mm", "45351", "2024-02-29"),
    ("yyyy-mm-dd", "45351.9", "2024-02-29"),
    ("h:mm AM/PM", "0.75", "18:00:00"),
    ("[h]:mm", "1.25", "30:00:00"),
    ("m/d/yy", "1", "1900-01-01"),
    ("m/d/yy", "59", "1900-02-28"),
    ("m/d/yy", "60", ("date", "60")),
    ("m/d/yy", "61", "1900-03-01"),
    ("m/d/yy", "2958465", "9999-12-31"),
    ("m/d/yy", "2958466", ("date", "2958466")),
    ("m/d/yy", "-1", ("date", "-1")),
]


@pytest.mark.parametrize(("code", "stored", "shown"), NUMBERS)
def test_a_number_comes_out_as_its_format_shows_it(value, code, stored, shown):
    assert value(number("B2", stored, style=1), styled=styles(code)) == shown


def test_dates_of_1904_are_exact(value):
    assert value(number("B2", "43889", style=1), styled=styles("yyyy-mm-dd"), date1904=True) == "2024-02-29"
    assert value(number("B2", "0", style=1), styled=styles("yyyy-mm-dd"), date1904=True) == "1904-01-01"


CELLS = [
    ('<c r="B2" t="b"><v>1</v></c>', "TRUE"),
    ('<c r="B2" t="b"><v>0</v></c>', "FALSE"),
    ('<c r="B2" t="e"><v>#REF!</v></c>', ("error_value", "#REF!")),
    ('<c r="B2" t="e"><f>A1/0</f><v>#DIV/0!</v></c>', ("error_value", "#DIV/0!")),
    ('<c r="B2"><f>1+1</f><v>2</v></c>', "2"),
    ('<c r="B2" t="str"><f>A2&amp;"x"</f><v>Brauerx</v></c>', "Brauerx"),
    ('<c r="B2" t="str"><f>""</f><v></v></c>', ""),
    ('<c r="B2"><f>1+1</f></c>', ("no_result", "")),
    ('<c r="B2"><f>1+1</f><v/></c>', ("no_result", "")),
    ('<c r="B2" t="d"><v>2024-02-29</v></c>', "2024-02-29"),
    ('<c r="B2" t="d"><v>2024-02-29T00:00:00</v></c>', "2024-02-29"),
    ('<c r="B2" t="d"><v>2024-02-29T13:45:00Z</v></c>', "2024-02-29 13:45:00"),
    ('<c r="B2" t="n"><v> 5 </v></c>', "5"),
    ('<c r="B2"/>', ""),
    ('<c r="B2" t="s"><v>0</v></c>', "00123"),
    ('<c r="B2" t="s"><v>1</v></c>', "bold and plain"),
    ('<c r="B2" t="s"><v>2</v></c>', "東京"),
    ('<c r="B2" t="s"><v>3</v></c>', "line\nnext"),
    ('<c r="B2" t="s"><v>4</v></c>', "_x000D_ is no line end"),
    ('<c r="B2" t="s"><v>5</v></c>', "😀"),
    ('<c r="B2" t="s"><v>6</v></c>', "_x0007_ and _xD83D_"),
    ('<c r="B2" t="s"><v>7</v></c>', "  spaces  "),
    ('<c r="B2" t="inlineStr"><is><r><t>rich </t></r><r><t>text</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c>', "rich text"),
    ('<c r="B2" t="inlineStr"><is><t>=1+1</t></is></c>', "=1+1"),
    ("<c><v>7</v></c>", "7"),
    ('<c r="B2" s="99"><v>7</v></c>', "7"),
    ('\n  <c r="B2">\n   <v>7</v>\n  </c>\n', "7"),
]
SHARED = strings(
    "00123",
    "<r><rPr><b/></rPr><t>bold</t></r><r><t xml:space='preserve'> and plain</t></r>",
    "<t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/>",
    "line_x000D_\nnext",
    "_x005F_x000D_ is no line end",
    "_xD83D__xDE00_",
    "_x0007_ and _xD83D_",
    "  spaces  ",
)


@pytest.mark.parametrize(("cell", "shown"), CELLS)
def test_every_type_of_cell_is_read(value, cell, shown):
    assert value(cell, shared=SHARED) == shown


def test_a_sentence_tells_what_is_wrong_with_a_cell(opened):
    with opened(HEAD + f'<row r="2">{text("A2", "x")}<c r="B2" t="e"><v>#N/A</v></c></row>') as table:
        (only,) = table
    assert only.cells[1].sentence == "This cell shows the error “#N/A”. Correct its formula or type the value."


# The table in the sheet


def test_rows_keep_their_numbers_and_gaps_between_cells_stay_blank(opened):
    content = HEAD + f'<row r="4">{text("B4", "x")}</row><row r="5"/><row r="6">{text("A6", "  ")}</row>' + row(9, "y")
    with opened(content) as table:
        assert [(one.line, one.cells) for one in table] == [(4, ["", "x"]), (9, ["y", ""])]


def test_a_sheet_without_references_is_read_in_order(opened):
    head = "".join(f"<c t='inlineStr'><is><t>{name}</t></is></c>" for name in ("Name", "Code"))
    plain = f"<row>{head}</row><row><c><v>1</v></c><c><v>2</v></c></row>"
    with opened(plain) as table:
        assert (table.headers, [(one.line, one.cells) for one in table]) == (["Name", "Code"], [(2, ["1", "2"])])


def test_names_with_a_prefix_are_read(tmp_path):
    prefixed = f'<x:worksheet xmlns:x="{workbooks.MAIN}"><x:sheetData>' + "".join(
        f'<x:row r="{line}"><x:c r="A{line}" t="str"><x:v>{value}</x:v></x:c></x:row>' for line, value in ((1, "Name"), (2, "Brauer"))
    )
    path = write(tmp_path / "a", parts({"Clients": prefixed + "</x:sheetData></x:worksheet>"}))
    with open_table(path, "a.xlsx", Limits()) as table:
        assert [one.cells for one in table] == [["Brauer"]]


def test_the_header_row_may_stand_under_a_title(opened):
    with opened(row(2, "Clients 2026") + row(4, "Name", "City", "Phone") + row(5, "Brauer", "Köln", "1")) as table:
        assert (table.headers, table.header_line) == (["Name", "City", "Phone"], 4)


def known(texts) -> float:
    return float(len({"Name", "City"} & set(texts)))


def test_the_sheet_with_the_known_headers_is_read(tmp_path):
    sheets = {
        "Read me": sheet(rows(["How to fill this in"], ["1.", "Write one client a row", "and save"], ["2.", "Upload", "it"])),
        "Clients": sheet(rows(["Name", "City"], ["Brauer", "Köln"])),
        "Old": sheet(rows(["Name", "Town"], ["Abel", "Bonn"])),
    }
    with open_table(write(tmp_path / "a", parts(sheets)), "a.xlsx", Limits(), known) as table:
        assert [one.cells for one in table] == [["Brauer", "Köln"]]
        assert table.sheet == "Clients"
        assert table.notes == ["Read from sheet “Clients”."]


def test_without_known_headers_the_first_visible_sheet_with_rows_is_read(tmp_path):
    sheets = {"Empty": sheet(""), "Hidden": sheet(rows(["a"], ["b"])), "Title": sheet(rows(["x"])), "Table": sheet(rows(["c"], ["d"]))}
    with open_table(write(tmp_path / "a", parts(sheets, hidden=["Hidden"])), "a.xlsx", Limits()) as table:
        assert table.sheet == "Table"


def test_what_is_outside_the_table_is_told(opened):
    content = HEAD + row(2, "Brauer", "1", "no header") + row(3, "Abel", "2", text("C3", "either"), text("Z3", "stray"))
    with opened(content + row(1_048_576, "far")) as table:
        assert len(list(table)) == 2
        assert table.notes[1:] == [
            "Column C has no header, so its 2 values were not read.",
            "2 cells outside the table were not read (the first is Z3).",
        ]


def test_hidden_rows_and_columns_are_read_and_told(tmp_path):
    content = sheet(
        HEAD + '<row r="2" hidden="1">' + text("A2", "Brauer") + "</row>", before='<cols><col min="2" max="2" hidden="1"/></cols>'
    )
    with open_table(write(tmp_path / "a", parts({"Clients": content})), "a.xlsx", Limits()) as table:
        assert [one.cells for one in table] == [["Brauer", ""]]
        assert table.notes[1:] == ["Hidden rows (1) and hidden columns (1) were read too."]


def test_merged_cells_are_told(tmp_path):
    content = sheet(HEAD + row(2, "Brauer"), after='<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:B2"/></mergeCells>')
    with open_table(write(tmp_path / "a", parts({"Clients": content})), "a.xlsx", Limits()) as table:
        list(table)
        assert table.notes[1:] == ["1 merged area in the table: only its first cell has a value."]


def test_the_rows_can_be_read_twice_even_after_a_break(opened):
    with opened(rows(["Name"], *[[f"Client {index}"] for index in range(3_000)])) as table:
        first = [one for one, _index in zip(table, range(10), strict=False)]
        again = list(table)
        assert len(again) == len(list(table)) == 3_000
        assert again[:10] == first


# Other programs' files

VALUES = [
    "00123",
    "+49 30 1234",
    "=1+1",
    "a\nb",
    " x ",
    "_x0041_",
    "東京",
    7791,
    1.5,
    True,
    date(2024, 2, 29),
    datetime(2024, 2, 29, 13, 45),
]
SHOWN = ["00123", "+49 30 1234", "=1+1", "a\nb", " x ", "_x0041_", "東京", "7791", "1.5", "TRUE", "2024-02-29", "2024-02-29 13:45:00"]


def test_a_workbook_of_openpyxl_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Name", *[f"c{index}" for index in range(len(VALUES))]])
    book.active.append(["Brauer", *VALUES])
    book.active["D2"].data_type = "s"
    book.save(tmp_path / "a")
    with open_table(tmp_path / "a", "a.xlsx", Limits()) as table:
        (only,) = table
    # openpyxl writes no escape for a text that looks like one: a spreadsheet program would show an A as well.
    assert only.cells[1:] == [shown if shown != "_x0041_" else "A" for shown in SHOWN]


def test_our_own_workbook_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"".join(write_xlsx([["Name", *map(str, range(len(VALUES)))], ["Brauer", *VALUES]])))
    with open_table(path, "a.xlsx", Limits()) as table:
        (only,) = table
    assert only.cells[1:] == SHOWN


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\t\n_x<&\"'"), max_size=30)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.lists(texts, min_size=2, max_size=2).filter(lambda one: "".join(one).strip()), min_size=1, max_size=20))
def test_every_text_survives_our_workbook(tmp_path, table):
    path = tmp_path / "a"
    path.write_bytes(b"".join(write_xlsx([["Name", "City"], *table])))
    with open_table(path, "a.xlsx", Limits(), known) as found:
        assert [one.cells for one in found] == table


@given(amount=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=2))
@settings(max_examples=200, deadline=None)
def test_an_amount_is_never_changed(amount):

    for code in ("General", "0.00", "#,##0.00", "0.00E+00"):
        assert Decimal(format_for(code, date1904=False)(repr(float(amount)))) == amount


def test_memory_of_the_reader_is_that_of_one_batch(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"".join(write_xlsx([["Name", "City"], *([f"Client number {index}", "Köln"] for index in range(50_000))])))

    tracemalloc.start()
    with open_table(path, "a.xlsx", Limits()) as table:
        assert sum(1 for _row in table) == 50_000
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < 3_000_000


def test_a_macro_workbook_is_read_without_its_macros(tmp_path):
    content = parts({"Clients": sheet(rows(["Name"], ["Brauer"]))}) | {"xl/vbaProject.bin": "anything"}
    with open_table(write(tmp_path / "a", content), "a.xlsm", Limits()) as table:
        assert [one.cells for one in table] == [["Brauer"]]


def test_parts_named_in_another_way_are_found(tmp_path):
    content = {
        name.replace("xl/worksheets/", "XL\\WorkSheets\\"): part for name, part in parts({"A": sheet(rows(["Name"], ["B"]))}).items()
    }
    with open_table(write(tmp_path / "a", content), "a.xlsx", Limits()) as table:
        assert [one.cells for one in table] == [["B"]]


def test_the_kind_is_that_of_the_content_not_of_the_name(tmp_path):
    (tmp_path / "a").write_bytes(b"Name,City\nBrauer,Bonn\n")
    assert open_table(tmp_path / "a", "clients.xlsx", Limits()).kind == "csv"
    workbooks.workbook(tmp_path / "b", rows(["Name"], ["Brauer"]))
    with open_table(tmp_path / "b", "clients.csv", Limits()) as table:
        assert table.kind == "xlsx"
