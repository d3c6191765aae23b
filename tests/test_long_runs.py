"""Long work is a row: it advances chunk by chunk, survives whatever happens to its worker, and finishes by itself."""

import sys
import time
from datetime import timedelta
from types import ModuleType

import pytest
from django.utils import timezone

from clientdesk import work
from clientdesk.models import LongRun, NumberSequence
from tests.processes import wait_for
from tests.slow_work import expected, written

State = LongRun.State


class Kind(ModuleType):
    """A kind of run whose steps a test lists; a step is a function of the run, or an exception."""

    def __init__(self) -> None:
        super().__init__("tests.kind_of_the_moment")
        self.steps: list = []
        self.ended: list[str] = []
        self.done = self.failed = self.cancelled = lambda run: self.ended.append(str(run.state))

    def advance(self, run: LongRun) -> bool:
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        step(run)
        return not self.steps


@pytest.fixture(autouse=True)
def kind(settings, monkeypatch) -> Kind:
    module = Kind()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.LONG_RUNS = settings.LONG_RUNS | {"slow": "tests.slow_work.advance", "listed": f"{module.__name__}.advance"}
    return module


def write(run: LongRun) -> None:
    with work.chunk(run):
        NumberSequence.objects.create(key=f"row-{run.done}")
        run.done += 1


def now_due(run: LongRun) -> LongRun:
    run.refresh_from_db()
    LongRun.objects.filter(pk=run.pk).update(next_try_at=timezone.now())
    return run


@pytest.mark.django_db
def test_a_run_advances_chunk_by_chunk_and_is_done(kind):
    run = work.start("slow", owner=None, total=12)
    assert (run.state, run.is_open) == (State.QUEUED, True)

    seen = []
    while work.advance_due("test"):
        run.refresh_from_db()
        seen.append((run.state, run.done))

    assert seen == [(State.RUNNING, 5), (State.RUNNING, 10), (State.DONE, 12)]
    assert written(run) == expected(run, 12)
    assert run.started_at <= run.finished_at
    assert run.claimed_by == ""


@pytest.mark.django_db
def test_two_runs_take_turns(kind):
    first, second = work.start("slow", None, 10), work.start("slow", None, 10)

    work.advance_due("test"), work.advance_due("test")

    first.refresh_from_db(), second.refresh_from_db()
    assert (first.done, second.done) == (5, 5)


@pytest.mark.django_db
def test_refused_work_fails_with_its_sentence(kind):
    kind.steps = [work.Refused("The file has no rows. Add one and upload it again.")]
    run = work.start("listed", None)

    assert work.advance_due("test")
    assert not work.advance_due("test")

    run.refresh_from_db()
    assert (run.state, run.error) == (State.FAILED, "The file has no rows. Add one and upload it again.")
    assert kind.ended == ["failed"]


@pytest.mark.django_db
def test_a_broken_chunk_is_tried_again_later_and_leaves_nothing(kind):
    def half(run: LongRun) -> None:
        with work.chunk(run):
            NumberSequence.objects.create(key="half")
            run.done += 1
            raise RuntimeError

    kind.steps = [half, write]
    run = work.start("listed", None)
    work.advance_due("test")

    now_due(run)
    assert (run.state, run.attempts, run.done, run.claimed_by) == (State.RUNNING, 1, 0, "")
    assert not NumberSequence.objects.filter(key="half").exists()

    work.advance_due("test")
    run.refresh_from_db()
    assert (run.state, run.attempts, run.done) == (State.DONE, 0, 1)


@pytest.mark.django_db
def test_work_that_never_succeeds_is_given_up_with_a_reference_that_the_log_knows(kind, said):
    kind.steps = [RuntimeError("Ada Krämer")] * work.ATTEMPTS
    run = work.start("listed", None)
    pauses = []
    for _ in range(work.ATTEMPTS):
        now_due(run)
        work.advance_due("test")
        run.refresh_from_db()
        pauses.append(round((run.next_try_at - timezone.now()) / timedelta(seconds=1)))

    assert pauses[:4] == [5, 10, 20, 40]
    assert run.state == State.FAILED
    reference = run.error.removesuffix(".").split()[-1]
    assert reference in said.text
    assert "RuntimeError" in said.text
    assert "Ada" not in said.text
    assert kind.ended == ["failed"]


@pytest.mark.django_db
def test_progress_forgets_earlier_failures(kind):
    kind.steps = [RuntimeError(), RuntimeError(), write, RuntimeError(), RuntimeError(), RuntimeError(), RuntimeError(), write]
    run = work.start("listed", None)

    for _ in range(8):
        now_due(run)
        work.advance_due("test")

    run.refresh_from_db()
    assert (run.state, run.done) == (State.DONE, 2)


