"""Which changes the history of a record is made of."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from clientdesk.history.values import tracked
from clientdesk.history.words import label_of
from clientdesk.models import Change
from clientdesk.parts import parts, parts_of


def changes_of(record: Model) -> QuerySet[Change]:
    """Return the changes of `record` itself, newest first, in the order of their index."""
    return Change.objects.filter(content_type=_type(type(record)), object_id=record.pk).order_by("-id")


def whole_history_of(record: Model) -> QuerySet[Change]:
    """Return the changes of `record` and of what hangs on it, newest first."""
    kind = _type(type(record))
    own = Q(content_type=kind, object_id=record.pk)
    return Change.objects.filter(own | Q(of_type=kind, of_id=record.pk, of_id__isnull=False)).order_by("-id")


def touching(changes: QuerySet[Change], model: type[Model], name: str) -> QuerySet[Change]:
    """Return the changes that touched the field `name` of `model`, or the parts of that name; an unknown name leaves all."""
    if name in {column.name for column in tracked(model)}:
        return changes.filter(content_type=_type(model), changes__has_key=name)
    if part := next((part for part in parts().values() if part.name == name), None):
        return changes.filter(content_type=part.type)
    return changes


def field_choices(model: type[Model]) -> list[tuple[str, str]]:
    """Return (name, label) of the fields of `model`, and of what hangs on it, that the history can be filtered by."""
    own = [(column.name, label_of(column)) for column in tracked(model) if column.name != "id"]
    return own + [(part.name, str(part.label)) for part in parts_of(model) if apps.is_installed(part.model.partition(".")[0])]


def _type(model: type[Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)
