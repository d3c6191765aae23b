"""Merging two clients that are one, and taking it back: a choice per field, everything that hangs on the loser moves, nothing is lost."""

from clients.merging.doing import Refused, Stale, merge, preview
from clients.merging.shape import BOTH, LOSER, WINNER, Merging, Moved, Part, Question
from clients.merging.undoing import obstacle, undo

__all__ = [
    "BOTH",
    "LOSER",
    "WINNER",
    "Merging",
    "Moved",
    "Part",
    "Question",
    "Refused",
    "Stale",
    "merge",
    "obstacle",
    "preview",
    "undo",
]
