"""The state machine of jobs, as one table: which gesture leads from where to where, and what is said of it (domain.md 8.6)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jobs.steps import Gesture, Machine


class Status(TextChoices):
    """Where a job stands (JD2)."""

    REQUESTED = "requested", _("Requested")
    OPEN = "open", _("Open")
    ASSIGNED = "assigned", _("Assigned")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


MACHINE = Machine(
    Gesture(
        "accept",
        frozenset({Status.REQUESTED}),
        Status.OPEN,
        _("Take up"),
        "check",
        _("%(item)s was taken up and is open."),
        _("%(item)s is %(status)s. Only a request can be taken up."),
        leads=True,
    ),
    Gesture(
        "assign",
        frozenset({Status.OPEN}),
        Status.ASSIGNED,
        _("Assign"),
        "user-plus",
        _("%(item)s was assigned to %(assignee)s."),
        _("%(item)s is %(status)s. Only an open job can be assigned."),
        asks=True,
        leads=True,
    ),
    Gesture(
        "resolve",
        frozenset({Status.ASSIGNED}),
        Status.RESOLVED,
        _("Resolve"),
        "circle-check",
        _("%(item)s is resolved."),
        _("%(item)s is %(status)s. Only an assigned job can be resolved."),
        asks=True,
        leads=True,
    ),
    Gesture(
        "close",
        frozenset({Status.RESOLVED}),
        Status.CLOSED,
        _("Close job"),
        "lock",
        _("%(item)s is closed. It cannot be changed any more."),
        _("%(item)s is %(status)s. Only a resolved job can be closed."),
        asks=True,
        leads=True,
    ),
    Gesture(
        "release",
        frozenset({Status.ASSIGNED}),
        Status.OPEN,
        _("Take back to open"),
        "undo-2",
        _("%(item)s is open again, with a new clock."),
        _("%(item)s is %(status)s. Only an assigned job can be taken back to open."),
    ),
    Gesture(
        "reopen",
        frozenset({Status.RESOLVED}),
        Status.ASSIGNED,
        _("Reopen"),
        "rotate-ccw",
        _("%(item)s is assigned to %(assignee)s again."),
        _("%(item)s is %(status)s. Only a resolved job can be reopened."),
    ),
    Gesture(
        "cancel",
        frozenset({Status.REQUESTED, Status.OPEN, Status.ASSIGNED}),
        Status.CANCELLED,
        _("Cancel job"),
        "ban",
        _("%(item)s was cancelled."),
        _("%(item)s is %(status)s. Only a request, an open or an assigned job can be cancelled."),
        asks=True,
    ),
    Gesture(
        "reopen_cancelled",
        frozenset({Status.CANCELLED}),
        Status.OPEN,
        _("Open again"),
        "rotate-ccw",
        _("%(item)s is open again, with a new clock."),
        _("%(item)s is %(status)s. Only a cancelled job can be opened again."),
        leads=True,
    ),
)
GESTURES = MACHINE.gestures
# The states in which somebody waits: a clock runs in the first two of them.
UNFINISHED = (Status.REQUESTED, Status.OPEN, Status.ASSIGNED)
