"""The mails to staff, and those that staff and contacts get alike."""

from django.core.mail import EmailMessage

from clientdesk import links
from clientdesk.mail import build
from clientdesk.models import AccessLink, OutgoingMail, User
from clientdesk.signin import may_enter

Purpose = AccessLink.Purpose


def invitation(mail: OutgoingMail) -> EmailMessage | None:
    """The link by which a new staff user chooses a password (JD8)."""
    user = mail.link.user if mail.link else None
    return link_for_staff(mail, user) if user and user.is_staff else None


def link_for_staff(mail: OutgoingMail, user: User) -> EmailMessage | None:
    """Return the mail for a staff user who wants a link: the invitation again for who never chose a password."""
    if not user.is_active:
        return None
    mail.link = links.renewed(mail.link, user, Purpose.INVITATION if user.invitation_open else Purpose.RESET)
    if mail.link is None or not links.holds(mail.link):
        return None
    name = "staff_invitation" if mail.link.purpose == Purpose.INVITATION else "staff_reset"
    return build(
        name, user.email, {"first_name": _name(user), "role": user.get_role_display(), "reset_time": links.reset_time()}, link=mail.link
    )


def password_changed(mail: OutgoingMail, **sender: object) -> EmailMessage | None:
    """The notice that a password was chosen (trial A15, ASVS 6.3.7); `sender` is in whose name, for the foot of the mail."""
    user = User.objects.filter(pk=mail.about.get("user")).first()
    if user is None:
        return None
    context = {"first_name": _name(user), "changed_at": mail.queued_at, "is_first": mail.about.get("first")}
    return build("password_changed", user.email, context | sender)


def signin_braked(mail: OutgoingMail, **sender: object) -> EmailMessage | None:
    """The notice to the owner of an address that tries with wrong passwords were stopped (trial A11); nobody else gets one."""
    user = User.objects.by_address(mail.to)
    if user is None or not may_enter(user):
        return None
    return build("signin_braked", user.email, {"first_name": _name(user), "stopped_at": mail.queued_at} | sender)


def _name(user: User) -> str:
    return user.first_name or user.full_name or user.email
