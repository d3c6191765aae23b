"""ODS: what the spreadsheet shows comes out, cell by cell; what is repeated a million times costs nothing (V22, V28, V30, D07)."""

import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from intake.reader import Limits, Refused, open_table
from intake.reader.ods.book import OdsBook
from intake.reader.ods.content import SPACES
from intake.reader.ods.values import is_code
from intake.reader.rows import RawCell, Unreadable
from intake.reader.xlsx.package import Package
from tests.corpus import ods
from tests.corpus.ods import cell, row, rows, sheet
from tests.corpus.workbooks import write

HEAD = row("Name", "Code")
ERROR = 'calcext:value-type="error"'
FORMULA = 'table:formula="of:=1+1"'


@pytest.fixture
def opened(tmp_path):
    """Return a function that opens a workbook made of rows as XML."""

    def open_rows(content: str, score=None, limits: Limits | None = None, **options):
        return open_table(ods.workbook(tmp_path / "upload", content, **options), "clients.ods", limits or Limits(), score)

    return open_rows


def read_in_process(path, width: int = 9) -> list[list[RawCell]]:
    """Read the rows of the first sheet as the child process does."""
    found = []
    OdsBook(Package(str(path), 100, 1 << 24), 32_767, 200_000).read(0, width, lambda _line, cells: found.append(cells))
    return found


TEXT = '<table:table-cell office:value-type="string">'
CELLS = [
    (cell("00123", "string"), "00123"),
    (cell("東京", "string"), "東京"),
    (cell("line\nnext", "string"), "line\nnext"),
    (cell("", "string", string_value="stored"), "stored"),
    (TEXT + '<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d</text:p></table:table-cell>', "a   b\tc\nd"),
    ('<table:table-cell office:value-type="string"><text:p>\n  so\n  written  </text:p></table:table-cell>', "so written"),
    (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>a remark</text:p></office:annotation>'
        '<text:p>a <text:span>bold</text:span> text</text:p></table:table-cell>',
        "a bold text",
    ),
    (TEXT + '<text:p>one<text:note><text:p>two</text:p></text:note> three</text:p></table:table-cell>', "one three"),
    (cell("7791", "float", value="7791"), "7791"),
    (cell("7.791,00", "float", value="7791"), "7791"),
    (cell("13", "float", value="12.5"), "12.5"),
    (cell("0,3", "float", value="0.30000000000000004"), "0.3"),
    (cell("000123", "float", value="123"), "000123"),
    (cell("+49 123 4567", "float", value="491234567"), "+49 123 4567"),
    (cell("4,9E+11", "float", value="491701234567"), "491701234567"),
    (cell("", "float", value="5"), "5"),
    (cell("123456789012345000", "float", value="123456789012345678"), ["digits", "123456789012345678"]),
    (cell("1,23E+17", "float", value="1.23456789012346E+017"), ["digits", "1.23456789012346E+017"]),
    (cell("x", "float", value="x"), ["number", "x"]),
    (cell("12,00 €", "currency", value="12"), "12"),
    (cell("15%", "percentage", value="0.155"), "15.5%"),
    (cell("WAHR", "boolean", boolean_value="true"), "TRUE"),
    (cell("FALSCH", "boolean", boolean_value="false"), "FALSE"),
    (cell("29.02.24", "date", date_value="2024-02-29"), "2024-02-29"),
    (cell("29.02.24 13:46", "date", date_value="2024-02-29T13:46:00"), "2024-02-29 13:46:00"),
    (cell("29.02.24", "date", date_value="2024-02-29T13:46:00"), "2024-02-29"),
    (cell("29.02.24", "date", date_value="2024-02-29T00:00:00"), "2024-02-29"),
    (cell("30.02.24", "date", date_value="2024-02-30"), ["date", "2024-02-30"]),
    (cell("18:00", "time", time_value="PT18H00M00S"), "18:00:00"),
    (cell("30:00", "time", time_value="PT30H00M00.5S"), "30:00:00.500"),
    (cell("#DIV/0!", "string", f"{FORMULA} {ERROR}", string_value=""), ["error_value", "#DIV/0!"]),
    (cell("#DIV/0!", "float", FORMULA, value="0"), ["error_value", "#DIV/0!"]),
    (cell("Err:502", "string", FORMULA), ["error_value", "Err:502"]),
    (cell("#WERT!", "string", FORMULA), ["error_value", "#WERT!"]),
    (cell("#1 in town!", "string"), "#1 in town!"),
    (cell("", "", FORMULA), ["no_result", ""]),
    (cell("2", "float", FORMULA, value="2"), "2"),
    (cell("", "string", FORMULA), ""),
    (cell("=1+1", "string"), "=1+1"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "shown"), CELLS, ids=range(len(CELLS)))
def test_every_type_of_cell_is_read(tmp_path, content, shown):
    (only,) = read_in_process(ods.workbook(tmp_path / "a", row("Brauer", content)))
    assert (only[1] if len(only) > 1 else "") == shown


@pytest.mark.parametrize(
    ("number", "shown", "expected"),
    [
        ("123", "000123", True),
        ("5", "-005", True),
        ("42", "C-42", True),
        ("42", "C-00042", True),
        ("123456", "12-34-56", True),
        ("5551234567", "(555) 123-4567", True),
        ("0", "0000", True),
        ("0", "0,00", False),
        ("0", "0", False),
        ("1234567", "1.234.567", False),
        ("1234567", "1 234 567", False),
        ("1234567", "1'234'567", False),
        ("12", "€ 12", False),
        ("-5", "(5)", False),
        ("42", "42 kg", False),
        ("100", "100,00", False),
        ("12.5", "012.5", False),
    ],
)
def test_a_code_is_told_from_an_amount_by_what_is_shown(number, shown, expected):
    assert is_code(number, shown) is expected


