"""The worker's sign of life while it is busy: a long step or a slow mail server must not cost it its leases."""

import threading
from time import monotonic

import structlog
from django.db import connection

from clientdesk import outbox, work

log = structlog.get_logger(__name__)

# A main thread that has not moved for this long is stuck: its leases may lapse, so that another worker takes over.
STUCK_SECONDS = 600


class Pulse(threading.Thread):
    """Renews the heartbeat and the leases of one worker every few seconds, for as long as its main thread moves on.

    The thread dies with its process, so `kill -9` ends the leases as it should.
    """

    def __init__(self, worker: str, seconds: float = 5) -> None:
        super().__init__(name="pulse", daemon=True)
        self.worker, self.seconds = worker, seconds
        self._moved = monotonic()
        self._over = threading.Event()

    def moved(self) -> None:
        """Say that the main thread did something."""
        self._moved = monotonic()

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        self.join(timeout=self.seconds)

    def run(self) -> None:
        while not self._over.wait(self.seconds):
            if monotonic() - self._moved > STUCK_SECONDS:
                log.error("worker_stuck", worker=self.worker)
                continue
            try:
                work.beat(self.worker)
                outbox.extend(self.worker)
            except Exception as error:
                log.warning("pulse_missed", worker=self.worker, exc_info=error)
                connection.close()
        connection.close()
