"""Plan -> database, in chunks. Each chunk is one transaction with its history, its outcomes and the cursor: killed at any instant,
the run goes on from the last commit and ends as one that was never killed. All-or-nothing is one transaction around all chunks.

First the mode is laid on the plan, then changed rows are saved, then new ones, each in the order of the file.
"""

from collections.abc import Callable
from time import monotonic

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.utils import OperationalError
from django.utils import timezone

from clientdesk import trigrams, work
from clientdesk.models import LongRun, User
from intake import inviting, modes, progress, sentences
from intake.engines import ENGINES
from intake.known import remember
from intake.loading import texts
from intake.models import ImportRun, Outcome, StagedRow, Verdict
from intake.planning import Stale
from intake.unhurried import uncollected

CHUNK = 2_000
SECONDS = 1.5
# Somebody takes a name between our look and our write: the next look sees it.
TRIES = 5
DEADLOCK = "40P01"
# More rows than this would keep everybody else from SQLite's one write lock for too long.
MOST_AT_ONCE_ON_SQLITE = 50_000

# What comes one after the other; each name is the run's bookmark while it lasts.
NUMBERED = "numbered"
STEPS: dict[str, Callable[[ImportRun], QuerySet[StagedRow]]] = {
    Verdict.CHANGED: lambda run: run.rows.filter(verdict=Verdict.CHANGED),
    # New clients that bring a number come before those that are given one.
    NUMBERED: lambda run: run.rows.filter(verdict=Verdict.NEW, match_key__isnull=False),
    Verdict.NEW: lambda run: run.rows.filter(verdict=Verdict.NEW, outcome=None),
}


def start(
    run_pk: int, by: User | None, mode: str = "", *, skip_errors: bool | None = None, invites: bool = False, seen: int | None = None
) -> bool:
    """Queue the import of a reviewed run in `mode` (where given); return False where it was started already, so that a second press
    does nothing. `invites` says that whom it brings is invited afterwards.

    Raises ValueError with a sentence where the run may not start so, Stale where it is not of the version `seen` any more.
    """
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_pk)
        if run.state != ImportRun.State.REVIEW:
            return False
        if seen is not None and run.version != seen:
            raise Stale(run)
        reviewed = run.mode, run.skip_errors
        run.mode = mode or run.mode
        run.invites = invites and run.kind in inviting.OF_PEOPLE
        run.skip_errors = run.skip_errors if skip_errors is None else skip_errors
        if (run.mode, run.skip_errors) != reviewed:
            lay_mode(run)
        if reason := why_not(run):
            raise ValueError(reason)
        total = run.counts.get(Verdict.NEW, 0) + run.counts.get(Verdict.CHANGED, 0)
        run.work = work.start("import_apply", by, total)
        run.state, run.cursor, run.bookmark, run.started_at = ImportRun.State.APPLYING, 0, Verdict.CHANGED, timezone.now()
        run.save()
        remember(run)
    return True


def lay_mode(run: ImportRun) -> None:
    """Give each staged row the verdict of the run's mode and count anew; the caller saves the run."""
    run.rows.update(verdict=modes.expression(run.mode, skip_errors=run.skip_errors))
    run.counts = modes.counts(run.matches.get("rows", []), run.mode, skip_errors=run.skip_errors)


def why_not(run: ImportRun) -> str:
    """Return why a reviewed run may not start as it is, or an empty text (import.md section 5)."""
    if run.skip_errors:
        return ""
    if wrong := run.counts.get(Verdict.ERROR, 0):
        return sentences.errors_left(wrong)
    if connection.vendor == "sqlite" and run.rows_read > MOST_AT_ONCE_ON_SQLITE:
        return sentences.too_many_at_once(run.rows_read, MOST_AT_ONCE_ON_SQLITE)
    return ""


def advance(long_run: LongRun) -> bool:
    """Import on for about two seconds, or to the end where all rows are one act; return whether all is done. Raises work.Refused."""
    if not ImportRun.objects.get(work=long_run).skip_errors:
        return _all_at_once(long_run)
    until = monotonic() + SECONDS
    while True:
        finished = _chunk(long_run)
        if finished or monotonic() > until:
            return finished


