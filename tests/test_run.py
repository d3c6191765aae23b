"""`make run` as one program: web and worker come together and go together."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import migrating

ROOT = Path(__file__).parents[1]
PATIENCE = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[[int], subprocess.Popen]]:
    """Return a function that starts ClientDesk on a port with a SQLite file of its own; what it prints goes to `tmp_path / "said"`.

    The file is migrated where others were (scripts/try_run.py starts with none).
    """
    running: list[subprocess.Popen] = []

    def begin(port: int) -> subprocess.Popen:
        given = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        given |= {
            "DEBUG": "true",
            "DATA_DIR": str(tmp_path / "data"),
            "PUBLIC_BASE_URL": f"http://localhost:{port}",
            "LOG_LEVEL": "WARNING",
        }
        file = tmp_path / "data" / "clientdesk.sqlite3"
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            migrating.copy_file(file)
        with (tmp_path / "said").open("w") as said:
            words = [sys.executable, "manage.py", "run", "--port", str(port), "--scale", "1"]
            running.append(subprocess.Popen(words, cwd=ROOT, env=given, stdout=said, stderr=said))
        return running[-1]

    yield begin
    for process in running:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=40)


def wait_for(said: Path, words: str, process: subprocess.Popen) -> str:
    until = time.monotonic() + PATIENCE
    while words not in (text := said.read_text()):
        assert process.poll() is None, text
        assert time.monotonic() < until, text
        time.sleep(0.1)
    return text


def children(process: subprocess.Popen) -> list[int]:
    """The processes that `process` started; without /proc (not Linux) those that ps tells."""
    if (told := Path(f"/proc/{process.pid}/task/{process.pid}/children")).exists():
        return [int(pid) for pid in told.read_text().split()]
    found = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [line.split() for line in found.stdout.splitlines()]
    return [int(pid) for pid, parent in pairs if int(parent) == process.pid]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_prints_where_to_go_and_stops_both_when_told(start, tmp_path):
    port = free_port()
    process = start(port)
    text = wait_for(tmp_path / "said", "Stop it with Ctrl+C.", process)
    assert f"http://localhost:{port}/" in text
    assert len(re.findall(r"@\S+\.example", text)) == 6
    web, worker = children(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=40) == 0
    assert not alive(web)
    assert not alive(worker)

    process = start(port)
    assert "Making demo data" not in wait_for(tmp_path / "said", "Stop it with Ctrl+C.", process)
    web, worker = children(process)
    os.kill(worker, signal.SIGKILL)
    assert process.wait(timeout=40) == 1
    assert not alive(web)
    assert "The worker process ended by itself." in (tmp_path / "said").read_text()


def test_a_port_that_is_taken_gets_a_sentence(start, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(port)
        assert process.wait(timeout=40) == 1
    assert f"Port {port} cannot be used" in (tmp_path / "said").read_text()
