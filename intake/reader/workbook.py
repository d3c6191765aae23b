"""Workbooks (XLSX, XLS, ODS): the rows that a child process reads under limits of its own (see `intake.reader.talk`)."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from clientdesk.spreadsheets import column_letters
from intake.reader import sentences
from intake.reader.child import Child, ChildRefused
from intake.reader.headers import HeaderChoice, Score, choose_header, header_texts
from intake.reader.table import LAST_HEADER_ROW, SAMPLE_ROWS, Cell, Limits, Options, Refused, Row, Table, preview


class _Head(NamedTuple):
    """How a sheet begins: its place in the workbook, its rows as (row number, cells), and whether cells stand right of the columns."""

    index: int
    name: str
    hidden: bool
    rows: list[tuple[int, list[Cell]]]
    beyond: int


class WorkbookTable(Table):
    """One sheet of a workbook. The sheet is chosen by its header row, so that a sheet of instructions is not read as rows."""

    def __init__(self, path: Path, filename: str, limits: Limits, score: Score | None, options: Options, *, kind: str = "") -> None:
        self._filename, self._limits, self._options = filename, limits, options
        header_row = options.header_row if options.header_row <= LAST_HEADER_ROW else 0
        self._request = {"path": str(path.resolve()), "kind": kind, "header_row": header_row} | asdict(limits)
        self._child: Child | None = None
        self._pending: Any = None
        self.kind, self.notes, self.found = kind, [], {}
        try:
            self._choose(self._start(), score)
            self._begin()
            if not isinstance(self._pending, list):
                raise self.refused("header_only", row=self.header_line, sheet=self.sheet)
            self._first = [row._replace(cells=list(row.cells)) for row in self._rows_of(self._pending[:SAMPLE_ROWS])]
        except BaseException:
            self.close()
            raise

    def refused(self, code: str, **details: str | int) -> Refused:
        """Build a refusal that names this file."""
        refusal = sentences.refused(code, self._filename, **details)
        refusal.found = self.found
        return refusal

    def close(self) -> None:
        """End the child process."""
        if self._child:
            self._child.close()
        self._child = None

    def rows(self) -> Iterator[Row]:
        """Stream the rows below the header from the first one. Called again, it reads the file again in a new child."""
        if self._pending is None:
            self.close()
            self._start()
            self._begin()
        message, self._pending = self._pending, None
        while isinstance(message, list):
            yield from self._rows_of(message)
            message = self._next()
        self._note(message["left_out"])
        self.close()

    def first(self, count: int) -> list[Row]:
        """Give the first rows, as far as the first message of the child holds them."""
        return self._first[:count]

    def _rows_of(self, message: list[tuple[int, list[str | list[str]]]]) -> Iterator[Row]:
        width = len(self.headers)
        for line, raw in message:
            if len(raw) < width:
                raw.extend([""] * (width - len(raw)))
            yield Row(line, _cells(raw) if list in map(type, raw) else raw)

    # The talk with the child

    def _start(self) -> list[_Head]:
        """Start a child and hear what each sheet begins with."""
        self._child = Child("intake.reader.talk", self._request)
        answer = self._next()
        self.kind = answer["kind"]
        return [
            _Head(index, head["name"], head["hidden"], [(line, _cells(cells)) for line, cells in head["rows"]], head["beyond"])
            for index, head in enumerate(answer["sheets"])
        ]

    def _begin(self) -> None:
        """Ask for the rows of the chosen sheet and hear the first of them."""
        self._child.say({"sheet": self._index, "header_line": self.header_line, "width": len(self.headers)})
        self._pending = self._next()

    def _next(self) -> Any:
        try:
            return self._child.hear()
        except ChildRefused as error:
            raise self.refused(error.code, **error.details) from None

    # The sheet and its header row

    def _choose(self, heads: list[_Head], score: Score | None) -> None:
        filled = [head for head in heads if head.rows]
        visible = [head for head in filled if not head.hidden]
        self.found = {"kind": self.kind, "sheet": "", "sheets": [head.name for head in visible]}
        if self._options.sheet:
            visible = [self._sheet_chosen(filled)]
        if not visible:
            raise self.refused("hidden_only", sheet=filled[0].name) if filled else self.refused("empty")
        rated = [(head, self._header_row(head, score)) for head in visible]
        best = max(choice.points for _head, choice in rated)
        if best <= 0:
            # Nothing speaks for any sheet: the first with more than one row, or else the first.
            rated.sort(key=lambda one: len(one[0].rows) < 2)
        self._take(*next(one for one in rated if one[1].points == best))

    def _sheet_chosen(self, filled: list[_Head]) -> _Head:
        """Find the sheet that a person chose: a hidden one, too, because it is no guess."""
        if head := next((head for head in filled if head.name == self._options.sheet), None):
            return head
        raise self.refused("no_such", sheet=sentences.shown(self._options.sheet, sentences.RAW_SHOWN))

    def _header_row(self, head: _Head, score: Score | None) -> HeaderChoice:
        if not self._options.header_row:
            return choose_header([cells for _line, cells in head.rows], score)
        index = next((index for index, (line, _cells) in enumerate(head.rows) if line == self._options.header_row), -1)
        points = choose_header([head.rows[index][1]], score).points if index >= 0 else -1.0
        return HeaderChoice(index, points)

    def _take(self, head: _Head, choice: HeaderChoice) -> None:
        self._index, self.sheet = head.index, head.name
        self.found |= {"sheet": head.name, "header_row": 0, "first_rows": preview(head.rows)}
        if choice.index < 0:
            raise self.refused("header_row", row=self._options.header_row, sheet=self.sheet)
        self.header_line, cells = head.rows[choice.index]
        self.headers = header_texts(cells)
        self.found["header_row"] = self.header_line
        if not self.headers:
            raise self.refused("empty")
        if len(self.headers) >= self._limits.columns and head.beyond:
            raise self.refused("columns", row=self.header_line, sheet=self.sheet, limit=self._limits.columns)

    def _note(self, left: dict) -> None:
        """Say what was read, what was left out and what a person might not expect."""
        self.notes = [sentences.read_sheet(self.sheet)]
        self.notes += [sentences.no_header(column_letters(int(column)), count) for column, count in sorted(left["unheaded"].items())]
        if left["strays"]:
            self.notes.append(sentences.stray_cells(left["first_stray"], left["strays"]))
        if left["stopped_at"]:
            self.notes.append(sentences.stopped_at(left["stopped_at"]))
        if left["merged"]:
            self.notes.append(sentences.merged_cells(left["merged"]))
        if left["hidden_rows"] or left["hidden_columns"]:
            self.notes.append(sentences.hidden_read(left["hidden_rows"], left["hidden_columns"]))


def _cells(raw: list[str | list[str]]) -> list[Cell]:
    return [cell if isinstance(cell, str) else sentences.cell_error(cell[0], cell[1]) for cell in raw]
