"""What an import wrote, record by record: read from the history, which is the only thing that an undo trusts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, QuerySet

from clientdesk import history
from clientdesk.models import Change
from clients.models import Client

CREATE, UPDATE, DELETE = Change.Action.CREATE, Change.Action.UPDATE, Change.Action.DELETE
# Keys in one statement; SQLite takes no more than some thousand parameters.
MANY = 500

type Pair = list[object]
type Key = tuple[type[models.Model], int]


@dataclass
class Written:
    """What one run did to one record, taken together: `pairs` are [before, after] by field. `first` and `last` are the keys of its
    history entries, `name` what the record was called. `erased`: what was written is personal data that were erased since."""

    pk: int
    name: str
    first: int
    last: int = 0
    created: bool = False
    deleted: bool = False
    erased: bool = False
    pairs: dict[str, Pair] = field(default_factory=dict)

    def add(self, pk: int, action: int, changes: Mapping[str, Pair] | None, additional: Mapping | None) -> None:
        """Take one more entry, in the order of the history."""
        self.last = pk
        self.erased = self.erased or bool((additional or {}).get("erased"))
        self.created = self.created or action == CREATE
        self.deleted = action == DELETE
        for name, (before, after) in (changes or {}).items():
            self.pairs[name] = [self.pairs[name][0] if name in self.pairs else before, after]


@dataclass(frozen=True)
class Edit:
    """Who changed something after the import: an entry of the history in short."""

    pk: int
    actor: int | None
    at: datetime
    fields: frozenset[str]


def kind_of(model: type[models.Model]) -> int:
    """Return the key of the content type of `model`."""
    return ContentType.objects.get_for_model(model).pk


def entries_of(run: int) -> QuerySet[Change]:
    """Return the history of `run`, to be narrowed by records: the index of records finds it, not that of runs, for a run may be long."""
    return Change.objects.alias(by_run=F("run_id") + 0).filter(by_run=run)


def written(run: int, model: type[models.Model], keys: Iterable[int]) -> dict[int, Written]:
    """Return what `run` wrote about those records of `model` with `keys` that it touched, by key."""
    found: dict[int, Written] = {}
    names = ("pk", "object_id", "object_repr", "action", "changes", "additional_data")
    for some in in_parts(keys):
        rows = entries_of(run).filter(content_type=kind_of(model), object_id__in=some).order_by("pk").values_list(*names)
        for pk, key, name, action, changes, additional in rows:
            found.setdefault(key, Written(key, name, pk)).add(pk, action, changes, additional)
    return found


def edits(run: int, model: type[models.Model], about: Mapping[int, Written], ours: Iterable[int]) -> dict[int, list[Edit]]:
    """Return by key who changed the records `about` after `run` wrote them, the latest last; `ours` are runs that undo it."""
    found: dict[int, list[Edit]] = {}
    for some in in_parts(about):
        oldest = min(about[key].last for key in some)
        rows = Change.objects.filter(content_type=kind_of(model), object_id__in=some, pk__gt=oldest).order_by("pk")
        for pk, key, actor, at, changes, by in rows.values_list("pk", "object_id", "actor_id", "timestamp", "changes", "run_id"):
            if by != run and by not in ours and pk > about[key].last:
                found.setdefault(key, []).append(Edit(pk, actor, at, frozenset(changes or {})))
    return found


def in_parts(keys: Iterable[int]) -> Iterable[list[int]]:
    """Yield `keys` some hundred at a time."""
    known = list(keys)
    return (known[start : start + MANY] for start in range(0, len(known), MANY))


@cache
def path_to_client(model: type[models.Model]) -> str:
    """Return the names that lead from a record of `model` to its client, such as "contact__client"; "pk" for a client, blank for what
    belongs to none."""
    if model is Client:
        return "pk"
    links = {column.name: column.related_model for column in model._meta.concrete_fields if isinstance(column, models.ForeignKey)}
    if links.get("client") is Client:
        return "client"
    for name in ("contact", "office", "department"):
        if name in links and (rest := path_to_client(links[name])):
            return f"{name}__{rest}"
    return ""


def clients_of(model: type[models.Model], keys: Iterable[int]) -> dict[int, int | None]:
    """Return for each of `keys` that is still there the key of its client."""
    path = path_to_client(model)
    found: dict[int, int | None] = {}
    for some in in_parts(keys):
        records = model._base_manager.filter(pk__in=some)
        found |= dict(records.values_list("pk", path) if path else ((pk, None) for pk in records.values_list("pk", flat=True)))
    return found


def model_of(kind: int) -> type[models.Model] | None:
    """Return the model of a content type whose history is kept, or None where it is no more."""
    model = ContentType.objects.get_for_id(kind).model_class()
    return model if model is not None and auditlog.contains(model) else None


def now_of(column: models.Field, record: models.Model) -> object:
    """Return the value of `column` of `record` as the history keeps it."""
    return history.stored(column, getattr(record, column.attname))


def is_same(one: object, other: object) -> bool:
    """Say whether two stored values are one; nothing is nothing, however it is written."""
    blank = (None, "", [], {})
    return one == other or (one in blank and other in blank)
