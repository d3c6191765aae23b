"""The history: one row per change of a registered record, with JSON values that undo can put back."""

from auditlog.models import AbstractLogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone


class Change(AbstractLogEntry):
    """One change: who, when, which record, and `changes` as {field: [old, new]}; `run` names the long run that made it.

    The parent's nine single-column indexes are taken off; the history is only ever read by record or by run.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", db_index=False)
    object_pk = models.CharField(max_length=255)
    object_id = models.BigIntegerField(null=True, blank=True)
    action = models.PositiveSmallIntegerField(choices=AbstractLogEntry.Action.choices)
    actor = models.ForeignKey("clientdesk.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    cid = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 - the parent's type
    timestamp = models.DateTimeField(default=timezone.now)
    run = models.ForeignKey("clientdesk.LongRun", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        get_latest_by = "timestamp"
        ordering = ["-timestamp", "-id"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "id"], name="change_by_record"),
            models.Index(fields=["run"], condition=models.Q(run__isnull=False), name="change_by_run"),
        ]
