"""The outbox's rows: a mail is queued in the transaction of its cause and sent by the worker after the commit."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_message_id() -> str:
    """Return a Message-ID that stays with the mail over every attempt."""
    return f"<{uuid.uuid4().hex}@clientdesk>"


class OutgoingMail(models.Model):
    """One mail to one address. `kind` names its builder in settings.MAILS, `about` the ids the builder needs.

    The text is made when it leaves, so that a link that died meanwhile is never sent and no secret rests in this table.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not sent")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=40)
    to = models.CharField(max_length=254)
    about = models.JSONField(default=dict)
    link = models.ForeignKey("clientdesk.AccessLink", models.CASCADE, null=True, blank=True, related_name="mails")
    message_id = models.CharField(max_length=100, default=new_message_id, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.TextField(blank=True)
    queued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    queued_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id"], name="outgoingmail_message_id_once")]
        indexes = [models.Index(fields=["next_try_at", "id"], condition=models.Q(state="queued"), name="outgoingmail_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
