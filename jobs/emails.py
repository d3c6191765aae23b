"""The mails about quotes and projects. They name the client by its legal name only (X8, X9), and write as their reader does."""

from collections.abc import Mapping

from django.core.mail import EmailMessage
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from clientdesk import documents
from clientdesk.mail import Unwanted, absolute, build
from clientdesk.models import OutgoingMail
from clientdesk.words import email_key
from clients.letterhead import letterhead
from contacts.formats import WITH_FORMATS
from contacts.models import Contact
from jobs.addressees import Addressee, copies, others_of
from jobs.models import Document, Item, Quote
from jobs.papers.quote import quote_pdf
from jobs.quote_machine import QuoteStatus

# Larger files are not sent along: many servers refuse them.
_LARGEST_ATTACHED = 10 * 1024 * 1024
# Papers that are sent whatever the contact chose (invariant 13).
_ALWAYS = frozenset({"invoice_sent", "docket_sent"})


def quote_sent(mail: OutgoingMail) -> EmailMessage | None:
    """The quote with its PDF; none where it is no longer offered (XD24)."""
    quote = Quote.objects.select_related("client__branch", "client__formats", "office").filter(pk=mail.about.get("quote")).first()
    whom = _addressee(mail, quote)
    if quote is None or whom is None or quote.status != QuoteStatus.SENT:
        return None
    style = whom.style
    told = {
        "name": quote.name,
        "number": quote.number,
        "total": style.money(quote.total, quote.currency),
        "until": style.date(quote.expires_on) if quote.expires_on else "",
    }
    message = _message("quote_sent", mail, quote, whom, told)
    message.attach(f"{quote.number}.pdf", quote_pdf(quote, style), "application/pdf")
    return message


def deliverable_released(mail: OutgoingMail) -> EmailMessage | None:
    """The notice that something is ready (X20); with the file where the contact cannot get it in the portal."""
    return _about_file("deliverable_released", mail, attached=False)


def invoice_sent(mail: OutgoingMail) -> EmailMessage | None:
    """The invoice itself (J21, decision 15)."""
    return _about_file("invoice_sent", mail, attached=True)


def docket_sent(mail: OutgoingMail) -> EmailMessage | None:
    """The work docket itself (JD5)."""
    return _about_file("docket_sent", mail, attached=True)


def _about_file(name: str, mail: OutgoingMail, *, attached: bool) -> EmailMessage | None:
    clients = (f"{kind}__client__{part}" for kind in ("quote", "project", "job") for part in ("branch", "formats"))
    found = Document.objects.select_related(*clients).filter(pk=mail.about.get("document")).first()
    item = found and found.item
    whom = _addressee(mail, item)
    if found is None or item is None or whom is None:
        return None
    style, title = whom.style, getattr(item, "name", "") or getattr(item, "subject", "")
    told = {
        "filename": found.filename,
        "number": item.number,
        "name": title,
        "invoice_number": found.number,
        "amount": style.money(found.amount, found.currency) if found.amount is not None and found.currency else "",
    }
    told["attached"] = (attached or not _portal_url(item, whom)) and found.size <= _LARGEST_ATTACHED
    message = _message(name, mail, item, whom, told)
    if told["attached"]:
        try:
            with documents.opened(found.file) as file:
                message.attach(found.filename, file.read(), "application/octet-stream")
        except Http404 as missing:
            # The mail waits: somebody may bring the file back.
            raise OSError(str(missing)) from missing
    return message


def _addressee(mail: OutgoingMail, item: Item | None) -> Addressee | None:
    """Return whom `mail` about `item` is for; nobody where the contact was deactivated, where contact or client was erased, or left
    without an address since. A mail that names no contact is for the client of the item itself (X12)."""
    if item is None:
        return None
    if (key := mail.about.get("contact")) is None:
        return Addressee(item.client) if item.client.email and not item.client.erased_at else None
    found = Contact.objects.select_related("client__branch", "access", *WITH_FORMATS).filter(pk=key).first()
    return Addressee(found.client, found) if found and found.active and found.email else None


def _message(name: str, mail: OutgoingMail, item: Item, whom: Addressee, told: Mapping[str, object]) -> EmailMessage:
    branch, url = item.client.branch, _portal_url(item, whom)
    to = _recipients(mail, item, whom, always=name in _ALWAYS)
    context = {
        "first_name": whom.first_name,
        "client_name": item.client.legal_name,
        "portal_url": url,
        "choices_url": absolute(reverse("portal:edit_mails")) if url and name not in _ALWAYS else "",
        "branch_email": branch.email,
        "branch_phone": branch.phone.as_international if branch.phone else "",
        **letterhead(branch),
        **told,
    }
    message = build(name, to[0], context, language=whom.language)
    message.cc = to[1:]
    return message


def _recipients(mail: OutgoingMail, item: Item, whom: Addressee, *, always: bool) -> list[str]:
    """Return to whom the mail about `item` goes, `whom` before those who get a copy; who chose not to get such mails is left out.

    Raises Unwanted where nobody is left.
    """

    def wants(person: Contact) -> bool:
        access = getattr(person, "access", None)
        return always or access is None or access.wants_mail(item.kind())

    others = copies(whom, [other for other in others_of(item) if wants(other)])
    found = [mail.to] * (whom.contact is None or wants(whom.contact)) + [
        address for address in others if email_key(address) != email_key(mail.to)
    ]
    if not found:
        raise Unwanted(_("%(contact)s wants no such e-mails. It stands in the portal.") % {"contact": whom.contact})
    return found


def _portal_url(item: Item, whom: Addressee) -> str:
    """Return where `whom` finds `item` in the portal, or nothing where it cannot come in, as a mailbox never can."""
    access = getattr(whom.contact, "access", None)
    if access is None or not access.activated or not access.is_open:
        return ""
    try:
        return absolute(reverse(f"portal:{item.kind()}", args=[item.pk]))
    except NoReverseMatch:
        return ""
