"""The migrated SQLite database of the tests is kept between runs and shared by their processes: to migrate an empty one takes longer
than a hundred tests. It is known by what its migrations say; PostgreSQL is always migrated."""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

_IMPORTED = re.compile(r"^(?:from|import) ((?:clientdesk|clients|contacts|jobs|portal|intake)[\w.]*)", re.MULTILINE)


def _modules(text: str) -> set[Path]:
    found = set()
    for name in _IMPORTED.findall(text):
        path = settings.BASE_DIR / name.replace(".", "/")
        found |= {file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()}
    return found


def kept() -> Path:
    """Return where the database is kept that these migrations, and the modules that they import, lead to."""
    files = set(Path(settings.BASE_DIR).glob("*/migrations/*.py"))
    files |= {module for file in list(files) for module in _modules(file.read_text())}
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return Path(tempfile.gettempdir()) / f"clientdesk-migrated-{os.getuid()}-{digest.hexdigest()[:16]}.sqlite3"


def take(target: Path) -> bool:
    """Copy the kept database to `target`; return whether there is one."""
    try:
        shutil.copyfile(kept(), target)
    except FileNotFoundError:
        return False
    return True


def keep() -> None:
    """Keep the database under test, which was just migrated and holds nothing else."""
    waiting = kept().with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(waiting)])
    waiting.replace(kept())
