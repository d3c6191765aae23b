"""What a contact did in the portal is told to who is responsible for the client, and a request is confirmed to the contact (XD24).

    tell_staff(quote, ACCEPTED, by=request.user)
    requested(job, by=request.user)                 # to both

Mails to staff go to the client's project manager and sales person, else to its branch.
"""

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk import outbox
from clientdesk.mail import Unwanted, absolute, build
from clientdesk.models import OutgoingMail, User
from clients.letterhead import letterhead
from clients.models import Client
from jobs.models import Item, Job, Project, Quote
from portal.helping import people_of
from portal.models import ContactAccess

REQUESTED, ACCEPTED, REJECTED, CANCELLED, FILED = "requested", "accepted", "rejected", "cancelled", "filed"
CHANGED, REPLACED, WITHDRAWN, REVIEWED = "changed", "replaced", "withdrawn", "reviewed"
_WORDS: dict[str, Promise] = {
    REQUESTED: _("%(who)s of %(client)s requests %(item)s."),
    ACCEPTED: _("%(who)s of %(client)s accepted %(item)s."),
    REJECTED: _("%(who)s of %(client)s rejected %(item)s."),
    CANCELLED: _("%(who)s of %(client)s cancelled %(item)s."),
    FILED: _("%(who)s of %(client)s added a file to %(item)s."),
    CHANGED: _("%(who)s of %(client)s changed the request %(item)s."),
    REPLACED: _("%(who)s of %(client)s replaced a file of %(item)s."),
    WITHDRAWN: _("%(who)s of %(client)s withdrew a file of %(item)s."),
    REVIEWED: _("%(who)s of %(client)s gave feedback on %(item)s."),
}
_MODELS: dict[str, type[Item]] = {"quote": Quote, "project": Project, "job": Job}
_PAGES = {"quote": "portal:quote", "project": "portal:project", "job": "portal:job"}


def requested(item: Item, by: User) -> None:
    """Queue the mails about `item`, which the contact `by` requested: to who is responsible for the client, and to the contact itself."""
    tell_staff(item, REQUESTED, by)
    confirm(item, by)


def tell_staff(item: Item, what: str, by: User) -> None:
    """Queue a mail about what the contact `by` did with `item` to each of ours who is responsible for the client."""
    about = {"what": what, "model": item._meta.model_name, "item": item.pk, "who": by.full_name}
    for address in _responsible(item.client):
        outbox.queue("portal_news", to=address, about=about, by=by)


def confirm(item: Item, by: User) -> None:
    """Queue a mail to the contact of `item` that its request has arrived."""
    if item.contact and item.contact.email:
        about = {"model": item._meta.model_name, "item": item.pk, "contact": item.contact_id}
        outbox.queue("portal_request", to=item.contact.email, about=about, by=by)


def _responsible(client: Client) -> list[str]:
    found = [person.email for person in people_of(client)]
    return found or [client.branch.email] * bool(client.branch.email)


def _item(mail: OutgoingMail) -> Item | None:
    # A mail about somebody who was erased meanwhile knows nothing any more.
    model = _MODELS.get(mail.about.get("model", ""))
    if model is None:
        return None
    return model.objects.select_related("client__branch", "contact", "office").filter(pk=mail.about["item"]).first()


def news(mail: OutgoingMail) -> EmailMessage | None:
    """The mail to staff: what a contact did, with the way to it."""
    item = _item(mail)
    if item is None:
        return None
    said = str(_WORDS[mail.about["what"]]) % {"who": mail.about["who"], "client": item.client.legal_name, "item": item.number}
    reason = getattr(item, "decision_reason", "") or getattr(item, "cancel_reason", "") or getattr(item, "review", "")
    wish = getattr(item, "client_notes", "") or getattr(item, "description", "") if mail.about["what"] == REQUESTED else ""
    context = {"said": said, "title": str(item), "wish": wish, "reason": reason, "url": absolute(item.get_absolute_url())}
    return build("portal_news", mail.to, context)


def received(mail: OutgoingMail) -> EmailMessage | None:
    """The mail to a contact whose request arrived; dropped where it may not come in any more."""
    item = _item(mail)
    found = ContactAccess.objects.filter(contact=mail.about.get("contact")).select_related("contact__client__portal", "user")
    access = found.first()
    if item is None or access is None or not access.is_open:
        return None
    if not access.wants_mail(item.kind()):
        raise Unwanted(_g("%(contact)s wants no such e-mails. It stands in the portal.") % {"contact": access.contact})
    branch = item.client.branch
    context = {
        "choices_url": absolute(reverse("portal:edit_mails")),
        "first_name": access.contact.first_name or access.contact.full_name,
        "number": item.number,
        "title": getattr(item, "name", "") or getattr(item, "subject", ""),
        "client_name": access.client_name,
        "is_quote": isinstance(item, Quote),
        "branch_email": branch.email,
        "branch_phone": branch.phone.as_international if branch.phone else "",
        "url": absolute(reverse(_PAGES[mail.about["model"]], args=[item.pk])),
        **letterhead(branch),
    }
    return build("portal_request", mail.to, context, language=access.language)
