"""The radar of duplicates: which clients may be one, and why; while typing, on saving, and over the whole base."""

from clients.duplicates.finding import Candidate, asked_about, candidates, similar
from clients.duplicates.reasons import STRONG, Facts, Reason, compare, strength

__all__ = ["STRONG", "Candidate", "Facts", "Reason", "asked_about", "candidates", "compare", "similar", "strength"]
