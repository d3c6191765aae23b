"""A server for the specimen pages: the frames and components without database and views."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Specimen:
    """The running server; `url` is its address. Raises RuntimeError when it does not answer within a minute."""

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = folder / "specimen.log"
        environment = os.environ | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.specimen.settings"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "django", "runserver", "--noreload", "--skip-checks", self.url.removeprefix("http://")]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd=Path(__file__).parents[2])

    def wait(self) -> None:
        """Return as soon as the server answers."""
        for _ in range(240):
            if self.process.poll() is not None:
                break
            try:
                with urlopen(f"{self.url}/") as answer:
                    answer.read()
                return
            except (URLError, ConnectionError):
                time.sleep(0.25)
        raise RuntimeError(self.log.read_text(encoding="utf-8")[-2000:])

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        self.process.wait(timeout=15)
