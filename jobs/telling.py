"""What a page says before a mail goes: to whom, with which copies, or why it cannot."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from contacts.models import Contact
from jobs.models import Document, Item
from jobs.sending import addressee, copies, others_of, primary_of


@dataclass(frozen=True)
class MailFacts:
    """To whom a mail would go now; `refusal` says why it cannot, `whom` leads to the contact where that helps."""

    to: str = ""
    whom: Contact | None = None
    copies: tuple[str, ...] = ()
    refusal: str = ""


def mail_facts(item: Item) -> MailFacts:
    """Return to whom a mail about `item` would go now (X20, XD5, XD9)."""
    try:
        contact = addressee(item)
    except ValidationError as refusal:
        return MailFacts(whom=item.contact, refusal=refusal.messages[0])
    return MailFacts(contact.email, contact, tuple(copies(contact, others_of(item))))


def file_facts(document: Document) -> MailFacts:
    """Return to whom `document` would go now: a deliverable to the contact of its project, an invoice to the primary contact (J21)."""
    item = document.item
    if document.kind == Document.Kind.DELIVERABLE:
        return mail_facts(item)
    try:
        contact = primary_of(item.client)
    except ValidationError as refusal:
        return MailFacts(refusal=refusal.messages[0])
    return MailFacts(contact.email, contact, tuple(copies(contact, others_of(item))))
