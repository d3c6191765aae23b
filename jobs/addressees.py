"""Whom a mail about work is for: a contact person, or the client's own mailbox where nobody is chosen (X12, X20, XD5, XD9, J21).

    addressee(quote)                     # its contact person, else its client's own e-mail address
    primary_of(client)                   # who gets invoices and dockets now
    copies(addressee(quote), others)     # the addresses that get a copy

A mailbox is read by nobody in particular: it is greeted without a name, written to as its client's Preferences say, and never led into
the portal, where it has no account.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clientdesk.mail import Unsendable, checked
from clientdesk.preferences import Style
from clientdesk.words import email_key
from clients.models import Client
from contacts.formats import language_of, language_of_client, style_of, style_of_client
from contacts.models import Contact
from jobs.models import Item


@dataclass(frozen=True)
class Addressee:
    """A contact person of `client`, or with None the client's own mailbox."""

    client: Client
    contact: Contact | None = None

    @property
    def email(self) -> str:
        """The address that the mail goes to; blank where there is none."""
        return self.contact.email if self.contact else self.client.email

    @property
    def first_name(self) -> str:
        """By which name a mail greets: none for a mailbox."""
        return (self.contact.first_name or self.contact.full_name) if self.contact else ""

    @property
    def style(self) -> Style:
        """How who reads it writes dates, numbers and money."""
        return style_of(self.contact) if self.contact else style_of_client(self.client)

    @property
    def language(self) -> str:
        """The language in which it is spoken to."""
        return language_of(self.contact) if self.contact else language_of_client(self.client)


def addressee(item: Item) -> Addressee:
    """Return the contact person of `item` (X20), or its client's own mailbox where it names none (X12).

    Raises ValidationError with a sentence where the contact is inactive, and where whoever it would go to has no e-mail.
    """
    return _reachable(Addressee(item.client, item.contact))


def primary_of(client: Client) -> Addressee:
    """Return the primary contact of `client` of now, who gets its invoices and dockets (J21, JD5); a client without contact persons
    gets them itself (X12). Raises ValidationError as `addressee` does."""
    return _reachable(Addressee(client, client.contacts.active().filter(is_primary=True).first()))


def _reachable(found: Addressee) -> Addressee:
    contact = found.contact
    if contact and not contact.active:
        raise ValidationError(_("%(contact)s is inactive. Choose another contact person, or restore this one.") % {"contact": contact})
    if contact and not contact.email:
        raise ValidationError(_("%(contact)s has no e-mail address. Enter one, then send it.") % {"contact": contact})
    if not found.email:
        said = _("%(client)s has no e-mail address, and no contact person is named. Enter the address or choose a contact person.")
        raise ValidationError(said % {"client": found.client})
    return found


def copies(found: Addressee, others: Iterable[Contact] = ()) -> list[str]:
    """Return the addresses that get a copy of a mail to `found`, each once.

    The contact's own further addresses for CC, and the client's where it wants copies of what its people get; of a mail to the client
    its own further addresses for CC (XD5). The additional contacts (XD9).
    """
    addresses = _for_copies(found.contact.more_emails) if found.contact else []
    if found.contact and found.client.cc_contact_emails:
        addresses.append(found.client.email)
    if found.contact is None or found.client.cc_contact_emails:
        addresses += _for_copies(found.client.more_emails)
    addresses += [other.email for other in others if other.active]
    seen, kept = {email_key(found.email)}, []
    for address in addresses:
        if (key := email_key(address)) and key not in seen and _is_usable(address):
            seen.add(key)
            kept.append(address)
    return kept


def _for_copies(rows: list[dict] | None) -> list[str]:
    return [row.get("address", "") for row in rows or [] if row.get("cc")]


def _is_usable(address: str) -> bool:
    # One bad copy must not keep the mail from whom it is for.
    try:
        return bool(checked(address))
    except Unsendable:
        return False


def others_of(item: Item) -> list[Contact]:
    """Return the additional contacts of `item`."""
    return [
        link.contact
        for link in item.links.select_related("contact__access__user", "contact__client__portal").order_by("contact__sort_key", "pk")
    ]
