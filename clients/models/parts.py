"""What hangs on a client beside its own columns: industries, people responsible, formats, documents, suspected duplicates."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Formats, Pair, Stamped
from clients.models.client import Client
from clients.models.dictionaries import Industry


class ClientIndustry(models.Model):
    """One industry of a client; a model of its own so that the history can tell of it."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="client_industries")
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="client_industries", verbose_name=_("Industry"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "industry"], name="clientindustry_once")]

    def __str__(self) -> str:
        return str(self.industry)


class Responsible(models.Model):
    """One more member of staff who is responsible for a client, beside sales person and project manager (XD4, XD33)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="responsibles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Staff user"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "user"], name="responsible_once")]
        indexes = [models.Index(fields=["user", "client"], name="responsible_by_user")]

    def __str__(self) -> str:
        return str(self.user)


class ClientFormats(Formats):
    """The formats that a client's portal users and documents get unless a contact has its own (XD14)."""

    client = models.OneToOneField(Client, models.CASCADE, related_name="formats", verbose_name=_("Client"))

    class Meta:
        verbose_name = _("formats of a client")
        verbose_name_plural = _("formats of clients")

    def __str__(self) -> str:
        return str(self.client)


class ClientDocument(Stamped):
    """A file that a client delivered; `requirement` names the required document of its category that it is (SD3)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="documents", verbose_name=_("Client"))
    requirement = models.CharField(_("Document"), max_length=100, blank=True)
    file = models.FileField(_("File"), max_length=100)
    filename = models.CharField(_("File name"), max_length=255)
    size = models.PositiveBigIntegerField(_("Size"), default=0)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("document of a client")
        verbose_name_plural = _("documents of clients")

    def __str__(self) -> str:
        return self.filename


class DuplicatePair(Pair):
    """Two clients that may be one."""

    first = models.ForeignKey(Client, models.CASCADE, related_name="+")
    second = models.ForeignKey(Client, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("pair of clients")
        verbose_name_plural = _("pairs of clients")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicatepair_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="duplicatepair_ordered"),
        ]
        indexes = [models.Index(fields=["state", "strength", "id"], name="duplicatepair_by_strength")]
