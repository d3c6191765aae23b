"""What is done to many records at once, with its history, and taken back as one unit (S1).

Every act is a LongRun, so that its changes carry one number. A small one is done inside the request, a large one by the worker.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from time import monotonic
from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, Max, Model, QuerySet
from django.utils import timezone

from clientdesk import history, work
from clientdesk.consequences import Consequence
from clientdesk.ledger import set_all, tell
from clientdesk.models import Change, LongRun, User
from clientdesk.rights import Right, may
from clientdesk.tables.picking import Selection
from clientdesk.tables.shape import Table

# More than these are the worker's, behind a page of progress.
AT_ONCE = 100
CHUNK, SECONDS = 500, 1.5
# So many records are looked at to say what else an undo means.
MOST_LOOKED_AT = 10_000

# A record, and what it gets by name of the column.
type Pair[Record: Model] = tuple[Record, dict[str, object]]


@dataclass(frozen=True)
class Order:
    """What a run does: give the records of a selection the `value` in `column`. `place` is the key up to which it is done.

    An undo has the number of the run that it takes back in `of`; `undone` is the run that took this one back.
    """

    column: str
    value: int | str | bool | None = None
    query: str = ""
    keys: list[int] | None = None
    newest: int = 0
    place: int = 0
    of: int = 0
    undone: int = 0


def order_of(run: LongRun) -> Order | None:
    """Return what `run` was told to do, or None where that is not known."""
    return Order(**run.order) if run.order else None


def _note(run: LongRun, order: Order) -> None:
    run.order = asdict(order)
    LongRun.objects.filter(pk=run.pk).update(order=run.order)


class Acts[Record: Model]:
    """The acts on records of one table. `rights` says by column who may; `reads` what is read of a record besides."""

    table: ClassVar[Table]
    kind: ClassVar[str]
    rights: ClassVar[dict[str, Right]]
    reads: ClassVar[tuple[str, ...]]
    # The columns whose acts cannot be taken back.
    lasting: ClassVar[frozenset[str]] = frozenset()

    @property
    def undo_kind(self) -> str:
        """The kind of the runs that take one back."""
        return f"{self.kind}_undo"

    # --- what an app may say otherwise ------------------------------------------------------------
    def fitting(self, selection: Selection, order: Order) -> QuerySet:
        """Return the records of `selection` that the order is for: those that differ from what it gives."""
        return selection.records.exclude(**{order.column: order.value})

    def hold(self, keys: Sequence[int]) -> None:
        """Lock what must be locked before the records with `keys` are."""

    def values(self, order: Order, found: Sequence[Record]) -> list[Pair[Record]]:
        """Return what each of `found` gets."""
        return [(record, {order.column: order.value}) for record in found]

    def back(self, order: Order, pairs: list[Pair[Record]]) -> list[Pair[Record]]:
        """Return what each record of `pairs` gets back when the order is undone; what points to an entry of a settings list that is
        gone is left out."""
        column = self.field(order.column)
        if column.remote_field is None:
            return pairs
        wanted = {values[order.column] for _record, values in pairs}
        there = {None} | set(column.remote_field.model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
        return [pair for pair in pairs if pair[1][order.column] in there]

    def undo_means(self, run: LongRun, by: User) -> list[Consequence]:
        """Return what else it means for others that `by` takes `run` back; nothing is saved."""
        return []

    def write(self, run: LongRun, order: Order, pairs: list[Pair[Record]]) -> None:
        """Give each record of `pairs`, which are locked, its values with their history; an app may add what follows from it."""
        write(run, pairs)

    def sentence(self, run: LongRun) -> str:
        """Return what `run` did, in the past tense, or that nothing was to do."""
        raise NotImplementedError

    # --- beginning --------------------------------------------------------------------------------
    def start(self, selection: Selection, column: str, value: int | str | bool | None) -> LongRun:
        """Give the records of `selection` the `value` in `column` on behalf of its person; return the run: done already where they are
        few.

        The caller has asked for the right and whether the value may be given. Must run inside a transaction.
        """
        order = Order(column, value, selection.query, selection.keys, selection.newest)
        return self._begin(self.kind, selection.user, order, self.fitting(selection, order).order_by()[: AT_ONCE + 1].count())

    def undo(self, run: LongRun, by: User) -> LongRun:
        """Take back what `run` did, but for records that somebody changed since or that `by` may not see any more; return the run of it.

        Must run inside a transaction; the caller has locked `run` and made sure that it is done and was not taken back.
        """
        order = order_of(run) or Order("")
        count = Change.objects.filter(run=run).order_by()[: AT_ONCE + 1].count()
        taking = self._begin(self.undo_kind, by, Order(order.column, of=run.pk), count)
        _note(run, replace(order, undone=taking.pk))
        return taking

    def _begin(self, kind: str, owner: User, order: Order, count: int) -> LongRun:
        if count > AT_ONCE:
            run = work.start(kind, owner, None)
            _note(run, order)
            return run
        now = timezone.now()
        run = LongRun.objects.create(kind=kind, owner=owner, total=count, state=LongRun.State.DONE, started_at=now, finished_at=now)
        order, run.done = self._forward(run, order)
        run.order = asdict(order)
        run.save(update_fields=["done", "order"])
        return run

    # --- going on ---------------------------------------------------------------------------------
    def advance(self, run: LongRun) -> bool:
        """Go on with `run` for about two seconds; return whether all is done.

        Raises work.Refused where the person may not do it any more.
        """
        until = monotonic() + SECONDS
        order = order_of(run)
        if order is None or run.owner is None or not may(run.owner, self.rights[order.column]):
            raise work.Refused("Who started this may not do it any more.")
        if run.total is None:
            count = Change.objects.filter(run=order.of).count() if order.of else self._waiting(run, order).count()
            with work.chunk(run):
                run.total = count
        while True:
            with work.chunk(run):
                before = order.place
                order, done = self._forward(run, order)
                run.done += done
                _note(run, order)
            if order.place == before:
                return True
            if monotonic() > until:
                return False

    def selection(self, run: LongRun, order: Order) -> Selection:
        """Return what was picked for `run`."""
        return Selection(self.table, run.owner, order.query, order.keys, order.newest)

    def _waiting(self, run: LongRun, order: Order) -> QuerySet:
        return self.fitting(self.selection(run, order), order).filter(pk__gt=order.place)

    def _forward(self, run: LongRun, order: Order) -> tuple[Order, int]:
        """Do the next chunk; return the order with its new place (the same: nothing is left) and how many records changed."""
        if order.of:
            return self._take_back(run, order)
        keys = list(self._waiting(run, order).order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not keys:
            return order, 0
        self.hold(keys)
        # Whoever was changed while the locks were waited for may not fit any more.
        found = self._held(self._waiting(run, order).filter(pk__in=keys))
        self.write(run, order, self.values(order, found))
        return replace(order, place=keys[-1]), len(found)

    def _take_back(self, run: LongRun, order: Order) -> tuple[Order, int]:
        changes = list(Change.objects.filter(run=order.of, pk__gt=order.place).order_by("pk")[:CHUNK])
        if not changes:
            return order, 0
        wanted = {change.object_id: change for change in changes}
        self.hold(list(wanted))
        records = self._held(self.table.seen(run.owner).filter(pk__in=wanted))
        back = self.back(order, self.pairs_of(changes, records))
        self.write(run, order, back)
        return replace(order, place=changes[-1].pk), len(back)

    def pairs_of(self, changes: Iterable[Change], records: Iterable[Record]) -> list[Pair[Record]]:
        """Return those of `records` that nobody changed since their change among `changes`, each with what it had before."""
        told_of, touched = {change.object_id: change.changes for change in changes}, self.touched_since(changes)
        pairs: list[Pair[Record]] = []
        for record in records:
            told = {self.field(name): pair for name, pair in told_of[record.pk].items()}
            if record.pk not in touched and all(_now(column, record) == new for column, (_old, new) in told.items()):
                pairs.append((record, {column.name: history.restored(column, old) for column, (old, _new) in told.items()}))
        return pairs

    def coming_back(self, run: LongRun, by: User) -> tuple[list[Pair[Record]], bool]:
        """Return what an undo of `run` by `by` gives back to each record, and whether that is all: beyond the first ten thousand nobody
        looks before it is done."""
        kind, place = ContentType.objects.get_for_model(self.table.model), 0
        told = Change.objects.filter(run=run, content_type=kind).order_by("pk")
        found: list[Pair[Record]] = []
        # A window at a time, each found by its keys: no planner knows how many records a run changed just now.
        for _window in range(MOST_LOOKED_AT // CHUNK):
            changes = list(told.filter(pk__gt=place)[:CHUNK])
            records = self.table.seen(by).filter(pk__in=[change.object_id for change in changes])
            found += self.pairs_of(changes, records.only(*self.reads)) if changes else []
            if len(changes) < CHUNK:
                return found, True
            place = changes[-1].pk
        return found, not told.filter(pk__gt=place).exists()

    def _held(self, records: QuerySet) -> list[Record]:
        return list(records.select_for_update(of=("self",)).order_by("pk").only(*self.reads))

    def field(self, name: str) -> Field:
        """Return the column `name` of the records."""
        return self.table.model._meta.get_field(name)  # ty: ignore[invalid-explicit-return]

    def touched_since(self, changes: Iterable[Change]) -> set[int]:
        """Return the keys of the records that were changed after their change among `changes`."""
        own = {change.object_id: change.pk for change in changes}
        kind = ContentType.objects.get_for_model(self.table.model)
        later = Change.objects.filter(content_type=kind, object_id__in=own).order_by().values("object_id").annotate(last=Max("pk"))
        return {entry["object_id"] for entry in later if entry["last"] > own[entry["object_id"]]}

    def stayed(self, taking: LongRun, most: int) -> list[Record]:
        """Return up to `most` records that the undo `taking` left as they are, by name, of those that its person may see."""
        order = order_of(taking)
        if order is None:
            return []
        back = Change.objects.filter(run=taking).values("object_id")
        left = Change.objects.filter(run=order.of).exclude(object_id__in=back).values("object_id")
        return list(self.table.seen(taking.owner).filter(pk__in=left).order_by(*self.table.spec.sorts[0].columns)[:most])


def _now(column: Field, record: Model) -> object:
    return history.stored(column, getattr(record, column.attname))


def write[Record: Model](run: LongRun, pairs: list[Pair[Record]]) -> None:
    """Give each record its values with the history that saving it would write; the records are locked."""
    groups: dict[str, tuple[dict[str, object], list[Model]]] = {}
    told = []
    for record, values in pairs:
        columns = {name: record._meta.get_field(name) for name in values}
        new = {name: history.stored(columns[name], getattr(value, "pk", value)) for name, value in values.items()}
        told.append((record, {name: [_now(columns[name], record), new[name]] for name in values}))
        attributes = {columns[name].attname: value for name, value in values.items()}
        groups.setdefault(repr(new), (attributes, []))[1].append(record)
    for attributes, records in groups.values():
        set_all(type(records[0]), records, attributes)
    if told:
        tell(told, by=run.owner, run=run)
