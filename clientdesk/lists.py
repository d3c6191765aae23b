"""Lists: one ListSpec per page says which sorts, filters and columns exist; only the shapes that stay fast come out of it.

Pages are found by the row value of the last record shown, never by OFFSET; counts stop at 1,001 (performance.md, D).
Whatever else stands in the address is ignored: unknown sorts, filters and cursors give the first page, never an error.
"""

import base64
import binascii
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import DateField, DateTimeField, DecimalField, Field, IntegerField, Model, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import number_format

from clientdesk.page_keys import COUNT_LIMIT, Asked, Found, column_of, forget, may_lack, onwards, page_keys, print_of
from clientdesk.search_form import Chip, SearchForm

# A tab's number is a hint beside the list; each page counts all tabs.
TAB_LIMIT = 200
# What held more than is counted is not counted again for so many seconds; so many of them are remembered.
FULL_FOR, MOST_FULL = 60.0, 2000
_full: dict[bytes, float] = {}
LONGEST_CURSOR = 2000
LARGEST_ID = 2**63 - 1


def counts(querysets: dict[str, QuerySet], tabs: dict[str, QuerySet] | None = None) -> dict[str, int]:
    """Return how many records each queryset holds, in one statement; anything above 1,000 is given as 1,001, of `tabs` above 200 as 201.

    That a queryset holds so many is remembered for a minute: such a number is a hint, and to count again is most of what a page costs."""
    asked = {name: (queryset, COUNT_LIMIT) for name, queryset in querysets.items()}
    asked |= {name: (queryset, TAB_LIMIT) for name, queryset in (tabs or {}).items()}
    capped = {name: queryset.order_by().values("pk")[: limit + 1] for name, (queryset, limit) in asked.items()}
    prints = {name: print_of(queryset) for name, queryset in capped.items()}
    known = {name for name, mark in prints.items() if mark and _full.get(mark, 0) > time.monotonic()}
    found = dict.fromkeys(asked, 0) | {name: asked[name][1] + 1 for name in known}
    found |= _ask({name: queryset for name, queryset in capped.items() if name not in known})
    for name, mark in prints.items():
        if mark and name not in known and found[name] > asked[name][1]:
            if len(_full) >= MOST_FULL:
                _full.clear()
            _full[mark] = time.monotonic() + FULL_FOR
    return found


def forget_full() -> None:
    """Forget which lists and tabs were full: each is counted again."""
    _full.clear()
    forget()


def _ask(counted: dict[str, QuerySet], first: dict[str, QuerySet] | None = None) -> dict[str, int]:
    """Return in one statement how many rows each of `counted` has and the key in the first row of each of `first`; what is certain to
    be empty is left out."""
    parts, params = [], []
    shapes = [
        *((item, "(SELECT COUNT(*) FROM ({}) capped)") for item in counted.items()),
        *((item, "({})") for item in (first or {}).items()),
    ]
    for (name, queryset), shape in shapes:
        try:
            sql, values = queryset.query.get_compiler(queryset.db).as_sql()
        except EmptyResultSet:
            continue
        parts.append((name, shape.format(sql)))
        params.extend(values)
    if not parts:
        return {}
    with connection.cursor() as cursor:
        # The text comes from the ORM's own compiler.
        cursor.execute(f"SELECT {', '.join(sql for _, sql in parts)}", params)
        return dict(zip((name for name, _ in parts), cursor.fetchone(), strict=True))


def count_text(count: int, limit: int = COUNT_LIMIT) -> str:
    """Return `count` as people read it: “1,000+” above a thousand, which is the `limit`."""
    return f"{number_format(limit, force_grouping=True)}+" if count > limit else number_format(count, force_grouping=True)


# What a view tab leaves of a queryset; it is told what the filters chose.
Narrowing = Callable[[QuerySet, dict[str, object]], QuerySet]


