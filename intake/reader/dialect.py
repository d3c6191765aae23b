"""Which character separates the columns of a text file."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from clientdesk.spreadsheets import restore
from intake.reader.headers import Score, choose_header
from intake.reader.table import is_blank

DELIMITERS = ",;\t|"
ROWS_LOOKED_AT = 200
# Excel's own first line: "sep=;".
DECLARED = re.compile(r'"?sep=([,;\t|])"?\s*$', re.IGNORECASE)
SPACE_BEFORE_QUOTE = re.compile(r'[,;\t|] +"')


class Dialect(NamedTuple):
    """How to cut a text into fields. `skipped` lines at the start are no part of the table."""

    delimiter: str
    skip_space: bool = False
    skipped: int = 0

    def reader(self, lines: Iterable[str]):
        """Give a csv reader that is strict about quotation marks."""
        return csv.reader(lines, delimiter=self.delimiter, skipinitialspace=self.skip_space, strict=True)


def choose_dialect(lines: Sequence[str], score: Score | None, chosen: str = "") -> Dialect:
    """Choose by the first lines: the `chosen` or declared delimiter, else the one that gives known headers and rows of one width.

    The sample is read with quotation marks in mind, so that a delimiter inside a quoted text does not count.
    """
    if lines and (declared := DECLARED.match(lines[0])):
        return Dialect(chosen or declared[1], skipped=1)
    spaces = (False, True) if any(SPACE_BEFORE_QUOTE.search(line) for line in lines) else (False,)
    candidates = [Dialect(delimiter, space) for space in spaces for delimiter in chosen or DELIMITERS]
    points = {dialect: _points(dialect, lines, score) for dialect in candidates}
    best = max(candidates, key=lambda dialect: points[dialect])
    if points[best].share == 0:
        if blank := next((dialect for dialect in candidates if not points[dialect].width), None):
            return blank
        # One column only: what does not occur cannot cut it.
        return next((one for one in candidates if not any(one.delimiter in line for line in lines)), best)
    return best


def widths(dialect: Dialect, lines: Sequence[str]) -> dict[str, int]:
    """Say for each delimiter how many columns it gives, with the other decisions of `dialect`; one column is no answer."""
    beneath = lines[dialect.skipped :]
    found = {delimiter: _points(dialect._replace(delimiter=delimiter), beneath, None).width for delimiter in DELIMITERS}
    return {delimiter: width for delimiter, width in found.items() if width > 1 or delimiter == dialect.delimiter}


class _Points(NamedTuple):
    """What speaks for a dialect, in this order; no width where it leaves only blank rows."""

    headers: float
    share: float
    width: int


def _points(dialect: Dialect, lines: Sequence[str], score: Score | None) -> _Points:
    rows: list[list[str]] = []
    try:
        for row in dialect.reader(lines):
            if not is_blank(row):
                rows.append([restore(cell) for cell in row])
            if len(rows) == ROWS_LOOKED_AT:
                break
    except csv.Error:
        pass
    if not rows:
        return _Points(0.0, 0.0, 0)
    width, count = Counter(map(len, rows)).most_common(1)[0]
    share = count / len(rows) if width > 1 else 0.0
    return _Points(choose_header(rows, score).points, share, width)
