"""The outbox's rows: a mail is queued in the transaction of its cause and sent by the worker after the commit."""

import re
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def new_message_id() -> str:
    """Return a Message-ID that stays with the mail over every attempt, below the host of this installation."""
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or ""
    # An address in brackets or in other letters is no domain that a header may hold.
    return f"<{uuid.uuid4().hex}@{host if re.fullmatch(r'[a-z0-9.-]{1,60}', host) else 'clientdesk'}>"


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    """Mails by what became of them."""

    def of_unspent_links(self) -> "OutgoingMailQuerySet":
        """Mails whose one-time link to choose a password was neither used nor voided."""
        return self.filter(link__isnull=False, link__used_at=None, link__voided_at=None).exclude(link__purpose="address")

    def waiting(self) -> "OutgoingMailQuerySet":
        """Mails that have yet to leave."""
        return self.filter(state=OutgoingMail.State.QUEUED)

    def due(self) -> "OutgoingMailQuerySet":
        """Waiting mails whose time has come and that no living worker holds, the longest waiting first."""
        now = timezone.now()
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lt=now)
        return self.waiting().filter(free, next_try_at__lte=now).order_by("next_try_at", "id")


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
    claimed_by = models.CharField(max_length=40, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.TextField(blank=True)
    queued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    queued_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id"], name="outgoingmail_message_id_once")]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=models.Q(state="queued"), name="outgoingmail_due"),
            # Who writes to many people asks which addresses were refused before.
            models.Index(fields=["to", "id"], condition=models.Q(state="failed"), name="outgoingmail_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def status(self) -> str:
        """One sentence for staff: where this mail is and, when it is stuck, why (trial F06, G04)."""
        match self.state:
            case self.State.SENT:
                return gettext("Sent.")
            case self.State.DROPPED if not self.error:
                return gettext("Not sent: there was nothing to send any more.")
            case self.State.DROPPED | self.State.FAILED:
                return gettext("Not sent: %(reason)s") % {"reason": self.error}
        if self.error:
            return gettext("Queued, another try follows: %(reason)s") % {"reason": self.error}
        return gettext("Queued.")
