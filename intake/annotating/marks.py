"""What is to be said in an error workbook, and the words that it is said in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class CannotPatch(Exception):
    """The package is sound enough to be read but not of a form that can be changed with certainty; the text is for developers."""


class Marked(NamedTuple):
    """One row with something to correct: its number in the sheet, {column from 0, or None for the row: sentences}, its texts."""

    line: int
    cells: dict[int | None, list[str]]
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Words:
    """The translated texts of an error workbook: `summary` its sheet's name, `column` the head of the added column, `lines` what
    the summary begins with, `heads` the four heads of its table, `whole_row` what stands for a column there."""

    author: str
    summary: str
    column: str
    lines: list[str]
    heads: list[str]
    whole_row: str


@dataclass(frozen=True, slots=True)
class Job:
    """What to mark in which sheet.

    `marks` gives the rows in the order of the sheet and can be called again; `count` is how many cells they name. `headers` are
    the texts of the header row. With `column` the reasons stand in that column, too, whatever the sheet is like. `marker` is kept
    in the workbook's properties; `earlier` is the one that it holds already, if this is a corrected error workbook. Only who
    sent a workbook with macros gets it back.
    """

    sheet: str
    header_line: int
    headers: list[str]
    marks: Callable[[], Iterator[Marked]]
    count: int
    words: Words
    marker: dict[str, object]
    column: int | None = None
    earlier: dict[str, object] | None = None
    may_have_macros: bool = False


def reasons(marked: Marked, headers: list[str], separator: str = "\n") -> str:
    """Return every sentence of a row, each with the head of its column in front."""
    said = []
    for position, sentences in marked.cells.items():
        head = headers[position] if position is not None and position < len(headers) else ""
        said.extend(f"{head}: {sentence}" if head else sentence for sentence in sentences)
    return separator.join(said)
