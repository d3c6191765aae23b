"""CSV and TSV: read in place, one chunk in memory at a time."""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from clientdesk.spreadsheets import STARTS_FORMULA, restore
from intake.reader import sentences
from intake.reader.dialect import ROWS_LOOKED_AT as SAMPLE_ROWS
from intake.reader.dialect import choose_dialect
from intake.reader.encoding import Undecodable, detect_encoding
from intake.reader.headers import ROWS_LOOKED_AT, Score, choose_header, header_texts
from intake.reader.table import Cell, Limits, Refused, Row, Table, is_blank

CHUNK = 1 << 18
# No row of a table is longer; one that is comes from an unclosed quotation mark or is meant to harm.
LONGEST_ROW = 8 * 1024 * 1024
BAD_ROWS = 1_000
# Conservative: finds each chunk that might hold an apostrophe put in front of a formula (see clientdesk.spreadsheets).
MAYBE_ESCAPED = re.compile(f"'[{STARTS_FORMULA}]")
END_OF_FILE = "\x1a"


class DelimitedTable(Table):
    """A text file with one record a row."""

    kind = "csv"

    def __init__(self, path: Path, filename: str, limits: Limits, score: Score | None) -> None:
        self._path, self._filename, self._limits = path, filename, limits
        self._encoding = self._detected()
        sample = list(islice(self._lines().read(), SAMPLE_ROWS * 2))
        self._dialect = choose_dialect(sample, score)
        self._find_header(score)
        self.notes = [sentences.read_as(self._encoding, self._dialect.delimiter)]
        if next(self.rows(), None) is None:
            raise self.refused("header_only", row=self.header_line)

    def _detected(self) -> str:
        try:
            return detect_encoding(self._path)
        except Undecodable as error:
            raise self.refused(error.code, row=error.row, encoding=sentences.encoding_name(error.encoding)) from None

    def _find_header(self, score: Score | None) -> None:
        first = list(islice(self._records(), ROWS_LOOKED_AT))
        if not first:
            raise self.refused("empty")
        if first[0].error:
            raise self.refused("quotes", row=first[0].line)
        choice = choose_header([row.cells for row in first], score)
        self.header_line = first[choice.index].line
        self.headers = header_texts(first[choice.index].cells)
        if not self.headers:
            raise self.refused("empty")
        if len(self.headers) > self._limits.columns:
            raise self.refused("columns", row=self.header_line, limit=self._limits.columns)

    def _lines(self) -> "_Lines":
        return _Lines(self, self._path, self._encoding, self._limits.cell)

    def refused(self, code: str, **details: str | int) -> Refused:
        """Build a refusal that names this file."""
        return sentences.refused(code, self._filename, **details)

    def close(self) -> None:
        """Nothing stays open between two readings."""

    def rows(self) -> Iterator[Row]:
        """Stream the rows below the header from the first one; may be called again."""
        width, limit = len(self.headers), self._limits.rows_csv
        for count, row in enumerate(self._records(self.header_line)):
            if count == limit:
                raise self.refused("rows_csv", limit=limit)
            yield row if len(row.cells) == width else self._fitted(row, width)

    def _fitted(self, row: Row, width: int) -> Row:
        """Fill up a short row; what is too much in a long one is an error if there is anything in it."""
        cells = row.cells
        if len(cells) < width:
            return row._replace(cells=cells + [""] * (width - len(cells)))
        if row.error or is_blank(cells[width:]):
            return row._replace(cells=cells[:width])
        return row._replace(error=sentences.surplus(len(cells), width))

    def _records(self, below: int = 0) -> Iterator[Row]:
        """Stream all rows below a row number that are not blank, as wide as they are, numbered as a spreadsheet would."""
        lines = self._lines()
        source = lines.read()
        number = sum(1 for _line in islice(source, self._dialect.skipped))
        reader = self._dialect.reader(source)
        bad = 0
        while True:
            started = reader.line_num
            number += 1
            lines.record = number
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                bad += 1
                row = self._unreadable(number, error, lines.last, reader.line_num == started + 1 and bad <= BAD_ROWS)
                if number > below:
                    yield row
                continue
            if number <= below or (not (cells and cells[0].strip()) and is_blank(cells)):
                continue
            if lines.special or reader.line_num > started + 1:
                if not is_blank(cells := self._checked(number, cells)):
                    yield Row(number, cells)
            else:
                yield Row(number, cells)

    def _checked(self, row: int, cells: list[str]) -> list[Cell]:
        """Look at each cell of a row that may hold something special."""
        limit = self._limits.cell
        checked: list[Cell] = []
        for cell in cells:
            if "\0" in cell:
                raise self.refused("nul", row=row)
            text = restore(cell)
            checked.append(text if len(text) <= limit else sentences.cell_error("long", text, length=len(text), limit=limit))
        return checked

    def _unreadable(self, row: int, error: csv.Error, line: str, one_line: bool) -> Row:
        """A row whose quotation marks do not match is an error of that row, unless it may have swallowed others."""
        if "field limit" in str(error):
            raise self.refused("line" if one_line else "quotes_open", row=row)
        if "end of data" in str(error):
            raise self.refused("quotes_open", row=row)
        if not one_line:
            raise self.refused("quotes", row=row)
        return Row(row, [line.rstrip("\n")], sentences.bad_quotes())


class _Lines:
    """The lines of the file for a csv reader. It tells the consumer when a line may need a closer look (`special`), and
    learns from it how far it has come (`record`), so that a record without end is noticed."""

    def __init__(self, table: DelimitedTable, path: Path, encoding: str, longest_cell: int) -> None:
        self._table, self._path, self._encoding, self._longest_cell = table, path, encoding, longest_cell
        self.record = 0
        self.special = False
        self.last = ""

    def read(self) -> Iterator[str]:
        """Stream the lines with their line end. Not `for line in file`: that would load a line of any length."""
        rest, before, record, stalled = "", False, 0, 0
        with self._path.open(encoding=self._encoding) as file:
            while chunk := file.read(CHUNK):
                text = rest + chunk
                lines = text.split("\n")
                rest = lines.pop()
                stalled = stalled + len(chunk) if self.record == record else 0
                record = self.record
                if stalled > LONGEST_ROW:
                    raise self._table.refused("line", row=max(record, 1))
                now = self._is_special(text, lines)
                self.special, before = now or before, now
                for line in lines:
                    self.last = line
                    yield f"{line}\n"
        self.last = rest.rstrip(END_OF_FILE)
        self.special = True
        if self.last:
            yield self.last

    def _is_special(self, text: str, lines: list[str]) -> bool:
        return (
            "\0" in text or ("'" in text and MAYBE_ESCAPED.search(text) is not None) or max(map(len, lines), default=0) > self._longest_cell
        )
