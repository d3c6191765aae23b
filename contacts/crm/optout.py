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
    """Whom a link is about: everybody of the client who has its address; nobody where no one has it any more."""

    contacts: list[Contact]

    @property
    def stopped(self) -> bool:
        """Whether no CRM e-mails go to the address of the link."""
        return all(contact.no_crm_emails or not contact.active for contact in self.contacts)

    def stop(self) -> None:
        """Send the address of the link no more CRM e-mails: it is one reader, also where two contacts have it."""
        with transaction.atomic():
            keys = [contact.pk for contact in self.contacts]
            for contact in Contact.objects.select_for_update(of=("self",)).filter(pk__in=keys, no_crm_emails=False).order_by("pk"):
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
    colleagues = Contact.objects.filter(client=contact.client_id if contact else None).exclude(email="")
    keys = [pk for pk, address in colleagues.values_list("pk", "email") if _print_of(address) == print_of_address]
    # The person of the link first: the page speaks as it reads.
    return OptOut(sorted(Contact.objects.filter(pk__in=keys), key=lambda one: (one != contact, one.pk)))
