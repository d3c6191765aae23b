"""Bytes -> rows of text, bounded in size, time and memory.

`open_table` is the one door. It looks at the content of a file (never at its extension), refuses with a sentence what it
cannot read soundly, and gives a `Table` whose rows stream: a CSV file is read in place, a workbook in a child process that a
crash or a memory limit may end without harm to anyone else.

The kinds are rooms of their own: `delimited` (CSV, TSV) and `workbook`, whose child process (`talk`) reads XLSX, XLS and ODS, each in
a package of its name. A new kind is one more entry in `opening.OPENERS`.

What is guessed (encoding, delimiter, sheet, header row) is told in `Table.found` and can be chosen instead by `Options`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from intake.reader.table import CellError, Limits, Options, Refused, Row, Table, samples

__all__ = ["CellError", "Limits", "Options", "Refused", "Row", "Table", "open_table", "samples"]


def open_table(
    path: Path | str,
    filename: str,
    limits: Limits,
    score: Callable[[Sequence[str]], float] | None = None,
    options: Options | None = None,
) -> Table:
    """Open the table in the file at `path`, which its owner calls `filename`.

    `score` says how well a row of texts serves as header row (for instance how many known headers are in it); it helps to
    choose the sheet, the header row and the delimiter. `options` are what a person chose instead; a choice that is impossible is
    refused. Use the result as a context manager. Raises `Refused` with a translated sentence; reading on through `Table.rows()` may
    raise it too.
    """
    # Inside, because the child process imports this package and must not pay for Django's translation (60 ms of 85).
    from intake.reader.opening import open_file  # noqa: PLC0415

    return open_file(Path(path), filename, limits, score, options or Options())
