"""What is done to many clients at once: another branch or category, out of use; with its history, and taken back as one unit (S1).

Every act is a LongRun, so that its changes carry one number. A small one is done inside the request, a large one by the worker.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from time import monotonic

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from clientdesk import history, work
from clientdesk.models import Change, LongRun, User
from clientdesk.rights import Right, may
from clients.models import Branch, Category, Client
from clients.picking import Selection

KIND, UNDO = "clients_bulk", "clients_bulk_undo"
# More than these are the worker's, behind a page of progress.
AT_ONCE = 100
CHUNK, SECONDS = 500, 1.5
RIGHTS = {"branch": Right.CHANGE, "category": Right.CHANGE, "status": Right.DEACTIVATE}


@dataclass(frozen=True)
class Order:
    """What a run does: give the clients of a selection the `value` in `column`. `place` is the key up to which it is done.

    An undo has the number of the run that it takes back in `of`; `undone` is the run that took this one back.
    """

    column: str
    value: int | str | None = None
    query: str = ""
    keys: list[int] | None = None
    newest: int = 0
    place: int = 0
    of: int = 0
    undone: int = 0

    @property
    def target(self) -> object:
        """What the clients get, in words of its own: a branch, a category or None."""
        model = {"branch": Branch, "category": Category}.get(self.column)
        return model.objects.filter(pk=self.value).first() if model else Client.Status(self.value or Client.Status.INACTIVE).label


def order_of(run: LongRun) -> Order | None:
    """Return what `run` was told to do, or None where that is not known."""
    return Order(**run.order) if run.order else None


def _note(run: LongRun, order: Order) -> None:
    run.order = asdict(order)
    LongRun.objects.filter(pk=run.pk).update(order=run.order)


def start(selection: Selection, column: str, value: int | str | None) -> LongRun:
    """Give the clients of `selection` the `value` in `column` on behalf of its person; return the run: done already where they are few.

    The caller has asked for the right and whether the value may be given. Must run inside a transaction.
    """
    order = Order(column, value, selection.query, selection.keys, selection.newest)
    return _begin(KIND, selection.user, order, _waiting(selection.clients, order).order_by()[: AT_ONCE + 1].count())


def undo(run: LongRun, by: User) -> LongRun:
    """Take back what `run` did, but for clients that somebody changed since or that `by` may not see any more; return the run of it.

    Must run inside a transaction; the caller has locked `run` and made sure that it is done and was not taken back.
    """
    order = order_of(run) or Order("")
    count = Change.objects.filter(run=run).order_by()[: AT_ONCE + 1].count()
    taking = _begin(UNDO, by, Order(order.column, of=run.pk), count)
    _note(run, replace(order, undone=taking.pk))
    return taking


def _begin(kind: str, owner: User, order: Order, count: int) -> LongRun:
    if count > AT_ONCE:
        run = work.start(kind, owner, None)
        _note(run, order)
        return run
    now = timezone.now()
    run = LongRun.objects.create(kind=kind, owner=owner, total=count, state=LongRun.State.DONE, started_at=now, finished_at=now)
    order, run.done = _forward(run, order)
    run.order = asdict(order)
    run.save(update_fields=["done", "order"])
    return run


def advance(run: LongRun) -> bool:
    """Go on with `run` for about two seconds; return whether all is done. Raises work.Refused where the person may not do it any more."""
    until = monotonic() + SECONDS
    order = order_of(run)
    if order is None or run.owner is None or not may(run.owner, RIGHTS[order.column]):
        raise work.Refused("Who started this may not do it any more.")
    if run.total is None:
        count = Change.objects.filter(run=order.of).count() if order.of else _waiting(_selection(run, order).clients, order).count()
        with work.chunk(run):
            run.total = count
    while True:
        with work.chunk(run):
            before = order.place
            order, done = _forward(run, order)
            run.done += done
            _note(run, order)
        if order.place == before:
            return True
        if monotonic() > until:
            return False


def _selection(run: LongRun, order: Order) -> Selection:
    return Selection(run.owner, order.query, order.keys, order.newest)


def _waiting(clients: QuerySet, order: Order) -> QuerySet:
    """Those of `clients` that the order has not reached and that differ from what it gives."""
    return clients.filter(pk__gt=order.place).exclude(**{order.column: order.value})


def _forward(run: LongRun, order: Order) -> tuple[Order, int]:
    """Do the next chunk; return the order with its new place (the same: nothing is left) and how many clients changed."""
    if order.of:
        return _take_back(run, order)
    clients = _waiting(_selection(run, order).clients, order).order_by("pk")
    found = list(clients.select_for_update(of=("self",)).only("name", "branch_id", "category_id", "status")[:CHUNK])
    if not found:
        return order, 0
    _write(run, order.column, [(client, order.value) for client in found])
    return replace(order, place=found[-1].pk), len(found)


def _take_back(run: LongRun, order: Order) -> tuple[Order, int]:
    changes = list(Change.objects.filter(run=order.of, pk__gt=order.place).order_by("pk")[:CHUNK])
    if not changes:
        return order, 0
    wanted = {change.object_id: change for change in changes}
    seen = Client.objects.visible_to(run.owner).filter(pk__in=wanted)
    clients = list(seen.select_for_update(of=("self",)).order_by("pk").only("name", "branch_id", "category_id", "status"))
    touched = touched_since(changes)
    field = Client._meta.get_field(order.column)
    back = []
    for client in clients:
        old, new = wanted[client.pk].changes[order.column]
        if client.pk not in touched and history.stored(field, getattr(client, field.attname)) == new:
            back.append((client, history.restored(field, old)))
    _write(run, order.column, _possible(field, back))
    return replace(order, place=changes[-1].pk), len(back)


def touched_since(changes: Iterable[Change]) -> set[int]:
    """Return the keys of the clients that were changed after their change among `changes`."""
    own = {change.object_id: change.pk for change in changes}
    kind = ContentType.objects.get_for_model(Client)
    later = Change.objects.filter(content_type=kind, object_id__in=own).order_by().values("object_id").annotate(last=Max("pk"))
    return {entry["object_id"] for entry in later if entry["last"] > own[entry["object_id"]]}


def _possible(field, pairs: list[tuple[Client, object]]) -> list[tuple[Client, object]]:
    """Leave out what points to an entry of a settings list that is gone."""
    if field.remote_field is None:
        return pairs
    there = set(field.remote_field.model.objects.filter(pk__in={value for _, value in pairs}).values_list("pk", flat=True))
    return [(client, value) for client, value in pairs if value is None or value in there]


def _write(run: LongRun, column: str, pairs: list[tuple[Client, object]]) -> None:
    """Give each client its value with the history that saving it would write; the clients are locked."""
    field, now = Client._meta.get_field(column), timezone.now()
    entries = []
    for client, value in pairs:
        old = getattr(client, field.attname)
        entries.append(_entry(run, client, {column: [history.stored(field, old), history.stored(field, value)]}, now))
    for value in {value for _, value in pairs}:
        keys = [client.pk for client, wanted in pairs if wanted == value]
        Client.objects.filter(pk__in=keys).update(**{field.attname: value}, version=F("version") + 1, updated_at=now)
    Change.objects.bulk_create(entries)


def _entry(run: LongRun, client: Client, changes: dict[str, list], now) -> Change:
    return Change(
        content_type=ContentType.objects.get_for_model(Client),
        object_pk=str(client.pk),
        object_id=client.pk,
        object_repr=str(client),
        action=Change.Action.UPDATE,
        changes=changes,
        actor=run.owner,
        actor_email=run.owner.email,
        timestamp=now,
        run=run,
    )


def stayed(taking: LongRun, most: int) -> list[Client]:
    """Return up to `most` clients that the undo `taking` left as they are, by name, of those that its person may see."""
    order = order_of(taking)
    if order is None:
        return []
    back = Change.objects.filter(run=taking).values("object_id")
    left = Change.objects.filter(run=order.of).exclude(object_id__in=back).values("object_id")
    return list(Client.objects.visible_to(taking.owner).filter(pk__in=left).order_by("name_key")[:most])
