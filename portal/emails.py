"""The mails to contact persons. They name the client by its legal name only (X8, X9)."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from clientdesk import emails, links
from clientdesk.mail import build
from clientdesk.models import AccessLink, OutgoingMail, User
from clients.letterhead import letterhead
from contacts.formats import WITH_FORMATS, style_of
from portal.gate import open_access
from portal.models import ContactAccess

Purpose = AccessLink.Purpose


def invitation(mail: OutgoingMail) -> EmailMessage | None:
    """The invitation to the portal: a link to choose a password (X60, A01)."""
    return _to_contact(mail, Purpose.INVITATION)


def reset(mail: OutgoingMail) -> EmailMessage | None:
    """A link to choose a new password, valid for an hour (X61, X62)."""
    return _to_contact(mail, Purpose.RESET)


def link_wanted(mail: OutgoingMail) -> EmailMessage | None:
    """Somebody typed `mail.to` and wants a link: a reset for who has a password, the invitation again for who was invited and
    never chose one, nothing for anybody else. It goes to the stored address, never to the typed one (trial V3)."""
    user = User.objects.by_address(mail.to)
    if user is None:
        return None
    if user.is_staff:
        return emails.link_for_staff(mail, user)
    access = ContactAccess.objects.filter(user=user).first()
    if access is None or access.invited_at is None:
        return None
    return _message(mail, user, Purpose.INVITATION if user.invitation_open else Purpose.RESET)


def password_changed(mail: OutgoingMail) -> EmailMessage | None:
    """The notice that a password was chosen, to a contact in the name of its branch (trial A15, XD36)."""
    with _sender_of(mail) as sender:
        return emails.password_changed(mail, **sender)


def signin_braked(mail: OutgoingMail) -> EmailMessage | None:
    """The notice that tries to sign in were stopped, to a contact in the name of its branch (trial A11, XD36)."""
    with _sender(mail, User.objects.by_address(mail.to)) as sender:
        return emails.signin_braked(mail, **sender)


def factor_changed(mail: OutgoingMail) -> EmailMessage | None:
    """The notice about a second factor, to a contact in the name of its branch."""
    with _sender_of(mail) as sender:
        return emails.factor_changed(mail, **sender)


def new_address(mail: OutgoingMail) -> EmailMessage | None:
    """The link to confirm a new address, to a contact in the name of its branch."""
    with _sender_of(mail) as sender:
        return emails.new_address(mail, **sender)


def new_address_wanted(mail: OutgoingMail) -> EmailMessage | None:
    """The notice to the address of now, to a contact in the name of its branch."""
    with _sender_of(mail) as sender:
        return emails.new_address_wanted(mail, **sender)


def address_changed(mail: OutgoingMail) -> EmailMessage | None:
    """The notice that the address changed, to a contact in the name of its branch."""
    with _sender_of(mail) as sender:
        return emails.address_changed(mail, **sender)


@contextmanager
def _sender_of(mail: OutgoingMail) -> Generator[dict[str, object]]:
    with _sender(mail, User.objects.filter(pk=mail.about.get("user")).first()) as sender:
        yield sender


@contextmanager
def _sender(mail: OutgoingMail, user: User | None) -> Generator[dict[str, object]]:
    """Give in whose name `user` is written to and how it reads the moments of `mail`, and speak its language meanwhile; staff get mails
    of the house."""
    found = ContactAccess.objects.select_related("contact__client__branch", *(f"contact__{name}" for name in WITH_FORMATS))
    access = found.filter(user=user).first() if user else None
    if access is None:
        with translation.override(settings.LANGUAGE_CODE):
            yield {}
        return
    with translation.override(access.language):
        told = {"when": _moment(access, mail.queued_at)} | ({"until": _moment(access, mail.link.expires_at)} if mail.link else {})
        yield letterhead(access.contact.client.branch) | told


def _moment(access: ContactAccess, at: datetime) -> str:
    # In a mail a time always comes with its zone: nobody knows where it is read.
    return replace(style_of(access.contact), show_zone=True).moment(at)


def _to_contact(mail: OutgoingMail, purpose: str) -> EmailMessage | None:
    access = ContactAccess.objects.select_related("user").filter(contact=mail.about.get("contact")).first()
    return _message(mail, access.user, purpose) if access and access.user else None


def _message(mail: OutgoingMail, user: User, purpose: str) -> EmailMessage | None:
    access = open_access(user)
    if access is None:
        return None
    before = mail.link
    mail.link = links.renewed(before, user, purpose, str(mail.about.get("leads_to", "")))
    if mail.link is None or not links.holds(mail.link):
        return None
    if mail.link != before and mail.link.purpose == Purpose.INVITATION:
        access.invited_at = mail.link.created_at
        access.save(update_fields=["invited_at"])
    with translation.override(access.language):
        return _with_link(mail, access)


def _with_link(mail: OutgoingMail, access: ContactAccess) -> EmailMessage:
    """Return the mail to the contact of `access` that carries the link of `mail`."""
    contact = access.contact
    context = {
        "first_name": contact.first_name or contact.full_name,
        "client_name": access.client_name,
        "branch_email": contact.client.branch.email,
        "branch_phone": contact.client.branch.phone.as_international if contact.client.branch.phone else "",
        "reset_time": links.reset_time(),
        "until": _moment(access, mail.link.expires_at),
        **letterhead(contact.client.branch),
    }
    name = "contact_invitation" if mail.link.purpose == Purpose.INVITATION else "contact_reset"
    return build(name, access.user.email, context, link=mail.link)
