"""Contact persons come back from a file that was exported for editing; what client and places were called at the export counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from clientdesk.models import Change
from clients.models import Client
from contacts.models import Contact, Department, Office
from intake import person_sentences as say
from intake import round_trip
from intake.cells import Stored
from intake.client_links import owners
from intake.column import Column
from intake.contact_facts import LINKED, full
from intake.hidden import hidden
from intake.loading import find
from intake.models import ImportRun
from intake.returning import BEFORE, Returning, current, drop
from intake.round_trip import Mark, Since
from intake.verdicts import Judged

# Fields of a contact -> what they point to, and the columns that show its fields.
_POINTS: dict[str, tuple[type[Model], Mapping[str, str]]] = {
    "client": (Client, LINKED),
    "default_office": (Office, {"office": "name"}),
    "department": (Department, {"department": "name"}),
}
_POINT_OF = {column: field for field, (_model, columns) in _POINTS.items() for column in columns}


class _Called:
    """What the records `pks` of `model` held in the fields `names` at moments since `first`. Two statements."""

    def __init__(self, model: type[Model], names: Iterable[str], pks: set[int], first: datetime) -> None:
        names = tuple(names)
        self.now = {row[0]: dict(zip(names, row[1:], strict=True)) for row in find(model, "id", pks, ("id", *names))}
        self.past: dict[int, list[Change]] = defaultdict(list)
        for change in Change.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=pks,
            action__in=(Change.Action.UPDATE, Change.Action.DELETE),
            timestamp__gte=first,
        ).order_by("id"):
            self.past[int(change.object_id or 0)].append(change)

    def at(self, moment: datetime, pk: int | None, name: str) -> Stored:
        """Return what `pk` held in `name` at `moment`; None where that is not known."""
        for change in self.past.get(pk or 0, ()):
            if change.timestamp >= moment and name in (change.changes or {}):
                return change.changes[name][0]
        return self.now.get(pk or 0, {}).get(name)


class ReturningPeople(Returning):
    """The marked rows of one chunk of `run` whose records are contacts, as `whole_people` gives them."""

    def __init__(self, run: ImportRun, mapped: Sequence[tuple[int, Column]]) -> None:
        super().__init__(run, Contact, mapped)
        self.by = run.created_by

    def meet(self, marked: Sequence[Judged], targets: Mapping[int, dict[str, Stored]]) -> None:
        """Do as every kind does; where a client or a place was renamed since the export, its name of then is no edit."""
        self.targets = targets
        self.moments = {one.mark.pk: one.mark.moment - BEFORE for one in marked}
        super().meet(marked, targets)

    def _history(self, steps: Mapping[Mark, int]) -> dict[int, dict[str, Since]]:
        past = super()._history(steps)
        self.called: dict[str, _Called] = {}
        for field, (model, columns) in _POINTS.items():
            pks = {_point(target, field) for target in self.targets.values()}
            pks |= {_key(found[field].before) for found in past.values() if field in found}
            if self.targets:
                self.called[field] = _Called(model, columns.values(), pks - {0}, min(self.moments.values()))
        for pk, found in past.items():
            for field, (_model, columns) in _POINTS.items():
                if (since := found.pop(field, None)) is not None:
                    found |= {column: since._replace(before=self._then(pk, _key(since.before), column)) for column in columns}
        return past

    def _then(self, contact: int, pk: int, column: str) -> Stored:
        field = _POINT_OF[column]
        return self.called[field].at(self.moments[contact], pk, _POINTS[field][1][column])

    def _meet_cell(self, one: Judged, position: int, column: Column) -> None:
        key, cell = column.key, one.row.cells[position]
        if key not in _POINT_OF:
            super()._meet_cell(one, position, column)
            return
        text = cell if isinstance(cell, str) else cell.raw
        target = cast("dict[str, Stored]", one.target)
        if key not in one.since and position not in one.row.typed:
            then = self._then(int(str(target["id"])), _point(target, _POINT_OF[key]), key)
            if round_trip.same(text, column.write(then)):
                drop(one, key)
                return
        now = current(target, key)
        if key in LINKED and not text.strip() and now and (key not in one.since or one.since[key].before):
            one.cleared.discard(key)
            one.refuse(key, say.link_stays(column.label, str(now)))
            return
        super()._meet_cell(one, position, column)

    def _names(self, winners: set[int]) -> dict[int, tuple[str, str]]:
        names = ("id", "first_name", "last_name", "client")
        found = [dict(zip(names, row, strict=True)) for row in find(Contact, "id", winners, names)]
        theirs = {one["client"] for one in found}
        unseen, clients = hidden(theirs, self.by), owners(theirs)
        return {one["id"]: (full(one), clients[one["client"]].name) for one in found if one["client"] not in unseen}


def _point(target: Mapping[str, Stored], field: str) -> int:
    """Return the key that `target` holds in `field`; 0 for none."""
    return _key(target["department_id" if field == "department" else field])


def _key(value: object) -> int:
    """Return a key as contact or history hold it; 0 for none."""
    return int(str(value)) if value not in (None, "", "None") else 0
