"""Long work as rows: a run has a status that a page shows, survives `kill -9` and finishes by itself."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LongRunQuerySet(models.QuerySet["LongRun"]):
    def open(self) -> "LongRunQuerySet":
        """Runs that are not over."""
        return self.filter(state__in=LongRun.OPEN)

    def due(self) -> "LongRunQuerySet":
        """Open runs whose time has come and that no living worker holds; who waited longest since its last chunk comes first."""
        now = timezone.now()
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lt=now)
        return self.open().filter(free, next_try_at__lte=now).order_by("next_try_at", "id")


class LongRun(models.Model):
    """One piece of long work of a kind named in settings.LONG_RUNS; the worker advances it chunk by chunk under a lease.

    `order` is what it was told to do, where its kind needs to be told: a JSON object that this kind alone reads.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (State.QUEUED, State.RUNNING)

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    order = models.JSONField(default=dict, blank=True, editable=False)
    cancel_wanted = models.BooleanField(default=False)
    claimed_by = models.CharField(max_length=40, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = LongRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(state__in=["queued", "running"]), name="longrun_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.state in self.OPEN


class Heartbeat(models.Model):
    """When a worker was last seen; /readyz and the import pages say so when it is long ago."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
