"""Where else a contact can be met: accounts in social networks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Versioned
from contacts.models.dictionaries import SocialNetwork
from contacts.models.people import Contact


class SocialAccount(Versioned):
    """One account of a contact in a network; `handle` is its name there. At most one of a contact is preferred (X43 to X45)."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="accounts", verbose_name=_("Contact"))
    network = models.ForeignKey(SocialNetwork, models.PROTECT, related_name="accounts", verbose_name=_("Network"))
    handle = models.CharField(_("Name or address there"), max_length=200)
    preferred = models.BooleanField(_("Preferred"), default=False)

    class Meta:
        ordering = ["-preferred", "id"]
        verbose_name = _("social account")
        verbose_name_plural = _("social accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(preferred=True),
                name="socialaccount_one_preferred",
                violation_error_message=_("Another account is the preferred one already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network}: {self.handle}"
