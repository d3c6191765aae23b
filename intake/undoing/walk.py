"""The way through the history of an import, from its end to its beginning, a window of entries at a time.

Four walks, each over the entries that concern it: created clients go with all that is theirs; overwritten values come back; other
created records go; values that something was in the way of come back. Who only looks walks over the values once.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from auditlog.context import set_extra_data
from django.db import models
from django.db.models import Count, Max, Min, QuerySet

from clientdesk.models import Change, LongRun, User
from clients.models import Client
from intake.hidden import hidden
from intake.undoing import values
from intake.undoing.report import EDITED, GONE, REFUSED, Report, Why
from intake.undoing.units import PART, Units, edited_fields
from intake.undoing.written import (
    CREATE,
    DELETE,
    UPDATE,
    Written,
    clients_of,
    edits,
    entries_of,
    in_parts,
    kind_of,
    model_of,
    path_to_client,
    written,
)

WINDOW = 100
# Of more created clients that stay nobody keeps the keys.
MOST_STAYING = 5_000
_STORED = ("run", "ours", "journal", "looks", "phase", "cursor", "staying")
DOING = ("clients", "values", "others", "rest")
LOOKING = ("clients", "others", "rest")


@dataclass
class Walk:
    """An undo under way. `run` is the long run of the import, `ours` are those that undo it, the last one is now; `journal` holds
    [content type, action, entries, first, last] of what the run wrote; `phase` and `cursor` say where it stands, `staying` which created
    clients do not go."""

    run: int
    by: User | None
    ours: list[int]
    journal: list[list[int]]
    looks: bool = True
    phase: str = "clients"
    cursor: int = 0
    staying: list[int] = field(default_factory=list)
    report: Report = field(default_factory=Report)

    @classmethod
    def begin(cls, run: int, by: User | None, ours: Iterable[int] = (), *, looks: bool = True) -> "Walk":
        """Return the way from its start."""
        groups = Change.objects.filter(run=run).order_by().values_list("content_type", "action")
        journal = [list(row) for row in groups.annotate(count=Count("pk"), first=Min("pk"), last=Max("pk")).order_by("first")]
        return cls(run, by, list(ours), journal, looks)

    @classmethod
    def read(cls, stored: dict[str, Any], by: User | None) -> "Walk":
        """Return the way as it stood at the last commit."""
        known = {name: stored[name] for name in _STORED}
        return cls(by=by, report=Report.read(stored), **known)

    def stored(self) -> dict[str, Any]:
        """Return everything as JSON; the same dict holds the report."""
        return self.report.stored() | {name: getattr(self, name) for name in _STORED}

    @property
    def total(self) -> int:
        """The number of entries on the whole way."""
        return sum(sum(row[2] for row in self._concerns(phase)) for phase in self.phases)

    @property
    def phases(self) -> tuple[str, ...]:
        """The walks in their order."""
        return LOOKING if self.looks else DOING

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return not self.phase

    # --- going ------------------------------------------------------------------------------------
    def go(self, long_run: LongRun | None = None) -> int:
        """Go through the next window and return how many entries it had; `long_run` is who does it where more than looking is done.

        The caller holds a transaction then.
        """
        rows = self._window()
        if not rows:
            place = self.phases.index(self.phase) + 1
            self.phase, self.cursor = (self.phases[place] if place < len(self.phases) else ""), 0
            return 0
        self.cursor = rows[-1][0]
        by_model: dict[type[models.Model], dict[int, int]] = defaultdict(dict)
        for pk, kind, key in rows:
            if model := self._models.get(kind):
                by_model[model].setdefault(key, pk)
        act = self._created if self.phase in ("clients", "others") else self._changed
        if long_run is None:
            for model, keys in by_model.items():
                act(model, keys, None)
        else:
            with set_extra_data({"actor": long_run.owner, "run": long_run}):
                for model, keys in by_model.items():
                    act(model, keys, long_run)
        return len(rows)

    @cached_property
    def _models(self) -> dict[int, type[models.Model]]:
        return {kind: model for kind in {row[0] for row in self.journal} if (model := model_of(kind))}

    def _concerns(self, phase: str) -> list[list[int]]:
        client = kind_of(Client)
        actions = {"clients": (CREATE,), "others": (CREATE,)}.get(phase, (UPDATE, DELETE))
        return [
            row
            for row in self.journal
            if row[1] in actions and (phase not in ("clients", "others") or (row[0] == client) == (phase == "clients"))
        ]

    def _window(self) -> list[tuple[int, int, int]]:
        """Return (key of the entry, content type, key of the record) of the next entries, the last first."""
        concerns = self._concerns(self.phase) if self.phase else []
        if not concerns:
            return []
        first, last = min(row[3] for row in concerns), max(row[4] for row in concerns)
        until = min(last, self.cursor - 1) if self.cursor else last
        rows: QuerySet = Change.objects.filter(run=self.run, pk__gte=first, pk__lte=until, action__in={row[1] for row in concerns})
        rows = rows.filter(content_type__in={row[0] for row in concerns}).order_by("-pk")
        return list(rows.values_list("pk", "content_type_id", "object_id")[:WINDOW])

    def _units(self, clients: Iterable[int], *, final: bool = False) -> Units:
        made = [model for row in self.journal if row[1] == CREATE and (model := self._models.get(row[0])) and path_to_client(model)]
        predicts = tuple(self._models.values()) if self.looks and self.phase == "others" else ()
        units = Units(self.run, self.ours, made, set(clients), final, predicts)
        units.judge()
        return units

    # --- what was created -------------------------------------------------------------------------
    def _created(self, model: type[models.Model], keys: dict[int, int], long_run: LongRun | None) -> None:
        owners = clients_of(model, keys)
        known = written(self.run, model, [pk for pk in keys if pk not in owners])
        if self.looks and model is not Client:
            gone = self._going_clients(owners.values())
            owners = {pk: client for pk, client in owners.items() if client not in gone}
        unseen = hidden(owners.values(), self.by)
        self._tell_gone(model, known)
        clients = {client for client in owners.values() if client is not None and client not in unseen}
        if long_run is not None:
            list(Client.objects.select_for_update(of=("self",)).filter(pk__in=clients).order_by("pk").values_list("pk"))
        units = self._units(clients, final=not self.looks and model is not Client)
        if model is Client:
            going = self._whole(units, {pk for pk in owners if units.goes((Client, pk))})
            if len(self.staying) <= MOST_STAYING:
                self.staying += [pk for pk in owners if not units.goes((Client, pk))]
        elif self.looks:
            # With a client that goes its records were counted before.
            mine = [pk for pk, client in owners.items() if units.goes((model, pk)) and not units.goes((Client, client or 0))]
            going = {model: mine}
        else:
            going = units.going
        if long_run is not None:
            units.remove(going, long_run)
        for one, gone in going.items():
            self.report.goes(one, [pk for pk in gone if not getattr(units.records[one, pk], "is_headquarters", False)])
        self._tell_staying(model, owners, units, unseen)

    def _going_clients(self, clients: Iterable[int | None]) -> set[int]:
        """Return those of `clients` that were found to go: what is theirs was counted with them."""
        if len(self.staying) > MOST_STAYING:
            return set()
        found: set[int] = set()
        for some in in_parts({client for client in clients if client is not None} - set(self.staying)):
            made = entries_of(self.run).filter(content_type=kind_of(Client), action=CREATE, object_id__in=some)
            found |= set(made.values_list("object_id", flat=True))
        return found

    def _whole(self, units: Units, clients: set[int]) -> dict[type[models.Model], list[int]]:
        """Return what goes of these clients that go: all that the run made of theirs."""
        found: dict[type[models.Model], list[int]] = {}
        for model, keys in units.going.items():
            owners = clients_of(model, keys)
            found[model] = [pk for pk in keys if owners.get(pk) in clients]
        return found

    def _tell_gone(self, model: type[models.Model], known: dict[int, Written]) -> None:
        """A created record that is there no more went with this undo, or a person or a merge took it away."""
        if model in values.FOLLOWERS or not hasattr(model, "get_absolute_url"):
            return
        ours: set[int] = set()
        for some in in_parts(known):
            told = Change.objects.filter(content_type=kind_of(model), object_id__in=some, action=DELETE, run__in=self.ours)
            ours |= set(told.values_list("object_id", flat=True))
        for pk, one in known.items():
            if pk not in ours and not one.deleted:
                self.report.stays(model, pk, Why(GONE))

    def _tell_staying(self, model: type[models.Model], owners: dict[int, int | None], units: Units, unseen: set[int]) -> None:
        # What belongs to a client that the run made is counted with it.
        counted = {pk for pk, one in written(self.run, Client, unseen).items() if one.created} if model is not Client else set()
        for pk, client in owners.items():
            why = units.stay.get((model, pk))
            if client in unseen:
                self.report.hidden += hasattr(model, "get_absolute_url") and client not in counted
            elif why and why.word != PART:
                changed = edited_fields(units.records[model, pk], units.made[model, pk]) if why.word == EDITED else ()
                self.report.stays(model, pk, why, changed)

    # --- what was overwritten ---------------------------------------------------------------------
    def _changed(self, model: type[models.Model], keys: dict[int, int], long_run: LongRun | None) -> None:
        # Each record once: where its last entry stands.
        known = {pk: one for pk, one in written(self.run, model, keys).items() if not one.created and one.last == keys[pk]}
        owners = clients_of(model, known)
        unseen = hidden(owners.values(), self.by)
        records = self._held(model, [pk for pk in known if owners.get(pk) not in unseen], long_run)
        later = edits(self.run, model, {pk: known[pk] for pk in records}, self.ours) if records else {}
        there = Existing()
        ends = self.phase == "rest"
        for pk, one in known.items():
            if pk in records:
                self._give_back(values.judge(records[pk], one, later.get(pk, []), there), long_run)
            elif one.deleted and pk not in owners:
                self._revive(model, one, long_run)
            elif ends and pk in owners:
                self.report.hidden += model not in values.FOLLOWERS
            elif ends and not one.deleted and model not in values.FOLLOWERS:
                self.report.stays(model, pk, Why(GONE))

    @staticmethod
    def _held(model: type[models.Model], keys: list[int], long_run: LongRun | None) -> dict[int, models.Model]:
        found: dict[int, models.Model] = {}
        for some in in_parts(keys):
            rows = model._base_manager.filter(pk__in=some).order_by("pk")
            rows = rows if long_run is None else rows.select_for_update(of=("self",))
            found |= {record.pk: record for record in rows}
        return found

    def _give_back(self, back: values.Back, long_run: LongRun | None) -> None:
        record = back.record
        if values.follows(record):
            return
        values.settle(back, self._passes if self.looks else (lambda other, names: False))
        given = dict(back.values)
        if given and long_run is not None:
            # A record of which something came back before is counted already.
            again = (
                self.phase == "rest" and entries_of(long_run.pk).filter(content_type=kind_of(type(record)), object_id=record.pk).exists()
            )
            values.put_back(back)
            given = {name: value for name, value in given.items() if name in back.values}
            self.report.restored -= again and bool(given)
        if given:
            self.report.restored += 1
            self.report.comes_back(type(record), record.pk, given)
        if self.phase == "rest":
            for why, names in back.stays:
                self.report.stays(type(record), record.pk, why, names)

    def _revive(self, model: type[models.Model], one: Written, long_run: LongRun | None) -> None:
        done = long_run is None or values.revive(model, one) is not None
        if done:
            self.report.restored += 1
        elif self.phase == "rest":
            self.report.stays(model, one.pk, Why(REFUSED))

    def _passes(self, other: models.Model, names: set[str], depth: int = 0) -> bool:
        """Say whether `other`, which holds in `names` what a record is to get back, will let it go in this undo."""
        model = type(other)
        one = written(self.run, model, [other.pk]).get(other.pk)
        client = clients_of(model, [other.pk]).get(other.pk)
        if one is None or depth > WINDOW or client in hidden([client], self.by):
            return False
        if one.created:
            return client is not None and self._units([client]).goes((model, other.pk))
        back = values.judge(other, one, [], Existing())
        if not names & set(back.values):
            return False
        values.settle(back, lambda next_one, more: self._passes(next_one, more, depth + 1))
        return bool(names & set(back.values))


class Existing:
    """Asks, once for each, whether what a foreign key points to is still there."""

    def __init__(self) -> None:
        self.known: dict[tuple[models.Field, object], bool] = {}

    def __call__(self, column: models.ForeignKey, key: object) -> bool:
        if (column, key) not in self.known:
            self.known[column, key] = column.related_model._base_manager.filter(**{column.target_field.name: key}).exists()
        return self.known[column, key]
