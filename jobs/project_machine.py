"""The state machine of projects, as one table (XD26; domain.md 8.4)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jobs.steps import Gesture, Machine


class ProjectStatus(TextChoices):
    """Where a project stands."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


_S = ProjectStatus
MACHINE = Machine(
    Gesture(
        "close",
        frozenset({_S.OPEN}),
        _S.CLOSED,
        _("Close project"),
        "circle-check",
        _("%(item)s is closed."),
        _("%(item)s is %(status)s. Only an open project can be closed."),
        asks=True,
        leads=True,
    ),
    Gesture(
        "cancel",
        frozenset({_S.OPEN}),
        _S.CANCELLED,
        _("Cancel project"),
        "ban",
        _("%(item)s was cancelled."),
        _("%(item)s is %(status)s. Only an open project can be cancelled."),
        asks=True,
    ),
    Gesture(
        "reopen",
        frozenset({_S.CLOSED, _S.CANCELLED}),
        _S.OPEN,
        _("Reopen"),
        "rotate-ccw",
        _("%(item)s is open again."),
        _("%(item)s is %(status)s. Only a closed or cancelled project can be reopened."),
        leads=True,
    ),
)
GESTURES = MACHINE.gestures
