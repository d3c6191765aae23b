"""A ledger of what one act does to many records, kept as JSON, so that the whole act can be taken back (merges, and what resembles them).

Every step says what a row was before and after. `take_back` goes from the last step to the first and changes only what still is as the
act left it: what somebody edited, deleted or added since stays, and is returned in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditlog.context import auditlog_value
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk import history
from clientdesk.models import Change, LongRun, Renamed, Stamped, User, Versioned
from clientdesk.parts import owner_of, parts

Step = dict[str, Any]
CHUNK = 500


class LeftBehind(Exception):
    """A row was to be deleted while others still hang on it: deleting it would take them along unseen."""


@dataclass
class Ledger:
    """Does things to records inside the caller's transaction and remembers them in `steps`."""

    steps: list[Step] = field(default_factory=list)

    def change(self, record: models.Model, **values: object) -> None:
        """Give `record` the `values` and save what differs; columns that equal already are no step."""
        columns = {name: record._meta.get_field(name) for name in values}
        before = {name: _kept(column, record) for name, column in columns.items()}
        for name, value in values.items():
            setattr(record, name, value)
        pairs = {name: [before[name], _kept(column, record)] for name, column in columns.items()}
        changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        if changed:
            _save(record, changed)
            self._note("change", record, changed)

    def create(self, record: models.Model) -> None:
        """Save the new `record`."""
        record.save(force_insert=True)
        self._note("create", record, _row(record))

    def delete(self, record: models.Model) -> None:
        """Delete `record`. Raises LeftBehind where other rows would go or lose their link with it: those must be moved before."""
        if found := _hanging_on(record):
            raise LeftBehind(f"{record._meta.label} {record.pk}: {found}")
        self._note("delete", record, _row(record))
        record.delete()

    def move(self, records: models.QuerySet, **values: object) -> int:
        """Give every one of `records` the same `values` in one statement a chunk, with history and version; return how many there were.

        For rows whose saving has no further consequence, such as contacts that get another client.
        """
        found = list(records.select_for_update().order_by("pk"))
        for start in range(0, len(found), CHUNK):
            self._move(found[start : start + CHUNK], values)
        return len(found)

    def _move(self, records: Sequence[models.Model], values: dict[str, object]) -> None:
        model = type(records[0])
        columns = {name: model._meta.get_field(name) for name in values}
        new = {name: _kept(column, model(**values)) for name, column in columns.items()}
        rows: list[Any] = [[_pk(record), {name: _kept(column, record) for name, column in columns.items()}] for record in records]
        set_all(model, records, values)
        tell([(record, {name: [old[name], new[name]] for name in values}) for record, (_place, old) in zip(records, rows, strict=True)])
        self.steps.append({"do": "move", "model": model._meta.label, "rows": rows, "values": new})

    def _note(self, verb: str, record: models.Model, values: dict[str, object]) -> None:
        self.steps.append({"do": verb, "model": record._meta.label, "pk": _pk(record), "name": str(record)[:200], "values": values})


@dataclass(frozen=True)
class Kept:
    """One thing that taking back left alone: what it is, which field of it, and why, in words."""

    record: str
    label: str
    why: str


def take_back(steps: Iterable[Step]) -> list[Kept]:
    """Undo `steps`, the last first, inside the caller's transaction; return what stayed because somebody touched it since."""
    stayed: list[Kept] = []
    for step in reversed(list(steps)):
        model = apps.get_model(str(step["model"]))
        try:
            with transaction.atomic():
                _BACK[str(step["do"])](model, step, stayed)
        except (IntegrityError, ProtectedError):
            stayed.append(Kept(_called(model, step), "", _("Something else has its place now.")))
    return stayed


def revived(step: Step) -> models.Model:
    """Return the unsaved record that the step `delete` took away, with its key of then."""
    model = apps.get_model(str(step["model"]))
    return model(**{model._meta.get_field(name).attname: _value(model, name, kept) for name, kept in step["values"].items()})


def set_all(model: type[models.Model], records: Sequence[models.Model], values: dict[str, object]) -> None:
    """Write `values` into `records` in one statement; their versions count up and they were changed now."""
    more: dict[str, object] = {}
    if issubclass(model, Versioned):
        more["version"] = models.F("version") + 1
    if issubclass(model, Stamped):
        more["updated_at"] = timezone.now()
    model._base_manager.filter(pk__in=[record.pk for record in records]).update(**values, **more)


# --- back -----------------------------------------------------------------------------------------
def _change_back(model: type[models.Model], step: Step, stayed: list[Kept]) -> None:
    record = _held(model, step["pk"])
    if record is None:
        stayed.append(Kept(_called(model, step), "", _("It was deleted since.")))
        return
    changed = {}
    for name, (old, new) in step["values"].items():
        column = model._meta.get_field(name)
        if _kept(column, record) != new:
            if _kept(column, record) != old:
                stayed.append(Kept(str(record), _label(column), _("It was changed since.")))
            continue
        setattr(record, column.attname, history.restored(column, old))
        changed[name] = old
    if changed:
        if isinstance(record, Renamed):
            record.forget_names()
        _save(record, changed)


def _delete_back(model: type[models.Model], step: Step, stayed: list[Kept]) -> None:
    record = revived(step)
    record.save(force_insert=True)
    # What is stamped on insert is what it was before.
    stamped = [name for name in ("created_at", "found_at") if name in step["values"]]
    if stamped:
        model._base_manager.filter(pk=record.pk).update(**{name: _value(model, name, step["values"][name]) for name in stamped})


