"""XLS: what the spreadsheet shows comes out, cell by cell; what cannot be known is an error of that cell (V28, V30, D07)."""

import struct
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from intake.reader import Limits, open_table
from intake.reader.rows import RawCell, Unreadable
from intake.reader.xls.book import XlsBook
from tests.corpus import xls

HEAD = xls.rows(["Name", "Code"])


@pytest.fixture
def opened(tmp_path):
    """Return a function that opens a workbook made of cell records."""

    def open_records(content: bytes, score=None, **options):
        return open_table(xls.workbook(tmp_path / "upload", content, **options), "clients.xls", Limits(), score)

    return open_records


@pytest.fixture
def value(tmp_path):
    """Return a function that gives what cell B2 is read as: its text, or [code, raw text] of its error."""

    def read_cell(cell: bytes, **options) -> RawCell:
        (only,) = read_in_process(xls.workbook(tmp_path / "a", HEAD + xls.label(1, 0, "Brauer") + cell, **options), 2)
        return only[1] if len(only) > 1 else ""

    return read_cell


def read_in_process(path, width: int) -> list[list[RawCell]]:
    """Read the rows beneath the header as the child process does."""
    rows = []
    XlsBook(str(path), 32_767).read(0, width, lambda line, cells: rows.append(cells) if line > 1 else None, 1)
    return rows


def result(number: float) -> bytes:
    return struct.pack("<d", number)


def string(value: str) -> bytes:
    return xls.record(0x207, xls.text(value))


CELLS = [
    (xls.label(1, 1, "00123"), "00123"),
    (xls.label(1, 1, "東京"), "東京"),
    (xls.label(1, 1, "line\r\nnext"), "line\nnext"),
    (xls.label(1, 1, "a\x07b"), "a_x0007_b"),
    (xls.label(1, 1, ""), ""),
    (xls.number(1, 1, 7791.0), "7791"),
    (xls.number(1, 1, 0.30000000000000004), "0.3"),
    (xls.number(1, 1, -0.0), "0"),
    (xls.number(1, 1, 1e-3), "0.001"),
    (xls.number(1, 1, 123456789012345.0), "123456789012345"),
    (xls.number(1, 1, 123456789012345678.0), ["digits", "1.2345678901234568e+17"]),
    (xls.number(1, 1, float("nan")), ["number", "nan"]),
    (xls.packed_number(1, 1, -5), "-5"),
    (xls.packed_number(1, 1, 1999, hundredths=True), "19.99"),
    (xls.record(0x27E, struct.pack("<HHHI", 1, 1, 0, 0x3FF80000)), "1.5"),
    (xls.many_numbers(1, 1, 42, 43), "42"),
    (xls.truth(1, 1, 1), "TRUE"),
    (xls.truth(1, 1, 0), "FALSE"),
    (xls.truth(1, 1, 0x17, is_error=True), ["error_value", "#REF!"]),
    (xls.formula(1, 1, result(2.0)), "2"),
    (xls.formula(1, 1, xls.special(0), string("Brauerx")), "Brauerx"),
    (xls.formula(1, 1, xls.special(0), xls.record(0x4BC, bytes(10)) + string("shared")), "shared"),
    (xls.formula(1, 1, xls.special(1, 1)), "TRUE"),
    (xls.formula(1, 1, xls.special(2, 0x07)), ["error_value", "#DIV/0!"]),
    (xls.formula(1, 1, xls.special(3)), ""),
    (xls.formula(1, 1, xls.special(0)), ["no_result", ""]),
    (xls.formula(1, 1, result(0.0), flags=3), ["no_result", ""]),
    (xls.formula(1, 1, result(0.0)), "0"),
    (xls.record(0x201, struct.pack("<HHH", 1, 1, 0)), ""),
    (xls.record(0xD6, struct.pack("<HHH", 1, 1, 0) + xls.text("rich") + struct.pack("<H", 0)), "rich"),
]


@pytest.mark.parametrize(("cell", "shown"), CELLS, ids=range(len(CELLS)))
def test_every_type_of_cell_is_read(value, cell, shown):
    assert value(cell) == shown


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("000000", 123, "000123"),
        ("\\+00\\ 000\\ 0000", 491234567, "+49 123 4567"),
        ('"C-"00000', 42, "C-00042"),
        ("#,##0.00", 1234.5678, "1234.5678"),
        ("0%", 0.155, "15.5%"),
        ("dd.mm.yyyy", 45351, "2024-02-29"),
        ("dd.mm.yyyy hh:mm", 45351.573611111111, "2024-02-29 13:46:00"),
        ("dd.mm.yyyy", 60, ["date", "60"]),
        ("000000", 1234567890123456.0, ["digits", "1234567890123456.0"]),
    ],
)
def test_a_number_comes_out_as_its_format_shows_it(value, code, stored, shown):
    assert value(xls.number(1, 1, stored, style=1), formats=[code]) == shown


def test_dates_of_1904_are_exact(value):
    assert value(xls.number(1, 1, 43889, style=1), formats=["yyyy-mm-dd"], before=xls.record(xls.CALENDAR, b"\1\0")) == "2024-02-29"


def test_shared_texts_may_be_cut_anywhere(opened):
    texts = ["é" * 9_000, "東" * 9_000, "x", "Köln " * 100, "", "ends"]
    cells = b"".join(xls.record(0xFD, struct.pack("<HHHI", index + 1, 0, 0, index)) for index in range(len(texts)))
    with opened(HEAD + cells, texts=shared_with_flags(texts)) as table:
        assert [row.cells[0] for row in table] == [text for text in texts if text]