@pytest.mark.django_db
def test_a_wish_to_cancel_is_granted_before_the_next_chunk(kind):
    kind.steps = [write, write]
    run = work.start("listed", None)
    work.advance_due("test")
    LongRun.objects.update(cancel_wanted=True)

    assert work.advance_due("test")

    run.refresh_from_db()
    assert (run.state, run.done) == (State.CANCELLED, 1)
    assert kind.ended == ["cancelled"]


@pytest.mark.django_db
def test_a_hook_that_fails_does_not_keep_a_run_alive(kind):
    def fail(run: LongRun) -> None:
        NumberSequence.objects.create(key="half")
        raise RuntimeError

    kind.failed = fail
    kind.steps = [work.Refused("No.")]
    run = work.start("listed", None)

    work.advance_due("test")

    run.refresh_from_db()
    assert (run.state, run.error) == (State.FAILED, "No.")
    assert not NumberSequence.objects.filter(key="half").exists()


@pytest.mark.django_db
def test_a_held_run_is_left_alone_until_its_lease_ends(kind):
    kind.steps = [write]
    run = work.start("listed", None)
    LongRun.objects.update(state=State.RUNNING, claimed_by="other", claimed_until=timezone.now() + timedelta(seconds=20))
    assert not work.advance_due("test")

    LongRun.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert work.advance_due("test")
    run.refresh_from_db()
    assert run.state == State.DONE


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_writes_nothing(kind):
    def late(run: LongRun) -> None:
        LongRun.objects.filter(pk=run.pk).update(claimed_by="other", claimed_until=timezone.now() + timedelta(seconds=20))
        write(run)

    kind.steps = [late, write]
    run = work.start("listed", None)

    assert work.advance_due("slow one")

    run.refresh_from_db()
    assert (run.state, run.done, run.claimed_by, run.attempts) == (State.RUNNING, 0, "other", 0)
    assert not NumberSequence.objects.filter(key="row-0").exists()


@pytest.mark.django_db
def test_a_run_that_takes_every_worker_down_is_given_up(kind):
    kind.steps = [write]
    run = work.start("listed", None)
    lapsed = timezone.now() - timedelta(seconds=1)
    LongRun.objects.update(state=State.RUNNING, attempts=work.TAKEOVERS, claimed_by="dead", claimed_until=lapsed)

    work.advance_due("test")

    run.refresh_from_db()
    assert run.state == State.FAILED
    assert run.error.endswith("Start it once more.")


@pytest.mark.django_db
def test_a_kind_that_nobody_declared_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="No such kind of run"):
        work.start("nonsense", None)


TOTAL = 60


@pytest.mark.parametrize("moments", [[0.0], [0.07, 0.31], [0.01, 0.12, 0.22]])
def test_killed_at_any_instant_a_run_is_taken_over_and_ends_like_an_unkilled_one(real_database, moments):
    run = work.start("slow", None, TOTAL)
    for moment in moments:
        worker = real_database.start("worker", SLOW_STEP="0.03", WORKER_LEASE_SECONDS="1")
        wait_for(lambda pid=worker.pid: LongRun.objects.filter(claimed_by__contains=f"-{pid}-").exists(), every=0.01)
        time.sleep(moment)
        worker.kill()
        worker.wait()
    assert LongRun.objects.get().is_open

    real_database.start("worker", SLOW_STEP="0.01")

    wait_for(lambda: not LongRun.objects.get().is_open)
    run.refresh_from_db()
    assert (run.state, run.done) == (State.DONE, TOTAL)
    assert written(run) == expected(run, TOTAL)


def test_several_workers_never_advance_one_run_at_the_same_time(real_database):
    runs = [work.start("slow", None, TOTAL) for _ in range(2)]
    for _ in range(3):
        real_database.start("worker", SLOW_STEP="0.01")

    wait_for(lambda: not LongRun.objects.open().exists(), seconds=40)

    for run in runs:
        assert written(run) == expected(run, TOTAL)
    assert set(LongRun.objects.values_list("state", flat=True)) == {State.DONE}
    assert "run_stumbled" not in real_database.said()
    assert "run_lease_lost" not in real_database.said()


def test_a_step_longer_than_the_lease_keeps_its_run_while_its_worker_lives(real_database):
    for _ in range(2):
        real_database.start("worker", SLOW_READ="3.5", WORKER_LEASE_SECONDS="1")
    wait_for(lambda: real_database.said().count("worker_started") == 2)
    run = work.start("slow", None, 5)

    wait_for(lambda: not LongRun.objects.get().is_open)

    assert written(run) == expected(run, 5)
    assert "run_taken_over" not in real_database.said()
