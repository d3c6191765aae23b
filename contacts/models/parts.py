"""What hangs on a contact beside its own columns: formats, suspected duplicates, moves to another client."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Formats, Pair
from contacts.models.people import Contact


class ContactFormats(Formats):
    """The formats that a contact reads in the portal and in mails; unless it has its own, those of its client (X65, X66, XD14)."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="formats", verbose_name=_("Contact"))

    class Meta:
        verbose_name = _("formats of a contact")
        verbose_name_plural = _("formats of contacts")

    def __str__(self) -> str:
        return str(self.contact)


class ContactPair(Pair):
    """Two contacts that may be one person."""

    first = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    second = models.ForeignKey(Contact, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("pair of contacts")
        verbose_name_plural = _("pairs of contacts")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="contactpair_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="contactpair_ordered"),
        ]
        indexes = [models.Index(fields=["state", "strength", "id"], name="contactpair_by_strength")]


class ContactMove(models.Model):
    """One move of a contact to another client: keys only, so that it outlives what it tells of and names nobody.

    `steps` is what was done to which row, in order (clientdesk/ledger.py); undoing takes them back from the last to the first.
    """

    contact = models.BigIntegerField()
    from_client = models.BigIntegerField()
    to_client = models.BigIntegerField()
    steps = models.JSONField(default=list)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Moved by"))
    moved_at = models.DateTimeField(_("Moved"), default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Undone by"))
    undone_at = models.DateTimeField(_("Undone"), null=True)

    class Meta:
        verbose_name = _("move of a contact")
        verbose_name_plural = _("moves of contacts")
        indexes = [models.Index(fields=["contact", "id"], name="contactmove_of_contact")]

    def __str__(self) -> str:
        contact = Contact.objects.filter(pk=self.contact).first()
        return contact.full_name if contact else str(self.contact)
