"""The records of one sheet -> rows of shown texts."""

import struct
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from intake.reader.rows import Enough, LeftOut, RawCell, RowPass, Take, Unreadable
from intake.reader.xls.strings import text_at
from intake.reader.xlsx.numbers import Format, plain

BEGIN, END, ROW, COLUMNS, MERGED = 0x809, 0x0A, 0x208, 0x7D, 0xE5
FORMULA, STRING, LABEL, RICH_TEXT, SHARED, NUMBER, RK, MANY_RK, TRUTH = 0x06, 0x207, 0x204, 0xD6, 0xFD, 0x203, 0x27E, 0xBD, 0x205
# The least size of each record that holds a cell.
CELLS = {FORMULA: 20, LABEL: 9, RICH_TEXT: 9, SHARED: 10, NUMBER: 14, RK: 10, MANY_RK: 12, TRUTH: 8}
# Between a formula and its text may stand what it shares with others.
BETWEEN = frozenset({0x4BC, 0x221, 0x236})
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
HIDDEN_ROW = 0x20
# "Calculate always" and "calculate on opening": writers that do not calculate set both and store 0.
NOT_CALCULATED = 3
LOOK_AT_CLOCK = 4096
HEAD = struct.Struct("<HH").unpack_from
PLACE = struct.Struct("<HHH").unpack_from
SHORT = struct.Struct("<H").unpack_from
LONG = struct.Struct("<I").unpack_from
DOUBLE = struct.Struct("<d").unpack_from
STYLED_RK = struct.Struct("<HI").unpack_from


class Book(Protocol):
    """What a pass asks of its workbook."""

    stream: bytes
    texts: list[str]
    formats: list[Format]
    longest_cell: int
    started: float
    patience: float


@dataclass(slots=True)
class Index:
    """Where the cells of a sheet are: row << 32 | offset of the record, in the order of the rows; and what else its records say."""

    cells: Sequence[int] = field(default_factory=lambda: array("Q"))
    end: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)


def index_of(stream: bytes, start: int, be_patient: Callable[[], None]) -> Index:
    """Look at the heads of all records of a sheet, whose first is at `start`. Raises struct.error at the end of the stream."""
    index = Index()
    cells = array("Q")
    at, depth, count, last, is_sorted = start, 0, 0, 0, True
    while True:
        kind, size = HEAD(stream, at)
        if kind in CELLS:
            if size < CELLS[kind]:
                raise struct.error
            if depth == 1:
                (row,) = SHORT(stream, at + 4)
                is_sorted = is_sorted and row >= last
                last = row
                cells.append(row << 32 | at)
        elif kind == BEGIN:
            depth += 1
        elif kind == END:
            depth -= 1
            if depth <= 0:
                break
        elif depth == 1:
            _note(index, kind, stream[at + 4 : at + 4 + size])
        at += 4 + size
        count += 1
        if count % LOOK_AT_CLOCK == 0:
            be_patient()
    index.end = at
    index.cells = cells if is_sorted else sorted(cells)
    return index


