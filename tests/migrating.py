"""An empty database takes longer to migrate than a hundred tests: one process migrates it, with the product's own settings, and all that
need one copy it. It is known by what its migrations say; a file is kept between runs, and so is a database on a PostgreSQL that is."""

import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings

_IMPORTED = re.compile(r"^(?:from|import) ((?:clientdesk|clients|contacts|jobs|portal|intake)[\w.]*)", re.MULTILINE)


def _modules(text: str) -> set[Path]:
    found = set()
    for name in _IMPORTED.findall(text):
        path = settings.BASE_DIR / name.replace(".", "/")
        found |= {file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()}
    return found


@cache
def _known_by() -> str:
    """Return what these migrations, and the modules that they import, are known by."""
    files = set(Path(settings.BASE_DIR).glob("*/migrations/*.py"))
    files |= {module for file in list(files) for module in _modules(file.read_text())}
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(name: str) -> Generator[None]:
    """Let one process in at a time; the others wait."""
    with (Path(tempfile.gettempdir()) / f"clientdesk-migrated-{os.getuid()}-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        given |= {"DATABASE_URL": url, "DATA_DIR": folder, "SECRET_KEY": settings.SECRET_KEY, "PUBLIC_BASE_URL": "http://localhost"}
        words = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
        subprocess.run(words, cwd=settings.BASE_DIR, env=given, check=True)


def copy_file(target: Path) -> None:
    """Write a migrated SQLite database to `target`."""
    shutil.copyfile(keep_file(), target)


def keep_file() -> Path:
    """Return where a migrated SQLite database is kept, which is made when it is missing."""
    kept = Path(tempfile.gettempdir()) / f"clientdesk-migrated-{os.getuid()}-{_known_by()}.sqlite3"
    if not kept.exists():
        with _alone("file"):
            if not kept.exists():
                _make(kept)
    return kept


def _make(kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        made, whole = Path(folder) / "made.sqlite3", Path(folder) / "whole.sqlite3"
        _migrate(f"sqlite:///{made}")
        with closing(sqlite3.connect(made)) as link:
            link.execute("VACUUM INTO ?", [str(whole)])
        whole.replace(kept)


@cache
def template() -> str:
    """Return the name of a migrated database on the PostgreSQL under test that nobody is connected to, so that others are made of it."""
    name = f"clientdesk_migrated_{_known_by()}"
    with _alone("template"):
        if not ask(f"SELECT FROM pg_database WHERE datname = '{name}'"):
            ask(f"DROP DATABASE IF EXISTS {name}_half WITH (FORCE)")
            ask(f"CREATE DATABASE {name}_half")
            _migrate(url(f"{name}_half"))
            ask(f"ALTER DATABASE {name}_half RENAME TO {name}")
    return name


def url(name: str) -> str:
    """Return DATABASE_URL of the database `name` on the PostgreSQL under test."""
    at = settings.DATABASES["default"]
    who = at["USER"] + (f":{at['PASSWORD']}" if at["PASSWORD"] else "")
    if str(at["HOST"]).startswith("/") or not at["HOST"]:
        return f"postgres://{who}@/{at['HOST']}/{name}"
    return f"postgres://{who}@{at['HOST']}:{at['PORT'] or 5432}/{name}"


def ask(statement: str) -> list[tuple]:
    """Let the PostgreSQL under test do `statement`, outside of every database of tests, and return the rows that it gives."""
    import psycopg

    at = settings.DATABASES["default"]
    wanted = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "password": at["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **{key: value for key, value in wanted.items() if value}) as link:
        cursor = link.cursor()
        cursor.execute(statement.encode())
        return cursor.fetchall() if cursor.description is not None else []
