"""One-time links for choosing a password, for staff and contacts alike: sent, looked at, spent (house.md, decision 2).

A link is looked at by GET as often as anyone likes and spent by the POST of a typed password, under a row lock, once. No link
signs anybody in by itself.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk import outbox
from clientdesk.models import AccessLink, User
from clientdesk.words import email_key

Purpose = AccessLink.Purpose


class Dead(Exception):
    """The link was spent, replaced, ran out, or its owner may not come in any more; `why` is used, voided, expired or unknown."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def holds(link: AccessLink) -> bool:
    """Say whether the owner of `link` may still come in by it: staff while active, a contact while its access is open, never
    was shut since the link was made, and its address is the one the link went to (trial V5, A06)."""
    if link.user.is_staff:
        return link.user.is_active
    access = import_string(settings.PORTAL_GATE)(link.user)
    return access is not None and email_key(access.address) == email_key(link.address) and not access.was_shut_since(link.created_at)


def check(link: AccessLink | None) -> AccessLink:
    """Return `link` if it can be spent now. Raises Dead with the reason."""
    if link is None:
        raise Dead("unknown")
    if link.state != AccessLink.State.OPEN:
        raise Dead(str(link.state))
    if not holds(link):
        raise Dead("voided")
    return link


def invite(user: User, by: User | None) -> AccessLink:
    """Send a staff user the link by which the person chooses a password; older links die (JD8)."""
    with transaction.atomic():
        link = AccessLink.objects.issue(user, Purpose.INVITATION)
        outbox.queue("staff_invitation", to=link.address, link=link, by=by)
    return link


def spend(link: AccessLink, password_hash: str) -> User:
    """Use up `link` and give its owner the password of `password_hash`; every other session and link of the owner ends.

    Of two that spend one link at the same moment exactly one succeeds (trial V6, A03). Raises Dead for the other.
    """
    with transaction.atomic():
        user = User.objects.held(link.user_id)
        if user is None:
            raise Dead("unknown")
        locked = check(AccessLink.objects.select_for_update(of=("self",)).select_related("user").filter(pk=link.pk).first())
        locked.used_at = timezone.now()
        locked.save(update_fields=["used_at"])
        user.choose_password(password_hash)
        import_string(settings.LINK_SPENT)(locked)
        outbox.queue("password_changed", to=user.email, about={"user": user.pk, "first": locked.purpose == Purpose.INVITATION})
    return user


def invited_sentence(who: object, link: AccessLink) -> str:
    """Return the sentence of success, such as “Anna Lindholm was invited. The link works until 24 November 2026, 08:55.”"""
    until = date_format(timezone.localtime(link.expires_at), "DATETIME_FORMAT")
    return _("%(who)s was invited. The link works until %(until)s.") % {"who": who, "until": until}


def reset_time() -> str:
    """Return how long a reset link works, in words (X62)."""
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    if minutes == 60:
        return _("one hour")
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def wanted(address: str, leads_to: str = "") -> None:
    """Somebody who was on the way to the page `leads_to` asked for a link to `address`: queue one row in every case and look nothing
    up; the worker does (trial V2)."""
    outbox.queue("link_wanted", to=address, about={"leads_to": leads_to} if leads_to else None)


def renewed(mail_link: AccessLink | None, user: User, purpose: str, leads_to: str = "") -> AccessLink | None:
    """Return the link that a mail to `user` carries: the one it has while that is open, a new one where it ran out unsent (it leads
    where the old one did) or there is none yet (it leads to `leads_to`), None where a newer one lives or it was spent."""
    if mail_link is None or mail_link.state == AccessLink.State.EXPIRED:
        return AccessLink.objects.issue(user, purpose, mail_link.leads_to if mail_link else leads_to)
    return mail_link if mail_link.state == AccessLink.State.OPEN else None
