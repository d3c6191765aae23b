"""Rows that a person corrected in the review are judged anew at once, with whoever shares a name or number with them."""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Count, Max, Min, Q

from intake import tree_repeats
from intake.engines import ENGINES
from intake.identifying import count_matches
from intake.loading import update
from intake.models import Base, ImportRun, StagedRow
from intake.naming import name_rows
from intake.planning import MARKED, marked, repeated
from intake.staged import rows_of
from intake.verdicts import JUDGED

# What must not stand in two rows: the columns of the stage.
ONCE = ("name_key", "external_id", "match_key")
# More rows than this are a matter for the worker.
MOST = 500


class TooMany(Exception):
    """More rows hang together than can be judged while a person waits."""


def edit(run: ImportRun, line: int, texts: Mapping[int, str], insisted: Collection[int] = ()) -> None:
    """Put `texts` (by position) in place of the cells of row `line` and judge it anew; those `insisted` on count as typed even where they
    are as before.

    The caller holds the run's row, which is in review. Raises StagedRow.DoesNotExist. Raises TooMany where more rows hang together than
    can be judged at once: the texts are in place then, and the caller plans the run anew.
    """
    row = run.rows.get(line=line)
    raw, edits, faults = [*row.raw], dict(row.edits or {}), dict(row.faults or {})
    raw += [""] * (len(run.headers) - len(raw))
    for position, text in texts.items():
        if text != raw[position] or str(position) in faults or position in insisted:
            edits.setdefault(str(position), raw[position])
            faults.pop(str(position), None)
            raw[position] = text
    run.rows.filter(line=line).update(raw=raw, edits=edits or None, faults=faults or None)
    rejudge(run, {line})


def rejudge(run: ImportRun, lines: Collection[int]) -> None:
    """Judge the rows `lines` anew, and those that share a key with them before or after; count anew.

    Raises TooMany; what was judged by then is right, and the caller plans the run anew for the others.
    """
    lines = set(lines) | _sharing(run, lines)
    _judge(run, lines)
    met = _sharing(run, lines) - lines
    _judge(run, met)
    lines |= met
    for column, key in zip(ONCE, ("name", "external_id", ENGINES[run.kind].judge.match_column(run.key)), strict=True):
        if ENGINES[run.kind].judge.repeats:
            _mark(run, column, key, lines)
    if ENGINES[run.kind].judge.grouped:
        keys = run.rows.filter(line__in=lines).exclude(name_key=None).order_by().values_list("name_key", flat=True)
        ENGINES[run.kind].judge.settle(run, set(keys) | tree_repeats.meet(run, lines))
    unnamed = run.rows.filter(line__in=lines, base__in=[Base.NEW, Base.BLANK], name_key=None).order_by("line")
    named = name_rows(run, list(unnamed.values_list("line", "values", "warnings"))) if ENGINES[run.kind].judge.names else []
    update(StagedRow, ["run_id", "line"], ["name_key", "values", "warnings"], named)
    run.counts = dict(run.rows.order_by().values_list("verdict").annotate(rows=Count("line")))
    run.matches = count_matches(run)
    run.save(update_fields=["counts", "matches", "found", "updated_at"])


def _sharing(run: ImportRun, lines: Iterable[int]) -> set[int]:
    """Return the rows that share a name, an external ID or a number with one of `lines`."""
    shared = Q(pk__in=[])
    for column in ONCE:
        texts = set(run.rows.filter(line__in=lines).exclude(**{column: None}).values_list(column, flat=True))
        if texts:
            shared |= Q(**{f"{column}__in": texts})
    found = set(run.rows.filter(shared).values_list("line", flat=True)[: MOST + 1])
    if len(found) > MOST:
        raise TooMany
    return found


def _judge(run: ImportRun, lines: Collection[int]) -> None:
    if lines:
        rows = rows_of(run, run.rows.filter(line__in=lines).order_by("line"))
        update(StagedRow, JUDGED[:2], JUDGED[2:], list(ENGINES[run.kind].judge(run).judge(rows)))


def _mark(run: ImportRun, column: str, key: str, lines: Collection[int]) -> None:
    texts = set(run.rows.filter(line__in=lines).exclude(**{column: None}).values_list(column, flat=True))
    found = run.rows.filter(**{f"{column}__in": texts}).order_by().values_list(column)
    counted = found.annotate(first=Min("line"), last=Max("line"), count=Count("line")).filter(count__gt=1)
    groups = {value: (first, last, count) for value, first, last, count in counted}
    update(StagedRow, MARKED[:2], MARKED[2:], marked(run, key, repeated(run, column, groups), groups))


def replace(run: ImportRun, column: str, replacements: Mapping[str, str]) -> list[int] | None:
    """Read other texts in place of some in all cells of `column` that equal them ({text as `known.same_text` gives it: text}).

    Return the rows that this concerns, or None where there are more than can be judged at once.
    """
    run.replacements = run.replacements | {column: run.replacements.get(column, {}) | dict(replacements)}
    run.save(update_fields=["replacements", "updated_at"])
    return lines_with_errors(run, column)


def lines_with_errors(run: ImportRun, column: str) -> list[int] | None:
    """Return the rows with an error in `column`, or None where there are more than MOST."""
    lines = list(run.rows.filter(base__in=[Base.ERROR, Base.BARRED], errors__has_key=column).values_list("line", flat=True)[: MOST + 1])
    return lines if len(lines) <= MOST else None
