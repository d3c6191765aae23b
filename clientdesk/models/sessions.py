"""Where somebody is signed in: one row a browser, so that the person can look and end what is not theirs."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class UserSession(models.Model):
    """One signed-in browser of `user`. `mark` says under which password and epoch it began: another one now, and it has ended."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, editable=False)
    mark = models.CharField(max_length=32, editable=False)
    browser = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["key"], name="usersession_key_once")]
        indexes = [models.Index(fields=["started_at"], name="usersession_by_start")]

    def __str__(self) -> str:
        return f"{self.browser} {self.pk}"
