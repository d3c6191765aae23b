"""The history: one row per change of a registered record, with JSON values that undo can put back."""

from auditlog.models import AbstractLogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from clientdesk.parts import owner_of


class HistoryStays(Exception):
    """Something tried to change or delete an entry of the history."""


class Change(AbstractLogEntry):
    """One change: who, when, which record, and `changes` as {field: [old, new]}; `run` names the long run that made it.

    The parent's nine single-column indexes are taken off; the history is only ever read by record, by what hangs on a record
    (`of_type`, `of_id`, see clientdesk/parts.py) or by run. It stays when the user or the run that it names is deleted: a trigger of
    the database refuses every UPDATE and DELETE (V36); clientdesk/history/keeping.py holds the one key.
    """

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    object_pk = models.CharField(max_length=255)
    object_id = models.BigIntegerField(null=True, blank=True)
    action = models.PositiveSmallIntegerField(choices=AbstractLogEntry.Action.choices)
    actor = models.ForeignKey(
        "clientdesk.User", models.DO_NOTHING, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )
    cid = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 - the parent's type
    timestamp = models.DateTimeField(default=timezone.now)
    run = models.ForeignKey(
        "clientdesk.LongRun", models.DO_NOTHING, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )
    of_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    of_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        get_latest_by = "timestamp"
        ordering = ["-timestamp", "-id"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "id"], name="change_by_record"),
            models.Index(fields=["of_type", "of_id", "id"], condition=models.Q(of_id__isnull=False), name="change_by_owner"),
            models.Index(fields=["run"], condition=models.Q(run__isnull=False), name="change_by_run"),
        ]

    def save(self, *args, **kwargs) -> None:
        """Add the entry. Raises HistoryStays for one that is stored already."""
        if not self._state.adding:
            raise HistoryStays("The history cannot be changed.")
        if self.of_id is None and (owner := owner_of(self.content_type, self.object_id, self.action, self.changes)):
            self.of_type, self.of_id = owner
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        """Raise HistoryStays: entries are never deleted."""
        raise HistoryStays("The history cannot be deleted.")
