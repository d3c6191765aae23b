"""The talk of the child process with the one that asked it: see the package."""

import json
import resource
import sys
from contextlib import suppress
from dataclasses import asdict

from intake.reader.xlsx.book import Book, SheetEntry
from intake.reader.xlsx.package import Package, Unreadable
from intake.reader.xlsx.sheet import Enough, LeftOut, RawCell, SheetPass

HEAD_ROWS = 10
HEAD_CELL = 200
BATCH_ROWS = 500
BATCH_CHARACTERS = 1 << 18
BREATH = 2
MEGABYTE = 1024 * 1024


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


def _serve(request: dict) -> None:
    book = Book(Package(request["path"], request["entries"], request["unpacked"]), request["cell"])
    _say({"sheets": [_head(book, sheet, request["columns"]) for sheet in book.sheets]})
    answer = sys.stdin.readline()
    if not answer:
        return
    choice = json.loads(answer)
    left_out = _Stream(request).run(book, book.sheets[choice["sheet"]], choice["header_line"], choice["width"])
    _say({"left_out": asdict(left_out)})


def _head(book: Book, sheet: SheetEntry, columns: int) -> dict[str, object]:
    """Give the first rows of a sheet, each cell shortened: enough to choose by."""
    rows: list[tuple[int, list[RawCell]]] = []

    def take(line: int, cells: list[RawCell]) -> None:
        rows.append((line, [cell[:HEAD_CELL] if isinstance(cell, str) else cell for cell in cells]))
        if len(rows) == HEAD_ROWS:
            raise Enough

    with book.package.open(sheet.part) as part:
        left_out = SheetPass(book, sheet.name, columns, take).run(part)
    return {"name": sheet.name, "hidden": sheet.hidden, "rows": rows, "beyond": left_out.strays + sum(left_out.unheaded.values())}


class _Stream:
    """Sends the rows below the header in batches, and counts them."""

    def __init__(self, request: dict) -> None:
        self._rows_allowed, self._unpacked, self._sent = request["rows_sheet"], request["unpacked"], 0
        self._batch: list[tuple[int, list[RawCell]]] = []
        self._characters = 0
        self._count = 0

    def run(self, book: Book, sheet: SheetEntry, header_line: int, width: int) -> LeftOut:
        self._name = sheet.name

        def take(line: int, cells: list[RawCell]) -> None:
            if line > header_line:
                self._add(line, cells)

        with book.package.open(sheet.part) as part:
            left_out = SheetPass(book, sheet.name, width, take, header_line).run(part)
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
