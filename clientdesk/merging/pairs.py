"""Pairs of possible duplicates in a merge: those of the loser with a third record become the winner's."""

from django.db.models import Model, Q

from clientdesk.merging.shape import Merging
from clientdesk.models import Pair


def count_pairs(pairs: type[Pair], winner: Model, loser: Model) -> int:
    """Return how many `pairs` of `loser` with a third record there are."""
    return pairs.objects.filter(Q(first=loser) | Q(second=loser)).exclude(Q(first=winner) | Q(second=winner)).count()


def move_pairs(merging: Merging, pairs: type[Pair]) -> None:
    """Let each of `pairs` of the loser with a third record be the winner's; where that is a pair already, what was decided stays."""
    ledger, winner, loser = merging.ledger, merging.winner, merging.loser
    for pair in pairs.objects.filter(Q(first=loser) | Q(second=loser)).select_for_update().order_by("pk"):
        third = pair.second_id if pair.first_id == loser.pk else pair.first_id
        first, second = sorted((winner.pk, third))
        if third == winner.pk or pairs.objects.filter(first=first, second=second).exists():
            ledger.delete(pair)
        else:
            ledger.change(pair, first_id=first, second_id=second)
