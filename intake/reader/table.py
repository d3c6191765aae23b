"""What every kind of file becomes: headers, rows of text, notes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The budgets of one file: sizes in bytes, `cell` in characters, `seconds` of processor time and `memory` of the child process."""

    bytes_csv: int = 512 * MEGABYTE
    rows_csv: int = 2_000_000
    bytes_sheet: int = 50 * MEGABYTE
    unpacked: int = 512 * MEGABYTE
    entries: int = 10_000
    rows_sheet: int = 200_000
    columns: int = 256
    cell: int = 32_767
    seconds: int = 60
    memory: int = 1024 * MEGABYTE


class Refused(Exception):
    """The file cannot be read soundly. `sentence` is translated and ready to show; `code` names the reason for logs and tests."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell whose value cannot be known. `raw` is its text as far as there is one, `sentence` says what is wrong and what to do."""

    raw: str
    sentence: str
    code: str = ""


type Cell = str | CellError


class Row(NamedTuple):
    """One row of the table, as wide as its headers. `line` is the row number that a spreadsheet program shows.

    `error` is a sentence if the row as a whole cannot be trusted (too many fields, wrong quotation marks); `cells` then holds
    what was found.
    """

    line: int
    cells: list[Cell]
    error: str = ""


class Table(ABC):
    """An open file. `headers` in the order of the file (blank where a column has none, repeated where the file repeats them);
    `header_line` is their row number; `notes` are sentences on what was decided or left out, complete once all rows are read."""

    kind: str
    headers: list[str]
    header_line: int
    notes: list[str]
    sheet: str = ""

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Stream the rows below the header from the first one; blank rows are left out. Raises `Refused`."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file and of everything that reads it."""

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def as_header(cell: Cell) -> str:
    """Give the text of a header cell on one line."""
    return " ".join((cell if isinstance(cell, str) else cell.raw).split())


def is_blank(cells: Sequence[Cell]) -> bool:
    """Say whether nothing but white space is in a row."""
    return all(isinstance(cell, str) and (not cell or cell.isspace()) for cell in cells)
