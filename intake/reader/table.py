"""What every kind of file becomes: headers, rows of text, notes."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import NamedTuple, Self

MEGABYTE = 1024 * 1024
SAMPLES, SAMPLE_ROWS, SAMPLE_TEXT = 3, 200, 60
PREVIEW_ROWS, PREVIEW_COLUMNS, PREVIEW_TEXT = 8, 8, 40
# No header row is looked for further below.
LAST_HEADER_ROW = 1_000


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


class Options(NamedTuple):
    """How a person wants a file to be read; "" or 0 is left to be guessed. `encoding` is a codec, `header_row` the row number that a
    spreadsheet program shows."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0


class Refused(Exception):
    """The file cannot be read soundly. `sentence` is translated and ready to show; `code` names the reason for logs and tests;
    `found` is that of `Table` as far as it is known: perhaps another choice helps."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.found: dict[str, object] = {}


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
    what was found. `typed` are the positions of cells that a person typed since the file was read.
    """

    line: int
    cells: list[Cell]
    error: str = ""
    typed: frozenset[int] = frozenset()


class Table(ABC):
    """An open file. `headers` in the order of the file (blank where a column has none, repeated where the file repeats them);
    `header_line` is their row number; `notes` are sentences on what was decided or left out, complete once all rows are read.

    `found` can be stored as JSON and says how the file is read and what could be chosen instead (see `Options`): kind (csv, xlsx,
    xls, ods), header_row, first_rows (row and texts of each of the first rows that are not blank); of a text file also encoding,
    encodings (value, label and sample texts of each that is plausible), delimiter, delimiters (value, label and number of columns);
    of a workbook also sheet and sheets (the names of those that hold anything).
    """

    kind: str
    headers: list[str]
    header_line: int
    notes: list[str]
    found: dict[str, object]
    sheet: str = ""

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Stream the rows below the header from the first one; blank rows are left out. Raises `Refused`."""

    @abstractmethod
    def first(self, count: int) -> list[Row]:
        """Give up to `count` of the first rows, fewer where they are very long. What `rows` streams is not touched by it."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file and of everything that reads it."""

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def samples(table: Table) -> list[list[str]]:
    """Give up to three different texts from the first rows under each header, each shortened, none blank."""
    found: list[dict[str, None]] = [{} for _header in table.headers]
    for row in table.first(SAMPLE_ROWS):
        # Of a row that cannot be cut into cells nothing can be said.
        for texts, cell in zip(found, row.cells if not row.error else (), strict=False):
            if len(texts) < SAMPLES and (text := as_header(cell)[:SAMPLE_TEXT].rstrip()):
                texts[text] = None
    return [list(texts) for texts in found]


def preview(rows: Iterable[tuple[int, Sequence[Cell]]]) -> list[dict[str, object]]:
    """Give rows as a page shows them for choosing the header row: their number, and the beginnings of their first texts."""
    return [
        {"row": line, "texts": [as_header(cell)[:PREVIEW_TEXT] for cell in cells[:PREVIEW_COLUMNS]]}
        for line, cells in islice(rows, PREVIEW_ROWS)
    ]


def as_header(cell: Cell) -> str:
    """Give the text of a header cell on one line."""
    return " ".join((cell if isinstance(cell, str) else cell.raw).split())


def is_blank(cells: Sequence[Cell]) -> bool:
    """Say whether nothing but white space is in a row."""
    return all(isinstance(cell, str) and (not cell or cell.isspace()) for cell in cells)
