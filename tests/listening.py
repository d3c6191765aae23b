"""What the log says while a test runs, in the very form in which it leaves the process."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest


class Said:
    """The lines of the log so far."""

    def __init__(self) -> None:
        self.stream = StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def said() -> Iterator[Said]:
    """Listen to the root logger with the formatter of the product's own handler."""
    root = logging.getLogger()
    [ours] = [handler for handler in root.handlers if type(handler) is logging.StreamHandler]
    heard = Said()
    handler = logging.StreamHandler(heard.stream)
    handler.setFormatter(ours.formatter)
    root.addHandler(handler)
    yield heard
    root.removeHandler(handler)