# The table in the sheet


def test_repeated_rows_and_cells_are_as_many_as_they_say(opened):
    pair = cell("x", "string", 'table:number-columns-repeated="2"')
    content = HEAD + row("", repeated=3) + row(pair, repeated=2) + row(cell("", "", 'table:number-columns-repeated="1"'), "y")
    with opened(content) as table:
        assert [(one.line, one.cells) for one in table] == [(5, ["x", "x"]), (6, ["x", "x"]), (7, ["", "y"])]


def test_only_what_is_there_is_read_and_the_rest_is_told(opened):
    content = (
        '<table:table-column/><table:table-column table:visibility="collapse"/>'
        + HEAD
        + row("Brauer", cell("1", "float", 'table:number-columns-spanned="2"', value="1"), "no header", more='table:visibility="filter"')
        + row("", repeated=1_000_000)
        + row(cell("", "", 'table:number-columns-repeated="16000"'), "far")
    )
    with opened(content) as table:
        assert [one.cells for one in table] == [["Brauer", "1"]]
        assert table.notes[1:] == [
            "Column C has no header, so its 1 value was not read.",
            "1 cell outside the table was not read (WQK1000003).",
            "1 merged area in the table: only its first cell has a value.",
            "Hidden rows (1) and hidden columns (1) were read too.",
        ]


def test_the_sheet_with_the_known_headers_is_read(tmp_path):
    sheets = (
        sheet("Read me", rows(["How to"], *[["a", "b"]] * 30))
        + sheet("Hidden", rows(["Name", "City"], ["No", "No"]), style="hidden")
        + sheet("'file:///x.ods'#$A", '<table:table-source xlink:href="x"/>' + rows(["Name", "City"], ["No", "No"]))
        + sheet("Kunden", rows(["Name", "City"], ["Brauer", "Köln"]))
        + sheet("Empty", row("", repeated=1_048_576))
    )
    before = (
        f"<table:tracked-changes><table:cell-content-change>{cell('old', 'string')}</table:cell-content-change></table:tracked-changes>"
    )
    path = write(tmp_path / "a", ods.parts(sheets, before=before))
    with open_table(path, "a.ods", Limits(), lambda texts: float(len({"Name", "City"} & set(texts)))) as table:
        assert (table.kind, table.sheet, table.found["sheets"]) == ("ods", "Kunden", ["Read me", "Kunden"])
        assert [one.cells for one in table] == [["Brauer", "Köln"]]
        assert [one.cells for one in table] == [["Brauer", "Köln"]]


def test_names_with_other_prefixes_are_read(tmp_path):
    spaces = f'xmlns:o="{SPACES["office"]}" xmlns:t="{SPACES["table"]}" xmlns="{SPACES["text"]}"'
    cells = "".join(
        f'<t:table-row><t:table-cell o:value-type="string"><p>{text}</p></t:table-cell></t:table-row>' for text in ("Name", "Brauer")
    )
    content = f'<o:x {spaces}><o:spreadsheet><t:table t:name="A">{cells}</t:table></o:spreadsheet></o:x>'
    assert read_in_process(write(tmp_path / "a", {"content.xml": content})) == [["Name"], ["Brauer"]]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(rows_sheet=9), "rows_sheet"),
        (Limits(columns=1), "columns_sheet"),
        (Limits(cell=5), "cell"),
        (Limits(unpacked=500), "unpacked"),
        (Limits(bytes_sheet=100), "bytes_sheet"),
    ],
)
def test_a_workbook_above_a_limit_is_refused_with_the_limit(opened, limits, code):
    with pytest.raises(Refused) as caught, opened(HEAD + row("Brauer", "Bonn", repeated=10), limits=limits) as table:
        list(table)
    assert caught.value.code == code


# Another reader as oracle

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.lists(texts | st.integers(-(10**9), 10**9), min_size=2, max_size=3), min_size=1, max_size=8))
def test_another_reader_reads_the_same(tmp_path, table):
    written = "".join(row(*(cell(str(one), "float", value=str(one)) if isinstance(one, int) else one for one in line)) for line in table)
    path = ods.workbook(tmp_path / "a", written)
    theirs = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    ours = read_in_process(path)
    assert [line + [""] * (len(theirs[0]) - len(line)) for line in ours] == [
        [str(int(one)) if isinstance(one, float) else str(one) for one in line] for line in theirs
    ]


HONEST = ods.content(sheet("Clients", rows(["Name", "City"]) + row("Brauer", cell("00123", "float", value="123"), repeated=2)))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=st.integers(0, len(HONEST)),
    what=st.text('<>/="&;c v1-9é', min_size=1, max_size=6)
    | st.sampled_from(["<table:table>", "</table:table>", "<text:p>", "<text:s text:c='9'/>", "</text:p>", "</table:table-row>", "-1"]),
    cut=st.integers(0, 8),
)
def test_changed_content_is_read_or_unreadable(tmp_path, where, what, cut):
    with zipfile.ZipFile(tmp_path / "a", "w") as package:
        package.writestr("content.xml", HONEST[:where] + what + HONEST[where + cut :])
    with suppress(Unreadable):
        book = OdsBook(Package(str(tmp_path / "a"), 100, 1 << 24), 32_767, 100)
        book.heads(5, lambda: lambda _line, _cells: None)
        read_in_process(tmp_path / "a", 5)
