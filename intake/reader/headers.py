"""Which row holds the headers."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from intake.reader.table import Cell, as_header

ROWS_LOOKED_AT = 10

type Score = Callable[[Sequence[str]], float]


class HeaderChoice(NamedTuple):
    """`index` into the rows looked at and the points that the row got."""

    index: int
    points: float


def choose_header(rows: Sequence[Sequence[Cell]], score: Score | None) -> HeaderChoice:
    """Choose among the first rows that are not blank: the one with most points, else the first that is no mere title.

    A title is one cell above wider rows, or few cells above much wider ones: people write "Clients 2026" above their table.
    """
    rows = rows[:ROWS_LOOKED_AT]
    points = [score([as_header(cell) for cell in row]) if score else 0.0 for row in rows]
    if max(points) > 0:
        best = points.index(max(points))
        return HeaderChoice(best, points[best])
    filled = [sum(1 for cell in row if as_header(cell)) for row in rows]
    widest = max(filled)
    return HeaderChoice(next(i for i, count in enumerate(filled) if count >= min(2, widest) and count * 3 >= widest), 0.0)


def header_texts(cells: Sequence[Cell]) -> list[str]:
    """Give the headers of a row without the blank cells at its end."""
    headers = [as_header(cell) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    return headers
