"""Long work: a LongRun advances here, chunk by chunk, under a lease with a heartbeat; the rows are the queue.

**What a kind of run provides.** settings.LONG_RUNS names a function `advance(run: LongRun) -> bool` for each kind. The worker
calls it again and again; it does about two seconds of work and returns whether the run is finished:

    def advance(run: LongRun) -> bool:
        rows = read_on_from(run.done)          # no transaction is open: slow reading must not hold SQLite's write lock
        with work.chunk(run):                  # one transaction, begun only if this worker still holds the run
            write(rows)
            run.done += len(rows)              # saved, like run.total, in the same commit as the rows
        return nothing_is_left

`kill -9` may come at any instant: what a chunk committed stays, the rest never was, and another call goes on from there. A
call that finds nothing left returns True. `raise work.Refused(sentence)` ends the run as failed with that sentence. Any other
exception is tried again later and ends the run after ATTEMPTS tries without progress. Beside `advance` its module may define
`done(run)`, `failed(run)` and `cancelled(run)`: called inside the transaction that ends the run.
"""

import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module

import structlog
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.models import Heartbeat, LongRun, OutgoingMail, User

log = structlog.get_logger(__name__)

ATTEMPTS = 5
# A run that took its worker down with it this often, without one chunk done in between, is given up.
TAKEOVERS = 20
FIRST_PAUSE = timedelta(seconds=5)
WORKER_MISSING_AFTER = timedelta(seconds=60)


class Refused(Exception):
    """The work cannot be done; the text is the sentence that the user reads."""


class LeaseLost(Exception):
    """Another worker holds the run by now: nothing of this chunk is written."""


def start(kind: str, owner: User | None, total: int | None = None) -> LongRun:
    """Queue a run of `kind` in the caller's transaction and return it; `total` is the number of steps where it is known.

    Raises ValueError for a kind that settings.LONG_RUNS does not name.
    """
    if kind not in settings.LONG_RUNS:
        raise ValueError(f"No such kind of run: {kind}")
    return LongRun.objects.create(kind=kind, owner=owner, total=total)


def start_alone(kind: str, owner: User | None) -> LongRun | None:
    """Queue a run of `kind` unless one is open already; return it, or None. Who asks in the same instant waits until it is decided.

    Must run inside a transaction. Raises ValueError as `start` does.
    """
    # The one row that stands for all runs. On SQLite a transaction that writes is alone anyway.
    every = ContentType.objects.get_for_model(LongRun)
    ContentType.objects.select_for_update(no_key=True).get(pk=every.pk)
    return None if LongRun.objects.open().filter(kind=kind).exists() else start(kind, owner)


@contextmanager
def chunk(run: LongRun) -> Generator[None]:
    """Open the transaction of one chunk: its writes and `run.done`, `run.total` are one commit.

    The row stays locked until the commit, so that no other worker can take the run in between. Raises LeaseLost where one
    did before, or where the run is over. Where nothing is written, `run.done` and `run.total` are again what they were.
    """
    before = run.done, run.total
    try:
        with transaction.atomic():
            _hold(run)
            yield
            LongRun.objects.filter(pk=run.pk).update(done=run.done, total=run.total, attempts=0)
    except BaseException:
        run.done, run.total = before
        raise
    run.attempts = 0


def cancel(run: LongRun) -> None:
    """Stop `run` before its next chunk; one that no living worker holds ends here and now. What chunks committed stays."""
    with transaction.atomic():
        held = LongRun.objects.open().select_for_update().filter(pk=run.pk).first()
        if held is None:
            return
        LongRun.objects.filter(pk=run.pk).update(cancel_wanted=True)
        if held.claimed_until is None or held.claimed_until < timezone.now():
            _end(held, LongRun.State.CANCELLED)


def advance_due(worker: str, only: LongRun | None = None) -> bool:
    """Advance the run that waited longest by one chunk as `worker`, or `only` this one; return whether there was one.

    Raises OperationalError or InterfaceError where the database does not answer; the lease then brings the run back.
    """
    run = _claim(worker, only)
    if run is None:
        return False
    try:
        _advance(run)
    except LeaseLost:
        log.warning("run_lease_lost", run=run.pk, kind=run.kind)
    except Refused as refusal:
        _end(run, LongRun.State.FAILED, str(refusal))
    except Exception as error:
        _stumble(run, error)
    return True


def _advance(run: LongRun) -> None:
    if run.cancel_wanted:
        _end(run, LongRun.State.CANCELLED)
    elif run.attempts > TAKEOVERS:
        log.error("run_given_up", run=run.pk, kind=run.kind)
        _end(run, LongRun.State.FAILED, _("The work was cut off again and again and has been given up. Start it once more."))
    elif import_string(settings.LONG_RUNS[run.kind])(run):
        _close(run, LongRun.State.DONE)
        log.info("run_done", run=run.pk, kind=run.kind)
    else:
        LongRun.objects.filter(pk=run.pk, claimed_by=run.claimed_by).update(claimed_by="", claimed_until=None, next_try_at=timezone.now())


def _claim(worker: str, only: LongRun | None) -> LongRun | None:
    due = LongRun.objects.due() if only is None else LongRun.objects.due().filter(pk=only.pk)
    if not due.exists():
        return None
    with transaction.atomic():
        run = due.select_for_update(skip_locked=True).first()
        if run is None:
            return None
        if run.claimed_until is not None:
            run.attempts += 1
            log.warning("run_taken_over", run=run.pk, kind=run.kind)
        run.claimed_by, run.claimed_until = worker, timezone.now() + lease()
        run.state, run.started_at = LongRun.State.RUNNING, run.started_at or timezone.now()
        run.save(update_fields=["attempts", "claimed_by", "claimed_until", "state", "started_at"])
    return run


