"""Records that were merged into another: which one stands for them now."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from clientdesk.models import Merge


def merges(model: type[Model]) -> QuerySet[Merge]:
    """Return the merges of records of `model` that were not undone."""
    return Merge.objects.filter(content_type=ContentType.objects.get_for_model(model), undone_at=None)


def winners(losers: Iterable[int], model: type[Model]) -> dict[int, int]:
    """Return for each key of a merged record the key of the one that stands for it now, however often that was merged on."""
    known = merges(model)
    led: dict[int, int] = {}
    wanted = set(losers)
    while wanted:
        step = dict(known.filter(loser_id__in=wanted).values_list("loser_id", "winner_id"))
        led |= step
        wanted = set(step.values()) - led.keys()
    return {loser: _end(led, loser) for loser in losers if loser in led}


def _end(led: dict[int, int], pk: int) -> int:
    passed = set()
    while pk in led and pk not in passed:
        passed.add(pk)
        pk = led[pk]
    return pk


def merged_into(record: Model) -> QuerySet[Merge]:
    """Return the merges that `record` came out of, the newest first."""
    return merges(type(record)).filter(winner_id=record.pk).order_by("-id")
