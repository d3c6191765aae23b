"""One pass over the XML of a sheet: rows of shown texts, and what lies outside the table.

The handlers run several times for each cell, so they are written for speed: no call that can be avoided, no name looked up twice.
"""

# ruff: noqa: PLR0912, PLR0915, PLR1714, SIM109 - for the same reason the handlers stay whole

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from clientdesk.spreadsheets import column_letters
from intake.reader.xlsx.book import Book
from intake.reader.xlsx.numbers import plain
from intake.reader.xlsx.package import CHUNK, Unreadable, damage_named, new_parser
from intake.reader.xlsx.strings import decode

# After so many empty rows in the file the table has ended; the programs that write more do it by mistake.
EMPTY_ROWS = 50_000
# Further below than this, a cell is no part of the table; a few of them are strays, more are a second table.
FAR_BELOW = 10_000
MOST_STRAYS = 20
# Processor time in seconds that a file may take without giving anything for it, and for each cell that it gives.
PATIENCE, PER_CELL = 4.0, 25e-6
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?Z?$")
ON = {"1", "true"}
WIDEST = 16_384
# So many columns right of the last header are taken to belong to the table: their header was forgotten.
BESIDE = 5

# A text, or an error as [code, raw text].
type RawCell = str | list[str]
type Take = Callable[[int, list[RawCell]], None]


class Enough(Exception):
    """The caller has seen all it wanted."""


@dataclass(slots=True)
class LeftOut:
    """What was not read as part of the table, or read in spite of being hidden."""

    strays: int = 0
    first_stray: str = ""
    unheaded: dict[int, int] = field(default_factory=dict)
    merged: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    stopped_at: int = 0