@dataclass(frozen=True)
class Sort:
    """One allowed order. `columns` are stored, never null and unique together; `index` carries them; `down` starts at the largest.

    A column may be that of a record which each points at, such as `client__name_key`; the list must read it then. Where it may point at
    nothing, the column is a text. No index is named where the database puts the records in order each time."""

    name: str
    columns: tuple[str, ...]
    index: str = ""
    down: bool = False


@dataclass(frozen=True)
class Column:
    """One column of the table: `sort` names the Sort its head switches, `css` the class of its cells.

    A column with a `name` can be chosen; one that is not `standard` is shown to who chose it, a `fixed` one always.
    """

    label: str
    sort: str = ""
    css: str = ""
    hidden_label: bool = False
    name: str = ""
    standard: bool = True
    fixed: bool = False


@dataclass(frozen=True)
class Head:
    """The head of a column as the template prints it; `direction` is ascending, descending or empty."""

    column: Column
    url: str = ""
    direction: str = ""


@dataclass(frozen=True)
class ListSpec:
    """What one list page can do. The first sort is the default; `views` are named tabs that narrow the list.

    A list with a `page` remembers where each person was and has saved views; its address then always names the view, because
    the bare address leads back to where the person was.
    """

    model: type[Model]
    sorts: tuple[Sort, ...]
    columns: tuple[Column, ...] = ()
    form: type[SearchForm] = SearchForm
    views: dict[str, tuple[str, Narrowing]] = field(default_factory=dict)
    page_size: int = 50
    page: str = ""

    def read(self, params: QueryDict, **about) -> "Listing":
        """Return the list that the address asks for; `about` is handed to the search form."""
        return Listing(self, params, **about)


