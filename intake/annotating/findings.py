"""What the stage says is to be corrected, as the marks of an error workbook."""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.models import User
from intake.annotating.marks import Marked, Words
from intake.cells import shown
from intake.hidden import hidden_targets
from intake.models import ImportRun, StagedRow
from intake.reports import errors_of
from intake.review import failed_rows

FETCH = 2_000


class Findings:
    """The rows of one run that `reader` may see, and what is wrong with them. `unseen` are clients that the reader may not see."""

    def __init__(self, run: ImportRun, reader: User) -> None:
        self.run = run
        # Is told each row of the file that is given.
        self.tell: Callable[[int], None] | None = None
        targets = run.rows.exclude(target_id=None).order_by().values_list("target_id", flat=True)
        self.unseen = hidden_targets(run.kind, targets.iterator(FETCH), reader)
        self._position = {key: position for position, key in reversed(run.mapping)}
        self.rows = 0
        self.cells = 0
        self.width = len(run.headers)
        for marked in self.marks():
            self.rows += 1
            self.cells += len(marked.cells)
            # A row with too many fields keeps them.
            self.width = max(self.width, len(marked.texts))

    def seen(self, rows: QuerySet[StagedRow]) -> QuerySet[StagedRow]:
        """Leave out rows about clients that the reader may not see (XD33)."""
        return rows.exclude(target_id__in=self.unseen) if self.unseen else rows

    def marks(self) -> Iterator[Marked]:
        """Give what is to be corrected, in the order of the file."""
        for row in self.seen(failed_rows(self.run)).iterator(FETCH):
            if self.tell:
                self.tell(row.line)
            yield Marked(row.line, self._cells(row.raw, errors_of(self.run, row), row.edits or {}), row.raw)

    def _cells(self, raw: list[str], errors: dict[str, list[str]], edits: dict[str, str]) -> dict[int | None, list[str]]:
        cells: dict[int | None, list[str]] = {}
        for key, sentences in errors.items():
            cells.setdefault(self._position.get(key), []).extend(sentences)
        for place, before in edits.items():
            if before == raw[int(place)]:
                continue
            cells.setdefault(int(place), []).append(_edited(before, raw[int(place)]))
        return cells or {None: [_("This row was not saved.")]}


def _edited(before: str, now: str) -> str:
    """Say that the review changed a cell: the file still holds the old text."""
    return _("Changed from “%(before)s” to “%(now)s” in the review; the file still has the old text.") % {
        "before": shown(before),
        "now": shown(now),
    }


def words(findings: Findings, sheet: str, *, values_only: bool) -> Words:
    """Return the texts of the workbook in the reader's language."""
    run, count = findings.run, findings.rows
    lines = [
        _("What to correct in “%(file)s”") % {"file": shown(run.filename)},
        ngettext("%(rows)s of %(read)s rows is to be corrected.", "%(rows)s of %(read)s rows are to be corrected.", count)
        % {"rows": number_format(count, force_grouping=True), "read": number_format(run.rows_read, force_grouping=True)},
        *_outcome(run),
        *([_("It holds values only; formats and further sheets were not kept.")] if values_only else []),
        _("Correct the red cells in the sheet “%(sheet)s” and upload this workbook. Rows that were imported are left out then.")
        % {"sheet": sheet},
    ]
    heads = [_("Row"), _("Column"), _("Value"), _("What to correct")]
    return Words("ClientDesk", _("What to correct"), _("What to correct"), lines, heads, _("whole row"))


def _outcome(run: ImportRun) -> Iterator[str]:
    if not run.started_at:
        yield _("Nothing was imported yet.")
        return
    figures = {name: number_format(count, force_grouping=True) for name, count in run.figures.items()}
    yield _("%(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(skipped)s skipped, %(failed)s failed.") % figures
