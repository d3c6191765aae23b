"""The file that this process reads at the moment: kept open between chunks, opened again and wound forward after a restart."""

import atexit
from collections.abc import Iterator
from itertools import islice

from django.conf import settings

from intake import foreign
from intake.kinds import resource
from intake.matching import scorer
from intake.models import ImportRun
from intake.reader import Limits, Options, Row, Table, open_table


def options_of(run: ImportRun) -> Options:
    """Return how a person wants the file of `run` to be read. `run.options` may hold what others than the reader ask for."""
    chosen = {name: run.options.get(name) for name in Options._fields}
    return Options(**{name: value for name, value in chosen.items() if isinstance(value, type(Options._field_defaults[name]))})


class OpenFile:
    """One open table and how many of its rows were taken."""

    def __init__(self, run: ImportRun) -> None:
        self.run_pk = run.pk
        self.options = options_of(run)
        limits, score = Limits(**settings.IMPORT_LIMITS), scorer(resource(run.kind).columns(), foreign.words(run.kind))
        self.table: Table = open_table(run.file.path, run.filename, limits, score, self.options)
        self.rows: Iterator[Row] = self.table.rows()
        self.taken = 0

    def take(self, count: int) -> list[Row]:
        """Return the next `count` rows, fewer at the end. Raises Refused."""
        rows = list(islice(self.rows, count))
        self.taken += len(rows)
        return rows


_current: OpenFile | None = None


def opened(run: ImportRun) -> OpenFile:
    """Return the open file of `run`, standing at its cursor. Raises Refused."""
    global _current  # noqa: PLW0603 - one file at a time per process; a child process may hang on it
    if _current is None or (_current.run_pk, _current.taken, _current.options) != (run.pk, run.cursor, options_of(run)):
        close()
        _current = OpenFile(run)
        while _current.taken < run.cursor and _current.take(min(10_000, run.cursor - _current.taken)):
            pass
    return _current


def close() -> None:
    """Let go of the file that is open, if there is one."""
    global _current  # noqa: PLW0603 - see opened
    if _current is not None:
        _current.table.close()
        _current = None


atexit.register(close)
