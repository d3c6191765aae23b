"""What a client as a whole may do in the portal, and what holds where nobody chose anything (portal/models.py has the rest)."""

from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Stamped, Versioned
from clients.models import Client
from portal import rights
from portal.choices import Opening


class PortalDefaults(Versioned, Stamped):
    """What a client may do in the portal for which nobody chose anything else; there is one row, or none as long as what is shipped
    holds."""

    rights = models.PositiveIntegerField(_("Rights"), default=rights.shipped_rights)
    only = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("default portal rights")
        verbose_name_plural = _("default portal rights")
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="portaldefaults_only"),
            models.UniqueConstraint(fields=["only"], name="portaldefaults_once"),
        ]

    def __str__(self) -> str:
        return _g("Default portal rights")


def opens(opening: str, status: str) -> bool:
    """Say whether the portal of a client with `opening` and `status` is open (8.4, "client portal allowed")."""
    return opening == Opening.ALLOWED or (opening == Opening.BY_STATUS and status == Client.Status.ACTIVE)


class ClientAccess(Versioned, Stamped):
    """What a client as a whole may do in the portal. A client without a row counts as the defaults."""

    client = models.OneToOneField(Client, models.CASCADE, related_name="portal", verbose_name=_("Client"))
    portal_access = models.CharField(_("Client portal"), max_length=10, choices=Opening, default=Opening.BY_STATUS)
    rights = models.PositiveIntegerField(_("Rights"), default=rights.default_rights)

    class Meta:
        verbose_name = _("portal rights of a client")
        verbose_name_plural = _("portal rights of clients")
        constraints = [models.CheckConstraint(condition=models.Q(portal_access__in=Opening.values), name="clientaccess_opening_known")]

    def __str__(self) -> str:
        return _g("Portal rights of %(client)s") % {"client": self.client}

    @classmethod
    def of(cls, client: Client) -> "ClientAccess":
        """Return the row of `client`, or an unsaved one with the defaults."""
        return getattr(client, "portal", None) or cls(client=client)

    @classmethod
    def is_open_for(cls, client: Client) -> bool:
        """Say whether contacts of `client` may come in, without asking for rights that lists have no use for."""
        row = getattr(client, "portal", None)
        return opens(row.portal_access if row else Opening.BY_STATUS, client.status)

    @property
    def is_open(self) -> bool:
        """Whether contacts of this client may come in."""
        return opens(self.portal_access, self.client.status)
