"""The chart of a report as numbers that an SVG is drawn from; everything in units of its view box."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jobs.report.figures import Bar

WIDTH, TOP, BOTTOM, HEIGHT = 1100, 20, 170, 196
_LEFT, _RIGHT, _WIDEST, _GAP = 44, 10, 34, 2
# Few bars stand at the beginning, where a phone shows them.
_ROOMIEST = 120


@dataclass(frozen=True)
class Part:
    """One part of a bar: its kind (within, late, without) and its rectangle."""

    kind: str
    y: str
    height: str


@dataclass(frozen=True)
class Column:
    """One bar as it is drawn; `title` says its months and numbers in words."""

    bar: Bar
    title: str
    x: str
    width: str
    middle: str
    parts: list[Part]


@dataclass(frozen=True)
class Line:
    """One line of the scale."""

    y: str
    text_y: str
    value: int


@dataclass(frozen=True)
class Chart:
    """A whole chart; `highest` is the highest bar."""

    columns: list[Column]
    lines: list[Line]
    highest: Bar


def scale(most: int) -> list[int]:
    """Return the values of four to six lines from 0 on, round ones, the last of which is not below `most`."""
    rough = max(most, 4) / 5
    power = 10 ** math.floor(math.log10(rough))
    step = max(1, next(int(power * times) for times in (1, 2, 2.5, 5, 10) if power * times >= rough and (power * times) % 1 == 0))
    return list(range(0, step * math.ceil(max(most, 1) / step) + 1, step))


def _places(value: float) -> str:
    # As text: a template would write decimals as the language does.
    return f"{value:.1f}"


def chart(bars: Sequence[Bar], title: Callable[[Bar], str]) -> Chart | None:
    """Return the chart of `bars`, each with its `title`, or None where there are none."""
    if not bars:
        return None
    marks = scale(max(bar.total for bar in bars))
    unit = (BOTTOM - TOP) / marks[-1]
    slot = min((WIDTH - _LEFT - _RIGHT) / len(bars), _ROOMIEST)
    width = min(_WIDEST, slot * 0.6)
    columns = []
    for number, bar in enumerate(bars):
        middle = _LEFT + slot * (number + 0.5)
        columns.append(Column(bar, title(bar), _places(middle - width / 2), _places(width), _places(middle), _parts(bar, unit)))
    lines = [Line(_places(BOTTOM - unit * value), _places(BOTTOM - unit * value + 4), value) for value in marks]
    return Chart(columns, lines, max(bars, key=lambda bar: bar.total))


def _parts(bar: Bar, unit: float) -> list[Part]:
    """Return the parts of `bar` from the ground up, with a gap between two where there is room for one."""
    parts, base = [], float(BOTTOM)
    for kind in ("within", "late", "without"):
        height = getattr(bar, kind) * unit
        if height:
            drawn = max(height - (_GAP if parts else 0), 1)
            parts.append(Part(kind, _places(base - height), _places(drawn)))
            base -= height
    return parts
