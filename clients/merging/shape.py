"""What merging two clients is made of, for the parts that settings.MERGE_PARTS names; each app owns its part (`contacts/merging.py`)."""

from clientdesk.merging.shape import BOTH, LOSER, WINNER, Merging, Moved, Part, Question

__all__ = ["BOTH", "LOSER", "WINNER", "Merging", "Moved", "Part", "Question"]
