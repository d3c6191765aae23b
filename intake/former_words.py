"""What entries of a settings list were called before: a template that was filled in last month still says so."""

from datetime import datetime
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from clientdesk.models import Change
from clientdesk.words import name_key

# A list of settings changes rarely; older changes than these are not looked for.
MOST = 5_000


class Former(NamedTuple):
    """The entry that had a name once, and when it lost it."""

    pk: int
    when: datetime


def former_words(model: type[Model]) -> dict[str, Former]:
    """Return by key the names that entries of `model` had and do not have any more, the last owner of each. One statement, or two."""
    changes = Change.objects.filter(
        content_type=ContentType.objects.get_for_model(model), action__in=[Change.Action.UPDATE, Change.Action.DELETE]
    ).order_by("-id")
    found: dict[str, Former] = {}
    for pk, moment, said in changes.values_list("object_id", "timestamp", "changes")[:MOST]:
        pair = (said or {}).get("name")
        if isinstance(pair, list) and pair and isinstance(pair[0], str):
            found.setdefault(name_key(pair[0]), Former(int(pk or 0), moment))
    return found
