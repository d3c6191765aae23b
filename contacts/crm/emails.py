"""The mails of CRM: one to a contact, written by a person, and the reminder of an action to whoever is in charge of it."""

from django.conf import settings
from django.core.mail import EmailMessage

from clientdesk.mail import absolute, build
from clientdesk.models import OutgoingMail
from clients.letterhead import letterhead
from contacts.crm import optout
from contacts.crm.mailing import may_get
from contacts.formats import language_of
from contacts.models import CrmAction


def mail(mail: OutgoingMail) -> EmailMessage | None:
    """The CRM e-mail that an action records, to the address that the contact has now.

    Whoever opted out, was deactivated or erased since it was written gets none (invariant 14).
    """
    found = CrmAction.objects.select_related("contact__client__branch", "created_by").filter(mail=mail).first()
    if found is None or found.contact is None or not may_get(found.contact):
        return None
    contact, sender = found.contact, found.created_by
    mail.to = contact.email
    stop = optout.link(contact, contact.email)
    context = {"subject": found.subject, "text": found.body, "stop_url": stop, **letterhead(contact.client.branch)}
    reply_to = sender.email if sender and sender.is_active else ""
    message = build("crm_mail", contact.email, context, language=language_of(contact), reply_to=reply_to)
    message.from_email = settings.CRM_MAIL_FROM
    message.extra_headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return message


def reminder(mail: OutgoingMail) -> EmailMessage | None:
    """The reminder of a planned action; none where it is done, cancelled, postponed or somebody else's by now."""
    found = CrmAction.objects.planned().select_related("client", "contact", "assigned_to").filter(pk=mail.about.get("action")).first()
    person = found.assigned_to if found else None
    if found is None or person is None or not person.is_active or person.email != mail.to or found.reminded_at is None:
        return None
    if not CrmAction.objects.visible_to(person).filter(pk=found.pk).exists():
        return None
    context = {
        "first_name": person.first_name or person.full_name or person.email,
        "kind": found.get_kind_display(),
        "subject_line": found.subject,
        "due_at": found.due_at,
        "end_at": found.end_at,
        "client_name": found.client.name,
        "contact_name": found.contact.full_name if found.contact else "",
        "action_url": absolute(found.get_absolute_url()),
    }
    return build("crm_reminder", person.email, context, time_zone=person.time_zone)
