"""Addresses whose readers wanted no CRM e-mails and whose personal data were erased: the wish outlives the person's record."""

from collections.abc import Iterable

from django.db import models
from django.utils.crypto import salted_hmac

from clientdesk.words import email_key

_SALT = "contacts.unwanted"


def _fingerprint(address: str) -> str:
    """Keyed, so that nobody who reads the table can try out addresses; whatever the case of the letters."""
    return salted_hmac(_SALT, email_key(address), algorithm="sha256").hexdigest()


class UnwantedAddressQuerySet(models.QuerySet["UnwantedAddress"]):
    """Addresses to which no CRM e-mails go."""

    def keep(self, address: str) -> None:
        """Remember that whoever reads mails to `address` wants no CRM e-mails; known already is no error."""
        self.get_or_create(fingerprint=_fingerprint(address))

    def forget(self, address: str) -> None:
        """Let CRM e-mails go to `address` again: its reader asked for them."""
        self.filter(fingerprint=_fingerprint(address)).delete()

    def among(self, addresses: Iterable[str]) -> set[str]:
        """Return the keys (`email_key`) of those of `addresses` that are unwanted; blank ones are ignored; at most two statements."""
        keys = {email_key(address) for address in addresses if address}
        # Mostly there are none, and an import brings addresses by the million.
        if not keys or not self.exists():
            return set()
        by_print = {_fingerprint(key): key for key in keys}
        found = self.filter(fingerprint__in=by_print).values_list("fingerprint", flat=True)
        return {by_print[one] for one in found}


class UnwantedAddress(models.Model):
    """An address to which no CRM e-mails go, as a keyed hash: it is recognised when it comes back, and cannot be read here.

    Erasing somebody must not undo their objection (Articles 17 and 21 of the GDPR); a hash is the least that keeps it.
    """

    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    since = models.DateTimeField(auto_now_add=True)

    objects = UnwantedAddressQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Unwanted address {self.pk}"
