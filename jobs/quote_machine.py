"""The state machine of quotes, as one table (XD24, XD25; domain.md 8.6)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jobs.steps import Gesture, Machine


class QuoteStatus(TextChoices):
    """Where a quote stands."""

    REQUESTED = "requested", _("Requested")
    PENDING = "pending", _("Pending")
    SENT = "sent", _("Sent")
    APPROVED_BY_CLIENT = "approved_by_client", _("Approved by client")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


_S = QuoteStatus
MACHINE = Machine(
    Gesture(
        "prepare",
        frozenset({_S.REQUESTED}),
        _S.PENDING,
        _("Prepare"),
        "pencil",
        _("%(item)s is being prepared. The client sees it without amounts until it is sent."),
        _("%(item)s is %(status)s. Only a requested quote can be prepared."),
        leads=True,
    ),
    Gesture(
        "send",
        frozenset({_S.PENDING}),
        _S.SENT,
        _("Send"),
        "send",
        _("%(item)s was sent."),
        _("%(item)s is %(status)s. Only a pending quote can be sent."),
        asks=True,
        leads=True,
    ),
    Gesture(
        "accept",
        frozenset({_S.SENT}),
        _S.APPROVED_BY_CLIENT,
        _("Accept"),
        "check",
        _("You accepted %(item)s."),
        _("%(item)s is %(status)s. Only a quote that waits for your decision can be accepted."),
        asks=True,
        theirs=True,
    ),
    Gesture(
        "decline",
        frozenset({_S.SENT}),
        _S.REJECTED,
        _("Reject"),
        "x",
        _("You rejected %(item)s."),
        _("%(item)s is %(status)s. Only a quote that waits for your decision can be rejected."),
        asks=True,
        theirs=True,
    ),
    Gesture(
        "approve",
        frozenset({_S.REQUESTED, _S.PENDING, _S.SENT, _S.APPROVED_BY_CLIENT}),
        _S.APPROVED,
        _("Approve"),
        "circle-check",
        _("%(item)s is approved. Its project is open."),
        _("%(item)s is %(status)s and cannot be approved."),
        asks=True,
    ),
    Gesture(
        "reject",
        frozenset({_S.REQUESTED, _S.PENDING, _S.SENT}),
        _S.REJECTED,
        _("Reject"),
        "ban",
        _("%(item)s was rejected."),
        _("%(item)s is %(status)s and cannot be rejected."),
        asks=True,
    ),
    Gesture(
        "revise",
        frozenset({_S.REJECTED}),
        _S.PENDING,
        _("Revise"),
        "rotate-ccw",
        _("%(item)s is pending again: change it and send it anew."),
        _("%(item)s is %(status)s. Only a rejected quote can be revised."),
        leads=True,
    ),
)
GESTURES = MACHINE.gestures
# What may still be changed: nothing that a client was told.
EDITABLE = (_S.REQUESTED, _S.PENDING)
