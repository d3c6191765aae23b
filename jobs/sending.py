"""Mails about work leave: each once, and recorded with the address that was used (X12, X20, J21). `addressees` says to whom they go.

Whoever sends holds no mail server up: the mail is queued in the transaction of the act, and recorded among the CRM actions of the client.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk import outbox
from clientdesk.models import OutgoingMail, User
from contacts.models import CrmAction
from jobs.addressees import Addressee, addressee, primary_of
from jobs.models import Document, Item, Quote


def send_quote(quote: Quote, by: User) -> None:
    """Send `quote` to its contact person or its client, once; raises ValidationError where it cannot be sent, or was."""
    with transaction.atomic():
        whom = addressee(quote)
        quote.send(whom.email)
        mail = _queue("quote_sent", whom, by, quote=quote.pk)
        _record(quote, whom, _("Quote %(item)s sent") % {"item": quote.number}, by, mail)


def release(document: Document, by: User) -> None:
    """Release a deliverable to the client: visible in the portal, and told to whom its project is for, once (X12, X20)."""
    with transaction.atomic():
        held = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if held.released_at:
            raise ValidationError(_("“%(name)s” was released already.") % {"name": held.filename})
        whom = addressee(held.item)
        held.released_at, held.visible_in_portal, held.sent_to = timezone.now(), True, whom.email
        held.save(update_fields=["released_at", "visible_in_portal", "sent_to", "updated_at"])
        mail = _queue("deliverable_released", whom, by, document=held.pk)
        _record(held.item, whom, _("“%(name)s” released") % {"name": held.filename}, by, mail)


def send_to_primary(document: Document, by: User, kind: str = "invoice_sent") -> None:
    """Send an invoice (or by another `kind` of mail a work docket) to the primary contact of now, once.

    The address is recorded and stays whoever becomes primary contact afterwards (J21, invariant 13).
    """
    with transaction.atomic():
        held = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if held.sent_at:
            raise ValidationError(_("“%(name)s” was sent to %(address)s already.") % {"name": held.filename, "address": held.sent_to})
        whom = primary_of(held.item.client)
        held.sent_at, held.visible_in_portal, held.sent_to = timezone.now(), True, whom.email
        held.save(update_fields=["sent_at", "visible_in_portal", "sent_to", "updated_at"])
        mail = _queue(kind, whom, by, document=held.pk)
        _record(held.item, whom, _("“%(name)s” sent") % {"name": held.filename}, by, mail)


def _queue(kind: str, whom: Addressee, by: User, **about: int) -> OutgoingMail:
    """Queue the mail for `whom`; without a contact it is for the mailbox of the item's client."""
    return outbox.queue(kind, whom.email, about=about | {"contact": whom.contact and whom.contact.pk}, by=by)


def _record(item: Item, whom: Addressee, subject: str, by: User, mail: OutgoingMail) -> None:
    """Keep the mail among the CRM actions of the client, where people look for what was written."""
    CrmAction.objects.create(
        client=item.client,
        contact=whom.contact,
        kind=CrmAction.Kind.EMAIL,
        status=CrmAction.Status.DONE,
        subject=subject[:200],
        body=str(item),
        assigned_to=by,
        created_by=by,
        mail=mail,
    )
