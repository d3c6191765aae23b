"""What of drafts and imports points at a client, in a merge."""

from django.utils.translation import gettext as _

from clients.merging.shape import Merging, Moved, Part
from clients.models import Client
from intake.models import ClientDraft, DraftFile, ImportRun, StagedRow


def _waiting(client: Client):
    # What a row of contact persons is about is no client.
    runs = list(ImportRun.objects.filter(state__in=ImportRun.OPEN).exclude(kind=ImportRun.Kind.CONTACT).values_list("pk", flat=True))
    return StagedRow.objects.filter(run_id__in=runs, target_id=client.pk, outcome=None) if runs else StagedRow.objects.none()


class Arrivals(Part):
    """Rows of imports that wait for the loser, and the finished draft that made it."""

    def moves(self, winner: Client, loser: Client) -> list[Moved]:
        note = _("They are not applied but listed as conflicts, because the client changed.")
        return [Moved(_("Rows of imports that wait for this client"), _waiting(loser).count(), note)]

    def move(self, merging: Merging) -> None:
        merging.ledger.move(_waiting(merging.loser), target_id=merging.winner.pk, target_version=None)
        merging.ledger.move(ImportRun.objects.filter(client=merging.loser), client=merging.winner)
        draft = ClientDraft.objects.filter(client=merging.loser).first()
        if draft and not ClientDraft.objects.filter(client=merging.winner).exists():
            merging.ledger.change(draft, client=merging.winner)
        elif draft:
            # Without a client it would look unfinished and could make another one.
            for file in DraftFile.objects.filter(draft=draft):
                merging.ledger.delete(file)
            merging.ledger.delete(draft)
