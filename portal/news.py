"""What a contact changed of its company or of a colleague is told to who is responsible for the client, as `portal.notices` does for items.

    tell_of(contact, ADDED, by=request.user)
    tell_of(client, COMPANY, by=request.user, fields=["phone"])

It names what was changed, not to what: the mail leads to the history, which has both values.
"""

from collections.abc import Iterable

from django.core.mail import EmailMessage
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clientdesk import outbox
from clientdesk.mail import absolute, build
from clientdesk.models import OutgoingMail, User
from clients.models import Client
from contacts.models import Contact
from portal.helping import mailboxes_of

ADDED, EDITED, COMPANY = "colleague_added", "colleague_edited", "company_edited"
_WORDS: dict[str, Promise] = {
    ADDED: _("%(who)s of %(client)s added %(person)s as a contact person."),
    EDITED: _("%(who)s of %(client)s changed the data of %(person)s."),
    COMPANY: _("%(who)s of %(client)s changed the company data."),
}
_MODELS: dict[str, type[Client | Contact]] = {"client": Client, "contact": Contact}


def tell_of(record: Client | Contact, what: str, by: User | None, fields: Iterable[str] = ()) -> None:
    """Queue a mail about what the contact `by` did with `record` to each of ours who is responsible for the client; `fields` are the
    names of the columns that were changed."""
    client = record if isinstance(record, Client) else record.client
    about = {"what": what, "model": record._meta.model_name, "record": record.pk, "who": by.full_name if by else "", "fields": list(fields)}
    for address in mailboxes_of(client):
        outbox.queue("portal_change", to=address, about=about, by=by)


def change(mail: OutgoingMail) -> EmailMessage | None:
    """The mail to staff: what a contact changed, with the way to it; none about somebody who was erased meanwhile."""
    model = _MODELS.get(mail.about.get("model", ""))
    record = model.objects.filter(pk=mail.about["record"], erased_at=None).first() if model else None
    if record is None:
        return None
    client = record if isinstance(record, Client) else record.client
    person = record.full_name if isinstance(record, Contact) else ""
    said = str(_WORDS[mail.about["what"]]) % {"who": mail.about["who"], "client": client.legal_name, "person": person}
    labels = [capfirst(str(model._meta.get_field(name).verbose_name)) for name in mail.about["fields"]]
    context = {"said": said, "title": ", ".join(labels), "reason": "", "url": absolute(record.get_absolute_url())}
    return build("portal_news", mail.to, context)
