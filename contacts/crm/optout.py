"""The way out of CRM e-mails: a link of its own for each contact and address, which needs no sign-in (RFC 8058, X42)."""

from dataclasses import dataclass
from hashlib import sha256

from django.core import signing
from django.db import transaction
from django.urls import reverse

from clientdesk.mail import absolute
from clientdesk.merging.followed import winners
from clientdesk.words import email_key
from contacts.models import Contact

_SALT = "contacts.crm.optout"


def _print_of(address: str) -> str:
    return sha256(email_key(address).encode()).hexdigest()[:24]


def link(contact: Contact, address: str) -> str:
    """Return the whole address at which whoever reads mails to `address` stops CRM e-mails to `contact`; it never runs out."""
    token = signing.dumps([contact.pk, _print_of(address)], salt=_SALT)
    return absolute(reverse("crm_open:stop", args=[token]))


@dataclass(frozen=True)
class OptOut:
    """Whom a link is about; nobody where the contact is gone or has another address by now."""

    contact: Contact | None

    @property
    def stopped(self) -> bool:
        """Whether no CRM e-mails go to the address of the link."""
        return self.contact is None or self.contact.no_crm_emails or not self.contact.active

    def stop(self) -> None:
        """Send this contact no more CRM e-mails."""
        if self.stopped or self.contact is None:
            return
        with transaction.atomic():
            contact = Contact.objects.select_for_update(of=("self",)).get(pk=self.contact.pk)
            if not contact.no_crm_emails:
                contact.no_crm_emails = True
                contact.save(update_fields=["no_crm_emails", "updated_at"])


def read(token: str) -> OptOut | None:
    """Return whom `token` is about, or None where it was not made here."""
    try:
        key, print_of_address = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    # Of two contacts that became one the link still stops what goes to its address.
    contact = Contact.objects.filter(pk=winners([key], Contact).get(key, key)).first()
    return OptOut(contact if contact and contact.email and _print_of(contact.email) == print_of_address else None)
