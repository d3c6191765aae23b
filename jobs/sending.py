"""Mails about work: to whom they go, with which copies, and that each goes once (X20, XD5, XD9, J21).

Whoever sends holds no mail server up: the mail is queued in the transaction of the act, and recorded among the CRM actions of the client.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk import outbox
from clientdesk.mail import Unsendable, checked
from clientdesk.models import OutgoingMail, User
from clientdesk.words import email_key
from clients.models import Client
from contacts.models import Contact, CrmAction
from jobs.models import Document, Item, Quote


def addressee(item: Item) -> Contact:
    """Return the contact of `item`, who gets its mails (X20).

    Raises ValidationError with a sentence where there is none, where it is inactive or has no e-mail.
    """
    if item.contact is None:
        raise ValidationError(_("%(item)s names no contact person. Choose one, then send it.") % {"item": item.number})
    return _reachable(item.contact)


def primary_of(client: Client) -> Contact:
    """Return the primary contact of `client` of now, who gets its invoices (J21). Raises ValidationError as `addressee` does."""
    found = client.contacts.active().filter(is_primary=True).first()
    if found is None:
        raise ValidationError(_("%(client)s has no contact person. Add one, then send it.") % {"client": client})
    return _reachable(found)


def _reachable(contact: Contact) -> Contact:
    if not contact.active:
        raise ValidationError(_("%(contact)s is inactive. Choose another contact person, or restore this one.") % {"contact": contact})
    if not contact.email:
        raise ValidationError(_("%(contact)s has no e-mail address. Enter one, then send it.") % {"contact": contact})
    return contact


def copies(contact: Contact, others: Iterable[Contact] = ()) -> list[str]:
    """Return the addresses that get a copy of a mail to `contact`, each once.

    The contact's own further addresses for CC; the client's where it wants copies (XD5); the additional contacts (XD9).
    """
    client = contact.client
    found = [row.get("address", "") for row in contact.more_emails or [] if row.get("cc")]
    if client.cc_contact_emails:
        found += [client.email, *(row.get("address", "") for row in client.more_emails or [] if row.get("cc"))]
    found += [other.email for other in others if other.active]
    seen, kept = {email_key(contact.email)}, []
    for address in found:
        if (key := email_key(address)) and key not in seen and _is_usable(address):
            seen.add(key)
            kept.append(address)
    return kept


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


def send_quote(quote: Quote, by: User) -> None:
    """Send `quote` to its contact, once; raises ValidationError where it cannot be sent, or was."""
    with transaction.atomic():
        contact = addressee(quote)
        quote.send(contact.email)
        mail = outbox.queue("quote_sent", contact.email, about={"quote": quote.pk, "contact": contact.pk}, by=by)
        _record(quote, contact, _("Quote %(item)s sent") % {"item": quote.number}, by, mail)


def release(document: Document, by: User) -> None:
    """Release a deliverable to the client: visible in the portal, and told to the contact of its project, once (X20)."""
    with transaction.atomic():
        held = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if held.released_at:
            raise ValidationError(_("“%(name)s” was released already.") % {"name": held.filename})
        contact = addressee(held.item)
        held.released_at, held.visible_in_portal, held.sent_to = timezone.now(), True, contact.email
        held.save(update_fields=["released_at", "visible_in_portal", "sent_to", "updated_at"])
        mail = outbox.queue("deliverable_released", contact.email, about={"document": held.pk, "contact": contact.pk}, by=by)
        _record(held.item, contact, _("“%(name)s” released") % {"name": held.filename}, by, mail)


def send_to_primary(document: Document, by: User, kind: str = "invoice_sent") -> None:
    """Send an invoice (or by another `kind` of mail a work docket) to the primary contact of now, once.

    The address is recorded and stays whoever becomes primary contact afterwards (J21, invariant 13).
    """
    with transaction.atomic():
        held = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if held.sent_at:
            raise ValidationError(_("“%(name)s” was sent to %(address)s already.") % {"name": held.filename, "address": held.sent_to})
        contact = primary_of(held.item.client)
        held.sent_at, held.visible_in_portal, held.sent_to = timezone.now(), True, contact.email
        held.save(update_fields=["sent_at", "visible_in_portal", "sent_to", "updated_at"])
        mail = outbox.queue(kind, contact.email, about={"document": held.pk, "contact": contact.pk}, by=by)
        _record(held.item, contact, _("“%(name)s” sent") % {"name": held.filename}, by, mail)


def _record(item: Item, contact: Contact, subject: str, by: User, mail: OutgoingMail) -> None:
    """Keep the mail among the CRM actions of the client, where people look for what was written."""
    CrmAction.objects.create(
        client=item.client,
        contact=contact,
        kind=CrmAction.Kind.EMAIL,
        status=CrmAction.Status.DONE,
        subject=subject[:200],
        body=str(item),
        assigned_to=by,
        created_by=by,
        mail=mail,
    )