def shared_with_flags(texts: list[str]) -> list[bytes]:
    """Cut shared texts as a program does: the record that goes on with characters says anew how wide they are."""
    records, current = [], struct.pack("<II", len(texts), len(texts))
    for text in texts:
        packed = xls.text(text)
        wide = packed[2] & 1
        while len(current) + len(packed) > xls.LONGEST_RECORD:
            room = xls.LONGEST_RECORD - len(current)
            room = max(3, room - (room - 3) % 2)
            records.append(current + packed[:room])
            current, packed = b"", bytes([wide]) + packed[room:]
        current += packed
    return [*records, current]


def test_rich_and_phonetic_texts_are_read_without_their_dress(value):
    dressed = struct.pack("<HBHI", 4, 0b1100, 2, 6) + b"Name" + bytes(2 * 4 + 6)
    shared = [struct.pack("<II", 2, 2) + dressed + xls.text("next")]
    assert value(xls.record(0xFD, struct.pack("<HHHI", 1, 1, 0, 1)), texts=shared) == "next"


def test_rows_out_of_their_order_are_put_into_it(opened):
    with opened(xls.label(2, 0, "second") + xls.label(1, 0, "first") + HEAD) as table:
        assert [(row.line, row.cells) for row in table] == [(2, ["first", ""]), (3, ["second", ""])]


def test_only_what_is_there_is_read_and_the_rest_is_told(opened):
    content = HEAD + xls.rows([], ["Brauer", 1, "no header"]) + xls.label(40_000, 0, "far") + xls.label(40_000, 250, "away")
    hidden_row = xls.record(0x208, struct.pack("<HHHHIHH", 1, 0, 3, 255, 0, 0x20, 0))
    hidden_column = xls.record(0x7D, struct.pack("<HHHHHH", 1, 1, 10, 0, 1, 0))
    merged = xls.record(0xE5, struct.pack("<H8H", 2, 0, 0, 0, 1, 2, 3, 0, 1))
    with opened(hidden_column + hidden_row + content + merged) as table:
        assert [row.cells for row in table] == [["Brauer", "1"]]
        assert table.notes[1:] == [
            "Column C has no header, so its 1 value was not read.",
            "2 cells outside the table were not read (the first is IQ40001).",
            "1 merged area in the table: only its first cell has a value.",
            "Hidden rows (1) and hidden columns (1) were read too.",
        ]


def test_the_sheet_with_the_known_headers_is_read(tmp_path):
    sheets = {
        "Read me": xls.sheet(xls.rows(["How to"], ["1", "2"], ["3", "4"])),
        "Hidden": xls.sheet(xls.rows(["Name", "City"], ["No", "No"])),
        "Kunden": xls.sheet(xls.rows(["Name", "City"], ["Brauer", "Köln"])),
        "Diagramm": xls.begin(0x20) + xls.record(xls.END),
    }
    path = xls.write(tmp_path / "a", xls.stream(sheets, hidden=["Hidden"], charts=["Diagramm"]))
    with open_table(path, "a.xls", Limits(), lambda texts: float(len({"Name", "City"} & set(texts)))) as table:
        assert (table.kind, table.sheet, table.found["sheets"]) == ("xls", "Kunden", ["Read me", "Kunden"])
        assert [row.cells for row in table] == [["Brauer", "Köln"]]


def test_a_chart_inside_a_sheet_is_passed_over(opened):
    chart = xls.begin(0x20) + xls.label(5, 0, "no cell") + xls.record(xls.END)
    with opened(HEAD + chart + xls.label(1, 0, "Brauer")) as table:
        assert [row.cells for row in table] == [["Brauer", ""]]


@pytest.mark.parametrize("options", [{}, {"is_mini": True}, {"shift": 12}], ids=["sectors", "small sectors", "large sectors"])
def test_every_layout_of_the_container_is_read(tmp_path, options):
    stream = xls.stream({"Clients": xls.sheet(xls.rows(["Name"], *([f"Client {index}"] for index in range(60))))})
    with open_table(xls.write(tmp_path / "a", stream, **options), "a.xls", Limits()) as table:
        assert [row.cells[0] for row in table] == [f"Client {index}" for index in range(60)]


# Another reader as oracle

cells = st.one_of(
    st.text(st.characters(codec="utf-16", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(str.strip),
    st.integers(-(2**31), 2**31),
    st.integers(-(10**8), 10**8).map(lambda number: number / 64),
    st.booleans(),
)


def plain(cell: object) -> str:
    """What we show for a value as the oracle gives it."""
    if isinstance(cell, bool):
        return str(cell).upper()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=12))
def test_another_reader_reads_the_same(tmp_path, table):
    path = xls.workbook(tmp_path / "a", xls.rows(["a", "b", "c"], *table))
    theirs = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert read_in_process(path, 3) == [[plain(cell) for cell in row] for row in theirs[1:]]


WHOLE = xls.container(
    {
        "Workbook": xls.stream(
            {"Clients": xls.sheet(HEAD + xls.rows([], ["Brauer", 1.5], [True, 7]) + xls.formula(3, 0, xls.special(0), string("x")))},
            texts=xls.shared("a", "b"),
            formats=["000"],
        )
    },
    is_mini=True,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=st.integers(0, len(WHOLE) - 1),
    what=st.binary(min_size=1, max_size=4) | st.sampled_from([b"\xff\xff\xff\xff", bytes(4)]),
    end=st.none() | st.integers(0, len(WHOLE)),
)
def test_a_changed_workbook_is_read_or_unreadable(tmp_path, where, what, end):
    path = tmp_path / "a"
    path.write_bytes((WHOLE[:where] + what + WHOLE[where + len(what) :])[:end])
    with suppress(Unreadable):
        XlsBook(str(path), 32_767).heads(10, lambda: lambda _line, _cells: None)
