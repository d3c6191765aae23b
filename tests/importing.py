"""An import in a test: bytes in, the run out, with the worker's own loop in between."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence

from django.core.files.base import ContentFile
from django.db import transaction

from clientdesk import work
from clientdesk.models import User
from intake import applying, planning
from intake.columns import resource
from intake.models import ImportRun, StagedRow

LABELS = {column.key: str(column.label) for column in resource("corporate").columns()}


def csv_bytes(rows: Iterable[dict[str, str]], keys: Sequence[str] = tuple(LABELS)) -> bytes:
    """Return `rows` (text by column key) as a CSV file with our headers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([LABELS[key] for key in keys])
    writer.writerows([[row.get(key, "") for key in keys] for row in rows])
    return text.getvalue().encode()


def uploaded(content: bytes, filename: str = "clients.csv", by: User | None = None) -> ImportRun:
    """Return a run for `content`, its planning queued."""
    with transaction.atomic():
        run = ImportRun(filename=filename, size=len(content), sha256=hashlib.sha256(content).hexdigest(), created_by=by)
        run.file.save(filename, ContentFile(content), save=False)
        planning.start(run, by)
    return run


def work_off() -> None:
    """Do all queued work, as a worker would."""
    while work.advance_due("test"):
        pass


def planned(content: bytes, filename: str = "clients.csv", by: User | None = None) -> ImportRun:
    """Return the run of `content` after its planning."""
    run = uploaded(content, filename, by)
    work_off()
    run.refresh_from_db()
    return run


def imported(content: bytes, filename: str = "clients.csv", by: User | None = None) -> ImportRun:
    """Return the run of `content` after its import."""
    run = planned(content, filename, by)
    assert run.state == ImportRun.State.REVIEW, run.refusal
    assert applying.start(run.pk, by)
    work_off()
    run.refresh_from_db()
    return run


def rows_of(run: ImportRun) -> list[StagedRow]:
    """Return the staged rows of `run` in the order of the file."""
    return list(run.rows.order_by("line"))
