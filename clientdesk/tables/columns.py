"""The columns of a list as a person chose them, and what stands in their cells (S1, XD23)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.db.models import Model, QuerySet
from django.utils.formats import date_format

from clientdesk.lists import Column
from clientdesk.models import ListMemory, SavedView
from clientdesk.spreadsheets import Value


@dataclass(frozen=True)
class Cell:
    """One cell of a row: the column's name and class, and the words in it; some columns are drawn by the template instead."""

    name: str
    css: str
    words: str


class Columns[Record: Model, Row]:
    """The columns of one reader's list, in the order of the spec.

    `read_by` says what the database is asked for beside the record's own key, by column; `always` what every row needs.
    """

    read_by: ClassVar[dict[str, tuple[str, ...]]] = {}
    always: ClassVar[tuple[str, ...]] = ()
    # What a file leaves out: columns that only hold buttons.
    not_in_files: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, chosen: Iterable[str] = ()) -> None:
        """Take the names of the `chosen` columns; unknown ones are ignored, none at all means the standard ones."""
        self.all = self.find()
        wanted = set(chosen) & {column.name for column in self.all if not column.fixed}
        self.are_chosen = bool(wanted)
        # A file has values where a page has words.
        self.has_words = True
        # What the order of the list needs of each record (`arrange` of its page).
        self.ordered_by: tuple[str, ...] = ()
        self.shown = tuple(column for column in self.all if column.fixed or (column.name in wanted if wanted else column.standard))

    def find(self) -> tuple[Column, ...]:
        """Return every column that there is."""
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        """The names of the shown columns that were chosen, for whoever keeps them; empty for the standard ones."""
        return [column.name for column in self.shown if not column.fixed] if self.are_chosen else []

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Every column that can be chosen, and whether it is shown."""
        shown = {column.name for column in self.shown}
        return [(column, column.name in shown) for column in self.all if not column.fixed]

    def wanted(self) -> list[str]:
        """Return what the shown columns and the order need beside what every row needs."""
        return [*(part for column in self.shown for part in self.read_by.get(column.name, ())), *self.ordered_by]

    def read(self, records: QuerySet) -> QuerySet:
        """Return `records` with what the shown columns need, in one statement and nothing more."""
        wanted = self.wanted()
        joined = sorted({part.rpartition("__")[0] for part in (*self.always, *wanted) if "__" in part})
        records = records.only(*self.always, *wanted)
        return records.select_related(*joined) if joined else records

    def read_for_files(self, records: QuerySet) -> QuerySet:
        """Return `records` with what the shown columns need in a file, as `rows` takes them; dicts of values are lighter than models."""
        return self.read(records)

    def rows(self, records: list[Record]) -> list[Row]:
        """Return the rows of `records` (from `read`) with their `cells`."""
        raise NotImplementedError

    def words_of(self, record: Record, *more: object) -> list[Cell]:
        """Return the cells of `record`, none for a file; what `more` is known of it is handed on to `value`."""
        if not self.has_words:
            return []
        return [Cell(column.name, column.css, as_text(self.value(column.name, record, *more))) for column in self.shown]

    def value(self, name: str, record: Record, *more: object) -> object:
        """Return what the column `name` says of `record`: a text, a date, or None; what only the template draws is None."""
        raise NotImplementedError

    def heads_in_files(self, column: Column) -> list[str]:
        """Return the heads of `column` in a file: one, or more where a cell shows several things."""
        return [str(column.label)]

    def in_files(self, name: str, row: Row) -> list[Value]:
        """Return the cells of the column `name` in a file, as many as it has heads there."""
        raise NotImplementedError

    @classmethod
    def chosen_by(cls, memory: ListMemory | None, saved: SavedView | None) -> "Columns":
        """Return the columns of a reader with `memory`: those that the open saved view keeps, else those chosen, else the standard
        ones."""
        return cls((saved.columns if saved else []) or (memory.columns if memory else []))


def as_text(value: object) -> str:
    """Return a value of a column in words."""
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value or "")
