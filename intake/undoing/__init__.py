"""Undo of an import as one unit (import.md 2, step 6): created records go, overwritten values come back, what people changed since stays.

The history of the import is the only source; its stage may be gone. Like an import, an undo goes chunk by chunk: each is one transaction
with its history, its report and its place, so that a killed one goes on and ends as one that was never killed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.utils import OperationalError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clientdesk import trigrams, work
from clientdesk.models import Change, LongRun, User
from intake.models import ImportRun
from intake.undoing.report import Report, counted, means, shown
from intake.undoing.walk import Walk

__all__ = [
    "DAYS",
    "KIND",
    "LOOK_KIND",
    "Report",
    "Walk",
    "advance",
    "counted",
    "forget",
    "is_under_way",
    "look",
    "means",
    "open_until",
    "report_of",
    "shown",
    "start",
    "start_looking",
    "why_not",
]

DAYS = 30
KIND, LOOK_KIND = "import_undo", "import_undo_look"
# An import that wrote no more than this is looked at while the page is made.
AT_ONCE = 3_000
SECONDS = 1.5
TRIES = 5
DEADLOCK = "40P01"


def open_until(run: ImportRun) -> datetime | None:
    """Return until when `run` can be undone; None while it is not over."""
    return run.finished_at + timedelta(days=DAYS) if run.finished_at else None


def why_not(run: ImportRun) -> str:
    """Return the sentence why `run` cannot be undone now, or an empty text."""
    until = open_until(run)
    if not run.started_at or until is None or not run.is_over:
        return _("Only an import that is over can be undone.")
    if run.undone_at:
        moment = date_format(timezone.localtime(run.undone_at), "DATETIME_FORMAT")
        return _("The import of “%(file)s” was undone on %(moment)s. There is nothing left to undo.") % {
            "file": run.filename,
            "moment": moment,
        }
    if is_under_way(run):
        return _("The import of “%(file)s” is being undone already.") % {"file": run.filename}
    if until < timezone.now():
        shown_days = {"file": run.filename, "days": DAYS}
        return _("The import of “%(file)s” is older than %(days)s days and cannot be undone any more.") % shown_days
    if run.work_id is None or not Change.objects.filter(run=run.work_id).exists():
        return _("The import of “%(file)s” changed nothing, so there is nothing to undo.") % {"file": run.filename}
    return ""


def is_under_way(run: ImportRun) -> bool:
    """Say whether `run` is being undone at this moment."""
    return bool(run.undo and run.undo.is_open and run.undo.kind == KIND)


def start(pk: int, by: User | None) -> str:
    """Queue the undo of an import and return an empty text, or the sentence why that cannot be: a second press does nothing."""
    return _start(pk, by, KIND)


def start_looking(pk: int, by: User | None) -> str:
    """Queue the look at what an undo of a large import would do; return the sentence why not, or an empty text."""
    return _start(pk, by, LOOK_KIND)


def _start(pk: int, by: User | None, kind: str) -> str:
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).select_related("undo", "work").get(pk=pk)
        if sentence := why_not(run):
            return sentence
        if kind == LOOK_KIND and run.undo and run.undo.is_open:
            return ""
        if run.undo and run.undo.is_open:
            work.cancel(run.undo)
        run.undo = work.start(kind, by)
        before = (run.undo_report.get(KIND) or {}).get("ours", [])
        run.undo_report = run.undo_report | {kind: {"ours": [*before, run.undo.pk] if kind == KIND else before}}
        run.save(update_fields=["undo", "undo_report", "updated_at"])
    return ""


def look(run: ImportRun, by: User) -> Report | None:
    """Return what an undo by `by` would do now; of a large import what was found by the worker, or None where it has not looked yet."""
    ours = (run.undo_report.get(KIND) or {}).get("ours", [])
    walk = Walk.begin(run.work_id or 0, by, ours)
    if walk.total > AT_ONCE:
        found = run.undo_report.get(LOOK_KIND) or {}
        return Report.read(found) if found.get("phase") == "" and found.get("by") == by.pk else None
    while not walk.is_over:
        walk.go()
    return walk.report


def report_of(run: ImportRun) -> Report:
    """Return what the undo of `run` did."""
    return Report.read(run.undo_report.get(KIND))


def forget(run: ImportRun, names: Callable[[str], bool]) -> bool:
    """Take the sentences that name an erased person out of the reports of `run`; return whether there were any. All other words of a
    report are found when it is read. The caller saves it."""
    listed = [entry for part in run.undo_report.values() for entry in part.get("listed", []) if names(entry["why"]["sentence"])]
    for entry in listed:
        entry["why"]["sentence"] = ""
    return bool(listed)


def advance(long_run: LongRun) -> bool:
    """Undo, or look, on for about two seconds; return whether all is done."""
    until = monotonic() + SECONDS
    while True:
        finished = _chunk(long_run)
        if finished or monotonic() > until:
            return finished


def done(long_run: LongRun) -> None:
    """What the search index put off is done now; an undo is over for good."""
    if long_run.kind == KIND:
        trigrams.settle()
        ImportRun.objects.filter(undo=long_run).update(undone_at=timezone.now(), updated_at=timezone.now())


def _chunk(long_run: LongRun) -> bool:
    tries = 0
    while True:
        tries += 1
        try:
            with work.chunk(long_run):
                return _go(long_run)
        except (IntegrityError, OperationalError) as error:
            # We only met somebody: another look helps.
            met = isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") == DEADLOCK
            if tries == TRIES or not met:
                raise


def _go(long_run: LongRun) -> bool:
    run = ImportRun.objects.get(undo=long_run)
    stored = run.undo_report.get(long_run.kind) or {}
    if "phase" in stored:
        walk = Walk.read(stored, long_run.owner)
    else:
        walk = Walk.begin(run.work_id or 0, long_run.owner, stored.get("ours", []), looks=long_run.kind == LOOK_KIND)
        long_run.total = walk.total
    long_run.done += walk.go(None if walk.looks else long_run)
    kept = walk.stored() | {"by": long_run.owner_id, "at": timezone.now().isoformat()}
    run.undo_report = run.undo_report | {long_run.kind: kept}
    ImportRun.objects.filter(pk=run.pk).update(undo_report=run.undo_report, updated_at=timezone.now())
    return walk.is_over