def _create_back(model: type[models.Model], step: Step, stayed: list[Kept]) -> None:
    record = _held(model, step["pk"])
    if record is None:
        return
    columns = history.tracked(model)
    edited = [column for column in columns if column.name in step["values"] and _kept(column, record) != step["values"][column.name]]
    if edited or _hanging_on(record):
        stayed.append(Kept(str(record), ", ".join(map(_label, edited)), _("It was changed since.")))
        return
    record.delete()


def _move_back(model: type[models.Model], step: Step, stayed: list[Kept]) -> None:
    columns = {name: model._meta.get_field(name) for name in step["values"]}
    before = {_key(pk): old for pk, old in step["rows"]}
    queryset = model._base_manager.filter(pk__in=list(before))
    found = {_key(_pk(record)): record for record in queryset.select_for_update().order_by("pk")}
    groups: dict[str, tuple[dict, list]] = {}
    for pk, old in before.items():
        record = found.get(pk)
        if record is None:
            stayed.append(Kept(_called(model, step), "", _("It was deleted since.")))
        elif any(_kept(column, record) != step["values"][name] for name, column in columns.items()):
            stayed.append(Kept(str(record), ", ".join(map(_label, columns.values())), _("It was changed since.")))
        else:
            groups.setdefault(repr(old), (old, []))[1].append(record)
    for old, records in groups.values():
        _put_back(model, columns, old, records, step["values"])


def _put_back(model: type[models.Model], columns: dict, old: dict, records: list, new: dict) -> None:
    values = {column.attname: history.restored(column, old[name]) for name, column in columns.items()}
    set_all(model, records, values)
    tell([(record, {name: [new[name], old[name]] for name in columns}) for record in records])


_BACK = {"change": _change_back, "delete": _delete_back, "create": _create_back, "move": _move_back}


# --- rows and values ------------------------------------------------------------------------------
def _kept(column: models.Field, record: models.Model) -> object:
    return history.stored(column, column.value_from_object(record))


def _value(model: type[models.Model], name: str, kept: object) -> object:
    return history.restored(model._meta.get_field(name), kept)


def _row(record: models.Model) -> dict[str, object]:
    return {column.name: _kept(column, record) for column in record._meta.concrete_fields}


def _save(record: models.Model, changed: Iterable[str]) -> None:
    stamp = ["updated_at"] if isinstance(record, Stamped) else []
    record.save(update_fields=[*changed, *stamp])


def _held(model: type[models.Model], pk: object) -> models.Model | None:
    return model._base_manager.select_for_update().filter(pk=_key(pk)).first()


def _pk(record: models.Model) -> object:
    return list(record.pk) if isinstance(record.pk, tuple) else record.pk


def _key(pk: object) -> object:
    return tuple(pk) if isinstance(pk, list) else pk


def _label(column: models.Field) -> str:
    text = str(column.verbose_name)
    return text[:1].upper() + text[1:]


def _called(model: type[models.Model], step: Step) -> str:
    name = str(step.get("name") or "")
    kind = str(model._meta.verbose_name)
    return f"{kind[:1].upper()}{kind[1:]} {name}".strip()


def _hanging_on(record: models.Model) -> str:
    """Return what would go, or lose its link, if `record` were deleted, for whoever mends the code; empty where nothing would."""
    collector = Collector(using=record._state.db or "default", origin=record)
    try:
        collector.collect([record])
    except (ProtectedError, RestrictedError) as error:
        return str(error)
    others = {model._meta.label for model, rows in collector.data.items() if rows and model is not type(record)}
    others |= {queryset.model._meta.label for queryset in collector.fast_deletes if queryset.exists()}
    for (column, _value), groups in collector.field_updates.items():
        others |= {column.model._meta.label for rows in groups if (rows.exists() if isinstance(rows, models.QuerySet) else rows)}
    return ", ".join(sorted(others))


def tell(changed: Sequence[tuple[models.Model, dict[str, list]]], by: User | None = None, run: LongRun | None = None) -> None:
    """Write the history of rows that were changed by one statement, as saving each would have: of each [old, new] by column.

    Without `by` it was who is signed in; `run` is the long work that did it.
    """
    model = type(changed[0][0])
    if not auditlog.contains(model):
        return
    names = {column.name for column in history.tracked(model)}
    kind = ContentType.objects.get_for_model(model)
    try:
        about = auditlog_value.get()
    except LookupError:
        about = {}
    actor = by or about.get("actor")
    actor = actor if isinstance(actor, User) else None
    told_of = [
        (record, told)
        for record, pairs in changed
        if (told := {name: pair for name, pair in pairs.items() if name in names and pair[0] != pair[1]})
    ]
    Change.objects.bulk_create(
        Change(
            content_type=kind,
            object_pk=str(record.pk),
            object_id=record.pk,
            object_repr=str(record),
            action=Change.Action.UPDATE,
            changes=told,
            actor=actor,
            actor_email=actor.email if actor else None,
            remote_addr=about.get("remote_addr") if by is None else None,
            run=run,
            **_owner(kind, record, told),
        )
        for record, told in told_of
    )


def _owner(kind: ContentType, record: models.Model, told: dict[str, list]) -> dict[str, object]:
    """Return of which record the change of `record` is told, too; what the row says already is not asked for again."""
    part = parts().get(record._meta.label_lower)
    if part is None or part.silent(Change.Action.UPDATE, told):
        return {}
    name = part.by
    known = told if part.of or name in told else told | {name: [None, _kept(record._meta.get_field(name), record)]}
    owner = owner_of(kind, record.pk, Change.Action.UPDATE, known)
    return {"of_type": owner[0], "of_id": owner[1]} if owner else {}
