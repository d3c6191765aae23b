"""Kinds of mail that only tests know."""

from django.core.mail import EmailMessage

from clientdesk.models import AccessLink, OutgoingMail, User


def letter(mail: OutgoingMail) -> EmailMessage | None:
    """A plain mail; what `about` says makes it go wrong in one of the known ways."""
    match mail.about.get("fate"):
        case "drop":
            return None
        case "break":
            raise RuntimeError(f"something with {mail.to} in it")
    return EmailMessage("A letter", f"Number {mail.about.get('number', 0)}", "desk@clientdesk.example", [mail.to])


def letter_with_link(mail: OutgoingMail) -> EmailMessage | None:
    """A mail with a one-time link, which is kept in the row as the outbox asks for."""
    user = User.objects.by_address(mail.to)
    if user is None:
        return None
    if mail.link is None or mail.link.state == AccessLink.State.EXPIRED:
        mail.link = AccessLink.objects.issue(user, AccessLink.Purpose.RESET)
    elif mail.link.state != AccessLink.State.OPEN:
        return None
    return EmailMessage("Your link", f"It is {mail.link.token}", "desk@clientdesk.example", [user.email])
