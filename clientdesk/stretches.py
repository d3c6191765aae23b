"""Which stretches of a list can hold some words: what lets a page be found where many records have them, but none near its beginning.

The records of a large table stand in the order of names in stretches of SIZE neighbours. Of each trigram PostgreSQL keeps in which
stretches it occurs, a bit for each. A word can only stand where all its trigrams do, so that everything between is passed over unseen
and a page of fifty is full after fifty stretches at most, bar those that hold the trigrams of different words. Whoever is new or
changed is loose, looked at in any case, until the worker counted it in (clientdesk/stretch_upkeep): what is found is always true.
"""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from clientdesk.questions import Term, terms

SIZE, BLOCK = 32, 512
# The order of names, by table.
ORDERS = {"clients_client": "name_key", "clients_company": "name_key", "contacts_contact": "sort_key"}
# Were there more, to look at each would cost more than is gained.
MOST_LOOSE = 300
# In the row of this trigram, which no word has, stands that a block is counted; in that of block -1 that all are.
COUNTED, ALL = "", -1
# Behind every stretch.
_LAST = 2**31 - 1
_RUN = re.compile("[a-z0-9]+")
_READY_FOR = 60.0
_ready: dict[str, tuple[bool, float]] = {}


def trigrams(text: str) -> tuple[str, ...]:
    """Return trigrams, as pg_trgm cuts them, that every stored search text has which holds all of `text` (clientdesk/questions)."""
    found: set[str] = set()
    for term in terms(text):
        found |= _of_term(term)
    return tuple(sorted(found))


def mark(name: str, keys: Iterable[object]) -> tuple[str, ...]:
    """Return what is counted like a trigram of records with the one of `keys` (such as a branch) as `name`; of several nothing is."""
    keys = list(keys)
    return (f"={name}{keys[0]}",) if len(keys) == 1 else ()


def _of_term(term: Term) -> set[str]:
    return set.intersection(*(set[str]().union(*map(_of_word, way)) for way in term.ways))


def _of_word(word: str) -> set[str]:
    found = set()
    for run in _RUN.finditer(word):
        start, end = run.span()
        # Where a word begins or ends within the text is known beside another sign; one or two signs begin a word. Which signs of other
        # scripts are letters depends on the server.
        begins = word[start - 1].isascii() if start else len(word) < 3
        ends = end < len(word) and word[end].isascii()
        padded = f"{'  ' * begins}{run[0]}{' ' * ends}"
        found |= {padded[place : place + 3] for place in range(len(padded) - 2)}
    return found


def forget() -> None:
    """Forget which tables have their stretches counted."""
    _ready.clear()


def are_counted(table: str) -> bool:
    """Say whether the stretches of `table` are counted, or were within the last minute."""
    known, until = _ready.get(table, (False, 0.0))
    if until <= time.monotonic():
        with connection.cursor() as cursor:
            cursor.execute(_ALL_COUNTED.format(table=table))
            known = cursor.fetchone()[0]
        _ready[table] = known, time.monotonic() + _READY_FOR
    return known


