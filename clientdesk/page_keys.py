"""The keys of one page of a narrowed list, found quickly whatever the filters leave.

No single shape does it. Few records are found by the index of their filter and put in order then; many are met by walking the records
in order until the page is full. Which of the two a question needs nobody knows beforehand, so they are tried in turn, each bounded:
what went wrong costs a few milliseconds, and what went well is remembered for a minute. Every step that answers gives the same answer.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, Field, GeneratedField, Model, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)
from django.db.models.functions import Concat

from clientdesk import stretches
from clientdesk.stretches import Sought

COUNT_LIMIT = 1000
# What is remembered is good for so many seconds; so many questions are remembered.
REMEMBERED_FOR, MOST_REMEMBERED = 60.0, 2000


@dataclass(frozen=True)
class Gather:
    """Find up to `most` records by the index of their filters and put them in order; None means however many there are."""

    most: int | None


@dataclass(frozen=True)
class Walk:
    """Look at the next `size` records in order."""

    size: int


@dataclass(frozen=True)
class Skip:
    """Look into the next `size` stretches that can hold the typed words (clientdesk/stretches); from the top it can tell whether more
    than a thousand records do, where so many stretches can hold them."""

    size: int
    counts: bool = False


@dataclass(frozen=True)
class Follow:
    """Look at the next `size` records of an index that has those of one filter in order; from the top it can tell how many there are."""

    size: int
    counts: bool = False


# The first two tell how many there are, too. Where it finds more than a thousand, a page of fifty is among the next fifteen hundred
# records if one in thirty is found and they lie evenly; eight thousand records are put in order about as quickly as as many are walked
# past; all are gathered where they lie late in the order.
STEPS = (
    *(Follow(1_300, counts=True), Skip(250, counts=True), Gather(COUNT_LIMIT)),
    *(Follow(250), Skip(120), Walk(1_500), Gather(8_000), Walk(16_000), Gather(None)),
)
_went_well: dict[bytes, tuple[int, float]] = {}
# Where a walk from a place ended the last time: as good an end as any other, for it only bounds the walk.
_ends: dict[tuple, list] = {}


@dataclass(frozen=True)
class Asked:
    """A question for one page: up to `limit` records of `model` in the order of `columns` (`down`: from the largest on) behind `place`.

    `narrowed` gives the records in question; it is told whether to find them by the index of their filters or to judge each that is met.
    `stream` gives the keys of the next so many records that one of the filters leaves, in order; None where no index has them so.
    `within` is true of all records in question, and an index has the records of which it is true in order. The stored text of all has
    these `trigrams`, and each has a mark of every one of `groups`. Where the order is not `indexed`, it is made each time. `backwards`
    leads towards the top of the list, which has the other direction then.
    """

    model: type[Model]
    narrowed: Callable[[bool], QuerySet]
    columns: tuple[str, ...]
    limit: int
    down: bool = False
    place: list | None = None
    stream: "Stream | None" = None
    within: Q = field(default_factory=Q)
    trigrams: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    indexed: bool = True
    backwards: bool = False

    @property
    def keys(self) -> list[F | Case]:
        """By what the records are put in order."""
        return keys_of(self.model, self.columns, self.down != self.backwards)

    def onwards(self, records: QuerySet, place: list | None = None) -> QuerySet:
        """Return `records` in the order of the question, from behind `place` on."""
        return onwards(records, self.columns, self.down, place, self.backwards)

    @property
    def sought(self) -> Sought:
        """What stretches are asked."""
        return Sought(self.model, self.columns, self.down, self.place, self.trigrams, self.groups)

    @cached_property
    def is_marked(self) -> bool:
        """Whether marks tell which records are in question."""
        table = self.model._meta.db_table
        if not self.groups or table not in stretches.MARKED or connection.vendor != "postgresql":
            return False
        return stretches.are_counted(table) and stretches.are_few_loose(table)


type Step = Gather | Walk | Skip | Follow

# Told how many, behind which place, and whether from the largest on; gives the keys as SQL and its parameters.
type Stream = Callable[[int, list | None, bool], tuple[str, list]]


@dataclass(frozen=True)
class Found:
    """The keys of a page in no order, and how many records there are in all; any number above a thousand means more than that."""

    keys: list[int]
    count: int


def onwards(queryset: QuerySet, columns: Sequence[str], down: bool, place: list | None, backwards: bool = False) -> QuerySet:
    """Return `queryset` in the order of `columns` from behind `place` on; `backwards` is a way towards the top of a list, which goes the
    other way than the list does."""
    keys = keys_of(queryset.model, columns, down != backwards)
    if place:
        comparison = TupleLessThan if down else TupleGreaterThan
        queryset = queryset.filter(comparison(Tuple(*keys), _as_keys(queryset.model, columns, down != backwards, place)))
    return queryset.order_by(*(key.desc() if down else key.asc() for key in keys))


def column_of(model: type[Model], name: str) -> Field:
    """Return the column `name` of `model`, also one of a record that it points at, such as `client__name_key`; of one that the database
    reckons what comes out."""
    found = _way(model, name)[-1]
    return found.output_field if isinstance(found, GeneratedField) else found  # ty: ignore[invalid-explicit-return]


def keys_of(model: type[Model], columns: Sequence[str], down: bool) -> list[F | Case]:
    """Return the `columns` of `model` as records are put in order by them: one that points at nothing, such as a job without department,
    stands behind all others, also where the order is `down`."""
    there, without = _marks(down)
    return [
        Case(
            When(**{f"{name.rpartition('__')[0]}__isnull": True}, then=Value(without)),
            default=Concat(Value(there), F(name), output_field=TextField()),
            output_field=TextField(),
        )
        if may_lack(model, name)
        else F(name)
        for name in columns
    ]


def may_lack(model: type[Model], name: str) -> bool:
    """Say whether a record of `model` may point at nothing that has the column `name`."""
    return any(link.null for link in _way(model, name)[:-1])


def _marks(down: bool) -> tuple[str, str]:
    """Return what the text of a record that points at something begins with, and the text of one that does not. Digits: every collation
    has them in this order, whatever comes after them."""
    return ("1", "0") if down else ("0", "1")


def _as_keys(model: type[Model], columns: Sequence[str], down: bool, place: list) -> list:
    """Return `place`, the values of a row in `columns` (None where it points at nothing), as `keys_of` has them."""
    there, without = _marks(down)
    return [
        (without if value is None else f"{there}{value}") if may_lack(model, name) else value
        for name, value in zip(columns, place, strict=True)
    ]


def _way(model: type[Model], name: str) -> list[Field]:
    """Return the columns that lead from `model` to the one at the end of `name`, and it."""
    *links, last = name.split("__")
    way = []
    for link in links:
        way.append(model._meta.get_field(link))
        model = way[-1].remote_field.model
    return [*way, model._meta.get_field(last)]  # ty: ignore[invalid-explicit-return]


def forget() -> None:
    """Forget which step answered which question."""
    _went_well.clear()
    _ends.clear()
    stretches.forget()


def page_keys(asked: Asked) -> Found:
    """Return the keys of the page that is `asked` for."""
    mark = print_of(asked.narrowed(True).order_by().values("pk"))
    if not mark:
        return Found([], 0)
    mark += repr((asked.columns, asked.down, asked.backwards, asked.limit)).encode()
    start, until = _went_well.get(mark, (0, 0.0))
    if until <= time.monotonic():
        start, until = 0, time.monotonic() + REMEMBERED_FOR
    for number in range(start, len(STEPS)):
        found = _tried(STEPS[number], asked)
        if found is not None:
            _remember(mark, number, until, found.count > COUNT_LIMIT)
            return found
    raise AssertionError("The last step always answers.")


def _tried(step: Step, asked: Asked) -> Found | None:
    match step:
        case Gather():
            return _gathered(asked, step.most)
        case Follow() if asked.stream and not asked.is_marked:
            return (_followed_from_the_top if step.counts else _followed)(asked, asked.stream, step.size)
        # What is marked is counted by its marks.
        case Skip() if asked.sought.is_told and not (step.counts and asked.is_marked):
            return (_skipped_from_the_top if step.counts else _skipped)(asked, step.size)
        case Walk() if asked.indexed:
            return _walked(asked, step.size)
    return None


def _remember(mark: bytes, number: int, until: float, full: bool) -> None:
    """Remember the step that answers the question again, or of what has not more than a thousand that counts it again."""
    if len(_went_well) >= MOST_REMEMBERED:
        _went_well.clear()
    step = STEPS[number]
    if full and isinstance(step, Follow | Skip) and step.counts:
        number = next(place for place, other in enumerate(STEPS) if isinstance(other, type(step)) and not other.counts)
    _went_well[mark] = number, until


def print_of(queryset: QuerySet) -> bytes:
    """Return what tells the question of `queryset` from every other, its reader's rights included; nothing for what is certain to be
    empty."""
    try:
        return hashlib.blake2b(repr(queryset.query.get_compiler(queryset.db).as_sql()).encode(errors="surrogatepass")).digest()
    except EmptyResultSet:
        return b""


def _walked(asked: Asked, size: int) -> Found | None:
    """Return the page where it is full or complete within the next `size` records of the model."""
    records = asked.onwards(asked.narrowed(False).filter(asked.within), asked.place)
    if last := _end(asked, size):
        comparison = TupleGreaterThanOrEqual if asked.down else TupleLessThanOrEqual
        records = records.filter(comparison(Tuple(*asked.keys), last))
    keys = list(records.values_list("pk", flat=True)[: asked.limit])
    return Found(keys, COUNT_LIMIT + 1) if len(keys) == asked.limit or not last else None


def _end(asked: Asked, size: int) -> list:
    """Return the place of the record `size` records on, as it is or lately was; nothing where no so many are left."""
    walk = (asked.model, asked.columns, asked.down, asked.backwards, repr(asked.place), repr(asked.within), size)
    if walk in _ends:
        return _ends[walk]
    way = asked.onwards(asked.model._default_manager.filter(asked.within), asked.place)
    last = [value for row in way.values_list(*asked.keys)[size : size + 1] for value in row]
    if last:
        if len(_ends) >= MOST_REMEMBERED:
            _ends.clear()
        _ends[walk] = last
    return last


def _followed(asked: Asked, stream: Stream, size: int) -> Found | None:
    """Return the page where it is full or complete within the next `size` records that one of the filters leaves."""
    sql, params = stream(size, asked.place, asked.down)
    records = asked.narrowed(False).filter(pk__in=RawSQL(sql, params))  # noqa: S611 - our own code names tables and columns
    keys = list(asked.onwards(records).values_list("pk", flat=True)[: asked.limit])
    return Found(keys, COUNT_LIMIT + 1) if len(keys) == asked.limit or _ends_before(sql, params, size) else None


def _followed_from_the_top(asked: Asked, stream: Stream, size: int) -> Found | None:
    """Return the first page and how many there are, where there are more than a thousand or the `size` records are all."""
    if asked.place:
        return None
    sql, params = stream(size, None, asked.down)
    records = asked.narrowed(False).filter(pk__in=RawSQL(sql, params))  # noqa: S611 - as above
    found = _ordered(asked, records)
    return found if found.count > COUNT_LIMIT or _ends_before(sql, params, size) else None


def _skipped(asked: Asked, size: int) -> Found | None:
    """Return the page where it is full or complete within the next `size` stretches that can hold the words."""
    records = asked.onwards(asked.narrowed(False), asked.place)
    keys = asked.sought.first(records, asked.limit, size)
    return None if keys is None else Found(keys, COUNT_LIMIT + 1)


def _skipped_from_the_top(asked: Asked, size: int) -> Found | None:
    """Return the first page where more than a thousand records are found so."""
    # In few stretches the words stand a thousand times where that is known at once anyway.
    if asked.place or asked.sought.stretches <= COUNT_LIMIT:
        return None
    keys = asked.sought.first(asked.onwards(asked.narrowed(False)), COUNT_LIMIT + 1, size)
    return Found(keys[: asked.limit], len(keys)) if keys and len(keys) > COUNT_LIMIT else None


def _ends_before(sql: str, params: list, size: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) met", params)  # noqa: S608 - as above
        return cursor.fetchone()[0] < size


def _gathered(asked: Asked, most: int | None) -> Found | None:
    """Return the page where no more than `most` records are in question."""
    found = _ordered(asked, None, most)
    return found if most is None or found.count <= most else None


def _ordered(asked: Asked, records: QuerySet | None = None, most: int | None = None) -> Found:
    """Return the page of `records` (by default all in question), all of which are met first and put in order then, and how many they are;
    one more than `most` of them are not met."""
    try:
        sql, params = _met(asked, records)
    except EmptyResultSet:
        return Found([], 0)
    names = [f"k{number}" for number in range(len(asked.columns))]
    limit = "" if most is None else f"LIMIT {most + 1}"
    behind, order = "", ", ".join(f"{name} {'DESC' if asked.down else 'ASC'}" for name in names)
    if asked.place:
        behind = f"WHERE ({', '.join(names)}) {'<' if asked.down else '>'} ({', '.join(['%s'] * len(names))})"
        fields = [column_of(asked.model, name) for name in asked.columns]
        place = _as_keys(asked.model, asked.columns, asked.down != asked.backwards, asked.place)
        params = [*params, *(field.get_db_prep_value(value, connection) for field, value in zip(fields, place, strict=True))]
    with connection.cursor() as cursor:
        # The text comes from the ORM's own compiler. Materialised, so that no planner thinks of reading in order after all.
        cursor.execute(
            f"WITH met (pk, {', '.join(names)}) AS MATERIALIZED ({sql} {limit}) "  # noqa: S608
            f"SELECT counted.number, page.pk FROM (SELECT COUNT(*) AS number FROM met) counted "
            f"LEFT JOIN (SELECT pk FROM met {behind} ORDER BY {order} LIMIT {asked.limit}) page ON TRUE",
            params,
        )
        rows = cursor.fetchall()
    return Found([pk for _, pk in rows if pk], rows[0][0])


def _met(asked: Asked, records: QuerySet | None) -> tuple[str, list]:
    """Return SQL for key and order of `records`, or of all in question, found by their marks where those tell, and its parameters."""
    if records is not None or not asked.is_marked:
        return _compiled(asked, asked.narrowed(True) if records is None else records)
    way, params = stretches.marked(asked.model._meta.db_table, asked.groups, asked.sought.rare if asked.trigrams else ())
    # Each that bears them is judged, so that what is shown is true; OFFSET, so that it is one after the other, and enough are enough.
    sql, judged = _compiled(asked, asked.narrowed(False).filter(pk=RawSQL("way.id", [])))
    return f"SELECT met.* FROM ({way}) way CROSS JOIN LATERAL ({sql} OFFSET 0) met", [*params, *judged]  # noqa: S608


def _compiled(asked: Asked, records: QuerySet) -> tuple[str, list]:
    sql, params = records.order_by().values_list("pk", *asked.keys).query.get_compiler(records.db).as_sql()
    return sql, list(params)
