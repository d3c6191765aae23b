"""One pass over the content of an ODS file.

Rows and cells may say how often they are repeated; a repeated blank costs nothing, whatever the number. The handlers run several
times for each cell, so they are written for speed, as those of `intake.reader.xlsx.sheet`.
"""

# ruff: noqa: PLR0912, PLR0915, PLR1714, SIM109 - for the same reason the handlers stay whole

import re
from collections.abc import Callable
from typing import IO, Protocol
from xml.parsers import expat

from clientdesk.spreadsheets import column_letters
from intake.reader.ods.values import value_of
from intake.reader.rows import BESIDE, SHEETS_LOOKED_AT, Enough, LeftOut, RawCell, RowPass, Take, Unreadable
from intake.reader.xlsx.package import CHUNK, damage_named, new_parser

SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
# Inside these are texts and cells of their own, which are no part of the table.
ASIDE = (
    "office:annotation", "office:forms", "table:tracked-changes", "table:shapes", "table:detective", "table:named-expressions",
    "text:ruby-text", "text:note",
)  # fmt: skip
# Stand for what `text:s`, `text:tab` and `text:line-break` mean, while the white space around them is still that of the XML.
SPACE, TAB, BREAK = "\x00", "\x01", "\x02"
MEANT = str.maketrans({SPACE: " ", TAB: "\t", BREAK: "\n"})
WHITE = re.compile(r"[ \t\r\n]+")
COLLAPSED = {"collapse", "filter"}
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
# Seconds for each byte of sheets that are only passed by.
PER_BYTE = 15e-9


class Book(Protocol):
    """What a pass asks of its workbook."""

    longest_cell: int
    rows_allowed: int


class SheetRows(RowPass):
    """The rows of one sheet."""

    def place(self, row: list[RawCell], column: int, cell: RawCell, count: int) -> None:
        """Put `count` equal cells into a row from a column on."""
        inside = min(column + count, self._width)
        if column < inside:
            row.extend([""] * (column - len(row)))
            row.extend([cell] * (inside - column))
        beside = min(column + count, self._width + BESIDE)
        for index in range(max(column, self._width), beside):
            self._outside(index)
        if (far := column + count - max(column, beside)) > 0:
            self._stray(f"{column_letters(max(column, beside))}{self._line + 1}")
            self.left_out.strays += far - 1

    def finish(self, row: list[RawCell], count: int, hidden: bool, rows_allowed: int) -> None:
        """Pass on a row that is there `count` times. Raises `Enough`, `Unreadable`."""
        self._line += 1
        self._hidden = hidden
        if not row:
            # A run of empty rows is one element here; only rows written one by one count as a sheet without end.
            self._empty_rows(1)
            self._line += count - 1
            return
        if count > rows_allowed and self._header_line and any(row):
            raise Unreadable("rows", sheet=self._name, limit=rows_allowed)
        self._finish_row(row)
        for _again in range(count - 1 if any(row) else 0):
            self._line += 1
            self._finish_row(row)

    def merge(self) -> None:
        """Count a merged area under the header."""
        self.left_out.merged += self._line + 1 > self._header_line

    def hide_columns(self, first: int, count: int) -> None:
        """Count hidden columns of the table."""
        self.left_out.hidden_columns += max(0, min(first + count, self._width) - first)

    def too_long(self, column: int) -> Unreadable:
        """Build the refusal of a cell in the row that is being read."""
        self._line += 1
        return self._too_long(column)

    def damaged(self) -> Unreadable:
        """Build the refusal of the row that is being read."""
        return Unreadable("damaged", sheet=self._name, row=self._line + 1)


