"""`manage.py worker`: one loop that advances long runs and sends mail; start as many as the machine can feed."""

import os
import secrets
import signal
import socket
from argparse import ArgumentParser
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event
from time import monotonic

import structlog
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from clientdesk import outbox, work
from clientdesk.pulse import Pulse

log = structlog.get_logger(__name__)

IDLE_SECONDS = 0.5
BEAT_SECONDS = 5
SWEEP_SECONDS = 3600
DUE_SECONDS = 15
LONGEST_PAUSE = 30


class Command(BaseCommand):
    help = "Advance long runs and send mail until told to stop (SIGTERM or Ctrl+C)."
    # The pages are none of its business: a worker is up in the time that importing them takes.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now and end, for a timer or a test")

    def handle(self, *, once: bool, **options) -> None:
        worker = Worker()
        with worker.listening():
            if once:
                worker.drain()
            else:
                worker.serve()


class Worker:
    """One worker process: its name, what it was told, and when it may bother the mail server again."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"
        self._told_to_stop = Event()
        self._pulse = Pulse(self.name, min(BEAT_SECONDS, settings.WORKER_LEASE_SECONDS / 3))
        self._beaten = self._swept = self._looked = float("-inf")
        self._mail_after, self._mail_failures = float("-inf"), 0

    @contextmanager
    def listening(self) -> Generator[None]:
        """Let SIGTERM and SIGINT end the loop after the chunk or mail in hand, and keep the leases alive meanwhile."""
        signals = (signal.SIGTERM, signal.SIGINT)
        before = [signal.signal(number, lambda *_: self._told_to_stop.set()) for number in signals]
        self._pulse.start()
        try:
            yield
        finally:
            self._pulse.stop()
            for number, handler in zip(signals, before, strict=True):
                signal.signal(number, handler)

    def serve(self) -> None:
        """Work until told to stop. Nothing ends this loop but the signal: a database that goes away is waited for."""
        log.info("worker_started", worker=self.name)
        failures = 0
        while not self._told_to_stop.is_set():
            try:
                if failures:
                    self._recover()
                busy = self._turn()
            except Exception as error:
                failures += 1
                self._report(error, failures)
                connection.close()
                self._told_to_stop.wait(min(failures, 5))
                continue
            failures = 0
            if not busy:
                self._told_to_stop.wait(IDLE_SECONDS)
        self._leave()

    def drain(self) -> None:
        """Do what is due now, then return. Raises CommandError where the database does not answer."""
        try:
            while not self._told_to_stop.is_set() and self._turn():
                pass
        except (DatabaseError, InterfaceError) as error:
            raise CommandError(f"The database does not answer ({type(error).__name__}).") from error

    def _turn(self) -> bool:
        """Do one chunk and one batch; return whether there was anything to do."""
        if not connection.in_atomic_block:
            close_old_connections()
        self._pulse.moved()
        now = monotonic()
        if now - self._beaten >= BEAT_SECONDS:
            work.beat(self.name)
            self._beaten = now
        if now - self._swept >= SWEEP_SECONDS:
            work.sweep()
            self._swept = now
        if now - self._looked >= DUE_SECONDS:
            work.do_due()
            self._looked = now
        advanced = work.advance_due(self.name)
        self._pulse.moved()
        return self._send() or advanced

    def _send(self) -> bool:
        """Send a batch; a server that is away is left alone for a growing while, so that long runs go on."""
        if monotonic() < self._mail_after:
            return False
        batch = outbox.send_batch(self.name, stop=self._stop_asked)
        if batch.server_away and not batch.sent:
            self._mail_failures += 1
            self._mail_after = monotonic() + min(2**self._mail_failures, LONGEST_PAUSE)
            return False
        if batch.handled:
            self._mail_failures = 0
        return batch.handled > 0

    def _stop_asked(self) -> bool:
        self._pulse.moved()
        return self._told_to_stop.is_set()

    def _recover(self) -> None:
        """The database may be back: give up what this worker held when it lost it."""
        work.let_go(self.name)
        outbox.let_go(self.name)
        log.warning("worker_recovered", worker=self.name)

    def _report(self, error: Exception, failures: int) -> None:
        if failures & (failures - 1) == 0:
            log.error("worker_stumbled", worker=self.name, failures=failures, exc_info=error)

    def _leave(self) -> None:
        try:
            work.let_go(self.name)
            outbox.let_go(self.name)
        except (DatabaseError, InterfaceError) as error:
            log.warning("worker_left_leases", worker=self.name, error=type(error).__name__)
        log.info("worker_stopped", worker=self.name)
