"""What imports leave behind and nobody needs: the rows and the files of those that are over go after some time, their figures stay."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from intake.models import ImportRun, StagedRow

# Rows deleted in one statement, so that nobody waits long for a lock; and runs looked at in one turn of the worker.
AT_ONCE, MOST_RUNS = 20_000, 20


def gone_since(run: ImportRun) -> bool:
    """Say whether rows and file of `run` were thrown away, or will be at the next turn of the worker."""
    return bool(run.finished_at and run.finished_at < _limit())


def sweep() -> None:
    """Throw away rows and files of imports that were over IMPORT_KEEP_DAYS ago, some of them in each turn of the worker."""
    left = AT_ONCE
    rows = Exists(StagedRow.objects.filter(run=OuterRef("pk")))
    over = ImportRun.objects.exclude(state__in=ImportRun.OPEN).filter(Q(finished_at__lt=_limit()))
    for run in over.filter(~Q(file="") | rows).order_by("pk")[:MOST_RUNS]:
        left -= _throw_away_rows(run, left)
        if left <= 0:
            return
        _throw_away_file(run)


def _limit():
    return timezone.now() - timedelta(days=settings.IMPORT_KEEP_DAYS)


def _throw_away_rows(run: ImportRun, most: int) -> int:
    """Delete the first `most` rows of `run` and return how many there were."""
    last = run.rows.order_by("line").values_list("line", flat=True)[most - 1 : most]
    rows = run.rows.filter(line__lte=last[0]) if last else run.rows.all()
    return rows._raw_delete(rows.db)


def _throw_away_file(run: ImportRun) -> None:
    """Forget the file and what was read of it; the row names it until the file is gone."""
    name = run.file.name
    if name:
        run.file.storage.delete(name)
    ImportRun.objects.filter(pk=run.pk).update(file="", samples=[], replacements={})
