"""What the lists of the back office keep for the people who use them: named views, and where each person was."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.models.base import Versioned
from clientdesk.words import name_key, tidy


class SavedView(Versioned):
    """A view of the list `page` (such as “clients”) under a name; one's own, or shared with all staff.

    `query` is its filters and order as a query string, `columns` the names of its columns (none: the list's own).
    """

    page = models.CharField(max_length=40, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", editable=False)
    name = models.CharField(_("Name"), max_length=60)
    name_key = models.CharField(max_length=120, editable=False)
    query = models.TextField(max_length=4000, blank=True, editable=False)
    columns = models.JSONField(default=list, blank=True, editable=False)
    shared = models.BooleanField(_("Shared with all staff"), default=False)

    class Meta:
        ordering = ["name_key", "id"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name_key"],
                name="savedview_name_once",
                violation_error_message=_("You have a view of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = tidy(self.name)
        self.name_key = name_key(self.name)

    def save(self, *args, **kwargs) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)


class ListMemory(models.Model):
    """Where a person last was in a list: the query string, and the columns chosen for it (none: the list's own)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=40)
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="listmemory_once")]

    def __str__(self) -> str:
        return f"{self.page}?{self.query}"
