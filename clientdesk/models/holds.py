"""A legal hold: personal data of a record may not be erased while it lasts."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LegalHold(models.Model):
    """Why the data of one record must be kept, and who said so; lifted, it stays as a fact of the past."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    object_id = models.BigIntegerField()
    reason = models.TextField(_("Reason"), max_length=1000)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Placed by"))
    placed_at = models.DateTimeField(_("Placed"), default=timezone.now)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Lifted by"))
    lifted_at = models.DateTimeField(_("Lifted"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=models.Q(lifted_at=None),
                name="legalhold_one_open",
                violation_error_message=_("A legal hold is in place already."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason
