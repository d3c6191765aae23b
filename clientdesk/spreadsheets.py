"""Rows -> XLSX and CSV that no spreadsheet program can execute, and the way back.

A CSV cell that a spreadsheet program would run (`=1+1`, `+49`, `-5`, `@sum`) leaves with an apostrophe in front, and the import
takes exactly that apostrophe off again. A workbook needs none of this: its strings are written as strings.
"""

import csv
import io
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, cast
from xml.sax.saxutils import escape, quoteattr

type Value = str | int | float | Decimal | date | None

BOM = b"\xef\xbb\xbf"
CELL_CHARACTERS = 32_767
SHEET_ROWS = 1_048_576
BATCH = 500
EPOCH = datetime(1899, 12, 30)
# What makes a program calculate, in ASCII and in the full-width forms of East Asian keyboards.
STARTS_FORMULA = "=+\\-@\t\r\n＝＋－＠"
_DANGEROUS = re.compile(f"'*[{STARTS_FORMULA}]")
_ESCAPED = re.compile(f"''*[{STARTS_FORMULA}]")


def neutralise(text: str) -> str:
    """Give a text as it may stand in a CSV cell: `=1+1` becomes `'=1+1`. `restore` is the exact way back for every text."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restore(text: str) -> str:
    """Take off the apostrophe that `neutralise` put in front, and only that."""
    return text[1:] if _ESCAPED.match(text) else text


def write_csv(rows: Iterable[Sequence[Value]], *, delimiter: str = ",") -> Iterator[bytes]:
    """Stream rows as CSV in UTF-8 with the mark by which Excel knows it. The first piece is there at once."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    yield BOM
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        writer.writerows([[neutralise(cell) if isinstance(cell, str) else _plain(cell) for cell in row] for row in batch])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _plain(cell: Value) -> str | int | float | Decimal:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell


# Workbooks

_FIXED_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    # Styles 0 to 4: general, text, head, date, date with time.
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_START = (
    f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/>'
)
_SHEET_END = "</sheetData></worksheet>"
# XML cannot hold these; the format writes them as _x0007_, and therefore a text that looks so needs an escape of its own.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff￾￿]|_(?=x[0-9A-Fa-f]{4}_)")
# Whatever cannot stand in XML as it is; most texts hold none of it.
_MARKED = re.compile(f"[&<>]|{_UNWRITABLE.pattern}")


def write_xlsx(rows: Iterable[Sequence[Value]], *, sheet: str = "Sheet1", hidden: Sequence[int] = ()) -> Iterator[bytes]:
    """Stream rows as a workbook with one sheet; the first row is the header (bold, always in view).

    `hidden` are the columns, counted from 0, that the programs do not show.
    Texts are stored as texts whatever they begin with, numbers and dates as such. `sheet` loses what a sheet name may not hold.
    A text of more than 32,767 characters is cut: the format allows no more. Memory does not grow with the rows. Raises
    ValueError above 1,048,576 rows, which no sheet can hold.
    """
    sink = _Sink()
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for name, content in _FIXED_PARTS.items():
            package.writestr(name, _DECLARATION + content)
        package.writestr("xl/workbook.xml", _workbook(sheet))
        yield sink.taken()
        # Not zip64: Excel takes a streamed zip64 part for damage, and no sheet is that large.
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f"{_SHEET_START}{_hidden(hidden)}<sheetData>".encode())
            for piece in _sheet_rows(rows):
                part.write(piece)
                if len(sink) > 1 << 16:
                    yield sink.taken()
            part.write(_SHEET_END.encode())
    yield sink.taken()


class _Sink:
    """A place that cannot seek, so that the archive is written front to back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self._size += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def __len__(self) -> int:
        return self._size

    def __bool__(self) -> bool:
        return True

    def taken(self) -> bytes:
        """Give what was written since the last time."""
        content = b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        return content


def _workbook(sheet: str) -> str:
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", sheet).strip(" '")[:31] or "Sheet1"
    return (
        f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<sheets><sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _hidden(columns: Sequence[int]) -> str:
    marks = "".join(f'<col min="{index + 1}" max="{index + 1}" width="9" hidden="1" customWidth="1"/>' for index in columns)
    return f"<cols>{marks}</cols>" if marks else ""


def column_letters(index: int) -> str:
    """Give the name a spreadsheet shows for the column at `index`, counted from 0: A, B, ..., Z, AA."""
    letters = ""
    while index >= 0:
        letters = chr(index % 26 + ord("A")) + letters
        index = index // 26 - 1
    return letters


def _sheet_rows(rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    source = iter(rows)
    columns: list[str] = []
    line = 0
    while batch := list(islice(source, BATCH)):
        columns += map(column_letters, range(len(columns), max(map(len, batch))))
        written = []
        if line + len(batch) > SHEET_ROWS:
            raise ValueError(f"A sheet holds {SHEET_ROWS} rows; write CSV for more.")
        for row in batch:
            line += 1
            style = "2" if line == 1 else "1"
            if _is_plain(row):
                cells = [
                    f'<c r="{letters}{line}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
                    for letters, value in zip(columns, row, strict=False)
                    if value
                ]
            else:
                cells = [
                    f'<c r="{letters}{line}"{rest}'
                    for letters, value in zip(columns, row, strict=False)
                    if value is not None and value != "" and (rest := _cell(value, style))
                ]
            written.append(f'<row r="{line}">{"".join(cells)}</row>')
        yield "".join(written).encode()


def _is_plain(row: Sequence[Value]) -> bool:
    """Say whether `row` is texts alone that stand in a sheet as they are: to look at all at once takes less than at each."""
    try:
        whole = "".join(cast("Sequence[str]", row))
    except TypeError:
        return False
    return len(whole) <= CELL_CHARACTERS and not _MARKED.search(whole)


def _cell(value: Value, style: str) -> str:
    """Give a cell from behind its reference on; nothing for an empty one."""
    if isinstance(value, str):
        return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{sheet_text(value)}</t></is></c>' if value else ""
    if value is None:
        return ""
    return _WRITERS.get(type(value), _other)(value)


def sheet_text(value: str) -> str:
    """Give a text as the XML of a workbook holds it: at most as long as a cell allows, characters that XML lacks written as escapes."""
    if len(value) > CELL_CHARACTERS:
        value = value[:CELL_CHARACTERS]
    if not _MARKED.search(value):
        return value
    if _UNWRITABLE.search(value):
        value = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    return escape(value)


def _other(value: Value) -> str:
    return _cell(str(value), "1")


def _number(value: Value) -> str:
    """A number of more digits than the format keeps (15) stays whole as text, and so does what is no number (NaN)."""
    text = str(value)
    if not math.isfinite(cast("float", value)) or (not isinstance(value, float) and sum(c.isdigit() for c in text) > 15):
        return _cell(text, "1")
    return f"><v>{text}</v></c>"


def _date(value: Value) -> str:
    """Days before March 1900 have no number that all programs agree on: they stay text."""
    if isinstance(value, datetime):
        days, style = (value.replace(tzinfo=None) - EPOCH).total_seconds() / 86400, 4
    else:
        days, style = float(cast("date", value).toordinal() - EPOCH.toordinal()), 3
    if days < 61:
        return _cell(cast("date", value).isoformat(), "1")
    return f' s="{style}"><v>{days:.10f}</v></c>'


_WRITERS: dict[type, Callable[[Value], str]] = {
    bool: lambda value: f' t="b"><v>{int(bool(value))}</v></c>',
    int: _number,
    float: _number,
    Decimal: _number,
    date: _date,
    datetime: _date,
}
