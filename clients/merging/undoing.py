"""Taking a merge back as one unit: in reverse order of the merges, leaving alone what somebody changed since."""

from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk.ledger import Kept, revived, take_back
from clientdesk.models import Merge, User
from clients.merged import merges
from clients.merging.shape import parts
from clients.models import Client


def obstacle(merge: Merge) -> str:
    """Return the sentence why `merge` cannot be undone now, or an empty text."""
    if not merge.steps:
        return _("Personal data were erased from what this merge remembers. It cannot be undone.")
    if later := _later(merge):
        return _("%(client)s was merged later. Undo that merge first.") % {"client": f"{later.loser_name} ({later.loser_number})"}
    gone = _loser(merge)
    winner = Client.objects.filter(pk=merge.winner_id).first()
    if winner is None:
        return _("The client that stayed is gone.")
    others = Client.objects.exclude(pk=merge.winner_id) if _reverts(merge, winner, "name") else Client.objects.all()
    if taken := others.filter(name_key=gone.name_key).first():
        return _("The name “%(name)s” belongs to %(client)s now. Rename that client first.") % {"name": gone.name, "client": _known(taken)}
    others = Client.objects.exclude(pk=merge.winner_id) if _reverts(merge, winner, "external_id") else Client.objects.all()
    if gone.external_id and (taken := others.filter(external_id=gone.external_id).first()):
        return _("The external ID “%(id)s” belongs to %(client)s now. Change it there first.") % {
            "id": gone.external_id,
            "client": _known(taken),
        }
    return ""


def _known(client: Client) -> str:
    """Return how a sentence names another client; of a restricted one it tells nothing, whoever reads it (XD33)."""
    return _("a restricted client") if client.restricted_to_responsible else f"{client} ({client.number})"


def undo(pk: int, by: User) -> tuple[Merge, list[Kept], str]:
    """Take the merge `pk` back; return it with what stayed as it is now, and the sentence where it was refused.

    A merge that was undone already is returned as it is: a second undo changes nothing.
    """
    with transaction.atomic():
        merge = Merge.objects.select_for_update(of=("self",)).get(pk=pk)
        if merge.undone_at:
            return merge, [], ""
        list(Client.objects.select_for_update(of=("self",)).filter(pk=merge.winner_id))
        if sentence := obstacle(merge):
            return merge, [], sentence
        stayed = take_back(merge.steps)
        for client in Client.objects.filter(pk__in=(merge.winner_id, merge.loser_id)).order_by("pk"):
            stayed += [Kept(str(client), "", sentence) for part in parts() for sentence in part.mend(client)]
        merge.undone_by, merge.undone_at = by, timezone.now()
        merge.save(update_fields=["undone_by", "undone_at"])
    return merge, stayed, ""


def _later(merge: Merge) -> Merge | None:
    """Return the newest merge that came after `merge` and built on it."""
    return merges().filter(pk__gt=merge.pk, winner_id=merge.winner_id).order_by("-pk").first() or (
        merges().filter(pk__gt=merge.pk, loser_id=merge.winner_id).order_by("-pk").first()
    )


def _loser(merge: Merge) -> Client:
    gone = revived(next(step for step in merge.steps if step["do"] == "delete" and step["model"] == Client._meta.label))
    return cast("Client", gone)


def _reverts(merge: Merge, winner: Client, name: str) -> bool:
    """Say whether undoing gives `winner` back its own `name`, so that the loser's becomes free."""
    for step in merge.steps:
        if step["do"] == "change" and step["model"] == "clients.Client" and step["pk"] == winner.pk and name in step["values"]:
            return step["values"][name][1] == getattr(winner, name)
    return False
