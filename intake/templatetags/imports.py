"""What the result of an import says of its undo and of how long its rows are kept."""

from dataclasses import dataclass
from datetime import datetime

from django import template

from clientdesk.models import User
from clientdesk.rights import Right, may
from intake import undoing
from intake.models import ImportRun
from intake.sweeping import gone_since

register = template.Library()


@dataclass(frozen=True)
class UndoState:
    """Whether the button is shown (`is_offered`), whether the undo is under way, until when it is possible, and how many things an undo
    that is over left as they were."""

    is_offered: bool
    is_under_way: bool
    until: datetime | None
    kept: int


@register.simple_tag
def undo_of(run: ImportRun, reader: User) -> UndoState:
    """Return how it stands with the undo of `run`, for `reader`."""
    kept = undoing.report_of(run).kept if run.undone_at else 0
    is_offered = may(reader, Right.UNDO) and not undoing.why_not(run)
    return UndoState(is_offered, undoing.is_under_way(run), undoing.open_until(run), kept)


@register.simple_tag
def rows_are_gone(run: ImportRun) -> bool:
    """Say whether the rows of `run` were thrown away because it was over long ago."""
    return gone_since(run)
