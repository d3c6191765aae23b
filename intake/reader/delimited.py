"""CSV and TSV: read in place, one chunk in memory at a time."""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from clientdesk.spreadsheets import STARTS_FORMULA, restore
from intake.reader import sentences
from intake.reader.dialect import ROWS_LOOKED_AT as SAMPLE_ROWS
from intake.reader.dialect import choose_dialect, widths
from intake.reader.encoding import Undecodable, detect_encoding, first_row_not_in
from intake.reader.headers import ROWS_LOOKED_AT, Score, choose_header, header_texts
from intake.reader.readings import plausible_readings
from intake.reader.table import LAST_HEADER_ROW, Cell, Limits, Options, Refused, Row, Table, is_blank, preview

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

    def __init__(self, path: Path, filename: str, limits: Limits, score: Score | None, options: Options) -> None:
        self._path, self._filename, self._limits = path, filename, limits
        self.found = {"kind": self.kind}
        self._encoding = self._decided(options.encoding)
        sample = list(islice(self._lines().read(), SAMPLE_ROWS * 2))
        if options.delimiter not in {"", *sentences.DELIMITERS}:
            raise self.refused("no_such_delimiter", delimiter=sentences.shown(options.delimiter, sentences.RAW_SHOWN))
        self._dialect = choose_dialect(sample, score, options.delimiter)
        self.found |= {"delimiter": self._dialect.delimiter, "delimiters": sentences.delimiters(widths(self._dialect, sample))}
        self._find_header(score, options.header_row)
        self.notes = [sentences.read_as(self._encoding, self._dialect.delimiter)]
        if next(self.rows(), None) is None:
            raise self.refused("header_only", row=self.header_line)

    def _decided(self, chosen: str) -> str:
        """Give the encoding that was chosen, else the one that was found, and tell what else is plausible."""
        if chosen not in {"", *sentences.ENCODINGS}:
            raise self.refused("no_such_encoding", encoding=sentences.shown(chosen, sentences.RAW_SHOWN))
        trouble, detected = None, ""
        try:
            detected = detect_encoding(self._path)
        except Undecodable as error:
            trouble = error
        if not trouble or trouble.code != "binary":
            readings = sentences.encodings(plausible_readings(self._path, detected, chosen))
            self.found |= {"encoding": chosen or detected, "encodings": readings}
        if chosen and (row := first_row_not_in(self._path, chosen)):
            raise self.refused("not_in_encoding", row=row, encoding=sentences.encoding_name(chosen))
        if trouble and not chosen:
            raise self.refused(trouble.code, row=trouble.row, encoding=sentences.encoding_name(trouble.encoding))
        # A mark at the start of the file is no letter of its first header.
        return "utf-8-sig" if chosen == "utf-8" else chosen or detected

    def _find_header(self, score: Score | None, chosen: int) -> None:
        first = list(islice(self._records(), ROWS_LOOKED_AT))
        if not first:
            raise self.refused("empty")
        self.found |= {"header_row": 0, "first_rows": preview((row.line, row.cells) for row in first)}
        row = self._row_chosen(chosen) if chosen else first[choose_header([row.cells for row in first], score).index]
        if row.error or (first[0].error and not chosen):
            raise self.refused("quotes", row=first[0].line if first[0].error else row.line)
        self.found["header_row"] = self.header_line = row.line
        self.headers = header_texts(row.cells)
        if not self.headers:
            raise self.refused("empty")
        if len(self.headers) > self._limits.columns:
            raise self.refused("columns", row=self.header_line, limit=self._limits.columns)

    def _row_chosen(self, line: int) -> Row:
        rows = islice(self._records(), LAST_HEADER_ROW)
        if row := next((row for row in rows if row.line == line), None):
            return row
        raise self.refused("header_row", row=line)

    def _lines(self) -> "_Lines":
        return _Lines(self, self._path, self._encoding, self._limits.cell)

    def refused(self, code: str, **details: str | int) -> Refused:
        """Build a refusal that names this file."""
        refusal = sentences.refused(code, self._filename, **details)
        refusal.found = self.found
        return refusal

    def close(self) -> None:
        """Nothing stays open between two readings."""

    def rows(self) -> Iterator[Row]:
        """Stream the rows below the header from the first one; may be called again."""
        width, limit = len(self.headers), self._limits.rows_csv
        for count, row in enumerate(self._records(self.header_line)):
            if count == limit:
                raise self.refused("rows_csv", limit=limit)
            yield row if len(row.cells) == width else self._fitted(row, width)

    def first(self, count: int) -> list[Row]:
        """Give the first rows, read anew."""
        return list(islice(self.rows(), count))

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
