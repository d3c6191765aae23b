"""/healthz says that the process lives, /readyz whether the installation can do its work: database, worker, outbox."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client as Browser
from django.utils import timezone

from clientdesk import outbox, work
from clientdesk.models import Heartbeat, OutgoingMail


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def no_database(monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError("connection to server at 10.1.2.3 failed: password=geheim")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", refuse)


def test_a_living_process_says_so_without_a_database(browser, no_database):
    answer = browser.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"alive": True})


@pytest.mark.django_db
def test_ready_means_that_the_database_answers_and_a_worker_was_seen(browser):
    work.beat("worker-1")

    answer = browser.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "worker": "ok", "worker_seen_seconds_ago": 0, "outbox_oldest_seconds": 0}


@pytest.mark.django_db
@pytest.mark.parametrize("seen", [None, timedelta(seconds=90), timedelta(days=3)])
def test_without_a_worker_it_is_not_ready_and_says_why(browser, seen):
    if seen:
        Heartbeat.objects.create(name="worker-1", seen_at=timezone.now() - seen)

    answer = browser.get("/readyz")

    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["worker"]) == ("ok", "not seen")


@pytest.mark.django_db
def test_it_tells_how_long_the_oldest_mail_has_waited(browser):
    work.beat("worker-1")
    outbox.queue("link_wanted", "ada@brauer.example")
    OutgoingMail.objects.update(queued_at=timezone.now() - timedelta(minutes=5))

    assert browser.get("/readyz").json()["outbox_oldest_seconds"] == 300


def test_without_a_database_it_is_not_ready_and_tells_nothing_else(browser, no_database, said):
    answer = browser.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "no answer"}
    assert "geheim" not in said.text


@pytest.mark.parametrize("host", ["testserver", "10.9.8.7", "evil.example"])
@pytest.mark.django_db
def test_it_answers_a_probe_under_any_host_name(browser, host):
    work.beat("worker-1")
    assert browser.get("/readyz", headers={"host": host}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (None, "Queued. The worker has not been seen yet: ask your administrator to start it."),
        (timedelta(seconds=10), ""),
        (timedelta(minutes=1, seconds=1), "Queued. The worker has not been seen for 1 minute: ask your administrator to start it."),
        (timedelta(minutes=7, seconds=1), "Queued. The worker has not been seen for 7 minutes: ask your administrator to start it."),
    ],
)
def test_staff_read_that_no_worker_runs(seen, sentence):
    if seen:
        Heartbeat.objects.create(name="worker-1", seen_at=timezone.now() - seen)

    assert work.notice() == sentence


@pytest.mark.django_db
def test_each_worker_has_one_heartbeat():
    work.beat("worker-1"), work.beat("worker-1"), work.beat("worker-2")

    assert Heartbeat.objects.count() == 2
    seen = work.worker_seen()
    assert seen
    assert timezone.now() - seen < timedelta(seconds=5)


@pytest.mark.postgresql
def test_a_database_that_was_away_is_found_again_without_a_restart(migrated, real_database, browser):
    if connection.vendor != "postgresql":
        pytest.skip("Needs PostgreSQL: an SQLite file does not go away.")
    work.beat("worker-1")

    with migrated.away(connection.settings_dict["NAME"]):
        assert browser.get("/readyz").status_code == 503
        assert browser.get("/healthz").status_code == 200

    assert browser.get("/readyz").status_code == 200