@dataclass(frozen=True)
class Sought:
    """Records of `model` behind `place` in the order of `columns` (`down`: from the largest on), all of which have these `trigrams`."""

    model: type[Model]
    columns: tuple[str, ...]
    down: bool
    place: list | None
    trigrams: tuple[str, ...]

    @property
    def table(self) -> str:
        """The table that the records stand in."""
        return self.model._meta.db_table

    @property
    def is_told(self) -> bool:
        """Whether stretches tell where the records stand."""
        if not self.trigrams or connection.vendor != "postgresql" or ORDERS.get(self.table) != self.columns[0]:
            return False
        return are_counted(self.table)

    @property
    def stretches(self) -> int:
        """How many stretches have all the trigrams."""
        with connection.cursor() as cursor:
            held = _HELD.format(table=self.table)
            # Names are our own.
            cursor.execute(f"SELECT COALESCE(SUM(bit_count(held)), 0) FROM ({held}) held", self._params)  # noqa: S608
            return int(cursor.fetchone()[0])

    @property
    def _params(self) -> list[object]:
        return [list(self.trigrams), len(self.trigrams)]

    def first(self, records: QuerySet, limit: int, size: int) -> list[int] | None:
        """Return the keys of the first `limit` of `records`, which stand behind the place and in order, or of all where they are fewer;
        None where the next `size` stretches do not tell.

        All in one statement, so that what is counted and what is loose are of one moment.
        """
        statement, params = self._statement(records, limit, size)
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            rows = cursor.fetchall()
        counted, loose, looked_at, in_order, _key = rows[0]
        # Those who are loose may stand behind the stretches that were looked at: they alone do not fill a page.
        tells = counted and loose <= MOST_LOOSE and (in_order >= limit or looked_at < size)
        return [row[-1] for row in rows if row[-1] is not None] if tells else None

    def _statement(self, records: QuerySet, limit: int, size: int) -> tuple[str, list[object]]:
        names, turn = [f"k{number}" for number in range(len(self.columns))], "DESC" if self.down else "ASC"
        first, alone = self.columns[0], RawSQL(f"COALESCE(way.record, {self.table}.id)", [])  # noqa: S611 - names are our own
        within = {f"{first}__gte": RawSQL("way.first", []), f"{first}__lt": RawSQL("way.last", []), "pk": alone}
        met, met_params = records.filter(**within).values_list("pk", *self.columns).query.get_compiler(records.db).as_sql()
        start, start_params = self._start()
        statement = _PAGE.format(
            table=self.table, held=_HELD.format(table=self.table), ready=_ALL_COUNTED.format(table=self.table), start=start, turn=turn,
            onwards="<=" if self.down else ">=", edge=_LAST if self.down else -1, first=first, size=size, limit=limit, loose=MOST_LOOSE,
            block=BLOCK, met=met, names=", ".join(names), order=", ".join(f"{name} {turn}" for name in names),
        )  # fmt: skip
        return statement, [*start_params, *self._params, *met_params]

    def _start(self) -> tuple[str, list]:
        """Return SQL for the first stretch to look at, and its parameters."""
        if not self.place:
            return str(_LAST if self.down else 0), []
        return f"(SELECT MAX(ordinal) FROM {self.table}_stretch WHERE first <= %s)", [self.place[0]]  # noqa: S608 - names are our own


_ALL_COUNTED = f"SELECT EXISTS (SELECT FROM {{table}}_trigram WHERE trigram = '{COUNTED}' AND block = {ALL})"  # noqa: S608 - our own names
_HELD = (
    "SELECT block, bit_and(held) AS held FROM {table}_trigram WHERE trigram = ANY(%s) GROUP BY block "  # noqa: S608 - as above
    f"HAVING COUNT(*) = %s AND bit_and(held) <> 0::bit({BLOCK})"
)
# Only the blocks that hold the first stretches are taken apart; what the block of the start holds is not counted, for it may stand before
# it. Whoever is loose is a stretch alone and looked at first; the others come in order, so that the page is full soon.
_PAGE = """
WITH loose AS MATERIALIZED (
    SELECT record FROM {table}_loose ORDER BY id LIMIT {loose} + 1
), start AS MATERIALIZED (
    SELECT {start} AS ordinal
), counted AS (
    SELECT block, held, COALESCE(SUM(bit_count(held)) FILTER (WHERE block <> (SELECT ordinal / {block} FROM start)) OVER (
        ORDER BY block {turn} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM ({held}) held
    WHERE block {onwards} (SELECT ordinal / {block} FROM start)
), pick AS MATERIALIZED (
    SELECT counted.block * {block} + places.place AS ordinal FROM counted
    CROSS JOIN LATERAL (SELECT place FROM generate_series(0, {block} - 1) place WHERE get_bit(counted.held, place) = 1) places
    WHERE counted.before < {size} AND counted.block * {block} + places.place {onwards} (SELECT ordinal FROM start)
    ORDER BY 1 {turn} LIMIT {size}
), found AS (
    SELECT pk, {names}, way.record IS NULL AS in_order FROM (
        SELECT {edge} AS ordinal, {first} AS first, {first} || 'zzz' AS last, id AS record
        FROM {table} WHERE id IN (SELECT record FROM loose)
        UNION ALL SELECT ordinal, first, last, NULL FROM pick JOIN {table}_stretch USING (ordinal) ORDER BY 1 {turn}
    ) way CROSS JOIN LATERAL ({met}) met (pk, {names})
    ORDER BY way.ordinal {turn}, {order} LIMIT {limit} + (SELECT COUNT(*) FROM loose)
)
SELECT ({ready}), (SELECT COUNT(*) FROM loose), (SELECT COUNT(*) FROM pick), (SELECT COUNT(*) FROM found WHERE in_order), page.pk
FROM (VALUES (1)) one (row) LEFT JOIN (SELECT DISTINCT pk, {names} FROM found ORDER BY {order} LIMIT {limit}) page ON TRUE ORDER BY {order}
"""
