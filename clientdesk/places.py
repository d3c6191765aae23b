"""The places of entries in a list that people order: one step up or down, without a script."""

from collections.abc import Sequence

from django.db import models, transaction

STEP = 10


def lock(model: type[models.Model]) -> None:
    """Let nobody else order or appoint entries of `model` until the transaction ends; these lists are short.

    Whoever locks the list does so before any entry of it, or two would wait for each other; who only chooses an entry need not wait.
    """
    list(model._default_manager.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def move(record: models.Model, among: Sequence[models.Model], *, up: bool) -> bool:
    """Let `record` change places with its neighbour in `among`, the entries that it stands with, in their order; return whether there
    was one. Places are numbered anew, so that equal ones do not stand in the way."""
    order = list(among)
    keys = [entry.pk for entry in order]
    at = keys.index(record.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return False
    order[at], order[to] = order[to], order[at]
    with transaction.atomic():
        for place, entry in enumerate(order, start=1):
            if entry.position != place * STEP:
                entry.position = place * STEP
                # Not counted as a new version: the place is on no form, so whoever edits an entry meanwhile is not disturbed.
                models.Model.save(entry, update_fields=["position"])
    return True


def last(among: models.QuerySet) -> int:
    """Return the place after all of `among`."""
    return (among.aggregate(highest=models.Max("position"))["highest"] or 0) + STEP
