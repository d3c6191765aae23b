"""A corrected error workbook comes back: what it corrects, and which of its rows were done already."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from intake.annotating.making import limits
from intake.annotating.properties import marker_of
from intake.loading import encode
from intake.models import Base, ImportRun, Outcome, Verdict
from intake.reader import Row
from intake.verdicts import faults_of, raw_text

DONE = {Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.SKIPPED}
MOST_COLUMNS = 1_000
OPEN = {Outcome.FAILED, Outcome.CONFLICT}

# What `recognise` sets.
FIELDS = [
    "corrects", "found", "options", "headers", "mapping", "is_matched", "mode", "key", "client", "empty_cells", "replacements",
    "updated_at",
]  # fmt: skip


def recognise(run: ImportRun) -> bool:
    """Set on `run`, unsaved, which import its file corrects and how that one was read; return whether it corrects one.

    It must be of the same kind and one that the person may see. Called before the file is opened for its rows; what a person chose
    since the first time stays.
    """
    if run.corrects is not None:
        return False
    marker = marker_of(Path(run.file.path), limits())
    number = marker.get("run")
    if not isinstance(number, int) or isinstance(number, bool) or number == run.pk:
        return False
    runs = ImportRun.objects.seen_by(run.created_by) if run.created_by else ImportRun.objects.all()
    run.corrects = runs.filter(pk=number, kind=run.kind).first()
    if run.corrects is None:
        return False
    _take_over(run, run.corrects, marker)
    return True


def _take_over(run: ImportRun, earlier: ImportRun, marker: dict[str, object]) -> None:
    """Read and match the file as the one before, and import it in the same way."""
    place = {"sheet": marker.get("sheet"), "header_row": marker.get("header")}
    run.found = run.found | {"correction": marker}
    run.options = {key: earlier.options[key] for key in ("dates", "decimals") if key in earlier.options} | place | run.options
    # Where its headers turn out to be others, the file is matched as any other.
    run.headers, run.mapping, run.is_matched = _headers(earlier.headers, marker), earlier.mapping, True
    run.mode, run.key, run.client = earlier.mode, earlier.key, earlier.client
    run.empty_cells, run.replacements = earlier.empty_cells, earlier.replacements


def kept(run: ImportRun) -> dict[str, object]:
    """Return what must stay in `run.found` when the file is looked at anew."""
    return {name: run.found[name] for name in ("correction",) if name in run.found}


def _headers(before: list[str], marker: dict[str, object]) -> list[str]:
    """Return the headers of the error workbook for a file with the headers `before`: with the columns that were added."""
    row, column = marker.get("row"), marker.get("column")
    if not isinstance(column, int) or not len(before) <= column <= MOST_COLUMNS:
        return before
    headers = [*before, *[""] * (column - len(before)), _("What to correct")]
    if isinstance(row, int) and row < column:
        headers[row] = _("Row")
    return headers


def notes(run: ImportRun) -> list[str]:
    """Say for the review, where it is so, that only what was left open is looked at."""
    if run.corrects is None or run.corrects.started_at is None:
        return []
    return [_("This workbook corrects the import of “%(file)s”. Rows that were done then are left out.") % {"file": run.corrects.filename}]


def parted(run: ImportRun, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return those of `rows` that the corrected import did and that say the same still, and the others. One statement.

    A row that was changed since is judged again, wherever it stands: the person moved it or wants more of it changed.
    """
    done = _done_lines(run, rows)
    return [row for row in rows if row.line in done], [row for row in rows if row.line not in done]


def _done_lines(run: ImportRun, rows: Sequence[Row]) -> set[int]:
    earlier = run.corrects
    if earlier is None or earlier.started_at is None or earlier.undone_at:
        return set()
    place = run.found.get("correction", {}).get("row")
    lines = {row.line: _line_before(row, place) for row in rows}
    found = earlier.rows.filter(line__in=[line for line in lines.values() if line]).values_list(
        "line", "raw", "edits", "verdict", "outcome"
    )
    ended, width = earlier.is_over, len(earlier.headers)
    before = {line: _texts_before(raw, edits, width) for line, raw, edits, verdict, outcome in found if _is_done(verdict, outcome, ended)}
    return {row.line for row in rows if _texts(row, width) in before.get(lines[row.line], ())}


def _line_before(row: Row, place: object) -> int:
    if not isinstance(place, int):
        return row.line
    cell = row.cells[place] if 0 <= place < len(row.cells) else ""
    return int(cell) if isinstance(cell, str) and cell.isascii() and cell.isdecimal() and len(cell) < 10 else 0


def _texts(row: Row, width: int) -> list[str]:
    return _level([cell if isinstance(cell, str) else cell.raw for cell in row.cells], width)


def _level(texts: list[str], width: int) -> list[str]:
    """Give texts as a workbook can hold them: as many as there are columns, with one kind of line end."""
    return [*(text.replace("\r\n", "\n").replace("\r", "\n") for text in texts[:width]), *[""] * (width - len(texts))]


def _texts_before(raw: list[str], edits: dict[str, str] | None, width: int) -> list[list[str]]:
    """Return the texts of a row as the earlier file had them, and as they were after what was changed in the review."""
    before = list(raw)
    for place, text in (edits or {}).items():
        before[int(place)] = text
    return [_level(raw, width), _level(before, width)]


def _is_done(verdict: str, outcome: str | None, ended: bool) -> bool:
    if outcome in OPEN or verdict == Verdict.ERROR:
        return False
    # What a running import did not reach yet, it will.
    return outcome in DONE or verdict in {Verdict.UNCHANGED, Verdict.SKIPPED} or not ended


def skipped(run: ImportRun, rows: Iterable[Row], columns: Sequence[str]) -> Iterator[list]:
    """Give the values of the stage's `columns` for rows that are done already."""
    warnings = encode({"": [_("Done by the import before.")]})
    fixed = {"run_id": run.pk, "base": Base.SKIPPED, "verdict": Verdict.SKIPPED, "warnings": warnings}
    for row in rows:
        staged = fixed | {"line": row.line, "raw": raw_text(row.cells), "faults": faults_of(row)}
        yield [staged.get(column) for column in columns]
