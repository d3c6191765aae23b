"""What a page says before a mail goes: to whom, with which copies, or why it cannot."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from contacts.models import Contact
from jobs.addressees import Addressee, addressee, copies, others_of, primary_of
from jobs.models import Document, Item


@dataclass(frozen=True)
class MailFacts:
    """To whom a mail would go now; `refusal` says why it cannot. `whom` is the contact, None where it goes to the client itself."""

    to: str = ""
    whom: Contact | None = None
    copies: tuple[str, ...] = ()
    refusal: str = ""


def mail_facts(item: Item) -> MailFacts:
    """Return to whom a mail about `item` would go now (X12, X20, XD5, XD9)."""
    try:
        return _facts(addressee(item), item)
    except ValidationError as refusal:
        return MailFacts(whom=item.contact, refusal=refusal.messages[0])


def primary_facts(item: Item) -> MailFacts:
    """Return to whom an invoice or a docket of `item` would go now (J21, JD5)."""
    try:
        return _facts(primary_of(item.client), item)
    except ValidationError as refusal:
        return MailFacts(refusal=refusal.messages[0])


def file_facts(document: Document) -> MailFacts:
    """Return to whom `document` would go now: a deliverable to whom its project is for, an invoice to the primary contact (J21)."""
    return mail_facts(document.item) if document.kind == Document.Kind.DELIVERABLE else primary_facts(document.item)


def _facts(found: Addressee, item: Item) -> MailFacts:
    return MailFacts(found.email, found.contact, tuple(copies(found, others_of(item))))