class ContentPass:
    """Reads either the beginning of each sheet or one sheet whole."""

    def __init__(self, book: Book, width: int) -> None:
        self._book, self._width = book, width
        self._sheet: SheetRows | None = None
        self._begin: Callable[[str, bool], SheetRows | None] = lambda _name, _hidden: None
        self._ended: Callable[[], None] = lambda: None
        self._pieces: list[str] = []
        self._column: Callable[[], int] = lambda: 0
        self.linked: list[bool] = []
        self.is_spreadsheet = False

    def heads(self, part: IO[bytes], begin: Callable[[str, bool], Take]) -> list[LeftOut]:
        """Read the beginning of each sheet. `begin(name, whether it is hidden)` gives the function that takes its rows."""
        passes: list[SheetRows] = []

        def start(name: str, hidden: bool) -> SheetRows | None:
            if len(passes) == SHEETS_LOOKED_AT:
                return None
            passes.append(SheetRows(name, self._width, self._book.longest_cell, begin(name, hidden)))
            self.linked.append(False)
            return passes[-1]

        self._begin = start
        self._run(part, is_reading=False)
        return [one.left_out for one in passes]

    def read(self, part: IO[bytes], index: int, take: Take, header_line: int) -> LeftOut:
        """Read the sheet with an index to its end, or to where its table ends."""
        wanted: list[SheetRows] = []
        seen = 0

        def start(name: str, _hidden: bool) -> SheetRows | None:
            nonlocal seen
            seen += 1
            self.linked.append(False)
            if seen - 1 != index:
                return None
            wanted.append(SheetRows(name, self._width, self._book.longest_cell, take, header_line))
            return wanted[0]

        def ended() -> None:
            raise Enough

        self._begin, self._ended = start, ended
        self._run(part, is_reading=True)
        if not wanted:
            raise Unreadable("damaged")
        return wanted[0].left_out

    def _run(self, part: IO[bytes], is_reading: bool) -> None:
        """Parse the part. Sheets of which only the beginning is read, or nothing, give nothing for the time they take."""
        parser = new_parser()
        parser.StartElementHandler = lambda _name, attributes: self._root(parser, attributes)
        nothing = SheetRows("", 0, self._book.longest_cell, lambda _line, _cells: None)
        read = 0
        try:
            with damage_named():
                while chunk := part.read(CHUNK):
                    parser.Parse(chunk)
                    read += len(chunk)
                    (self._sheet if is_reading and self._sheet else nothing).be_patient(read * PER_BYTE)
                    if sum(map(len, self._pieces)) > self._book.longest_cell:
                        raise (self._sheet or nothing).too_long(self._column())
                parser.Parse(b"", True)
        except Enough:
            pass
        except Unreadable as error:
            if error.code == "damaged" and self._sheet:
                raise self._sheet.damaged() from error
            raise

    def _root(self, parser: expat.XMLParserType, attributes: dict[str, str]) -> None:
        """At the root the prefixes of all names are known, so that they can be compared whole."""
        prefixes = {space: f"{key.removeprefix('xmlns:')}:" for key, space in attributes.items() if key.startswith("xmlns:")}
        prefixes |= {space: "" for key, space in attributes.items() if key == "xmlns"}
        names = {usual: prefixes.get(space, f"{usual}:") for usual, space in SPACES.items()}

        def name(usual: str) -> str:
            space, _colon, local = usual.partition(":")
            return f"{names[space]}{local}"

        parser.StartElementHandler, parser.EndElementHandler = self._handlers(parser, name)

    def _pass_by(self, parser: expat.XMLParserType, table: str, start: Callable, end: Callable) -> None:
        """Look at nothing until the sheet ends."""

        def ends(name: str) -> None:
            if name == table:
                parser.StartElementHandler, parser.EndElementHandler = start, end
                self._sheet = None

        parser.StartElementHandler = None
        parser.EndElementHandler = ends

    def _handlers(
        self, parser: expat.XMLParserType, named: Callable[[str], str]
    ) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
        """Make the two handlers that run for each element."""
        TABLE, ROW, CELL, COVERED = map(named, ("table:table", "table:table-row", "table:table-cell", "table:covered-table-cell"))
        COLUMN, SOURCE, SHEETS = map(named, ("table:table-column", "table:table-source", "office:spreadsheet"))
        PARAGRAPH, SPACED, TABBED, BROKEN = map(named, ("text:p", "text:s", "text:tab", "text:line-break"))
        STYLE, PROPERTIES = map(named, ("style:style", "style:table-properties"))
        ROWS_REPEATED, COLUMNS_REPEATED = map(named, ("table:number-rows-repeated", "table:number-columns-repeated"))
        ROWS_SPANNED, COLUMNS_SPANNED = map(named, ("table:number-rows-spanned", "table:number-columns-spanned"))
        TYPE, FORMULA, ERROR_TYPE = map(named, ("office:value-type", "table:formula", "calcext:value-type"))
        VALUES = {
            "string": named("office:string-value"),
            "date": named("office:date-value"),
            "time": named("office:time-value"),
            "boolean": named("office:boolean-value"),
        }
        VALUE, VISIBILITY, DRAWN, COUNT = map(named, ("office:value", "table:visibility", "draw:", "text:c"))
        aside = set(map(named, ASIDE))
        pieces, longest, rows_allowed, width = self._pieces, self._book.longest_cell, self._book.rows_allowed, self._width
        row: list[RawCell] = []
        shown: list[str] = []
        cell: dict[str, str] = {}
        hidden_styles: set[str] = set()
        style = ""
        column = columns = repeated = skipped = characters = 0
        hidden = inside = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal row, cell, column, columns, repeated, hidden, skipped, characters, inside, style
            if skipped:
                skipped += 1
            elif name == CELL or name == COVERED:
                cell, characters = attributes, 0
                shown.clear()
            elif name == PARAGRAPH:
                inside = True
                parser.CharacterDataHandler = pieces.append
            elif name == ROW:
                row, column = [], 0
                repeated = _times(attributes, ROWS_REPEATED, MOST_ROWS)
                hidden = attributes.get(VISIBILITY) in COLLAPSED
            elif name == SPACED and inside:
                pieces.append(SPACE * _times(attributes, COUNT, longest + 1))
            elif (name == TABBED or name == BROKEN) and inside:
                pieces.append(TAB if name == TABBED else BREAK)
            elif name == COLUMN and self._sheet:
                count = _times(attributes, COLUMNS_REPEATED, MOST_COLUMNS)
                if attributes.get(VISIBILITY) in COLLAPSED:
                    self._sheet.hide_columns(columns, count)
                columns += count
            elif name == TABLE and not self._sheet:
                columns = 0
                is_hidden = attributes.get(named("table:style-name")) in hidden_styles
                self._sheet = self._begin(attributes.get(named("table:name"), ""), is_hidden)
                if not self._sheet:
                    self._pass_by(parser, TABLE, start, end)
            elif name in aside or name.startswith(DRAWN) or name == TABLE:
                skipped = 1
                parser.CharacterDataHandler = None
            elif name == STYLE:
                style = attributes.get(named("style:name"), "")
            elif name == PROPERTIES and attributes.get(named("table:display")) == "false":
                hidden_styles.add(style)
            elif name == SOURCE and self.linked:
                self.linked[-1] = True
            elif name == SHEETS:
                self.is_spreadsheet = True

        def end(name: str) -> None:
            nonlocal column, skipped, characters, inside
            if skipped:
                skipped -= 1
                if inside and not skipped:
                    parser.CharacterDataHandler = pieces.append
            elif name == PARAGRAPH:
                inside = False
                parser.CharacterDataHandler = None
                text = pieces[0] if len(pieces) == 1 else "".join(pieces)
                pieces.clear()
                # Spaces stand for themselves, as LibreOffice writes and reads them; an XML that was laid out in lines means none of it.
                if "\n" in text or "\t" in text:
                    text = WHITE.sub(" ", text).strip(" ")
                characters += len(text) + 1
                if characters - 1 > longest and self._sheet:
                    raise self._sheet.too_long(column)
                shown.append(text.translate(MEANT) if SPACE in text or TAB in text or BREAK in text else text)
            elif (name == CELL or name == COVERED) and self._sheet:
                count = _times(cell, COLUMNS_REPEATED, MOST_COLUMNS) if COLUMNS_REPEATED in cell else 1
                if (COLUMNS_SPANNED in cell and cell[COLUMNS_SPANNED] != "1") or (ROWS_SPANNED in cell and cell[ROWS_SPANNED] != "1"):
                    self._sheet.merge()
                kind = cell.get(TYPE, "")
                if kind or shown or FORMULA in cell:
                    text = shown[0] if len(shown) == 1 else "\n".join(shown)
                    if text and kind == "string" and FORMULA not in cell:
                        value = text
                    else:
                        stored = cell.get(VALUES.get(kind, VALUE), "")
                        if len(stored) > longest:
                            raise self._sheet.too_long(column)
                        value = value_of(kind, stored, text, has_formula=FORMULA in cell, is_error=cell.get(ERROR_TYPE) == "error")
                    if value and count == 1 and column == len(row) < width:
                        row.append(value)
                    elif value:
                        self._sheet.place(row, column, value, count)
                column += count
            elif name == ROW and self._sheet:
                try:
                    self._sheet.finish(row, repeated, hidden, rows_allowed)
                except Enough:
                    self._ended()
                    self._pass_by(parser, TABLE, start, end)
            elif name == TABLE and self._sheet:
                self._ended()
                self._sheet = None

        self._column = lambda: column
        return start, end


def _times(attributes: dict[str, str], name: str, most: int) -> int:
    """Give how often something is repeated: once where nothing sensible is said."""
    count = attributes.get(name, "1")
    return min(int(count), most) if count.isdecimal() and len(count) < 20 and int(count) else 1
