"""What is left to correct after an import: the failed rows with their reasons."""

from collections.abc import Iterator
from itertools import chain

from django.utils.translation import gettext as _

from clientdesk.models import User
from clientdesk.spreadsheets import write_csv
from intake.hidden import hidden_targets
from intake.kinds import resource
from intake.models import ImportRun, StagedRow, Verdict
from intake.modes import said_of
from intake.review import failed_rows


def failed_csv(run: ImportRun, reader: User) -> Iterator[bytes]:
    """Stream the failed rows of `run` as CSV: the file's own columns, then row number and reasons; without rows about clients that
    `reader` may not see (XD33)."""
    labels = {column.key: column.label for column in resource(run.kind).columns()}
    head = [*run.headers, _("Row"), _("Reason")]
    rows = failed_rows(run)
    unseen = hidden_targets(run.kind, rows.exclude(target_id=None).order_by().values_list("target_id", flat=True), reader)
    seen = rows.exclude(target_id__in=unseen) if unseen else rows
    found = seen.iterator(2_000)
    return write_csv(chain([head], ([*row.raw, str(row.line), reasons(errors_of(run, row), labels)] for row in found)))


def errors_of(run: ImportRun, row: StagedRow) -> dict[str, list[str]]:
    """Return every refusal of `row` by column, what the mode has against it included; "" is the row as a whole."""
    errors = dict(row.errors or {})
    if row.verdict == Verdict.ERROR and (said := said_of(run, row)):
        errors[""] = [*errors.get("", []), said]
    return errors


def reasons(errors: dict[str, list[str]] | None, labels: dict[str, str]) -> str:
    """Return every sentence of a row, each with its column in front."""
    said = []
    for key, sentences in (errors or {}).items():
        said.extend(f"{labels[key]}: {sentence}" if key in labels else sentence for sentence in sentences)
    return " | ".join(said)