def _hold(run: LongRun) -> None:
    mine = LongRun.objects.open().filter(pk=run.pk, claimed_by=run.claimed_by)
    if mine.select_for_update().first() is None:
        raise LeaseLost


def _end(run: LongRun, state: str, error: str = "") -> None:
    """End a run that cannot go on; a hook that fails must not keep it alive."""
    try:
        _close(run, state, error)
    except LeaseLost:
        raise
    except Exception as failure:
        log.error("run_hook_failed", run=run.pk, kind=run.kind, exc_info=failure)
        _close(run, state, error, tell=False)
    log.info("run_ended", run=run.pk, kind=run.kind, state=str(state))


def _close(run: LongRun, state: str, error: str = "", tell: bool = True) -> None:
    with transaction.atomic():
        _hold(run)
        run.state, run.error, run.finished_at = state, error, timezone.now()
        LongRun.objects.filter(pk=run.pk).update(state=state, error=error, finished_at=run.finished_at, claimed_by="", claimed_until=None)
        if tell and (hook := _hook(run, state)):
            hook(run)


def _hook(run: LongRun, state: str) -> Callable[[LongRun], None] | None:
    module = import_module(settings.LONG_RUNS[run.kind].rpartition(".")[0])
    return getattr(module, str(state), None)


def _stumble(run: LongRun, error: Exception) -> None:
    reference = secrets.token_hex(4)
    log.error("run_stumbled", run=run.pk, kind=run.kind, attempt=run.attempts + 1, reference=reference, exc_info=error)
    if run.attempts + 1 >= ATTEMPTS:
        sentence = _("Something went wrong on our side. What is done so far stays. Tell your administrator the reference %(reference)s.")
        _end(run, LongRun.State.FAILED, sentence % {"reference": reference})
        return
    LongRun.objects.filter(pk=run.pk, claimed_by=run.claimed_by).update(
        attempts=run.attempts + 1,
        next_try_at=timezone.now() + FIRST_PAUSE * 2**run.attempts,
        claimed_by="",
        claimed_until=None,
    )


def lease() -> timedelta:
    """Return how long a claim lasts without a sign of life from the worker that made it."""
    return timedelta(seconds=settings.WORKER_LEASE_SECONDS)


def beat(worker: str) -> None:
    """Say that `worker` lives: its heartbeat is renewed, and so is the lease of the run that it holds."""
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=worker, seen_at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["seen_at"]
    )
    LongRun.objects.open().filter(claimed_by=worker).update(claimed_until=now + lease())


def let_go(worker: str) -> None:
    """Give back at once what `worker` holds: it stops, or it lost the database and does not know where it was."""
    LongRun.objects.open().filter(claimed_by=worker).update(claimed_by="", claimed_until=None)


def sweep() -> None:
    """Throw away what nobody needs: heartbeats of workers long gone, expired sessions, addresses that strangers typed, and what the
    apps name in settings.SWEEPS.

    Expired leases need no sweep: every claim looks for them.
    """
    long_ago = timezone.now() - timedelta(days=1)
    Heartbeat.objects.filter(seen_at__lt=long_ago).delete()
    OutgoingMail.objects.filter(queued_by=None, state=OutgoingMail.State.DROPPED, queued_at__lt=long_ago).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    for path in settings.SWEEPS:
        import_string(path)()


def do_due() -> None:
    """Do or queue what its hour has come for: the functions of settings.DUE_WORK, each of which does a thing once however many call it."""
    for path in settings.DUE_WORK:
        import_string(path)()


def worker_seen() -> datetime | None:
    """Return when any worker was last seen, or None if there never was one."""
    return Heartbeat.objects.aggregate(seen=Max("seen_at"))["seen"]


def worker_missing() -> bool:
    """Whether no worker has been seen for a minute, so that queued work stays where it is."""
    return _is_missing(worker_seen())


def _is_missing(seen: datetime | None) -> bool:
    return seen is None or timezone.now() - seen > WORKER_MISSING_AFTER


def notice() -> str:
    """Return the sentence that staff read beside queued work while no worker runs (trial F15), or an empty text."""
    seen = worker_seen()
    if seen is None:
        return _("Queued. The worker has not been seen yet: ask your administrator to start it.")
    if (minutes := int((timezone.now() - seen) / timedelta(minutes=1))) < 1:
        return ""
    return ngettext(
        "Queued. The worker has not been seen for %(minutes)s minute: ask your administrator to start it.",
        "Queued. The worker has not been seen for %(minutes)s minutes: ask your administrator to start it.",
        minutes,
    ) % {"minutes": minutes}


def health() -> tuple[bool, dict[str, object]]:
    """Return whether this installation can do its work, and what was found: database, worker, age of the outbox in seconds.

    Raises nothing: a database that does not answer is a finding.
    """
    try:
        seen = worker_seen()
        oldest = OutgoingMail.objects.waiting().aggregate(oldest=Min("queued_at"))["oldest"]
    except Exception as error:
        log.error("database_silent", exc_info=error)
        if not connection.in_atomic_block:
            connection.close()
        return False, {"ready": False, "database": "no answer"}
    missing = _is_missing(seen)
    findings = {
        "ready": not missing,
        "database": "ok",
        "worker": "not seen" if missing else "ok",
        "worker_seen_seconds_ago": _age(seen),
        "outbox_oldest_seconds": _age(oldest) or 0,
    }
    return not missing, findings


def _age(moment: datetime | None) -> int | None:
    return None if moment is None else int((timezone.now() - moment).total_seconds())
