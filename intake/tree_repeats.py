"""External IDs that several clients of a company tree have, wherever in the file they stand: rows far apart are judged apart."""

from collections.abc import Collection, Iterator
from functools import reduce

from django.db.models import Count, Expression, F, QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Replace

from clientdesk.words import tidy
from intake.models import Base, ImportRun, StagedRow

# The columns whose texts one client, or one person of one client, has alone.
ONCE = ("client_external_id", "person_external_id")
# More of them are found out by saving, and a file with so many is looked at as a whole anyway.
MOST = 10_000
# Of the rows that share a text so many are judged anew when one is corrected; the others when the file is compared again.
MOST_MET = 100
NAME = "repeated"
# What two texts that are stored alike may differ in.
SPACES = " \t\n\r\u00a0\u2007\u202f\u3000\u200e\u200f"


def _rows(run: ImportRun) -> QuerySet[StagedRow]:
    return run.rows.exclude(base=Base.SKIPPED).exclude(name_key=None).order_by()


def columns(run: ImportRun) -> Iterator[tuple[str, int]]:
    """Yield key and position of the columns of `run` that are looked at; the one by which clients are found stands with one each."""
    for position, key in run.mapping:
        if key in ONCE and key != f"client_{run.key}":
            yield str(key), int(position)


def _without_spaces(text: str) -> str:
    return "".join(sign for sign in text if sign not in SPACES)


def _read(position: int) -> dict[str, Expression | F]:
    """Return what of a row is looked at: its text in the column at `position`, and that text without spaces, by which rows meet."""
    text = KT(f"raw__{position}")
    return {"text": text, "bare": reduce(lambda rest, sign: Replace(rest, Value(sign), Value(""), output_field=TextField()), SPACES, text)}


def find(run: ImportRun) -> dict[str, list[str]]:
    """Return by column the texts, in their stored form, that stand with more than one client; two statements for each column."""
    found = {}
    for key, position in columns(run):
        met = _rows(run).annotate(**_read(position)).values_list("bare").annotate(clients=Count("name_key", distinct=True))
        texts = {text for text, _clients in met.filter(clients__gt=1)[:MOST] if text}
        found[key] = sorted(text for text, rows in _lines(run, position, texts).items() if len({name for _line, name in rows}) > 1)
    return {key: texts for key, texts in found.items() if texts}


def lines_of(run: ImportRun, key: str, texts: Collection[str]) -> dict[str, list[tuple[int, str]]]:
    """Return by text the rows (row number, key of the client's name) of `run` that have one of `texts`, however spaced, in the column
    `key`; one statement."""
    position = next((position for column, position in columns(run) if column == key), None)
    found = {} if position is None else _lines(run, position, {_without_spaces(text) for text in texts})
    return {text: rows for text, rows in found.items() if text in texts}


def _lines(run: ImportRun, position: int, bare: Collection[str]) -> dict[str, list[tuple[int, str]]]:
    """Return by stored text the rows that have one of the texts `bare`, which are without spaces."""
    found: dict[str, list[tuple[int, str]]] = {}
    if bare:
        rows = _rows(run).annotate(**_read(position)).filter(bare__in=sorted(bare)).order_by("line")
        for line, name, text in rows.values_list("line", "name_key", "text"):
            found.setdefault(tidy(text), []).append((line, name))
    return found


def meet(run: ImportRun, lines: Collection[int]) -> set[str]:
    """Return the keys of the names of clients that have a text in common with the rows `lines`, or had one with others and have it alone
    by now; note on `run` which texts stand with several. Two statements for each column. The caller saves the run."""
    names: set[str] = set()
    noted = {}
    raws = list(run.rows.filter(line__in=list(lines)).values_list("raw", flat=True))
    for key, position in columns(run):
        given = {tidy(raw[position]) for raw in raws if position < len(raw) and tidy(raw[position])}
        before = set(run.found.get(NAME, {}).get(key, ()))
        found = lines_of(run, key, given | before)
        several = {text for text, rows in found.items() if len({name for _line, name in rows}) > 1}
        noted[key] = sorted(several)
        for text in given | before - several:
            names |= {name for _line, name in found.get(text, ())[:MOST_MET]}
    run.found = run.found | {NAME: {key: texts for key, texts in noted.items() if texts}}
    return names
