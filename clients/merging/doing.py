"""Merging two clients: which may be one, what a merge keeps of the one that goes, and what stands in the way of taking it back."""

from collections.abc import Callable, Mapping

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clientdesk.consequences import Consequence
from clientdesk.merging import Merger, Question
from clientdesk.models import Merge, User
from clientdesk.words import compacts, findable
from clients import consequences
from clients.merging.fields import COLUMNS
from clients.models import Client


class ClientMerger(Merger[Client]):
    """Merging two clients."""

    model = Client
    setting = "MERGE_PARTS"

    def seen(self, user: User) -> QuerySet:
        return Client.objects.visible_to(user)

    def why_not(self, winner: Client, loser: Client) -> str:
        if winner.pk == loser.pk:
            return _("A client cannot be merged with itself.")
        if winner.kind != loser.kind:
            return _(
                "%(winner)s is %(kind)s and %(loser)s is %(other)s. Only clients of one kind can be merged: change the kind of one first."
            ) % {
                "winner": winner,
                "kind": winner.get_kind_display().lower(),
                "loser": loser,
                "other": loser.get_kind_display().lower(),
            }
        if winner.erased_at or loser.erased_at:
            erased = winner if winner.erased_at else loser
            return _("The personal data of %(client)s were erased. It cannot be merged.") % {"client": erased}
        return ""

    def questions(self, winner: Client, loser: Client) -> list[Question]:
        return COLUMNS.questions(winner, loser)

    def values(self, winner: Client, loser: Client, choices: Mapping[str, str]) -> dict[str, object]:
        return COLUMNS.values(winner, loser, choices)

    def described(self, winner: Client, loser: Client) -> dict[str, str]:
        return {
            "loser_name": loser.name,
            "loser_name_key": loser.name_key,
            "loser_number": loser.number,
            # What was the winner's own name finds it, too, where the loser's was chosen.
            "search_key": findable(loser.name, loser.legal_name, loser.number, winner.name, loser.former_names, *compacts(loser.number)),
        }

    def watched(self, keys: tuple[int, int]) -> Callable[[], list[Consequence]]:
        both = {"client__in": keys}
        contacts, jobs = apps.get_model("contacts", "Contact"), apps.get_model("jobs", "Job")
        return consequences.watched(contacts.objects.filter(**both), jobs.objects.filter(**both))

    def why_not_back(self, merge: Merge, winner: Client, gone: Client) -> str:
        others = Client.objects.exclude(pk=merge.winner_id) if self.reverts(merge, winner, "name") else Client.objects.all()
        if taken := others.filter(name_key=gone.name_key).first():
            shown = {"name": gone.name, "client": _known(taken)}
            return _("The name “%(name)s” belongs to %(client)s now. Rename that client first.") % shown
        others = Client.objects.exclude(pk=merge.winner_id) if self.reverts(merge, winner, "external_id") else Client.objects.all()
        if gone.external_id and (taken := others.filter(external_id=gone.external_id).first()):
            shown = {"id": gone.external_id, "client": _known(taken)}
            return _("The external ID “%(id)s” belongs to %(client)s now. Change it there first.") % shown
        return ""


def _known(client: Client) -> str:
    """Return how a sentence names another client; of a restricted one it tells nothing, whoever reads it (XD33)."""
    return _("a restricted client") if client.restricted_to_responsible else f"{client} ({client.number})"


MERGER = ClientMerger()
