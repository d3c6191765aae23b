"""A chunk of rows -> what the plan says about each: exact verdict, before and after of each cell, sentences. Writes nothing.

What every kind of import shares stands here; a kind adds how its rows find their records and what its records need.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from django.core.exceptions import ValidationError

from intake import modes, sentences, several
from intake.cells import Stored, is_clearing
from intake.client_cells import SeveralWidget
from intake.column import Column
from intake.declaring import Declaration
from intake.file_facts import is_example
from intake.kinds import resource
from intake.known import known_values, same_text
from intake.loading import encode
from intake.models import Base, ImportRun
from intake.proposals import read_as
from intake.reader import Row
from intake.references import ReferenceWidget
from intake.round_trip import Mark, Since

if TYPE_CHECKING:
    from intake.client_links import Owner

# The columns of the stage in the order in which `Judge.judge` gives their values; the first two find the row.
JUDGED = [
    "run_id", "line", "base", "verdict", "name_key", "external_id", "match_key", "target_id", "target_version",
    "values", "changes", "parts", "errors", "warnings",
]  # fmt: skip
STAGED = [*JUDGED, "raw", "faults"]


class Judged:
    """One row on its way to a verdict."""

    __slots__ = (
        "barred", "blank", "changes", "cleared", "client", "conflicts", "errors", "example", "hidden", "mark", "match_key", "name_key",
        "parts", "phones", "row", "since", "target", "values", "warnings",
    )  # fmt: skip

    def __init__(self, row: Row) -> None:
        self.row = row
        self.values: dict[str, Stored] = {}
        # Cells that shall be emptied in a record that exists.
        self.cleared: set[str] = set()
        self.errors: dict[str, list[str]] = {}
        self.warnings: dict[str, list[str]] = {}
        self.changes: dict[str, list[Stored]] = {}
        self.parts: dict[str, object] = {}
        self.target: dict[str, Stored] | None = None
        # The client to which the record belongs, for kinds whose rows name one.
        self.client: Owner | None = None
        self.name_key: str | None = None
        self.match_key: str | None = None
        self.phones: dict[str, str] = {}
        # Where the row was exported for editing: which record, what happened to it since, and cells that were edited on both sides.
        self.mark: Mark | None = None
        self.since: dict[str, Since] = {}
        self.conflicts: set[str] = set()
        self.example = self.hidden = self.barred = self.blank = False

    def refuse(self, key: str, sentence: str) -> None:
        """Add a refusal of the cell `key`."""
        self.errors.setdefault(key, []).append(sentence)

    def bar(self, key: str, sentence: str) -> None:
        """Add a refusal of the identifying cell `key` that holds in every mode."""
        self.refuse(key, sentence)
        self.barred = True

    def warn(self, key: str, sentence: str) -> None:
        """Add a warning to the cell `key`."""
        self.warnings.setdefault(key, []).append(sentence)

    @property
    def base(self) -> str:
        """What the row is by itself."""
        if self.example:
            return Base.SKIPPED
        if self.errors:
            return Base.BARRED if self.barred or self.hidden or (self.blank and self.target is None) else Base.ERROR
        if self.target is None:
            return Base.BLANK if self.blank else Base.NEW
        return Base.CHANGED if self.changes else Base.UNCHANGED


class Judge[Source: Declaration](ABC):
    """Judges the rows of one run. Make a new one for each chunk: it reads the settings lists when it is made."""

    # The column that holds the example's name, by which the template's own row is known.
    example_key: ClassVar[str] = "name"
    # Whether names, external IDs and numbers stand in one row only, and whether a row without a name is given one.
    repeats: ClassVar[bool] = True
    names: ClassVar[bool] = True
    # Whether rows that share their `name_key` are about one record and judged together, too.
    grouped: ClassVar[bool] = False

    def __init__(self, run: ImportRun) -> None:
        self.run, self.by = run, run.created_by
        source = cast("Source", resource(run.kind))
        source.prepare(run.created_by)
        read_as(source.columns(), run.options)
        self.source = source
        self.fields: dict[str, Column] = source.fields
        # A custom field that is gone since the headers were read is read no more.
        self.mapped = [(position, self.fields[key]) for position, key in run.mapping if key in self.fields]
        known = known_values([column.key for _position, column in self.mapped])
        self.memory = {key: texts for key, texts in known.items() if texts}
        self.cleaners = [
            (position, column.key, column.widget.quick, column.widget.clean, run.replacements.get(column.key))
            for position, column in self.mapped
        ]
        clears = {column.key: run.empty_cells.get(column.key, run.empty_cells.get("", "keep")) == "clear" for _at, column in self.mapped}
        self.clears = [(position, column.key) for position, column in self.mapped if clears[column.key] and column.can_be_emptied]
        references = {column.key: column.widget for column in self.fields.values() if isinstance(column.widget, ReferenceWidget)}
        self.barred = {key: widget.barred for key, widget in references.items() if widget.barred}
        self.several = {key: column for key, column in self.fields.items() if isinstance(column.widget, SeveralWidget)}
        self.phones = {column.key for column in source.columns() if column.widget.asks_country}

    @abstractmethod
    def look_up(self, judged: list[Judged]) -> None:
        """Find what the rows are about: a handful of queries whatever their number."""

    @abstractmethod
    def tries(self, key: str, rows: Sequence[Sequence[str]]) -> Iterator[int | None]:
        """Yield for each of `rows` (texts of its cells) how many records it leads to by the identifying field `key`; None for a row
        without identifying text."""

    @staticmethod
    @abstractmethod
    def match_column(key: str) -> str:
        """Return the column to which belongs what the stage holds as `match_key` where rows are found by `key`."""

    @abstractmethod
    def compare(self, one: Judged) -> None:
        """Say what the row changes, or what it lacks; no queries."""

    def judge(self, rows: Iterable[Row]) -> Iterator[tuple]:
        """Return a tuple of JUDGED values for each of `rows`; no queries while the result is read."""
        return map(self._judged, self.weigh(rows))

    def weigh(self, rows: Iterable[Row]) -> list[Judged]:
        """Return what is said of each of `rows`."""
        judged = [self._cleaned(row) for row in rows]
        self.look_up(judged)
        for one in judged:
            if one.example:
                one.warnings[""] = [sentences.example_row()]
            else:
                self.compare(one)
        return judged

    @staticmethod
    def settle(run: ImportRun, keys: Collection[str]) -> None:
        """Judge together what rows of `run` that have one of `keys` (their `name_key`) say of one record; only of `grouped` kinds."""
        raise NotImplementedError

    def stage(self, rows: Sequence[Row]) -> Iterator[tuple]:
        """Return a tuple of STAGED values for each of `rows`, which were just read; no queries while the result is read."""
        # Judged here and now: a question asked during a COPY would wait for ever.
        judged = self.judge(rows)
        return ((*one, raw_text(row.cells), faults_of(row)) for row, one in zip(rows, judged, strict=True))

    def _cleaned(self, row: Row) -> Judged:
        one = Judged(row)
        cells, values = row.cells, one.values
        if row.error:
            one.refuse("", row.error)
        for position, key, quick, clean, replacements in self.cleaners:
            cell = cells[position]
            if not cell:
                continue
            if not isinstance(cell, str):
                one.refuse(key, cell.sentence)
                continue
            if replacements and not (cell := replacements.get(same_text(cell), cell)):
                continue
            if cell[:1] == "(" and is_clearing(cell):
                self._clear(one, key)
            elif (stored := quick(cell)) is not None:
                values[key] = stored
            elif key in self.phones:
                one.phones[key] = cell
            else:
                self.clean(one, key, clean, cell)
        for position, key in self.clears:
            if not cells[position] or (isinstance(cells[position], str) and cells[position].isspace()):
                one.cleared.add(key)
        one.example = self._is_example(one)
        return one

    def _is_example(self, one: Judged) -> bool:
        key = self.example_key
        if key not in one.values or one.values[key] != self.fields[key].example:
            return False
        texts = {column.key: str(one.row.cells[position]) for position, column in self.mapped}
        return is_example(texts, self.fields.values(), key)

    def _clear(self, one: Judged, key: str) -> None:
        if self.fields[key].can_be_emptied:
            one.cleared.add(key)
        else:
            one.refuse(key, sentences.cannot_be_emptied(self.fields[key].label))

    def clean(self, one: Judged, key: str, clean, cell: str, country: str = "") -> None:
        """Put the stored form of `cell` among the values of the row, or its refusals among the errors."""
        if is_clearing(cell):
            self._clear(one, key)
            return
        try:
            stored = clean(cell, country=country)
        except ValidationError as error:
            if (known := self.memory.get(key, {}).get(same_text(cell))) is not None and (stored := self._quietly(clean, known)) is not None:
                one.values[key] = stored
                one.warn(key, sentences.read_as_before(cell, known))
                return
            one.errors.setdefault(key, []).extend(error.messages)
        else:
            if stored is not None:
                one.values[key] = stored

    @staticmethod
    def _quietly(clean, text: str) -> Stored:
        try:
            return clean(text)
        except ValidationError:
            return None

    def read_phones(self, one: Judged, country: str) -> None:
        """Read the phone numbers that need to know the country."""
        for key, cell in one.phones.items():
            self.clean(one, key, self.fields[key].widget.clean, cell, country)

    def check_references(self, one: Judged) -> None:
        """Refuse entries of settings lists that nobody may choose anew."""
        target = one.target
        for key, barred in self.barred.items():
            value = one.values.get(key)
            if isinstance(value, int) and value in barred and (target is None or target.get(key) != value):
                one.refuse(key, barred[value])
        for key, column in self.several.items():
            for reason in several.barred(column, one.values[key], (target or {}).get(key)) if key in one.values else ():
                one.refuse(key, reason)

    def empty_cleared(self, one: Judged) -> None:
        """Put what shall be emptied among the values; only for a row whose record exists."""
        for key in one.cleared:
            one.values[key] = self.fields[key].widget.blank

    def _judged(self, one: Judged) -> tuple:
        base, target = one.base, one.target
        run = self.run
        verdict = modes.verdict(run.mode, base, matched=target is not None, skip_errors=run.skip_errors)
        return (
            run.pk,
            one.row.line,
            base,
            verdict,
            one.name_key,
            one.values.get("external_id") if not one.example else None,
            one.match_key,
            target["id"] if target else None,
            target["version"] if target else None,
            encode(one.values) if base in {Base.NEW, Base.BLANK, Base.CHANGED} else None,
            _changes(one, base),
            encode(one.parts) if one.parts else None,
            encode(one.errors) if one.errors else None,
            encode(one.warnings) if one.warnings else None,
        )


def _changes(one: Judged, base: str) -> str | None:
    if base == Base.CHANGED:
        return encode(one.changes)
    both = {key: one.changes[key] for key in one.conflicts & one.changes.keys()}
    return encode(both) if both else None


def raw_text(cells: Sequence[object]) -> str:
    """Return the texts of a row as JSON that every database can hold: what it cannot becomes the replacement character."""
    raw = [cell if isinstance(cell, str) else cell.raw for cell in cells]
    text = encode(raw)
    if "\\u0000" in text or not _encodes(text):
        text = encode([cell.replace("\x00", "\ufffd").encode("utf-8", "replace").decode() for cell in raw])
    return text


def faults_of(row: Row) -> str | None:
    """Return as JSON what the reader could not read soundly in `row`: {position: sentence}, "" for the row as a whole; None for nothing."""
    faults = {str(at): cell.sentence for at, cell in enumerate(row.cells) if not isinstance(cell, str)}
    if row.error:
        faults[""] = row.error
    return encode(faults) if faults else None


def _encodes(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
