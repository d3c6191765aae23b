"""The state machine of jobs, as one table: which gesture leads from where to where, and what is said of it (domain.md 8.6)."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a job stands (JD2)."""

    REQUESTED = "requested", _("Requested")
    OPEN = "open", _("Open")
    ASSIGNED = "assigned", _("Assigned")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


@dataclass(frozen=True)
class Gesture:
    """What is done with a job: from which states, to which, the words of its button, of its success and of its refusal.

    One that `asks` has a page of its own.
    """

    name: str
    origins: frozenset[str]
    to: str
    label: Promise
    icon: str
    said: Promise
    refused: Promise
    asks: bool = False
    leads: bool = False

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.name.replace("_", "-")


_ALL = (
    Gesture(
        "accept",
        frozenset({Status.REQUESTED}),
        Status.OPEN,
        _("Take up"),
        "check",
        _("%(job)s was taken up and is open."),
        _("%(job)s is %(status)s. Only a request can be taken up."),
        leads=True,
    ),
    Gesture(
        "assign",
        frozenset({Status.OPEN}),
        Status.ASSIGNED,
        _("Assign"),
        "user-plus",
        _("%(job)s was assigned to %(assignee)s."),
        _("%(job)s is %(status)s. Only an open job can be assigned."),
        asks=True,
        leads=True,
    ),
    Gesture(
        "resolve",
        frozenset({Status.ASSIGNED}),
        Status.RESOLVED,
        _("Resolve"),
        "circle-check",
        _("%(job)s is resolved."),
        _("%(job)s is %(status)s. Only an assigned job can be resolved."),
        asks=True,
        leads=True,
    ),
    Gesture(
        "close",
        frozenset({Status.RESOLVED}),
        Status.CLOSED,
        _("Close job"),
        "lock",
        _("%(job)s is closed. It cannot be changed any more."),
        _("%(job)s is %(status)s. Only a resolved job can be closed."),
        asks=True,
        leads=True,
    ),
    Gesture(
        "release",
        frozenset({Status.ASSIGNED}),
        Status.OPEN,
        _("Take back to open"),
        "undo-2",
        _("%(job)s is open again, with a new clock."),
        _("%(job)s is %(status)s. Only an assigned job can be taken back to open."),
    ),
    Gesture(
        "reopen",
        frozenset({Status.RESOLVED}),
        Status.ASSIGNED,
        _("Reopen"),
        "rotate-ccw",
        _("%(job)s is assigned to %(assignee)s again."),
        _("%(job)s is %(status)s. Only a resolved job can be reopened."),
    ),
    Gesture(
        "cancel",
        frozenset({Status.REQUESTED, Status.OPEN, Status.ASSIGNED}),
        Status.CANCELLED,
        _("Cancel job"),
        "ban",
        _("%(job)s was cancelled."),
        _("%(job)s is %(status)s. Only a request, an open or an assigned job can be cancelled."),
        asks=True,
    ),
    Gesture(
        "reopen_cancelled",
        frozenset({Status.CANCELLED}),
        Status.OPEN,
        _("Open again"),
        "rotate-ccw",
        _("%(job)s is open again, with a new clock."),
        _("%(job)s is %(status)s. Only a cancelled job can be opened again."),
        leads=True,
    ),
)
GESTURES = {gesture.name: gesture for gesture in _ALL}
# The states in which somebody waits: a clock runs in the first two of them.
UNFINISHED = (Status.REQUESTED, Status.OPEN, Status.ASSIGNED)


def offered(status: str) -> list[Gesture]:
    """Return what can be done with a job in `status`, what leads on first."""
    return [gesture for gesture in _ALL if status in gesture.origins]
