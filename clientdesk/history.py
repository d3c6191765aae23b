"""The history of a record: what auditlog stores, and how a page reads it: who, when, which field, old and new in words.

`stored` and `restored` are one pair. Whoever writes Change rows in bulk stores values with `stored`, equal to what auditlog
stores on `save()`; undo and as-of put them back with `restored`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, DateTimeField, Field, ForeignKey, JSONField, Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.countries import country_name
from clientdesk.models import Change, User

_ACTIONS = {Change.Action.CREATE: "create", Change.Action.UPDATE: "update", Change.Action.DELETE: "delete", Change.Action.ACCESS: "access"}
_PLAIN = (type(None), bool, int, float, str, list, tuple, dict, set)


def tracked(model: type[Model]) -> list[Field]:
    """Return the columns of `model` whose changes the history keeps: its own, then those of shared shapes such as the address."""
    chosen = auditlog.get_model_fields(model)
    included, excluded = set(chosen["include_fields"]), set(chosen["exclude_fields"])
    columns = [
        column for column in model._meta.concrete_fields if column.name not in excluded and (not included or column.name in included)
    ]
    inherited = {column.name for base in model.__mro__[1:] if hasattr(base, "_meta") for column in base._meta.local_fields}
    return sorted(columns, key=lambda column: column.name in inherited)


def stored(field: Field, value: object) -> object:
    """Return the JSON value by which the history keeps `value` of `field`: keys of records, naive UTC moments, else plain text."""
    if isinstance(value, Model):
        value = value.pk
    if isinstance(field, DateTimeField) and isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value, UTC)
    if isinstance(field, PhoneNumberField):
        value = field.to_python(value)
    return value if isinstance(value, _PLAIN) else str(value)


def restored(field: Field, value: object) -> object:
    """Return the value of `field` that the history kept as `value`; for a foreign key that is the key. Undoes `stored`."""
    if value is None or isinstance(field, JSONField):
        return value
    if isinstance(field, ForeignKey):
        return field.target_field.to_python(value)
    if isinstance(field, DateTimeField) and isinstance(value, str):
        return timezone.make_aware(datetime.fromisoformat(value), UTC)
    return field.to_python(value)


@dataclass(frozen=True)
class Line:
    """One field of a change: its label, the old and the new value in words; empty texts mean “not given”."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One change as a page shows it; `action` is create, update or delete, `by_import` says that a long run made it."""

    pk: int
    moment: datetime
    who: str
    action: str
    by_import: bool
    lines: list[Line]

    @property
    def fields(self) -> str:
        """The labels of the changed fields, joined, for a short line."""
        return ", ".join(line.label for line in self.lines)


def changes_of(record: Model) -> QuerySet[Change]:
    """Return the changes of `record`, newest first, in the order of their index."""
    kind = ContentType.objects.get_for_model(type(record))
    return Change.objects.filter(content_type=kind, object_id=record.pk).order_by("-id")


def touching(changes: QuerySet[Change], model: type[Model], name: str) -> QuerySet[Change]:
    """Return the changes that touched the field `name` of `model`; an unknown name leaves all."""
    return changes.filter(changes__has_key=name) if name in {column.name for column in tracked(model)} else changes


def field_choices(model: type[Model]) -> list[tuple[str, str]]:
    """Return (name, label) of the fields of `model` that the history can be filtered by."""
    return [(column.name, _label(column)) for column in tracked(model) if column.name != "id"]


def entries(changes: Iterable[Change], model: type[Model]) -> list[Entry]:
    """Return `changes` of records of `model` as a page shows them; names behind keys are found in one statement per table."""
    changes = list(changes)
    columns = {column.name: column for column in tracked(model) if column.name != "id"}
    names = _names(changes, columns)
    actors = User.objects.in_bulk({change.actor_id for change in changes if change.actor_id})
    return [_entry(change, columns, names, actors) for change in changes]


def _entry(change: Change, columns: dict[str, Field], names: dict, actors: dict[int, User]) -> Entry:
    created = change.action == Change.Action.CREATE
    lines = []
    for name, column in columns.items():
        pair = (change.changes or {}).get(name)
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        old, new = (_words(column, value, names) for value in pair)
        if old != new and not (created and not new):
            lines.append(Line(_label(column), "" if created else old, new))
    actor = actors.get(change.actor_id)
    who = str(actor) if actor else (_("Import") if change.run_id else change.actor_email or _("ClientDesk"))
    return Entry(change.pk, change.timestamp, who, _ACTIONS[change.action], bool(change.run_id), lines)


def _names(changes: list[Change], columns: dict[str, Field]) -> dict[type[Model], dict[object, str]]:
    wanted: dict[type[Model], set] = defaultdict(set)
    for change in changes:
        for name, pair in (change.changes or {}).items():
            column = columns.get(name)
            if isinstance(column, ForeignKey) and isinstance(pair, list):
                wanted[column.related_model] |= {value for value in pair if isinstance(value, int)}
    return {
        model: {pk: str(record) for pk, record in model._default_manager.in_bulk(keys).items()} for model, keys in wanted.items() if keys
    }


def _label(column: Field) -> str:
    text = str(column.verbose_name)
    return text[:1].upper() + text[1:]


def _words(column: Field, value: object, names: dict) -> str:
    if value is None or value == "":
        return ""
    if isinstance(column, ForeignKey):
        return names.get(column.related_model, {}).get(value, _("deleted, no. %(key)s") % {"key": value})
    if isinstance(column, BooleanField):
        return _("Yes") if value else _("No")
    if column.name == "country":
        return country_name(str(value))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, PhoneNumberField):
        return getattr(column.to_python(value), "as_international", "") or str(value)
    if isinstance(column, DateTimeField):
        return date_format(timezone.localtime(restored(column, value)), "DATETIME_FORMAT")
    return str(value)
