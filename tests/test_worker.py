"""The worker as a process: it stops when told, is replaceable at any instant, and outlives its database and mail server."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from clientdesk import outbox, work
from clientdesk.models import Heartbeat, LongRun, OutgoingMail, User
from tests.processes import RealDatabase, wait_for
from tests.slow_work import expected, written
from tests.smtp import Postbox, free_port

State = OutgoingMail.State


@pytest.fixture(autouse=True)
def kinds(settings):
    settings.MAILS = settings.MAILS | {"letter": "tests.letters.letter", "letter_with_link": "tests.letters.letter_with_link"}
    settings.LONG_RUNS = settings.LONG_RUNS | {"slow": "tests.slow_work.advance"}


def queue(count: int) -> None:
    for number in range(count):
        outbox.queue("letter", f"person{number}@brauer.example", about={"number": number})


def all_sent() -> bool:
    return not OutgoingMail.objects.exclude(state=State.SENT).exists()


def told_to_stop(worker: subprocess.Popen, number: int = signal.SIGTERM) -> int:
    worker.send_signal(number)
    return worker.wait(timeout=15)


def up(real: RealDatabase, **env: str) -> subprocess.Popen:
    """Start a worker and wait until it has said so."""
    worker = real.start("worker", **env)
    wait_for(lambda: Heartbeat.objects.filter(name__contains=f"-{worker.pid}-").exists())
    return worker


def test_a_mail_leaves_soon_after_its_cause(real_database, start_postbox):
    server = start_postbox()
    up(real_database, EMAIL_URL=server.url)
    began = time.monotonic()

    queue(1)

    wait_for(lambda: server.taken, every=0.01)
    assert time.monotonic() - began < 3, "half a second of sleep and the sending, or more on a busy machine"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_between_two_mails_and_leaves_the_rest_free(real_database, start_postbox, number):
    server = start_postbox()
    server.seconds = 0.1
    queue(20)
    worker = up(real_database, EMAIL_URL=server.url)
    wait_for(lambda: len(server.taken) >= 2)

    assert told_to_stop(worker, number) == 0

    assert 2 <= OutgoingMail.objects.filter(state=State.SENT).count() == len(server.taken) < 20
    assert not OutgoingMail.objects.exclude(claimed_by="").exists()
    assert "worker_stopped" in real_database.said()


def test_told_to_stop_it_ends_between_two_chunks(real_database):
    run = work.start("slow", None, 500)
    worker = up(real_database, SLOW_STEP="0.02")
    wait_for(lambda: LongRun.objects.get().done)

    assert told_to_stop(worker) == 0

    run.refresh_from_db()
    assert run.is_open
    assert run.claimed_by == ""
    assert written(run) == expected(run, run.done)


@pytest.mark.parametrize("after", [1, 7])
def test_killed_in_the_middle_of_a_batch_every_mail_arrives_and_only_the_one_in_hand_may_repeat(real_database, start_postbox, after):
    server = start_postbox()
    server.seconds = 0.05
    queue(20)
    worker = up(real_database, EMAIL_URL=server.url)
    wait_for(lambda: len(server.taken) >= after, every=0.005)
    worker.kill()
    worker.wait()
    server.seconds = 0
    killed_at = time.monotonic()

    up(real_database, EMAIL_URL=server.url)

    wait_for(all_sent)
    assert time.monotonic() - killed_at < 60
    times = Counter(letter.message_id for letter in server.taken)
    assert set(times) == set(OutgoingMail.objects.values_list("message_id", flat=True))
    assert len(server.taken) <= 21, "only the mail whose answer was not yet written down may be repeated"
    assert all(letter.recipients == [f"person{letter.text.split()[1]}@brauer.example"] for letter in server.taken)


def test_killed_after_the_server_accepted_a_link_it_sends_the_same_link_in_the_same_message(real_database, start_postbox):
    server = start_postbox()
    User.objects.invite("ingrid@desk.example", role="desk")
    outbox.queue("letter_with_link", "ingrid@desk.example")
    worker = real_database.processes
    server.cut_off = lambda letter: worker[0].kill() or True if len(server.taken) == 1 else False

    up(real_database, EMAIL_URL=server.url)
    worker[0].wait()
    up(real_database, EMAIL_URL=server.url)

    wait_for(all_sent)
    first, second = server.taken
    assert (first.message_id, first.text) == (second.message_id, second.text)


def test_several_workers_and_kills_over_a_server_that_fails_lose_and_double_nothing(real_database, start_postbox):
    """Three in ten mails are put off, one worker after the other dies; who is repeated must carry the same Message-ID."""
    server = start_postbox()
    total = 60
    queue(total)
    for number in range(0, total, 3):
        server.refusals[f"person{number}@brauer.example"] = "451 4.3.0 Not now"
    workers = [up(real_database, EMAIL_URL=server.url) for _ in range(2)]
    wait_for(lambda: len(server.taken) > 10)
    workers[0].kill()
    server.refusals.clear()
    OutgoingMail.objects.waiting().update(next_try_at=timezone.now())
    up(real_database, EMAIL_URL=server.url)

    wait_for(_hurried(all_sent), seconds=40)
    times = Counter(letter.message_id for letter in server.taken)
    assert len(times) == total
    assert sum(times.values()) <= total + 1


def _hurried(condition: Callable[[], bool]) -> Callable[[], bool]:
    """Let the pauses of mails that were put off be over."""

    def hurry() -> bool:
        OutgoingMail.objects.waiting().filter(next_try_at__gt=timezone.now()).update(next_try_at=timezone.now())
        return condition()

    return hurry


def test_while_the_mail_server_is_silent_long_work_goes_on_and_afterwards_the_mail_leaves(real_database, silent_server, start_postbox):
    queue(3)
    run = work.start("slow", None, 30)
    up(real_database, EMAIL_URL=f"smtp://127.0.0.1:{silent_server.getsockname()[1]}")

    wait_for(lambda: not LongRun.objects.get().is_open, seconds=15)

    assert written(run) == expected(run, 30)
    assert OutgoingMail.objects.filter(state=State.QUEUED).count() == 3
    assert "does not answer" in OutgoingMail.objects.first().status


def test_a_mail_server_that_comes_back_is_found_without_a_restart(real_database, start_postbox):
    port = free_port()
    queue(3)
    worker = up(real_database, EMAIL_URL=f"smtp://127.0.0.1:{port}")
    wait_for(lambda: OutgoingMail.objects.filter(attempts__gt=0).count() == 3)

    server: Postbox = start_postbox(port)

    wait_for(_hurried(all_sent), seconds=30)
    assert worker.poll() is None
    assert len(server.taken) == 3


def test_once_does_what_is_due_and_ends(real_database, start_postbox):
    server = start_postbox()
    queue(3)
    run = work.start("slow", None, 12)

    assert real_database.run("worker", "--once", EMAIL_URL=server.url) == 0

    run.refresh_from_db()
    assert run.state == LongRun.State.DONE
    assert all_sent()


def test_once_ends_when_the_mail_server_is_away(real_database):
    queue(3)
    assert real_database.run("worker", "--once", EMAIL_URL=f"smtp://127.0.0.1:{free_port()}") == 0
    assert OutgoingMail.objects.filter(state=State.QUEUED).count() == 3


@pytest.mark.django_db
def test_once_runs_inside_a_test_too(mailoutbox):
    queue(2)
    work.start("slow", None, 7)

    call_command("worker", "--once")

    assert len(mailoutbox) == 2
    assert LongRun.objects.get().state == LongRun.State.DONE


@pytest.mark.postgresql
def test_a_database_that_goes_away_is_waited_for(migrated, real_database, start_postbox):
    if connection.vendor != "postgresql":
        pytest.skip("Needs PostgreSQL: an SQLite file does not go away.")
    server = start_postbox()
    run = work.start("slow", None, 200)
    worker = up(real_database, EMAIL_URL=server.url, SLOW_STEP="0.01")
    wait_for(lambda: LongRun.objects.get().done)

    with migrated.away(connection.settings_dict["NAME"]):
        wait_for(lambda: "worker_stumbled" in real_database.said())
        time.sleep(2)
    connection.close()
    queue(2)

    wait_for(lambda: all_sent() and not LongRun.objects.get().is_open, seconds=30)

    assert worker.poll() is None
    run.refresh_from_db()
    assert written(run) == expected(run, 200)
    assert "worker_recovered" in real_database.said()


def test_a_worker_started_before_its_database_is_there_waits_for_it(migrated, real_database, tmp_path):
    name = f"late_{uuid4().hex[:12]}"
    worker = real_database.start("worker", DATABASE_URL=migrated.url(name, tmp_path))
    wait_for(lambda: "worker_stumbled" in real_database.said())
    assert worker.poll() is None

    migrated.make(name, tmp_path)

    wait_for(lambda: "worker_recovered" in real_database.said())
    assert told_to_stop(worker) == 0
    migrated.drop(name)


def test_a_worker_that_is_gone_for_a_day_is_forgotten_and_so_are_addresses_of_strangers(db):
    Heartbeat.objects.create(name="old", seen_at=timezone.now() - timedelta(days=2))
    work.beat("new")
    strangers = [outbox.queue("link_wanted", "stranger@nowhere.example") for _ in range(2)]
    OutgoingMail.objects.update(state=State.DROPPED)
    OutgoingMail.objects.filter(pk=strangers[0].pk).update(queued_at=timezone.now() - timedelta(days=2))

    work.sweep()

    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["new"]
    assert list(OutgoingMail.objects.all()) == [strangers[1]]
