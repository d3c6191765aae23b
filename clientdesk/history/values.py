"""Values as the history keeps them: `stored` and `restored` are one pair.

Whoever writes Change rows in bulk stores values with `stored`, equal to what auditlog stores on `save()`; undo and as-of put them back
with `restored`.
"""

from datetime import UTC, datetime

from auditlog.registry import auditlog
from django.db.models import DateTimeField, Field, ForeignKey, JSONField, Model
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

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
