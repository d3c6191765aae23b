"""One pass over the XML of a sheet: rows of shown texts, and what lies outside the table.

The handlers run several times for each cell, so they are written for speed: no call that can be avoided, no name looked up twice.
"""

# ruff: noqa: PLR0912, PLR0915, PLR1714, SIM109 - for the same reason the handlers stay whole

import re
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from clientdesk.spreadsheets import column_letters
from intake.reader.rows import Enough, LeftOut, RawCell, RowPass, Take, Unreadable
from intake.reader.xlsx.book import Book
from intake.reader.xlsx.numbers import plain
from intake.reader.xlsx.package import CHUNK, damage_named, new_parser
from intake.reader.xlsx.strings import decode

REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?Z?$")
ON = {"1", "true"}
WIDEST = 16_384


def column_index(letters: str) -> int:
    """Give the index of a column, counted from 0, by its letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


class SheetPass(RowPass):
    """Reads the part of a sheet; see `RowPass`."""

    def __init__(self, book: Book, name: str, width: int, take: Take, header_line: int = 0) -> None:
        # Loaded here: what is wrong with them is no damage of this sheet, and the time they take is theirs.
        self._strings, self._formats = book.strings, book.formats
        super().__init__(name, width, book.longest_cell, take, header_line)
        self._pieces: list[str] = []
        self._inline: list[str] = []
        self._column: Callable[[], int] = lambda: 0

    def run(self, part: IO[bytes]) -> LeftOut:
        """Read the part to its end, or to where the table ends. Raises `Unreadable`."""
        parser = new_parser()
        parser.CharacterDataHandler = self._pieces.append
        parser.StartElementHandler = lambda name, _attributes: self._begin(parser, name)
        try:
            with damage_named():
                while chunk := part.read(CHUNK):
                    parser.Parse(chunk)
                    self._check()
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

    def _check(self) -> None:
        self.be_patient()
        if sum(map(len, self._pieces)) + sum(map(len, self._inline)) > self._longest:
            raise self._too_long(self._column())

    # What a cell says

    def _number(self, raw: str, style: str | None) -> RawCell:
        index = int(style or 0)
        # Some programs name styles that they never write.
        shown = (self._formats[index] if index < len(self._formats) else plain)(raw)
        return shown if isinstance(shown, str) else list(shown)

    def _stored(self, kind: str | None, value: str, style: str | None) -> RawCell:
        """Give the text of a cell of one of the rarer types."""
        if len(value) > self._longest:
            raise self._too_long(self._column())
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

    def _merge(self, reference: str) -> None:
        """Count a merged area that reaches into the rows under the header."""
        last = REFERENCE.match(reference.rpartition(":")[2])
        if last and int(last[2]) > self._header_line:
            self.left_out.merged += 1

    def _handlers(self, prefix: str) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
        """Make the two handlers that run for each element."""
        CELL, VALUE, TEXT, FORMULA, ROW, PHONETIC = (prefix + name for name in ("c", "v", "t", "f", "row", "rPh"))
        MERGE, COLUMN = prefix + "mergeCell", prefix + "col"
        pieces, inline, strings, longest, width = self._pieces, self._inline, self._strings, self._longest, self._width
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
                        raise self._too_long(column)
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
                    self._empty_rows(1)
            elif name == PHONETIC:
                phonetic -= 1

        self._column = lambda: column
        return start, end
