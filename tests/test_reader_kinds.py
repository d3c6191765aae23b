"""One table, four kinds of file: the same records come out, whatever the spreadsheet program saved it as (V28, V30, D07)."""

import struct

import pytest

from intake.reader import CellError, Limits, open_table, samples
from tests.corpus import ods, workbooks, xls
from tests.corpus.workbooks import number, styles, text

CODE, DAY, MOMENT, SHARE, AMOUNT = range(1, 6)
FORMATS = ("000000", "dd.mm.yyyy", "dd.mm.yyyy hh:mm", "0%", "#,##0.00")

# What must come out (a text, or the code of the cell's error), then how XLSX, XLS and ODS hold it; None: they cannot.
#   XLSX: (the reference goes in) -> XML; XLS: (row, column) -> record; ODS: XML; CSV: text
VALUES = [
    ("00123", lambda at: text(at, "00123"), lambda r, c: xls.label(r, c, "00123"), ods.cell("00123", "string"), "00123"),
    (
        "000123",
        lambda at: number(at, "123", CODE),
        lambda r, c: xls.number(r, c, 123, CODE),
        ods.cell("000123", "float", value="123"),
        "000123",
    ),
    ("7791", lambda at: number(at, "7791.0"), lambda r, c: xls.number(r, c, 7791.0), ods.cell("7791", "float", value="7791"), "7791"),
    (
        "1234.5678",
        lambda at: number(at, "1234.5678", AMOUNT),
        lambda r, c: xls.number(r, c, 1234.5678, AMOUNT),
        ods.cell("1.234,57", "float", value="1234.5678"),
        "1234.5678",
    ),
    (
        "15%",
        lambda at: number(at, "0.15", SHARE),
        lambda r, c: xls.number(r, c, 0.15, SHARE),
        ods.cell("15%", "percentage", value="0.15"),
        "15%",
    ),
    (
        "2024-02-29",
        lambda at: number(at, "45351", DAY),
        lambda r, c: xls.packed_number(r, c, 45351, DAY),
        ods.cell("29.02.2024", "date", date_value="2024-02-29"),
        "2024-02-29",
    ),
    (
        "2024-02-29 13:46:00",
        lambda at: number(at, "45351.573611111111", MOMENT),
        lambda r, c: xls.number(r, c, 45351.573611111111, MOMENT),
        ods.cell("29.02.2024 13:46", "date", date_value="2024-02-29T13:46:00"),
        "2024-02-29 13:46:00",
    ),
    (
        "TRUE",
        lambda at: f'<c r="{at}" t="b"><v>1</v></c>',
        lambda r, c: xls.truth(r, c, 1),
        ods.cell("WAHR", "boolean", boolean_value="true"),
        "TRUE",
    ),
    (
        "line\nnext",
        lambda at: text(at, "line\nnext"),
        lambda r, c: xls.label(r, c, "line\nnext"),
        ods.cell("line\nnext", "string"),
        '"line\nnext"',
    ),
    ("=1+1", lambda at: text(at, "=1+1"), lambda r, c: xls.label(r, c, "=1+1"), ods.cell("=1+1", "string"), "=1+1"),
    ("東京 😀", lambda at: text(at, "東京 😀"), lambda r, c: xls.label(r, c, "東京 😀"), ods.cell("東京 😀", "string"), "東京 😀"),
    (
        "digits",
        lambda at: number(at, "123456789012345678"),
        lambda r, c: xls.number(r, c, 123456789012345678.0),
        ods.cell("123456789012345000", "float", value="123456789012345678"),
        None,
    ),
    (
        "error_value",
        lambda at: f'<c r="{at}" t="e"><v>#N/A</v></c>',
        lambda r, c: xls.truth(r, c, 0x2A, is_error=True),
        ods.cell("#N/A", "string", 'table:formula="of:=NA()" calcext:value-type="error"'),
        None,
    ),
    (
        "no_result",
        lambda at: f'<c r="{at}"><f>1+1</f></c>',
        lambda r, c: xls.formula(r, c, struct.pack("<d", 0), flags=3),
        ods.cell("", "", 'table:formula="of:=1+1"'),
        None,
    ),
]
EXPECTED = [value[0] for value in VALUES]


def write_xlsx(path) -> None:
    lines = "".join(workbooks.row(line, f"Row {line}", value[1](f"B{line}")) for line, value in enumerate(VALUES, start=2))
    workbooks.workbook(path, workbooks.rows(["Name", "Value"]) + lines, styled=styles(*FORMATS))


def write_xls(path) -> None:
    lines = b"".join(xls.label(row, 0, f"Row {row + 1}") + value[2](row, 1) for row, value in enumerate(VALUES, start=1))
    xls.workbook(path, xls.rows(["Name", "Value"]) + lines, formats=FORMATS)


def write_ods(path) -> None:
    ods.workbook(path, ods.row("Name", "Value") + "".join(ods.row(f"Row {line}", value[3]) for line, value in enumerate(VALUES, start=2)))


def write_csv(path) -> None:
    lines = [f"Row {line},{value[4]}" for line, value in enumerate(VALUES, start=2) if value[4] is not None]
    path.write_text("\n".join(["Name,Value", *lines]), encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "write"), [("xlsx", write_xlsx), ("xls", write_xls), ("ods", write_ods), ("csv", write_csv)], ids=["xlsx", "xls", "ods", "csv"]
)
def test_the_same_records_come_out_of_every_kind_of_file(tmp_path, kind, write):
    write(tmp_path / "a")
    with open_table(tmp_path / "a", f"a.{kind}", Limits()) as table:
        assert (table.kind, table.headers) == (kind, ["Name", "Value"])
        assert samples(table)[1] == ["00123", "000123", "7791"]
        found = {row.line: row.cells[1] for row in table}
    expected = [value for value, record in zip(EXPECTED, VALUES, strict=True) if kind != "csv" or record[4] is not None]
    assert [cell.code if isinstance(cell, CellError) else cell for cell in found.values()] == expected
    assert list(found) == list(range(2, len(expected) + 2))
    assert all(cell.sentence.count(".") >= 2 for cell in found.values() if isinstance(cell, CellError))
