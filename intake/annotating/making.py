"""A run -> its error workbook: the person's own file, or a plain workbook with its values."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from clientdesk.models import User
from clientdesk.spreadsheets import Value, write_xlsx
from intake.annotating.findings import FETCH, Findings, words
from intake.annotating.marks import CannotPatch, Job, Marked
from intake.annotating.patching import annotate
from intake.kinds import resource
from intake.matching import scorer
from intake.models import ImportRun
from intake.reader import Limits, Refused, open_table
from intake.reader.xlsx.package import Unreadable
from intake.review import failed_rows


@dataclass(frozen=True, slots=True)
class Made:
    """What became of it: the extension of the workbook, and whether it holds values only."""

    extension: str
    is_values_only: bool


def error_workbook(run: ImportRun, reader: User, target: IO[bytes], tell: Callable[[int], None] | None = None) -> Made:
    """Write to `target` (a file that can be emptied again) what `reader` may see of what is to be corrected in `run`; `tell` is told
    the row that was marked last."""
    findings = Findings(run, reader)
    findings.tell = tell
    try:
        return Made(_own_file(findings, reader, target), is_values_only=False)
    except (CannotPatch, Unreadable, Refused, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
            raise
        target.seek(0)
        target.truncate()
    _values(findings, target)
    return Made("xlsx", is_values_only=True)


def limits() -> Limits:
    """Return the budgets of files as they are set."""
    return Limits(**settings.IMPORT_LIMITS)


def _own_file(findings: Findings, reader: User, target: IO[bytes]) -> str:
    run = findings.run
    is_own = run.created_by_id == reader.pk
    if not run.file or (findings.unseen and not is_own):
        # The file as it is would show rows about clients that the reader may not see.
        raise CannotPatch("not to be shown whole")
    sheet, header_line = _place(run)
    job = Job(
        sheet=sheet,
        header_line=header_line,
        headers=run.headers,
        marks=findings.marks,
        count=findings.cells,
        words=words(findings, sheet, values_only=False),
        marker={"run": run.pk, "sheet": sheet, "header": header_line},
        earlier=run.found.get("correction"),
        may_have_macros=is_own,
    )
    return annotate(Path(run.file.path), target, job, limits())


def _place(run: ImportRun) -> tuple[str, int]:
    """Return sheet and header row that were read. Raises Refused, CannotPatch."""
    if run.found.get("sheet") and run.found.get("header_row"):
        return str(run.found["sheet"]), int(run.found["header_row"])
    with open_table(Path(run.file.path), run.filename, limits(), scorer(resource(run.kind).columns())) as table:
        if table.kind != "xlsx":
            raise CannotPatch("no workbook")
        return table.sheet, table.header_line


# Values only


def _values(findings: Findings, target: IO[bytes]) -> None:
    """Write a workbook of the rows as text, with their row numbers in the file and the reasons as last columns."""
    run = findings.run
    headers = [*run.headers, *[""] * (findings.width - len(run.headers))]
    rows = _Rows(findings, run.rows_read <= settings.IMPORT_LIMITS["rows_sheet"])
    sheet = _("Rows")
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as plain:
        plain.writelines(write_xlsx(_lines([*headers, _("Row")], rows.texts()), sheet=sheet))
        plain.flush()
        job = Job(
            sheet=sheet,
            header_line=1,
            headers=[*headers, _("Row")],
            marks=rows.marks,
            count=findings.cells,
            words=words(findings, sheet, values_only=True),
            marker={"run": run.pk, "sheet": sheet, "header": 1, "row": len(headers)},
            column=len(headers) + 1,
        )
        annotate(Path(plain.name), target, job, replace(limits(), unpacked=1 << 40))


def _lines(head: Sequence[Value], rows: Iterator[list[Value]]) -> Iterator[Sequence[Value]]:
    yield head
    yield from rows


class _Rows:
    """The rows of the values-only workbook and what is wrong with them, numbered as they stand in it."""

    def __init__(self, findings: Findings, with_all: bool) -> None:
        self._findings = findings
        self._rows = findings.seen(findings.run.rows.order_by("line") if with_all else failed_rows(findings.run))
        # The corrected workbook must not be larger than what may be uploaded.
        self._most = settings.IMPORT_LIMITS["rows_sheet"] - 1

    def texts(self) -> Iterator[list[Value]]:
        """Give the cells of each row and its number in the file."""
        width = self._findings.width
        for line, raw in self._rows.values_list("line", "raw")[: self._most].iterator(FETCH):
            yield [*raw[:width], *[""] * (width - len(raw)), line]

    def marks(self) -> Iterator[Marked]:
        """Give the marks by the rows of this workbook."""
        marks = self._findings.marks()
        mark = next(marks, None)
        for place, line in enumerate(self._rows.values_list("line", flat=True)[: self._most].iterator(FETCH), 2):
            if mark is None:
                return
            if mark.line == line:
                yield mark._replace(line=place, texts=[*mark.texts])
                mark = next(marks, None)
