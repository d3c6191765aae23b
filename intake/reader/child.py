"""A process of its own for a parser that a hostile file may drive out of memory or time."""

import json
import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

PIPE = 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]
logger = logging.getLogger(__name__)


class ChildRefused(Exception):
    """The child answered with a refusal, or died: `code` and `details` of a sentence."""

    def __init__(self, code: str, details: dict[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Child:
    """A Python module that talks JSON, one message a line. Started afresh, never forked; it gets none of our environment,
    which holds secrets, and binds itself to the limits in the request before it touches the file."""

    def __init__(self, module: str, request: dict[str, Any]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, the file name travels as data
            [sys.executable, "-E", "-s", "-m", module],
            cwd=ROOT,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # So that it reads on while we work on what it read.
            pipesize=PIPE,
        )
        self.say(request)

    def say(self, message: dict[str, Any]) -> None:
        """Send one message. A child that is dead already is noticed when it does not answer."""
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def hear(self) -> Any:
        """Wait for the next message. Raises `ChildRefused`."""
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise ChildRefused(self._cause_of_death(), {})
        message = json.loads(line)
        if isinstance(message, dict) and "refused" in message:
            raise ChildRefused(message["refused"], message["details"])
        return message

    def _cause_of_death(self) -> str:
        status = self._process.wait()
        logger.warning("reader_child_died", extra={"status": status})
        if status == -signal.SIGXCPU:
            return "time"
        return "memory" if status < 0 else "damaged"

    def close(self) -> None:
        """End the child, whatever it is doing, and let go of it."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()
        self._process.wait()