def done(long_run: LongRun) -> None:
    """Every row has its outcome; what the search index put off is done now, and who is to be invited is queued."""
    trigrams.settle()
    run = ImportRun.objects.get(work=long_run)
    if run.invites:
        inviting.start(run)
    ImportRun.objects.filter(work=long_run).end(ImportRun.State.DONE)


def failed(long_run: LongRun) -> None:
    """The import stopped; what was saved stays."""
    ImportRun.objects.filter(work=long_run).end(ImportRun.State.FAILED, long_run.error)


def cancelled(long_run: LongRun) -> None:
    """The person cancelled; what was saved stays."""
    ImportRun.objects.filter(work=long_run).end(ImportRun.State.CANCELLED)


def _again(long_run: LongRun, act: Callable[[], bool]) -> bool:
    """Do `act` as one transaction of `long_run`, anew where it only met somebody."""
    tries = 0
    while True:
        tries += 1
        try:
            with work.chunk(long_run):
                return act()
        except (IntegrityError, OperationalError) as error:
            if tries == TRIES or not _is_a_meeting(error):
                raise


def _chunk(long_run: LongRun) -> bool:
    return _again(long_run, lambda: _apply(long_run, ImportRun.objects.get(work=long_run)))


def _all_at_once(long_run: LongRun) -> bool:
    """Save every row, or none: the first that cannot be saved ends all with its reason."""

    def act() -> bool:
        while not _apply(long_run, ImportRun.objects.get(work=long_run)):
            run = ImportRun.objects.get(work=long_run)
            progress.note(run, long_run.done)
            if run.counts.get(Outcome.FAILED) or run.counts.get(Outcome.CONFLICT):
                row = run.rows.filter(outcome__in=[Outcome.FAILED, Outcome.CONFLICT]).order_by("line").first()
                said = [sentence for texts in (row.errors or {}).values() for sentence in texts]
                raise work.Refused(sentences.nothing_saved(row.line, " ".join(said)))
        return True

    return _again(long_run, act)


def _is_a_meeting(error: Exception) -> bool:
    """Whether we only met somebody: another look helps. A database that is gone needs the pause of the worker instead."""
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") == DEADLOCK


def _apply(long_run: LongRun, run: ImportRun) -> bool:
    step = run.bookmark
    rows = texts(STEPS[step](run).filter(line__gt=run.cursor).order_by("line")[:CHUNK], *ENGINES[run.kind].chunk.FIELDS)
    if not rows:
        return _next(run, step)
    verdict = Verdict.CHANGED if step == Verdict.CHANGED else Verdict.NEW
    with uncollected():
        outcomes = ENGINES[run.kind].chunk(run, long_run).apply(verdict, rows)
    for outcome in outcomes:
        run.counts[outcome] = run.counts.get(outcome, 0) + len(outcomes[outcome])
    run.cursor = rows[-1][0]
    run.save(update_fields=["cursor", "counts", "updated_at"])
    long_run.done += len(rows)
    return False


def _next(run: ImportRun, step: str) -> bool:
    steps = [name for name in STEPS if name != NUMBERED or _brings_numbers(run)]
    if (place := steps.index(step) + 1) < len(steps):
        run.bookmark, run.cursor = steps[place], 0
        run.save(update_fields=["bookmark", "cursor", "updated_at"])
        return False
    ended = sum(run.counts.get(outcome, 0) for outcome in (Outcome.CREATED, Outcome.UPDATED, Outcome.FAILED, Outcome.CONFLICT))
    if ended != run.counts.get(Verdict.NEW, 0) + run.counts.get(Verdict.CHANGED, 0):
        raise work.Refused(sentences.stage_lost())
    return True


def _brings_numbers(run: ImportRun) -> bool:
    return any(key == "number" for _position, key in run.mapping)
