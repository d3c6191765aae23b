"""The texts of a file that lists of the settings do not know: each once, with how often it stands there (import.md section 2)."""

from collections import Counter
from typing import NamedTuple

from intake.cells import shown
from intake.kinds import resource
from intake.models import Base, ImportRun

# Rows with errors that are looked at, and different texts that are shown of a column.
LOOKED_AT = 20_000
MOST = 50


class DoubtfulValue(NamedTuple):
    """One text, in how many rows it stands, what it surely means (or an empty text), and the name of its field in the form."""

    text: str
    shown: str
    rows: int
    suggestion: str
    field: str


class DoubtfulColumn(NamedTuple):
    """A column with texts that its list does not know."""

    key: str
    label: str
    values: list[DoubtfulValue]
    allowed: list[str]
    more: int


def doubtful_values(run: ImportRun) -> list[DoubtfulColumn]:
    """Return the columns of `run` that have such texts, the most frequent first; one pass over the rows with errors."""
    fields = resource(run.kind).fields
    lists = {key: (position, fields[key]) for position, key in run.mapping if key in fields and fields[key].is_matched}
    if not lists:
        return []
    counts: dict[str, Counter[str]] = {key: Counter() for key in lists}
    wrong = run.rows.filter(base__in=[Base.ERROR, Base.BARRED]).order_by("line").values_list("raw", "errors")[:LOOKED_AT]
    for raw, errors in wrong.iterator(2_000):
        for key in (errors or {}).keys() & lists.keys():
            position = lists[key][0]
            if position < len(raw) and raw[position].strip():
                counts[key][raw[position]] += 1
    found = []
    for key, (position, column) in lists.items():
        if not counts[key]:
            continue
        allowed = column.allowed
        values = [
            DoubtfulValue(text, shown(text), rows, column.widget.suggestion(text), f"value-{position}-{place}")
            for place, (text, rows) in enumerate(sorted(counts[key].most_common(MOST), key=lambda pair: (-pair[1], pair[0])))
        ]
        found.append(DoubtfulColumn(key, column.label, values, allowed, max(len(counts[key]) - MOST, 0)))
    return found
