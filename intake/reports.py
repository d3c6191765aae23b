"""What is left to correct after an import: the failed rows with their reasons."""

from collections.abc import Iterator
from itertools import chain

from django.utils.translation import gettext as _

from clientdesk.spreadsheets import write_csv
from intake.columns import resource
from intake.models import ImportRun
from intake.review import failed_rows


def failed_csv(run: ImportRun) -> Iterator[bytes]:
    """Stream the failed rows of `run` as CSV: the file's own columns, then row number and reasons."""
    labels = {column.key: column.label for column in resource(run.kind).columns()}
    head = [*run.headers, _("Row"), _("Reason")]
    rows = failed_rows(run).values_list("line", "raw", "errors").iterator(2_000)
    return write_csv(chain([head], ([*raw, str(line), reasons(errors, labels)] for line, raw, errors in rows)))


def reasons(errors: dict[str, list[str]] | None, labels: dict[str, str]) -> str:
    """Return every sentence of a row, each with its column in front."""
    said = []
    for key, sentences in (errors or {}).items():
        said.extend(f"{labels[key]}: {sentence}" if key in labels else sentence for sentence in sentences)
    return " | ".join(said)
