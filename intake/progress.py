"""How far a run is, how fast it goes and how long it will still take, in words."""

from datetime import timedelta
from threading import Thread

from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.models import LongRun
from intake.models import ImportRun


def note(run: ImportRun, done: int) -> None:
    """Tell those who look on how far one long transaction is: its own rows show nothing before it ends.

    Through a connection of its own, which SQLite would keep waiting for as long as the transaction writes.
    """
    if connection.vendor == "sqlite":
        return

    def tell() -> None:
        try:
            cache.set(_key(run), done, timeout=3600)
        finally:
            connection.close()

    teller = Thread(target=tell)
    teller.start()
    teller.join()


def _key(run: ImportRun) -> str:
    return f"import-{run.pk}-done"


class Pace:
    """The progress of the work behind a run; `total` is None while nobody knows it."""

    def __init__(self, run: ImportRun, work: LongRun | None = None) -> None:
        """`work` is the long run to look at, where it is not that of the import."""
        self.at_once = bool(work is None and run.state == ImportRun.State.APPLYING and not run.skip_errors)
        work = work or run.work
        self.done = work.done if work else 0
        if self.at_once and not self.done:
            self.done = cache.get(_key(run), 0)
        self.total = work.total if work else None
        self.queued = not work or work.started_at is None
        self.stopping = bool(work and work.cancel_wanted)
        seconds = (timezone.now() - work.started_at).total_seconds() if work and work.started_at else 0.0
        self.per_second = self.done / seconds if seconds > 0.5 else 0.0

    @property
    def position(self) -> str:
        """Return “Row 3,400 of 10,000”."""
        done = number_format(self.done, force_grouping=True)
        if self.at_once and not self.done:
            return _("All rows are saved as one step")
        if self.total is None:
            return ngettext("%(count)s row read", "%(count)s rows read", self.done) % {"count": done}
        return _("Row %(done)s of %(total)s") % {"done": done, "total": number_format(self.total, force_grouping=True)}

    @property
    def speed(self) -> str:
        """Return “2,400 rows per second”, or an empty text at the start."""
        if not self.per_second:
            return ""
        rows = max(int(self.per_second), 1)
        return ngettext("%(count)s row per second", "%(count)s rows per second", rows) % {"count": number_format(rows, force_grouping=True)}

    @property
    def left(self) -> str:
        """Return “about 20 seconds left”, or an empty text while it cannot be told."""
        if not self.per_second or self.total is None:
            return ""
        left = timedelta(seconds=(self.total - self.done) / self.per_second)
        if left < timedelta(seconds=90):
            seconds = max(int(left.total_seconds()), 1)
            return ngettext("about %(count)d second left", "about %(count)d seconds left", seconds) % {"count": seconds}
        minutes = round(left / timedelta(minutes=1))
        return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {"count": minutes}


class UndoPace(Pace):
    """The progress of an undo, or of a look at one: it goes through entries of the history, which nobody counts, so in parts of 100."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run, run.undo)

    @property
    def position(self) -> str:
        """Return “45 % done”."""
        return _("%(part)s %% done") % {"part": min(int(100 * self.done / self.total), 100) if self.total else 0}

    @property
    def speed(self) -> str:
        """Return nothing: entries per second mean nothing to anybody."""
        return ""
