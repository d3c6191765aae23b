"""Rows of the stage as the reader gave them, to be judged once more."""

from django.db.models import QuerySet

from intake.models import ImportRun, StagedRow
from intake.reader import CellError, Row


def rows_of(run: ImportRun, staged: QuerySet[StagedRow]) -> list[Row]:
    """Return rows of the stage of `run` as the reader gave them, with the cells as they were edited since."""
    width, rows = len(run.headers), []
    for line, raw, faults, edits in staged.values_list("line", "raw", "faults", "edits"):
        cells: list = [*raw, *[""] * (width - len(raw))]
        for position, sentence in (faults or {}).items():
            if position:
                cells[int(position)] = CellError(cells[int(position)], sentence)
        rows.append(Row(line, cells, (faults or {}).get("", ""), frozenset(map(int, edits or ()))))
    return rows
