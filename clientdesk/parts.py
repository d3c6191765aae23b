"""What hangs on a record: which changes of other records the history of a record tells, too (settings.HISTORY_PARTS).

A client's history says “Industry added: Medical technology”, although the industry is a row of its own. Each app names its parts; a
change of one is stored with the record that it belongs to (`Change.of_type`, `of_id`), so that it is found when the part is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.module_loading import import_string

Changes = dict[str, list]


def _never(action: int, changes: Changes) -> bool:
    return False


@dataclass(frozen=True)
class Part:
    """Records of `model` hang on one of `owner` through their field `by`; without `owner` their `content_type` says on what, or where
    they hang on one of several, `of` names the model behind each of the fields.

    `label` is the word for such a record, `named` the foreign key whose name tells it from others (blank: what it calls itself;
    None: there is one only). `listed`: the record as of a date names them. `silent` says which changes tell nothing new. `says`
    gives the whole headline from action, record's name and changes, `words` the words of columns that only the part's app can read;
    `looked` is the headline of an entry that says that somebody looked and changed nothing.
    """

    model: str
    label: str
    owner: str = ""
    by: str = "client"
    of: dict[str, str] = field(default_factory=dict)
    named: str | None = ""
    listed: bool = False
    silent: Callable[[int, Changes], bool] = _never
    says: Callable[[int, str, Changes], str] | None = None
    words: dict[str, Callable[[object], str]] = field(default_factory=dict)
    looked: str = ""

    @property
    def name(self) -> str:
        """The name by which an address asks for changes of these records, such as `clientindustry`."""
        return self.model.partition(".")[2].lower()

    @property
    def type(self) -> ContentType:
        """The content type of the records."""
        return ContentType.objects.get_for_model(apps.get_model(self.model))


@cache
def parts() -> dict[str, Part]:
    """Return every part by the label of its model in small letters."""
    return {part.model.lower(): part for path in settings.HISTORY_PARTS for part in import_string(path)}


def parts_of(model: type[Model]) -> list[Part]:
    """Return what hangs on records of `model`, in the order of the settings."""
    label = model._meta.label
    return [part for part in parts().values() if (label in part.of.values() if part.of else part.owner in ("", label))]


def owner_of(kind: ContentType, pk: int | None, action: int, changes: Changes | None) -> tuple[ContentType, int] | None:
    """Return the type and key of the record on which the changed record `pk` of type `kind` hangs, or None where it hangs on none or
    the change tells nothing new."""
    part, changes = parts().get(f"{kind.app_label}.{kind.model}"), changes or {}
    if part is None or part.silent(action, changes):
        return None
    if part.of:
        return next((found for by, owner in part.of.items() if (found := _behind(part, by, owner, pk, changes))), None)
    if part.owner:
        owner: ContentType | None = ContentType.objects.get_for_model(apps.get_model(part.owner))
    else:
        key = _key(part, "content_type", pk, changes)
        owner = ContentType.objects.get_for_id(key) if key else None
    key = _key(part, part.by, pk, changes)
    return (owner, key) if owner and key else None


def _behind(part: Part, by: str, owner: str, pk: int | None, changes: Changes) -> tuple[ContentType, int] | None:
    key = _key(part, by, pk, changes)
    return (ContentType.objects.get_for_model(apps.get_model(owner)), key) if key else None


def _key(part: Part, name: str, pk: int | None, changes: Changes) -> int | None:
    """Return the key that the column `name` held or holds: as the change says, else as the record says now."""
    column = apps.get_model(part.model)._meta.get_field(name)
    old, new = changes.get(name) or (None, None)
    found = new if new is not None else old
    if found is None and pk is not None:
        found = apps.get_model(part.model)._base_manager.filter(pk=pk).values_list(column.attname, flat=True).first()
    return int(found) if found is not None else None
