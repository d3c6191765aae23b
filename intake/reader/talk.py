"""The child process that reads one workbook under limits of its own: `python -m intake.reader.talk`.

It knows nothing of Django and says everything in codes. The talk is JSON, one message a line:

- in: the request (path and limits); out: the kind of the workbook and what each sheet begins with
- in: the chosen sheet, header row and width; out: batches of rows, then what was left out
- out, at any time and as the last message: a refusal
"""

import json
import resource
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Protocol

from intake.reader.rows import Enough, LeftOut, RawCell, Take, Unreadable
from intake.reader.xlsx.package import Package

HEAD_ROWS = 10
HEAD_CELL = 200
BATCH_ROWS = 500
BATCH_CHARACTERS = 1 << 18
BREATH = 2
MEGABYTE = 1024 * 1024


class Sheet(Protocol):
    """A sheet with cells, as its workbook lists it."""

    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...


class Workbook(Protocol):
    """What each kind of workbook can do. `sheets` are known once `heads` has run."""

    kind: str

    @property
    def sheets(self) -> Sequence[Sheet]: ...
    def heads(self, width: int, begin: Callable[[], Take]) -> list[LeftOut]: ...
    def read(self, index: int, width: int, take: Take, header_line: int = 0) -> LeftOut: ...


def main() -> int:
    """Serve one request. Ends with 0 after a refusal too: the refusal is the answer."""
    request = json.loads(sys.stdin.readline())
    _limit(request["memory"], request["seconds"])
    try:
        _serve(request)
    except Unreadable as error:
        _say({"refused": error.code, "details": error.details})
    except MemoryError:
        _say({"refused": "memory", "details": {}})
    except BrokenPipeError:
        sys.stdout = None
    return 0


def _limit(memory: int, seconds: int) -> None:
    """Bind this process: memory, processor time (a signal, then the end), no files written, no core dump."""
    for kind, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + BREATH),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (soft, hard))


def _say(message: dict[str, object] | list[tuple[int, list[RawCell]]]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")))
    sys.stdout.write("\n")
    sys.stdout.flush()


def _opened(request: dict) -> Workbook:
    """Open the workbook by its content. Only the reader of its kind is loaded."""
    if request["kind"] == "xls":
        from intake.reader.xls.book import XlsBook  # noqa: PLC0415

        return XlsBook(request["path"], request["cell"])
    package = Package(request["path"], request["entries"], request["unpacked"])
    if (kind := package.kind()) == "xlsx":
        from intake.reader.xlsx.book import Book  # noqa: PLC0415

        return Book(package, request["cell"])
    if kind == "ods":
        from intake.reader.ods.book import OdsBook  # noqa: PLC0415

        return OdsBook(package, request["cell"], request["rows_sheet"])
    raise Unreadable(kind)


def _serve(request: dict) -> None:
    book = _opened(request)
    _say({"kind": book.kind, "sheets": _heads(book, request["columns"], request["header_row"])})
    answer = sys.stdin.readline()
    if not answer:
        return
    choice = json.loads(answer)
    left_out = _Stream(request).run(book, choice["sheet"], choice["header_line"], choice["width"])
    _say({"left_out": asdict(left_out)})


def _heads(book: Workbook, columns: int, header_row: int) -> list[dict[str, object]]:
    """Give the first rows of each sheet, and the row that a person calls its header row, each cell shortened: enough to choose by."""
    heads: list[list[tuple[int, list[RawCell]]]] = []

    def begin() -> Take:
        rows: list[tuple[int, list[RawCell]]] = []
        heads.append(rows)

        def take(line: int, cells: list[RawCell]) -> None:
            if len(rows) < HEAD_ROWS or line == header_row:
                rows.append((line, [cell[:HEAD_CELL] if isinstance(cell, str) else cell for cell in cells]))
            if len(rows) >= HEAD_ROWS and line >= header_row:
                raise Enough

        return take

    found = book.heads(columns, begin)
    return [
        {"name": sheet.name, "hidden": sheet.hidden, "rows": rows, "beyond": left_out.strays + sum(left_out.unheaded.values())}
        for sheet, rows, left_out in zip(book.sheets, heads, found, strict=True)
    ]


class _Stream:
    """Sends the rows below the header in batches, and counts them."""

    def __init__(self, request: dict) -> None:
        self._rows_allowed, self._unpacked, self._sent = request["rows_sheet"], request["unpacked"], 0
        self._batch: list[tuple[int, list[RawCell]]] = []
        self._characters = 0
        self._count = 0

    def run(self, book: Workbook, index: int, header_line: int, width: int) -> LeftOut:
        self._name = book.sheets[index].name

        def take(line: int, cells: list[RawCell]) -> None:
            if line > header_line:
                self._add(line, cells)

        left_out = book.read(index, width, take, header_line)
        self._send()
        return left_out

    def _add(self, line: int, cells: list[RawCell]) -> None:
        self._count += 1
        if self._count > self._rows_allowed:
            raise Unreadable("rows", sheet=self._name, limit=self._rows_allowed)
        self._batch.append((line, cells))
        self._characters += sum(map(len, cells))
        if len(self._batch) == BATCH_ROWS or self._characters > BATCH_CHARACTERS:
            self._send()

    def _send(self) -> None:
        if self._batch:
            # One shared text used over and over unpacks to more than the file holds.
            self._sent += self._characters
            if self._sent > self._unpacked:
                raise Unreadable("unpacked", limit=self._unpacked // MEGABYTE)
            _say(self._batch)
        self._batch, self._characters = [], 0


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main())
