"""A client that was one with another until their merge was undone: who may not see the other one reads nothing of that time (XD33)."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from clientdesk.models import Change, Merge, User
from clients.models import Client


def hidden_merges(client: Client, user: User) -> list[Merge]:
    """Return the undone merges into `client` whose other client is one of its own again that `user` may not see, the newest first."""
    undone = Merge.objects.filter(content_type=ContentType.objects.get_for_model(Client), winner_id=client.pk, undone_at__isnull=False)
    merges = list(undone.defer("steps", "search_key").order_by("-id"))
    if not merges:
        return []
    losers = Client.objects.filter(pk__in={merge.loser_id for merge in merges})
    hidden = set(losers.exclude(pk__in=losers.visible_to(user).values("pk")).values_list("pk", flat=True))
    return [merge for merge in merges if merge.loser_id in hidden]


def told(changes: QuerySet[Change], hidden: list[Merge]) -> QuerySet[Change]:
    """Return those of `changes` that say nothing of the merges `hidden`, nor of the time while the two were one."""
    kind = ContentType.objects.get_for_model(Merge)
    for merge in hidden:
        # The first step of a merge comes after `merged_at`, the last one of its undo before `undone_at`.
        changes = changes.exclude(timestamp__range=(merge.merged_at, merge.undone_at)).exclude(content_type=kind, object_id=merge.pk)
    return changes


def last_own(moment: datetime, hidden: list[Merge]) -> datetime:
    """Return `moment`, or where the client was one with a hidden one then, the moment before it was."""
    for merge in hidden:
        if merge.undone_at and merge.merged_at < moment <= merge.undone_at:
            moment = merge.merged_at
    return moment
