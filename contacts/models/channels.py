"""Where else a contact can be met: accounts in social networks."""

from typing import Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Versioned
from contacts.models.dictionaries import SocialNetwork
from contacts.models.people import Contact

Row = dict[str, object]


class SocialAccountQuerySet(models.QuerySet["SocialAccount"]):
    def named(self) -> Self:
        """Accounts with their networks, the preferred one first."""
        return self.select_related("network")

    def put(self, contact: Contact, rows: list[Row]) -> None:
        """Let the accounts of `contact`, whose row the caller has locked, be exactly `rows`: {"network": key, "handle", "preferred"}.

        An account that is there stays the same record: the one of this network and name, else one of this network, so that the history
        tells of another name. The very first accounts have a preferred one (X45).
        """
        here = list(self.filter(contact=contact).order_by("id"))
        if rows and not here and not any(row["preferred"] for row in rows):
            rows = [rows[0] | {"preferred": True}, *rows[1:]]
        with transaction.atomic():
            paired = _paired(here, rows)
            kept = {account.pk for account, _row in paired if account}
            for account in here:
                if account.pk not in kept:
                    account.delete()
            # Who stops being preferred stops before another begins.
            for account, row in sorted(paired, key=lambda pair: not (pair[0] and pair[0].preferred and not pair[1]["preferred"])):
                _write(account or SocialAccount(contact=contact), row)


def _paired(here: list["SocialAccount"], rows: list[Row]) -> list[tuple["SocialAccount | None", Row]]:
    left, found = list(here), {}
    for same in (("network_id", "handle"), ("network_id",)):
        for place, row in enumerate(rows):
            wanted = {"network_id": row["network"], "handle": row["handle"]}
            fits = (account for account in left if all(getattr(account, name) == wanted[name] for name in same))
            if place not in found and (account := next(fits, None)):
                found[place] = account
                left.remove(account)
    return [(found.get(place), row) for place, row in enumerate(rows)]


def _write(account: "SocialAccount", row: Row) -> None:
    values = {"network_id": row["network"], "handle": row["handle"], "preferred": bool(row["preferred"])}
    if account.pk and all(getattr(account, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(account, name, value)
    account.save()


class SocialAccount(Versioned):
    """One account of a contact in a network; `handle` is its name there. At most one of a contact is preferred (X43 to X45)."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="accounts", verbose_name=_("Contact"))
    network = models.ForeignKey(SocialNetwork, models.PROTECT, related_name="accounts", verbose_name=_("Network"))
    handle = models.CharField(_("Name or address there"), max_length=200)
    preferred = models.BooleanField(_("Preferred"), default=False)

    objects = SocialAccountQuerySet.as_manager()

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

    @property
    def url(self) -> str:
        """The web address of the account, or an empty text where its network has none; never anything but http or https (trial C06)."""
        address = self.network.address_of(self.handle)
        return address if address.startswith(("https://", "http://")) else ""

    def clean(self) -> None:
        if self.network_id:
            self.handle = self.network.account_in(self.handle)
