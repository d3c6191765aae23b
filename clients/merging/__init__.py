"""Merging two clients that are one, and taking it back."""

from clientdesk.merging import Refused, Stale
from clients.merging.doing import MERGER

merge, preview, obstacle, undo, why_not = MERGER.merge, MERGER.preview, MERGER.obstacle, MERGER.undo, MERGER.why_not

__all__ = ["MERGER", "Refused", "Stale", "merge", "obstacle", "preview", "undo", "why_not"]
