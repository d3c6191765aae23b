"""XLSX: the rows that a child process reads under limits of its own (see `intake.reader.xlsx`)."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from clientdesk.spreadsheets import column_letters
from intake.reader import sentences
from intake.reader.child import Child, ChildRefused
from intake.reader.headers import HeaderChoice, Score, choose_header, header_texts
from intake.reader.table import Cell, Limits, Refused, Row, Table


class WorkbookTable(Table):
    """One sheet of a workbook. The sheet is chosen by its header row, so that a sheet of instructions is not read as rows."""

    kind = "xlsx"

    def __init__(self, path: Path, filename: str, limits: Limits, score: Score | None) -> None:
        self._filename, self._limits = filename, limits
        self._request = {"path": str(path.resolve())} | asdict(limits)
        self._child: Child | None = None
        self._pending: Any = None
        self.notes = []
        try:
            self._choose(self._start(), score)
            self._begin()
            if not isinstance(self._pending, list):
                raise self.refused("header_only", row=self.header_line, sheet=self.sheet)
        except BaseException:
            self.close()
            raise

    def refused(self, code: str, **details: str | int) -> Refused:
        """Build a refusal that names this file."""
        return sentences.refused(code, self._filename, **details)

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
        width = len(self.headers)
        while isinstance(message, list):
            for line, raw in message:
                if len(raw) < width:
                    raw.extend([""] * (width - len(raw)))
                yield Row(line, _cells(raw) if list in map(type, raw) else raw)
            message = self._next()
        self._note(message["left_out"])
        self.close()

    # The talk with the child

    def _start(self) -> list[dict]:
        """Start a child and hear what each sheet begins with."""
        self._child = Child("intake.reader.xlsx", self._request)
        return self._next()["sheets"]

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

    def _choose(self, heads: list[dict], score: Score | None) -> None:
        filled = [(index, head) for index, head in enumerate(heads) if head["rows"]]
        visible = [(index, head) for index, head in filled if not head["hidden"]]
        if not visible:
            raise self.refused("hidden_only", sheet=filled[0][1]["name"]) if filled else self.refused("empty")
        rated = [(index, head, choose_header([_cells(cells) for _line, cells in head["rows"]], score)) for index, head in visible]
        best = max(choice.points for _index, _head, choice in rated)
        if best <= 0:
            # Nothing speaks for any sheet: the first with more than one row, or else the first.
            rated.sort(key=lambda one: len(one[1]["rows"]) < 2)
        self._take(*next(one for one in rated if one[2].points == best))

    def _take(self, index: int, head: dict, choice: HeaderChoice) -> None:
        self._index, self.sheet = index, head["name"]
        self.header_line, cells = head["rows"][choice.index]
        self.headers = header_texts(_cells(cells))
        if not self.headers:
            raise self.refused("empty")
        if len(self.headers) >= self._limits.columns and head["beyond"]:
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