def _note(index: Index, kind: int, record: bytes) -> None:
    if kind == ROW and SHORT(record, 12)[0] & HIDDEN_ROW:
        index.hidden_rows.add(SHORT(record)[0])
    elif kind == COLUMNS and SHORT(record, 8)[0] & 1:
        index.hidden_columns.append((SHORT(record)[0], SHORT(record, 2)[0]))
    elif kind == MERGED:
        index.merged += [SHORT(record, 4 + 8 * area)[0] for area in range(min(SHORT(record)[0], (len(record) - 2) // 8))]


class XlsPass(RowPass):
    """Reads the cells of a sheet; see `RowPass`."""

    def __init__(self, book: Book, name: str, width: int, take: Take, header_line: int = 0) -> None:
        super().__init__(name, width, book.longest_cell, take, header_line)
        self._stream, self._texts, self._formats = book.stream, book.texts, book.formats
        # All passes together have the time of one.
        self._started, self._patience = book.started, book.patience
        self._row: list[RawCell] = []

    def run(self, index: Index) -> LeftOut:
        """Read the sheet to its end, or to where the table ends. Raises `Unreadable`."""
        self.left_out.merged = sum(1 for last in index.merged if last + 1 > self._header_line)
        self.left_out.hidden_columns = sum(max(0, min(last + 1, self._width) - first) for first, last in index.hidden_columns)
        try:
            self._read(index)
        except Enough:
            pass
        except (struct.error, IndexError) as error:
            raise Unreadable("damaged", sheet=self._name, row=max(self._line, 1)) from error
        return self.left_out

    def _read(self, index: Index) -> None:
        stream = self._stream
        row = -1
        for count, key in enumerate(index.cells):
            if key >> 32 != row:
                if self._row:
                    self._finish_row(self._row)
                    self._row = []
                row = key >> 32
                self._line, self._hidden = row + 1, row in index.hidden_rows
            if count % LOOK_AT_CLOCK == 0:
                self.be_patient(self._patience)
            at = key & 0xFFFFFFFF
            kind, size = HEAD(stream, at)
            _row, column, style = PLACE(stream, at + 4)
            if kind == SHARED:
                self._place(column, self._texts[LONG(stream, at + 10)[0]])
            elif kind == RK:
                self._place(column, self._number(_unpacked(LONG(stream, at + 10)[0]), style))
            elif kind == MANY_RK:
                for place in range((size - 6) // 6):
                    style, packed = STYLED_RK(stream, at + 8 + 6 * place)
                    self._place(column + place, self._number(_unpacked(packed), style))
            elif kind == NUMBER:
                self._place(column, self._number(DOUBLE(stream, at + 10)[0], style))
            else:
                self._place(column, self._rarer(kind, at, size, style))
        if self._row:
            self._finish_row(self._row)

    def _place(self, column: int, cell: RawCell) -> None:
        if not cell:
            return
        row = self._row
        if isinstance(cell, str) and len(cell) > self._longest:
            raise self._too_long(column)
        if column >= self._width:
            self._outside(column)
        elif column >= len(row):
            row.extend([""] * (column - len(row)))
            row.append(cell)
        else:
            row[column] = cell

    def _number(self, number: float, style: int) -> RawCell:
        show = self._formats[style] if style < len(self._formats) else plain
        whole = number == (number // 1) and -1e15 < number < 1e15
        raw = str(int(number)) if whole else repr(number)
        if whole and show is plain:
            return raw
        shown = show(raw)
        return shown if isinstance(shown, str) else list(shown)

    def _rarer(self, kind: int, at: int, size: int, style: int) -> RawCell:
        """Give what a cell of one of the rarer kinds says."""
        record = self._stream[at + 4 : at + 4 + size]
        if kind in {LABEL, RICH_TEXT}:
            return text_at(record, 6)
        if kind == TRUTH:
            return ["error_value", ERRORS.get(record[6], "#")] if record[7] else _truth(record[6])
        if record[12:14] != b"\xff\xff":
            (number,) = DOUBLE(record, 6)
            if number == 0 and SHORT(record, 14)[0] & NOT_CALCULATED == NOT_CALCULATED:
                return ["no_result", ""]
            return self._number(number, style)
        if record[6] == 0:
            return self._text_after(at + 4 + size)
        if record[6] == 2:
            return ["error_value", ERRORS.get(record[8], "#")]
        return _truth(record[8]) if record[6] == 1 else ""

    def _text_after(self, at: int) -> RawCell:
        """Find the text that a formula gives, in one of the next records."""
        kind, size = HEAD(self._stream, at)
        while kind in BETWEEN:
            at += 4 + size
            kind, size = HEAD(self._stream, at)
        return text_at(self._stream[at + 4 : at + 4 + size], 0) if kind == STRING else ["no_result", ""]


def _truth(stored: int) -> str:
    return "TRUE" if stored else "FALSE"


def _unpacked(packed: int) -> float:
    """Give the number that is packed in four bytes: a whole number or the upper half of a float, perhaps in hundredths."""
    if packed & 2:
        number: float = (packed >> 2) - (1 << 30 if packed & 0x80000000 else 0)
    else:
        (number,) = DOUBLE(struct.pack("<II", 0, packed & 0xFFFFFFFC))
    return number / 100 if packed & 1 else number
