"""The radar of duplicates among contacts: who may be one person, and why; on adding, and over the whole base."""

from contacts.duplicates.finding import Candidate, candidates
from contacts.duplicates.reasons import STRONG, Person, PersonReason, compare, read, strength

__all__ = ["STRONG", "Candidate", "Person", "PersonReason", "candidates", "compare", "read", "strength"]
