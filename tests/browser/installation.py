"""A whole ClientDesk for the journeys: its own data, gunicorn as in production, one worker, mails as files."""

import email
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.policy import default
from pathlib import Path
from urllib.error import URLError

from tests import migrating

ROOT = Path(__file__).parents[2]
PATIENCE = 60


@dataclass
class Installation:
    """One running ClientDesk below `folder`, on SQLite or the migrated database of `database_url`.

    DEBUG is on only while the demo data are made, so that pages are those of production.
    """

    folder: Path
    database_url: str = ""
    port: int = 0
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(50))
    children: list[subprocess.Popen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.port = self.port or _free_port()

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are given: nothing of the machine's own settings."""
        given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        given |= {
            "SECRET_KEY": self.secret,
            "DATA_DIR": str(self.folder),
            "PUBLIC_BASE_URL": self.url,
            "LOG_LEVEL": "WARNING",
            "DEBUG": "false",
            "STAFF_MFA_REQUIRED": "false",
            "COMPANY_NAME": "Nordwort",
        }
        return given | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    def manage(self, *words: str, **more: str) -> str:
        """Run a command of manage.py to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(words)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> None:
        """Fill the database with the demo and serve it."""
        if not self.database_url:
            migrating.copy_file(self.folder / "clientdesk.sqlite3")
        self.manage("demo", "--verbosity=0", DEBUG="true")
        self.manage("collectstatic", "--no-input", "--verbosity=0")
        web = [
            "-m",
            "gunicorn",
            "clientdesk.wsgi:application",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "2",
            "--log-level",
            "warning",
        ]
        self._spawn("web", *web, "--no-control-socket", "--timeout", "120")
        self._spawn("worker", "manage.py", "worker")
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert all(child.poll() is None for child in self.children), self.log()
            assert time.monotonic() < until, f"No answer within {PATIENCE} s.\n{self.log()}"
            time.sleep(0.1)

    def stop(self) -> None:
        """End web and worker."""
        for child in self.children:
            child.terminate()
        for child in self.children:
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    @contextmanager
    def worker_asleep(self) -> Iterator[None]:
        """Let the worker stand still, so that pages of waiting can be looked at."""
        worker = self.children[-1]
        worker.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            worker.send_signal(signal.SIGCONT)

    def log(self) -> str:
        """What web and worker said."""
        return "".join(f"--- {path.name}\n{path.read_text()}" for path in sorted(self.folder.glob("*.log")))

    def links(self, address: str) -> list[str]:
        """The links of all mails that went to `address`, oldest first."""
        paths = sorted((self.folder / "mails").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        messages = [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]
        texts = [body.get_content() for message in messages if address in message["To"] and (body := message.get_body(("plain",)))]
        return [found[0] for text in texts if (found := re.search(re.escape(self.url) + r"/account/link/\S+", text))]

    def link(self, address: str, number: int = 1) -> str:
        """Wait for the `number`-th mail with a link to `address` and return the link."""
        until = time.monotonic() + PATIENCE
        while len(found := self.links(address)) < number:
            assert time.monotonic() < until, f"{len(found)} links to {address}, {number} expected.\n{self.log()}"
            time.sleep(0.1)
        return found[number - 1]

    def _spawn(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("w") as log:
            self.children.append(subprocess.Popen([sys.executable, *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log))

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                return True
        except (URLError, ConnectionError, TimeoutError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