def column_index(letters: str) -> int:
    """Give the index of a column, counted from 0, by its letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


class SheetPass:
    """Reads a sheet and calls `take(row number, cells)` for each row that is not blank.

    `width` columns are kept; what is right of them is counted in `left_out`. `header_line` is the row under which the table is.
    """

    def __init__(self, book: Book, name: str, width: int, take: Take, header_line: int = 0) -> None:
        self.left_out = LeftOut()
        self._book, self._name, self._width, self._take, self._header_line = book, name, width, take, header_line
        self._line = self._last_line = self._empties = self._far_rows = self._given = 0
        self._pieces: list[str] = []
        self._inline: list[str] = []
        # Loaded here: what is wrong with them is no damage of this sheet.
        self._strings, self._formats = book.strings, book.formats
        self._hidden = False
        self._column: Callable[[], int] = lambda: 0

    def run(self, part: IO[bytes]) -> LeftOut:
        """Read the part to its end, or to where the table ends. Raises `Unreadable`."""
        parser = new_parser()
        parser.CharacterDataHandler = self._pieces.append
        parser.StartElementHandler = lambda name, _attributes: self._begin(parser, name)
        started = time.process_time()
        try:
            with damage_named():
                while chunk := part.read(CHUNK):
                    parser.Parse(chunk)
                    self._check(time.process_time() - started)
                parser.Parse(b"", True)
        except Enough:
            pass
        except Unreadable as error:
            if error.code == "damaged":
                raise Unreadable("damaged", sheet=self._name, row=max(self._line, 1)) from error
            raise
        return self.left_out

    def _begin(self, parser: expat.XMLParserType, root: str) -> None:
        """At the root the prefix of all names is known, so that they can be compared whole."""
        parser.StartElementHandler, parser.EndElementHandler = self._handlers(root.removesuffix("worksheet"))

    def _check(self, spent: float) -> None:
        if spent > PATIENCE + self._given * PER_CELL:
            raise Unreadable("time")
        if sum(map(len, self._pieces)) + sum(map(len, self._inline)) > self._book.longest_cell:
            raise self._too_long()

    def _too_long(self) -> Unreadable:
        column = column_letters(max(self._column(), 0))
        return Unreadable("cell", sheet=self._name, row=self._line, column=column, limit=self._book.longest_cell)

    # What a cell says

    def _number(self, raw: str, style: str | None) -> RawCell:
        index = int(style or 0)
        # Some programs name styles that they never write.
        shown = (self._formats[index] if index < len(self._formats) else plain)(raw)
        return shown if isinstance(shown, str) else list(shown)

    def _stored(self, kind: str | None, value: str, style: str | None) -> RawCell:
        """Give the text of a cell of one of the rarer types."""
        if len(value) > self._book.longest_cell:
            raise self._too_long()
        if kind == "s":
            raise Unreadable("damaged")
        if kind in {None, "n"}:
            return self._number(value.strip(), style) if value.strip() else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE", "true": "TRUE", "false": "FALSE"}.get(value.strip(), value)
        if kind == "e":
            return ["error_value", value]
        if kind == "d":
            return MIDNIGHT.sub("", value).replace("T", " ").removesuffix("Z")
        return decode(value)

    # Where a cell is

    def _place(self, reference: str) -> int:
        """Find the column of a reference that is not among the columns kept."""
        found = REFERENCE.match(reference)
        if not found or (index := column_index(found[1])) >= WIDEST:
            raise Unreadable("damaged")
        return index

    def _outside(self, column: int) -> None:
        """Count a filled cell right of the table: in a column without header beside it, or far away."""
        if column < self._width + BESIDE:
            self.left_out.unheaded[column] = self.left_out.unheaded.get(column, 0) + 1
        else:
            self._stray(f"{column_letters(column)}{self._line}")

    def _stray(self, reference: str) -> None:
        self.left_out.strays += 1
        self.left_out.first_stray = self.left_out.first_stray or reference

    def _finish_row(self, row: list[RawCell]) -> None:
        """Pass a row on, unless it is blank or far below the table."""
        if all(isinstance(cell, str) and (not cell or cell.isspace()) for cell in row):
            self._empty_row()
            return
        self._empties = 0
        self._given += len(row)
        self.left_out.hidden_rows += self._hidden
        if self._header_line and self._line > max(self._last_line, self._header_line) + FAR_BELOW:
            self._far_rows += 1
            if self._far_rows > MOST_STRAYS:
                raise Unreadable("far", sheet=self._name, row=self._line)
            column = next(index for index, cell in enumerate(row) if cell)
            self._stray(f"{column_letters(column)}{self._line}")
            return
        self._last_line = self._line
        self._take(self._line, row)

    def _empty_row(self) -> None:
        self._empties += 1
        if self._empties > EMPTY_ROWS:
            self.left_out.stopped_at = self._last_line
            raise Enough

    def _merge(self, reference: str) -> None:
        """Count a merged area that reaches into the rows under the header."""
        last = REFERENCE.match(reference.rpartition(":")[2])
        if last and int(last[2]) > self._header_line:
            self.left_out.merged += 1

    def _handlers(self, prefix: str) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
        """Make the two handlers that run for each element."""
        CELL, VALUE, TEXT, FORMULA, ROW, PHONETIC = (prefix + name for name in ("c", "v", "t", "f", "row", "rPh"))
        MERGE, COLUMN = prefix + "mergeCell", prefix + "col"
        pieces, inline, strings, longest, width = self._pieces, self._inline, self._strings, self._book.longest_cell, self._width
        columns = {column_letters(index): index for index in range(width)}
        general = {None if index == 0 else str(index) for index, show in enumerate(self._formats) if show is plain}
        general |= {"0"} if None in general else set()
        row: list[RawCell] = []
        column, digits, phonetic = -1, 0, 0
        kind = style = value = None
        formula = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal column, kind, style, value, formula, digits, phonetic
            if name == CELL:
                reference = attributes.get("r")
                if reference is None:
                    column += 1
                else:
                    place = columns.get(reference[:digits])
                    column = place if place is not None else self._place(reference)
                kind, style, value, formula = attributes.get("t"), attributes.get("s"), None, False
            elif name == VALUE or name == TEXT:
                if pieces:
                    pieces.clear()
            elif name == ROW:
                number = attributes.get("r")
                self._line = int(number) if number else self._line + 1
                digits = -len(str(self._line))
                column = -1
                self._hidden = attributes.get("hidden") in ON
            elif name == FORMULA:
                formula = True
            elif name == PHONETIC:
                phonetic += 1
            elif name == MERGE:
                self._merge(attributes.get("ref", ""))
            elif name == COLUMN and attributes.get("hidden") in ON:
                self.left_out.hidden_columns += max(0, min(int(attributes["max"]), width) - int(attributes["min"]) + 1)

        def end(name: str) -> None:
            nonlocal value, phonetic, row
            if name == VALUE:
                value = pieces[0] if len(pieces) == 1 else "".join(pieces)
                pieces.clear()
            elif name == CELL:
                if kind == "s" and value and value.isdecimal():
                    cell = strings[int(value)]
                elif value and kind is None and style in general and len(value) < 16 and value.isdecimal() and value[0] > "0":
                    cell = value
                elif inline:
                    cell = decode(inline[0] if len(inline) == 1 else "".join(inline))
                    inline.clear()
                    if len(cell) > longest:
                        raise self._too_long()
                elif value or kind == "e":
                    cell = self._stored(kind, value or "", style)
                elif formula and kind != "str":
                    cell = ["no_result", ""]
                else:
                    return
                if column >= width:
                    if cell:
                        self._outside(column)
                elif column == len(row):
                    row.append(cell)
                elif column > len(row):
                    row.extend([""] * (column - len(row)))
                    row.append(cell)
                else:
                    row[column] = cell
            elif name == TEXT:
                if not phonetic:
                    inline.extend(pieces)
                pieces.clear()
            elif name == ROW:
                if row:
                    self._finish_row(row)
                    row = []
                else:
                    self._empty_row()
            elif name == PHONETIC:
                phonetic -= 1

        self._column = lambda: column
        return start, end
