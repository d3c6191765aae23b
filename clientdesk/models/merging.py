"""Two records that were one: what a merge did, so that the loser is still found and the merge can be undone."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Pair(models.Model):
    """Two records that may be one, with the reasons; once dismissed as “not a duplicate” the pair is never suggested again.

    The model says what `first` and `second` are. `reasons` is a list of [kind, value], such as ["domain", "brauer.example"];
    `strength` orders pairs, 100 is certain.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        DISMISSED = "dismissed", _("Not a duplicate")

    reasons = models.JSONField(default=list)
    strength = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("Found"), auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Decided by"))
    decided_at = models.DateTimeField(_("Decided"), null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"


class Merge(models.Model):
    """One merge of `loser_id` into `winner_id`, both of `content_type`; the loser's row is gone, its name and number lead to the winner.

    `steps` is what was done to which row, in order (clientdesk/ledger.py); undoing takes them back from the last to the first.
    """

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    winner_id = models.BigIntegerField()
    loser_id = models.BigIntegerField()
    loser_name = models.CharField(_("Name"), max_length=220)
    loser_name_key = models.CharField(max_length=440)
    loser_number = models.CharField(_("Client number"), max_length=30, blank=True)
    search_key = models.TextField(default="")
    steps = models.JSONField(default=list)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Merged by"))
    merged_at = models.DateTimeField(_("Merged"), default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Undone by"))
    undone_at = models.DateTimeField(_("Undone"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            # A record is merged away once; after an undo it may be merged again.
            models.UniqueConstraint(fields=["content_type", "loser_id"], condition=models.Q(undone_at=None), name="merge_loser_once"),
            models.CheckConstraint(condition=~models.Q(winner_id=models.F("loser_id")), name="merge_of_two"),
        ]
        indexes = [
            models.Index(fields=["content_type", "winner_id"], name="merge_by_winner"),
            models.Index(fields=["loser_number"], condition=models.Q(undone_at=None), name="merge_by_number"),
        ]

    def __str__(self) -> str:
        return self.loser_name
