"""What hangs on a contact beside its own columns: formats."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Formats
from contacts.models.people import Contact


class ContactFormats(Formats):
    """The formats that a contact reads in the portal and in mails; unless it has its own, those of its client (X65, X66, XD14)."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="formats", verbose_name=_("Contact"))

    class Meta:
        verbose_name = _("formats of a contact")
        verbose_name_plural = _("formats of contacts")

    def __str__(self) -> str:
        return str(self.contact)
