"""Which stretches of a list can hold some words: what lets a page be found where many records have them, but none near its beginning.

The records of a large table stand in the order of names in stretches of SIZE neighbours. Of each trigram PostgreSQL keeps in which
stretches it occurs, a bit for each. A word can only stand where all its trigrams do, so that everything between is passed over unseen
and a page of fifty is full after fifty stretches at most, bar those that hold the trigrams of different words. Whoever is new or
changed is loose, looked at in any case, until the worker counted it in (clientdesk/stretch_upkeep): what is found is always true.

Filters have marks, counted like trigrams: one for a value, such as a branch, and one for every two of a record's values, for two filters
that leave a tenth each leave a hundredth together. Marks and trigrams of a record stand beside it as well, so that the few whom words and
filters leave together are found at once, wherever they stand.
"""

import hashlib
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from clientdesk.questions import Term, terms

SIZE, BLOCK = 32, 512
# The order of names, by table.
ORDERS = {"clients_client": "name_key", "clients_company": "name_key", "contacts_contact": "sort_key"}
# Of these tables the marks and trigrams of each record are kept beside it, too, as numbers.
MARKED = {"clients_client", "contacts_contact"}
HASH = "('x' || left(md5({mark}), 8))::bit(32)::integer"
# A larger group is not asked for: its filters judge.
MOST_MARKS = 500
# Were there more, to look at each would cost more than is gained.
MOST_LOOSE = 300
# So many who are loose are judged one by one beside those whom marks name; while an import has brought more, filters are asked as usual.
MOST_JUDGED = 2_000
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


def groups(letters: str, wanted: Iterable[tuple[str, Iterable[object]]]) -> tuple[tuple[str, ...], ...]:
    """Return groups of marks, of each of which a record has one that has, for every (letter, values) of `wanted`, one of the values: a
    group for every two of them, or one for one alone. `letters` are in the order in which a mark has them."""
    values = sorted(((letter, [f"{letter}{value}" for value in some]) for letter, some in wanted), key=lambda one: letters.index(one[0]))
    if len(values) == 1:
        found = [[f"={mark}" for mark in values[0][1]]]
    else:
        found = [[f"={mine}{its}" for mine, its in product(one, other)] for (_mine, one), (_its, other) in combinations(values, 2)]
    return tuple(tuple(group) for group in found if len(group) <= MOST_MARKS)


def number_of(mark: str) -> int:
    """Return the number of a mark, as PostgreSQL reckons it (HASH)."""
    return int.from_bytes(hashlib.md5(mark.encode(), usedforsecurity=False).digest()[:4], "big", signed=True)


def marked(table: str, groups: Iterable[tuple[str, ...]], trigrams: Iterable[str] = ()) -> tuple[str, list[object]]:
    """Return SQL for the keys of the records of `table` that have a mark of each of `groups` and all `trigrams`, or may have, and its
    parameters: those of whom it is kept, and all that are loose."""
    numbers = [[number_of(mark) for mark in group] for group in (*groups, *((trigram,) for trigram in trigrams))]
    having = " AND ".join(["marks && %s::integer[]"] * len(numbers))
    # Names are our own.
    return (
        f"SELECT record AS id FROM {table}_marked WHERE {having} AND record NOT IN (SELECT record FROM {table}_loose) "  # noqa: S608
        f"UNION ALL SELECT DISTINCT record FROM {table}_loose",
        [*numbers],
    )


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


def are_few_loose(table: str) -> bool:
    """Say whether so few of `table` are loose that all of them may be judged for a page."""
    with connection.cursor() as cursor:
        # Names are our own.
        cursor.execute(f"SELECT COUNT(*) <= %s FROM (SELECT FROM {table}_loose LIMIT %s) loose", [MOST_JUDGED, MOST_JUDGED + 1])  # noqa: S608
        return cursor.fetchone()[0]


@dataclass(frozen=True)
class Sought:
    """Records of `model` behind `place` in the order of `columns` (`down`: from the largest on), all of which have these `trigrams` and
    one of each of `groups`."""

    model: type[Model]
    columns: tuple[str, ...]
    down: bool
    place: list | None
    trigrams: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...] = ()

    @property
    def table(self) -> str:
        """The table that the records stand in."""
        return self.model._meta.db_table

    @property
    def is_told(self) -> bool:
        """Whether stretches tell where the records stand."""
        if not (self.trigrams or self.groups) or connection.vendor != "postgresql" or ORDERS.get(self.table) != self.columns[0]:
            return False
        return are_counted(self.table)

    @property
    def stretches(self) -> int:
        """How many stretches have all the trigrams."""
        with connection.cursor() as cursor:
            held, params = self._held
            # Names are our own.
            cursor.execute(f"SELECT COALESCE(SUM(bit_count(held)), 0) FROM ({held}) held", params)  # noqa: S608
            return int(cursor.fetchone()[0])

    @property
    def rare(self) -> list[str]:
        """The trigrams that not half of the stretches have: to look the others up tells little and takes long."""
        with connection.cursor() as cursor:
            cursor.execute(_FREQUENT.format(table=self.table), [list(self.trigrams)])
            frequent = {trigram for (trigram,) in cursor.fetchall()}
        return [trigram for trigram in self.trigrams if trigram not in frequent]

    @property
    def _held(self) -> tuple[str, list[object]]:
        """Return SQL for the blocks of stretches that have all of it, and its parameters."""
        every = [(trigram,) for trigram in self.trigrams] + list(self.groups)
        if all(len(group) == 1 for group in every):
            return _HELD.format(table=self.table), [[trigram for (trigram,) in every], len(every)]
        parts = [(trigram, number) for number, group in enumerate(every) for trigram in group]
        return _HELD_ANY.format(table=self.table), [*map(list, zip(*parts, strict=True)), len(every)]

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
        held, held_params = self._held
        statement = _PAGE.format(
            table=self.table, held=held, ready=_ALL_COUNTED.format(table=self.table), start=start, turn=turn,
            onwards="<=" if self.down else ">=", edge=_LAST if self.down else -1, first=first, size=size, limit=limit, loose=MOST_LOOSE,
            block=BLOCK, met=met, names=", ".join(names), order=", ".join(f"{name} {turn}" for name in names),
        )  # fmt: skip
        return statement, [*start_params, *held_params, *met_params]

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
_FREQUENT = (
    "SELECT trigram FROM {table}_trigram WHERE trigram = ANY(%s) GROUP BY trigram "
    "HAVING SUM(bit_count(held)) * 2 >= (SELECT MAX(ordinal) FROM {table}_stretch)"
)
_HELD_ANY = (
    "SELECT block, bit_and(held) AS held FROM ("  # noqa: S608 - as above
    "SELECT part, block, bit_or(held) AS held FROM unnest(%s::text[], %s::integer[]) asked (trigram, part) "
    "JOIN {table}_trigram USING (trigram) GROUP BY part, block"
    f") parts GROUP BY block HAVING COUNT(*) = %s AND bit_and(held) <> 0::bit({BLOCK})"
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
