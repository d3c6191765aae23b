"""Real processes on a real database: what `kill -9` does can only be seen from outside.

    def test_...(real_database):
        OutgoingMail.objects.create(...)                    # this test's own ORM uses the real database, with real commits
        worker = real_database.start("worker", EMAIL_URL=...)   # manage.py worker as a process of its own
        wait_for(lambda: OutgoingMail.objects.filter(state="sent").exists())
        worker.kill()

Do not ask for `db` in the same test. Whatever was started is killed when the test ends, and the database is thrown away.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.db.utils import load_backend

from tests import migrating


def wait_for(condition: Callable[[], object], seconds: float = 20, every: float = 0.05) -> None:
    """Return as soon as `condition` holds; fail the test when it does not within `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"Nothing happened within {seconds} seconds"
        time.sleep(every)


@dataclass
class RealDatabase:
    """A migrated database of one test: its environment, its processes and what they wrote to standard error."""

    env: dict[str, str]
    folder: Path
    processes: list[subprocess.Popen] = field(default_factory=list)

    def start(self, *words: str, **env: str) -> subprocess.Popen:
        """Start `manage.py *words` with further environment variables `env` and return the process."""
        with (self.folder / "said.log").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "manage.py", *words],
                cwd=settings.BASE_DIR,
                env=self.env | env,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def run(self, *words: str, **env: str) -> int:
        """Run `manage.py *words` to its end and return its exit code."""
        return self.start(*words, **env).wait(timeout=60)

    def said(self) -> str:
        """Return everything that the processes have written."""
        file = self.folder / "said.log"
        return file.read_text() if file.exists() else ""

    def kill_all(self) -> None:
        """End every process that is left."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environment(url: str, folder: Path) -> dict[str, str]:
    quiet = {name: text for name, text in os.environ.items() if name not in {"EMAIL_URL", "DATABASE_URL", "DEBUG"}}
    return quiet | {
        "DJANGO_SETTINGS_MODULE": "tests.settings_worker",
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "PUBLIC_BASE_URL": settings.PUBLIC_BASE_URL,
        "WORKER_LEASE_SECONDS": "3",
        "EMAIL_TIMEOUT": "1",
        "PYTHONUNBUFFERED": "1",
    }


class SQLite:
    """Databases as files: a migrated one is copied for each test."""

    def url(self, name: str, folder: Path) -> str:
        return f"sqlite:///{folder / name}"

    def make(self, name: str, folder: Path) -> str:
        migrating.copy_file(folder / name)
        return str(folder / name)

    def drop(self, name: str) -> None:
        """The test's folder goes, and the file with it."""


class PostgreSQL:
    """Databases on the server under test: a migrated one is the template of each test's."""

    def url(self, name: str, folder: Path) -> str:
        return migrating.url(name)

    def make(self, name: str, folder: Path) -> str:
        migrating.ask(f"CREATE DATABASE {name} TEMPLATE {migrating.template()}")
        return name

    def drop(self, name: str) -> None:
        migrating.ask(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def away(self, name: str) -> Generator[None]:
        """Cut all connections to the database `name` and let nobody in for a while."""
        migrating.ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        migrating.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            migrating.ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@pytest.fixture(scope="session")
def migrated() -> SQLite | PostgreSQL:
    """What makes migrated databases."""
    return SQLite() if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else PostgreSQL()


@pytest.fixture
def real_database(migrated, tmp_path, own_files, settings, django_db_blocker) -> Iterator[RealDatabase]:
    """A database of this test's own that processes can share, and uploads as well; the test's own ORM uses it as its default."""
    settings.MEDIA_ROOT = tmp_path / "media"
    name = f"real_{uuid4().hex[:12]}"
    made = migrated.make(name, tmp_path)
    before = connections["default"]
    described = {**connections.settings["default"], "NAME": made}
    connections["default"] = load_backend(described["ENGINE"]).DatabaseWrapper(described, "default")
    real = RealDatabase(_environment(migrated.url(name, tmp_path), tmp_path), tmp_path)
    # Its ids are those of the other database.
    ContentType.objects.clear_cache()
    try:
        with django_db_blocker.unblock():
            yield real
    finally:
        ContentType.objects.clear_cache()
        real.kill_all()
        connections["default"].close()
        connections["default"] = before
        migrated.drop(name)
