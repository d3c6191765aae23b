"""The history of a record: what auditlog stores, how a page reads it, the record as of a date, and taking a change back."""

from clientdesk.history.asof import Past, as_of
from clientdesk.history.changes import changes_of, field_choices, touching, whole_history_of
from clientdesk.history.entries import Entry, Line, entries
from clientdesk.history.values import restored, stored, tracked

__all__ = [
    "Entry",
    "Line",
    "Past",
    "as_of",
    "changes_of",
    "entries",
    "field_choices",
    "restored",
    "stored",
    "touching",
    "tracked",
    "whole_history_of",
]
