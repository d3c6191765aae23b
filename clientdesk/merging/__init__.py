"""Merging two records that are one, and taking it back: a choice per field, everything that hangs on the loser moves, nothing is lost.

Each app says by a `Merger` what is merged, which fields differ how, and names in settings the parts that move what hangs on a record.
"""

from clientdesk.merging.merger import Merger, Preview, Refused, Stale, Unread
from clientdesk.merging.shape import BOTH, LOSER, WINNER, Merging, Moved, Part, Question

__all__ = ["BOTH", "LOSER", "WINNER", "Merger", "Merging", "Moved", "Part", "Preview", "Question", "Refused", "Stale", "Unread"]
