"""Taking a single change back, where nothing later depends on it."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.forms import broken_sentence
from clientdesk.history.changes import changes_of, touching
from clientdesk.history.values import restored, stored, tracked
from clientdesk.history.words import label_of
from clientdesk.models import Change


@dataclass(frozen=True)
class Obstacle:
    """Why a change cannot be taken back: a sentence, and for a later change of the same field its entry."""

    sentence: str
    later: Change | None = None
    field: str = ""


def is_open(record: models.Model, change: Change) -> bool:
    """Say, without a query, whether `change` of `record` can be taken back as far as one can see: every field still has its value."""
    return not _refusal(record, change) and not _moved(record, change)


def obstacle(record: models.Model, change: Change) -> Obstacle | None:
    """Return why `change` of `record` cannot be taken back, or None."""
    if sentence := _refusal(record, change):
        return Obstacle(sentence)
    if not (moved := _moved(record, change)):
        return None
    name = moved[0]
    label = label_of(type(record)._meta.get_field(name))
    later = touching(changes_of(record), type(record), name).filter(pk__gt=change.pk).order_by("pk").first()
    if later is None:
        return Obstacle(_("%(field)s has another value by now, saved without a record.") % {"field": label}, None, name)
    moment = date_format(timezone.localtime(later.timestamp), "DATETIME_FORMAT")
    return Obstacle(_("%(field)s was changed again on %(moment)s.") % {"field": label, "moment": moment}, later, name)


def take_back(record: models.Model, change: Change) -> None:
    """Give the fields of `change` the values of before it; that is a change itself, which names the one it took back.

    The caller holds the lock of `record`. Raises ValidationError with sentences where the record refuses the old values.
    """
    if found := obstacle(record, change):
        raise ValidationError(found.sentence)
    columns = _columns(record, change)
    for name, column in columns.items():
        setattr(record, column.attname, restored(column, _before(record, name, change)))
    _validate(record, columns)
    record.get_additional_data = lambda: {"took_back": change.pk}
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise broken_sentence(error, type(record)) from None
    finally:
        del record.get_additional_data


def _validate(record: models.Model, restored_columns: dict[str, models.Field]) -> None:
    """The record's own rules, and those of its fields that get another value: what else it holds is nobody's question now."""
    record.clean_fields(exclude={column.name for column in record._meta.fields} - set(restored_columns))
    record.clean()
    record.validate_unique()
    record.validate_constraints()


def _columns(record: models.Model, change: Change) -> dict[str, models.Field]:
    return {column.name: column for column in tracked(type(record)) if column.name in (change.changes or {}) and column.name != "id"}


def _refusal(record: models.Model, change: Change) -> str:
    if change.action == Change.Action.CREATE:
        return _("This entry tells how the record was added. What was added is deactivated, not taken back.")
    if getattr(record, "erased_at", None) or (change.additional_data or {}).get("erased"):
        return _("The values of before were erased.")
    columns = _columns(record, change)
    if change.action != Change.Action.UPDATE or not columns:
        return _("This entry changed no field.")
    if any(isinstance(column, models.FileField) for column in columns.values()):
        return _("The file of before was removed with this change.")
    if lost := len(set(change.changes) - set(columns)):
        return ngettext("It changed %(count)d field that is gone.", "It changed %(count)d fields that are gone.", lost) % {"count": lost}
    return ""


def _moved(record: models.Model, change: Change) -> list[str]:
    """Return the fields of `change` that have another value by now."""
    return [name for name, column in _columns(record, change).items() if not _stands(record, column, change.changes[name])]


def _stands(record: models.Model, column: models.Field, pair: list) -> bool:
    now = stored(column, getattr(record, column.attname))
    old, new = pair
    if isinstance(old, dict) and isinstance(new, dict) and isinstance(now, dict):
        return all(now.get(key) == new.get(key) for key in {*old, *new} if old.get(key) != new.get(key))
    return now == new


def _before(record: models.Model, name: str, change: Change) -> object:
    """Return the value that `name` gets back; of custom fields only those that the change touched."""
    old, new = change.changes[name]
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return old
    now = dict(getattr(record, name) or {})
    for key in {*old, *new}:
        if old.get(key) != new.get(key):
            now.pop(key, None)
            if key in old:
                now[key] = old[key]
    return now
