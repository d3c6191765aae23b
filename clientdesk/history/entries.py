"""The changes of a record as a page shows them: who, when, which field, old and new in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext as _

from clientdesk.history.values import tracked
from clientdesk.history.words import Names, Seen, Words, names_behind
from clientdesk.models import Change, LongRun, User
from clientdesk.parts import Part, parts

_ACTIONS = {Change.Action.CREATE: "create", Change.Action.UPDATE: "update", Change.Action.DELETE: "delete", Change.Action.ACCESS: "access"}
_ICONS = {"create": "plus", "update": "pencil", "delete": "minus", "access": "eye"}


@dataclass(frozen=True)
class Line:
    """One field of a change: its label, the old and the new value in words; empty texts mean “not given”. A custom field's `field` is
    its column's name."""

    label: str
    old: str
    new: str
    field: str = ""


@dataclass(frozen=True)
class Entry:
    """One change as a page shows it.

    `action` is create, update, delete or access; `by_import` says that an import made it. `headline` tells of a record that hangs on
    this one and is blank for the record itself; `erased` says that its values are gone, `took_back` is
    the moment of the change that it took back, `can_be_undone` whether Undo is offered.
    """

    pk: int
    moment: datetime
    who: str
    action: str
    by_import: bool
    lines: list[Line]
    headline: str = ""
    erased: bool = False
    erasure: bool = False
    took_back: datetime | None = None
    can_be_undone: bool = False

    @property
    def fields(self) -> str:
        """The labels of the changed fields, joined, for a short line."""
        return ", ".join(line.label for line in self.lines)

    @property
    def icon(self) -> str:
        """The name of the icon that stands for it."""
        if self.erasure:
            return "eraser"
        return "undo-2" if self.took_back else "upload" if self.by_import and self.action == "update" else _ICONS[self.action]


def entries(
    changes: Iterable[Change],
    model: type[Model],
    undoable: Callable[[Change], bool] | None = None,
    seen: Seen | None = None,
) -> list[Entry]:
    """Return `changes` of records of `model` and of what hangs on them as a page shows them.

    Names behind keys are found in one statement per table, custom fields in one more. `undoable` says of a change of a record itself,
    without a query, whether Undo is offered. Of a model in `seen` only those records are named; others look as if they were gone.
    """
    read = _Reading(list(changes), model, undoable, seen)
    return [read.entry(change) for change in read.changes]


class _Reading:
    """One page of changes with everything that its words need."""

    def __init__(self, changes: list[Change], model: type[Model], undoable: Callable[[Change], bool] | None, seen: Seen | None) -> None:
        self.changes, self.seen = changes, seen
        self.undoable = undoable
        undone = {pk for change in changes if (pk := (change.additional_data or {}).get("took_back"))}
        self.moments = dict(Change.objects.filter(pk__in=undone).values_list("pk", "timestamp")) if undone else {}
        self.actors = User.objects.in_bulk({change.actor_id for change in changes if change.actor_id})
        runs = {change.run_id for change in changes if change.run_id}
        # Runs of another kind, such as one that changed many clients at once, are no import; one that is gone counts as an import.
        others = LongRun.objects.filter(pk__in=runs).exclude(kind__startswith="import") if runs else LongRun.objects.none()
        self.imports = runs - set(others.values_list("pk", flat=True))
        own = ContentType.objects.get_for_model(model).pk
        self.parts: dict[int, Part | None] = {own: None}
        for part in parts().values():
            if any(change.content_type_id == part.type.pk != own for change in changes):
                self.parts[part.type.pk] = part
        self.models = {pk: apps.get_model(part.model) if part else model for pk, part in self.parts.items()}
        self.columns = {pk: {column.name: column for column in tracked(found)} for pk, found in self.models.items()}
        names = self._names()
        self.words = {pk: Words(found, names, part.words if (part := self.parts[pk]) else None) for pk, found in self.models.items()}
        self.names = names

    def pairs(self, change: Change) -> Iterator[tuple[Field, object, object]]:
        """Yield the columns of `change` that still exist, with the values of before and after."""
        for name, column in self.columns.get(change.content_type_id, {}).items():
            pair = (change.changes or {}).get(name)
            if name != "id" and isinstance(pair, list) and len(pair) == 2:
                yield column, *pair

    def _names(self) -> Names:
        wanted: dict[type[Model], set] = defaultdict(set)
        for change in self.changes:
            for column, *pair in self.pairs(change):
                if isinstance(column, ForeignKey) and self._is_shown(change, column):
                    wanted[column.related_model] |= {value for value in pair if isinstance(value, int)}
        return names_behind(wanted, self.seen)

    def _is_shown(self, change: Change, column: Field) -> bool:
        part = self.parts[change.content_type_id]
        return part is None or (part.says is None and column.name not in (part.by, "content_type"))

    def entry(self, change: Change) -> Entry:
        """Return `change` as the page shows it."""
        part, more = self.parts.get(change.content_type_id), change.additional_data or {}
        actor = self.actors.get(change.actor_id)
        who = str(actor) if actor else change.actor_email or (_("Import") if change.run_id else _("ClientDesk"))
        return Entry(
            change.pk,
            change.timestamp,
            who,
            _ACTIONS[change.action],
            change.run_id in self.imports,
            self._lines(change, part) if not part or part.named is None or self._tells_fields(change, part) else [],
            self._headline(change, part) if part else "",
            bool(more.get("erased")),
            bool(more.get("erasure")),
            self.moments.get(more.get("took_back")),
            bool(self.undoable and part is None and self.undoable(change)),
        )

    def _tells_fields(self, change: Change, part: Part) -> bool:
        return change.action == Change.Action.UPDATE and part.says is None

    def _lines(self, change: Change, part: Part | None) -> list[Line]:
        created, erased = change.action == Change.Action.CREATE, bool((change.additional_data or {}).get("erased"))
        words, found = self.words[change.content_type_id], []
        for column, before, after in self.pairs(change):
            if not self._is_shown(change, column):
                continue
            for label, old, new in words.lines(column, before, after):
                gone = erased and before is None and after is None
                if created and not gone and after in (None, "", False, [], {}):
                    continue
                if gone or old != new or (before != after and old and old == new):
                    found.append(Line(label, "" if created else old, _("Erased") if gone else new, column.name))
        return found

    def _headline(self, change: Change, part: Part) -> str:
        name = self._name(change, part)
        if part.says:
            return part.says(change.action, name, change.changes or {}) or str(part.label)
        says = {"label": part.label, "name": name}
        match change.action:
            case Change.Action.ACCESS if part.looked:
                return str(part.looked)
            case Change.Action.CREATE:
                return _("%(label)s added: %(name)s") % says if name else _("%(label)s set") % says
            case Change.Action.DELETE:
                return _("%(label)s removed: %(name)s") % says if name else _("%(label)s removed") % says
        return _("%(label)s changed: %(name)s") % says if name else _("%(label)s changed") % says

    def _name(self, change: Change, part: Part) -> str:
        if part.named is None:
            return ""
        pair = (change.changes or {}).get(part.named) if part.named else None
        if not pair or pair == [None, None]:
            return change.object_repr
        column = self.columns[change.content_type_id][part.named]
        return self.words[change.content_type_id].words(column, pair[0] if change.action == Change.Action.DELETE else pair[1])
