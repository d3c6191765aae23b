"""The mails to staff, and those that staff and contacts get alike: `sender` then is in whose name, for the foot of the mail, and
`when` or `until` as the contact reads a moment."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clientdesk import links, new_addresses, preferences
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
    told = {"role": user.get_role_display(), "reset_time": links.reset_time(), "until": _moment(user, mail.link.expires_at)}
    return build(name, user.email, {"first_name": _name(user)} | told, link=mail.link)


def password_changed(mail: OutgoingMail, **sender: object) -> EmailMessage | None:
    """The notice that a password was chosen (trial A15, ASVS 6.3.7)."""
    user = User.objects.filter(pk=mail.about.get("user")).first()
    if user is None:
        return None
    context = {"first_name": _name(user), "when": _moment(user, mail.queued_at), "is_first": mail.about.get("first")}
    return build("password_changed", user.email, context | sender)


def signin_braked(mail: OutgoingMail, **sender: object) -> EmailMessage | None:
    """The notice to the owner of an address that tries with wrong passwords were stopped (trial A11); nobody else gets one."""
    user = User.objects.by_address(mail.to)
    if user is None or not may_enter(user):
        return None
    return build("signin_braked", user.email, {"first_name": _name(user), "when": _moment(user, mail.queued_at)} | sender)


_FACTOR = {
    "app_added": (
        _lazy("An authenticator app was added"),
        _lazy("An authenticator app was added to your account. You sign in with a code of it, too."),
    ),
    "passkey_added": (
        _lazy("A passkey was added"),
        _lazy("The passkey “%(name)s” was added to your account. It lets you sign in by itself."),
    ),
    "app_removed": (
        _lazy("Your authenticator app was removed"),
        _lazy("Your account asks for no code of your authenticator app any more."),
    ),
    "passkey_removed": (_lazy("A passkey was removed"), _lazy("The passkey “%(name)s” opens your account no more.")),
    "codes_renewed": (
        _lazy("You have new recovery codes"),
        _lazy("New recovery codes were made for your account. The old ones stopped working."),
    ),
    "all_removed": (
        _lazy("Your second factor was removed"),
        _lazy("Authenticator app, passkeys and recovery codes were removed from your account, and you were signed out everywhere."),
    ),
    "codes_braked": (
        _lazy("Wrong codes for your account"),
        _lazy("Somebody typed your right password and then wrong codes. We made it wait. If that was not you, choose a new password."),
    ),
}


def factor_changed(mail: OutgoingMail, **sender: object) -> EmailMessage | None:
    """The notice that a second factor was added or removed, or that somebody guesses codes (ASVS 6.3.7)."""
    user = User.objects.filter(pk=mail.about.get("user"), is_active=True).first()
    if user is None or mail.about.get("what") not in _FACTOR:
        return None
    title, sentence = _FACTOR[mail.about["what"]]
    words = {"title": str(title), "sentence": sentence % {"name": mail.about.get("name", "")}}
    return build("factor_changed", user.email, {"first_name": _name(user), "when": _moment(user, mail.queued_at)} | words | sender)


def new_address(mail: OutgoingMail, **sender: object) -> EmailMessage | None:
    """The link by which a new sign-in address is confirmed (trial A16); none to an address that somebody signs in with by now."""
    link = mail.link
    if link is None or link.state != AccessLink.State.OPEN or not links.holds(link) or new_addresses.is_taken(link):
        return None
    told = {"old_address": link.user.email, "until": _moment(link.user, link.expires_at)}
    return build("new_address", link.address, {"first_name": _name(link.user)} | told | sender, link=link)


def new_address_wanted(mail: OutgoingMail, **sender: object) -> EmailMessage | None:
    """The notice to the address of now that another one is wanted, as long as that has not happened."""
    user = User.objects.filter(pk=mail.about.get("user")).first()
    if user is None or user.email != mail.to:
        return None
    told = {"new_address": mail.about["new"], "when": _moment(user, mail.queued_at), "is_own": mail.about.get("own")}
    return build("new_address_wanted", mail.to, {"first_name": _name(user)} | told | sender)


def address_changed(mail: OutgoingMail, **sender: object) -> EmailMessage | None:
    """The notice, to the old and to the new address, that the sign-in address is another one now."""
    user = User.objects.filter(pk=mail.about.get("user")).first()
    if user is None:
        return None
    told = {"old_address": mail.about["old"], "new_address": mail.about["new"], "when": _moment(user, mail.queued_at)}
    return build("address_changed", mail.to, {"first_name": _name(user)} | told | sender)


def _name(user: User) -> str:
    return user.first_name or user.full_name or user.email


def _moment(user: User, at: datetime) -> str:
    """Return `at` as a mail tells it to the staff user `user`: in that person's time zone, and with its name."""
    zone = user.time_zone if user.time_zone in preferences.zones() else settings.TIME_ZONE
    return date_format(timezone.localtime(at, ZoneInfo(zone)), _("l j F Y, H:i T"))
