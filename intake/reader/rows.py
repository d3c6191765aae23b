"""What every pass over a sheet does with its rows, whatever the file is made of: part of the child process."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from clientdesk.spreadsheets import column_letters

# After so many empty rows in the file the table has ended; the programs that write more do it by mistake.
EMPTY_ROWS = 50_000
# Further below than this, a cell is no part of the table; a few of them are strays, more are a second table.
FAR_BELOW = 10_000
MOST_STRAYS = 20
# Processor time in seconds that a file may take without giving anything for it, and for each cell that it gives.
PATIENCE, PER_CELL = 4.0, 25e-6
# So many columns right of the last header are taken to belong to the table: their header was forgotten.
BESIDE = 5
SHEETS_LOOKED_AT = 100

# A text, or an error as [code, raw text].
type RawCell = str | list[str]
type Take = Callable[[int, list[RawCell]], None]


class Unreadable(Exception):
    """The reason, as a code of `intake.reader.sentences`, with the details that its sentence shows."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


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


class RowPass:
    """Calls `take(row number, cells)` for each row that is not blank.

    `width` columns are kept; what is right of them is counted in `left_out`. `header_line` is the row under which the table is.
    """

    def __init__(self, name: str, width: int, longest_cell: int, take: Take, header_line: int = 0) -> None:
        self.left_out = LeftOut()
        self._name, self._width, self._longest, self._take, self._header_line = name, width, longest_cell, take, header_line
        self._line = self._last_line = self._empties = self._far_rows = self._given = 0
        self._hidden = False
        self._started = time.process_time()

    def be_patient(self, more: float = 0.0) -> None:
        """Stop where the file takes more processor time than what it gave is worth, and `more` seconds besides."""
        if time.process_time() - self._started > PATIENCE + self._given * PER_CELL + more:
            raise Unreadable("time")

    def _too_long(self, column: int) -> Unreadable:
        letters = column_letters(max(column, 0))
        return Unreadable("cell", sheet=self._name, row=self._line, column=letters, limit=self._longest)

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
            self._empty_rows(1)
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

    def _empty_rows(self, count: int) -> None:
        self._empties += count
        if self._empties > EMPTY_ROWS:
            self.left_out.stopped_at = self._last_line
            raise Enough