class Listing:
    """One request's reading of a ListSpec: the bound search form, the order, the place in the list, the addresses around it."""

    def __init__(self, spec: ListSpec, params: QueryDict, **about) -> None:
        self.spec = spec
        self.form = spec.form(params, **about)
        wanted = params.get("sort", "")
        sorts = {sort.name: sort for sort in spec.sorts}
        self.sort = sorts.get(wanted.removeprefix("-"), spec.sorts[0])
        self.turned = wanted == f"-{self.sort.name}"
        self.descending = self.turned != self.sort.down
        self.view = params.get("view", "") if params.get("view", "") in spec.views else next(iter(spec.views), "")
        self._backwards = "before" in params and "after" not in params
        self._cursor_text = params.get("before" if self._backwards else "after", "")
        self._cursor = self._read_cursor(self._cursor_text)
        self.columns: tuple[Column, ...] = spec.columns
        self.saved = ""
        self.rows: list = []
        self.previous_url = self.next_url = self.count_text = ""

    # --- addresses ------------------------------------------------------------------------------
    @cached_property
    def _kept(self) -> dict[str, object]:
        kept: dict[str, object] = {}
        if self.spec.page or (self.spec.views and self.view != next(iter(self.spec.views))):
            kept["view"] = self.view
        kept |= self.form.chosen
        if self.turned or self.sort is not self.spec.sorts[0]:
            kept["sort"] = f"{'-' * self.turned}{self.sort.name}"
        return kept

    def url(self, **changes: object) -> str:
        """Return the query string of this list with `changes`; a blank value drops its key, and the list starts at its top."""
        return f"?{_query({'saved': self.saved} | self._kept | changes)}"

    @cached_property
    def query(self) -> str:
        """View, filters and order as a query string, in one form whatever the address looked like: what a saved view keeps."""
        return _query(self._kept)

    @property
    def place(self) -> str:
        """The query string of exactly this page of the list, or an empty text for the list as it is at first."""
        cursor = self._cursor_text if self._cursor else ""
        place = _query({"saved": self.saved} | self._kept | {"before" if self._backwards else "after": cursor})
        return "" if place == self.spec.read(QueryDict()).query else place

    @property
    def clear_url(self) -> str:
        """The address of the same view without any filter."""
        return self.url(**dict.fromkeys(self.form.chosen, ""))

    @property
    def is_hard(self) -> bool:
        """Whether no index has what the filters leave in this order: keys are found first then, and only the rows of a page are read."""
        return not self.sort.index or self.form.is_hard

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set."""
        return bool(self.form.chosen)

    @property
    def chips(self) -> list[Chip]:
        """The filters that are shown as chips."""
        return self.form.chips()

    @property
    def hidden(self) -> list[tuple[str, object]]:
        """The parts of the address that no filter holds: saved view, view and sort, for the filter form."""
        kept = {"saved": self.saved} | self._kept
        return [(name, value) for name, value in kept.items() if name in ("saved", "view", "sort") and value]

    @cached_property
    def heads(self) -> list[Head]:
        """The heads of the table; a sortable one links to its order, then to the reverse of it, then to the order of the start."""
        found = []
        for column in self.columns:
            if not column.sort:
                found.append(Head(column))
                continue
            current = column.sort == self.sort.name
            # The third click leads back to the order of the start.
            wanted = self.spec.sorts[0].name if current and self.turned else f"{'-' * current}{column.sort}"
            direction = ("descending" if self.descending else "ascending") if current else ""
            found.append(Head(column, self.url(sort="" if wanted == self.spec.sorts[0].name else wanted), direction))
        return found

    def tabs(self, found: dict[str, int]) -> list[dict[str, object]]:
        """Return the view tabs with their counts from `found`; a tab starts without filters, so that its count is what it lists."""
        first = next(iter(self.spec.views), "")
        return [
            {
                "label": label,
                "url": f"?view={name}" if self.spec.page or name != first else "?",
                "current": name == self.view and not self.saved,
                "count": count_text(found[name], TAB_LIMIT),
            }
            for name, (label, _) in self.spec.views.items()
        ]

    # --- records --------------------------------------------------------------------------------
    def narrowed(self, queryset: QuerySet, by_index: bool = True) -> QuerySet:
        """Return the records of `queryset` that the view and the filters leave: found by the indexes of the filters, or else each record
        that is met is judged. Both are the same records."""
        if self.view:
            queryset = self.spec.views[self.view][1](queryset, self.form.chosen)
        return self.form.filter(queryset, by_index)

    def find(self, queryset: QuerySet) -> Found:
        """Return the keys of this page of `queryset` (not yet narrowed) and how many records the filters leave; a place in the list
        behind which nothing stands any more is left for its top."""
        asked = Asked(
            self.spec.model,
            lambda by_index: self.narrowed(queryset, by_index),
            self.sort.columns,
            self.spec.page_size + 1,
            self.descending != self._backwards,
            self._cursor,
            self.form.stream(self.sort.columns),
            self.form.within,
            self.form.trigrams,
            self.form.groups,
            bool(self.sort.index),
            self._backwards,
        )
        found = page_keys(asked)
        if self._cursor and not found.keys:
            self._cursor, self._backwards = None, False
            return self.find(queryset)
        return found

    def fill(self, queryset: QuerySet) -> list:
        """Read one page of `queryset` (already narrowed) in one statement and set the addresses of its neighbours."""
        rows = self._fetch(queryset, self._cursor)
        if self._cursor and not rows:
            self._cursor, self._backwards = None, False
            rows = self._fetch(queryset, None)
        more = len(rows) > self.spec.page_size
        rows = rows[: self.spec.page_size]
        if self._backwards:
            rows.reverse()
        before, after = (more, True) if self._backwards else (bool(self._cursor), more)
        self.previous_url = self.url(before=self._cursor_of(rows[0])) if rows and before else ""
        self.next_url = self.url(after=self._cursor_of(rows[-1])) if rows and after else ""
        self.rows = rows
        return rows

    def _fetch(self, queryset: QuerySet, cursor: list | None) -> list:
        return list(self.onwards(queryset, cursor, self._backwards)[: self.spec.page_size + 1])

    def onwards(self, queryset: QuerySet, place: list | None, backwards: bool = False) -> QuerySet:
        """Return `queryset` in the order of this list from behind `place` on (a row's values of the sort's columns, None: the start),
        or backwards from it."""
        return onwards(queryset, self.sort.columns, self.descending != backwards, place, backwards)

    def place_of(self, row: object) -> list:
        """Return the place of `row` (a record, or its columns as a dict) in the order of this list."""
        return [row[name] if isinstance(row, dict) else _value(row, name) for name in self.sort.columns]

    def batches(self, queryset: QuerySet, size: int) -> Iterator[list]:
        """Yield every record of `queryset` (already narrowed) in the order of this list, `size` at a time, a statement for each."""
        place: list | None = None
        while rows := list(self.onwards(queryset, place)[:size]):
            yield rows
            if len(rows) < size:
                return
            place = self.place_of(rows[-1])

    # --- cursors: typed and bounded, for they come from the address -------------------------------
    def _cursor_of(self, row: object) -> str:
        values = self.place_of(row)
        text = json.dumps(
            [str(value) if isinstance(value, date | Decimal) else value for value in values], ensure_ascii=False, separators=(",", ":")
        )
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _read_cursor(self, text: str) -> list | None:
        if not text or len(text) > LONGEST_CURSOR:
            return None
        try:
            values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
            if not isinstance(values, list) or len(values) != len(self.sort.columns):
                return None
            return [_read(self.spec.model, name, value) for name, value in zip(self.sort.columns, values, strict=True)]
        except (binascii.Error, ValueError, InvalidOperation, RecursionError, ValidationError):
            return None


@dataclass(frozen=True)
class Beside:
    """What stands beside a record in a list: the keys before and after it (None at an end), how many stand before it, and how many there
    are, both counted to 1,001 at most."""

    previous: int | None
    next: int | None
    before: int
    total: int


def beside(listing: Listing, queryset: QuerySet, record: Model) -> Beside | None:
    """Return what stands beside `record` among `queryset` as `listing` narrows and orders it, in one statement; None where it is not
    among them."""
    narrowed = listing.narrowed(queryset)
    place = listing.place_of(record)
    before, after = (listing.onwards(narrowed, place, backwards).values("pk") for backwards in (True, False))
    capped = {name: found.order_by()[: COUNT_LIMIT + 1] for name, found in {"before": before, "total": narrowed.values("pk")}.items()}
    found = _ask(capped | {"here": narrowed.filter(pk=record.pk).order_by().values("pk")}, {"previous": before[:1], "next": after[:1]})
    if not found.get("here"):
        return None
    return Beside(found.get("previous"), found.get("next"), found.get("before", 0), found.get("total", 0))


def _query(parts: dict[str, object]) -> str:
    query = QueryDict(mutable=True)
    for name, value in parts.items():
        if value not in ("", None, []):
            query.setlist(name, value if isinstance(value, list) else [value])
    return query.urlencode()


def _value(record: object, name: str) -> object:
    """Return what `record` has in the column `name`, or None where it points at nothing."""
    for part in name.split("__"):
        record = getattr(record, part)
        if record is None:
            return None
    return record


def _read(model: type[Model], name: str, value: object) -> object:
    """Return `value` from a cursor as the column `name` of `model` has it: None only where a record may point at nothing."""
    return None if value is None and may_lack(model, name) else _typed(column_of(model, name), value)


def _typed(column: Field, value: object) -> object:
    """Return `value` from a cursor as the column's type; raises ValueError for anything else."""
    if isinstance(column, IntegerField):
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_ID:
            return value
    elif isinstance(column, DateTimeField):
        moment = parse_datetime(value) if isinstance(value, str) else None
        if moment and timezone.is_aware(moment):
            return moment
    elif isinstance(column, DateField):
        day = parse_date(value) if isinstance(value, str) else None
        if day:
            return day
    elif isinstance(column, DecimalField):
        number = Decimal(value) if isinstance(value, str) else Decimal("nan")
        if number.is_finite() and abs(number) < 10 ** (column.max_digits - column.decimal_places):
            return number
    elif isinstance(value, str) and "\x00" not in value:
        value.encode()
        return value
    raise ValueError(column.name)
