"""The right room for a file, by its content."""

from collections.abc import Callable
from pathlib import Path

from intake.reader import sentences
from intake.reader.delimited import DelimitedTable
from intake.reader.headers import Score
from intake.reader.kinds import kind_of, ole_kind
from intake.reader.table import Limits, Options, Table
from intake.reader.workbook import WorkbookTable

HEAD = 64 * 1024

type Opener = Callable[[Path, str, Limits, Score | None, Options], Table]

# "zip" is XLSX or ODS, "ole" is XLS or something else: what exactly is told by what is inside.
OPENERS: dict[str, Opener] = {
    "text": DelimitedTable,
    "zip": WorkbookTable,
    "xls": lambda *given: WorkbookTable(*given, kind="xls"),
}


def most_bytes(kind: str) -> str:
    """Give the name of the limit on the size of a file of a kind, which is the code of the refusal, too."""
    return "bytes_csv" if kind == "text" else "bytes_sheet"


def open_file(path: Path, filename: str, limits: Limits, score: Score | None, options: Options) -> Table:
    """See `intake.reader.open_table`."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        raise sentences.refused("missing", filename) from None
    if size <= HEAD and not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise sentences.refused("empty", filename)
    kind = kind_of(head)
    if kind == "ole":
        kind = ole_kind(path)
    if kind not in OPENERS:
        raise sentences.refused(kind, filename)
    code = most_bytes(kind)
    if size > (limit := getattr(limits, code)):
        raise sentences.refused(code, filename, size=sentences.megabytes(size), limit=sentences.megabytes(limit))
    return OPENERS[kind](path, filename, limits, score, options)
