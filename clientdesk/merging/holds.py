"""Legal holds in a merge: they hold for whoever stays."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from clientdesk.merging.shape import Merging
from clientdesk.models import LegalHold


def _holds(record: Model) -> QuerySet[LegalHold]:
    kind = ContentType.objects.get_for_model(type(record))
    return LegalHold.objects.filter(content_type=kind, object_id=record.pk, lifted_at=None)


def count_holds(record: Model) -> int:
    """Return how many legal holds are on `record`."""
    return _holds(record).count()


def move_hold(merging: Merging) -> None:
    """Let the hold of the loser be the winner's; of two one is open at a time, and both reasons are kept."""
    mine, theirs = _holds(merging.winner).first(), _holds(merging.loser).first()
    if theirs and not mine:
        merging.ledger.change(theirs, object_id=merging.winner.pk)
    elif theirs and mine:
        # One is open for a record at a time; the loser's stays as a fact, its reason is the winner's, too.
        reason = f"{mine.reason}\n{theirs.reason}"
        merging.ledger.change(mine, reason=reason[:1000])
