"""A change of the sign-in address: wanted, confirmed by a link to the new address, told to both (issue 7; trial A16; replaces XD37).

Until the new mailbox confirms it nothing changes: the old address signs in, and the wish can be seen and withdrawn. Nobody learns
here whether an address has an account: a link to one that is taken is not sent.
"""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from clientdesk import links, outbox
from clientdesk.models import AccessLink, User

Purpose = AccessLink.Purpose


def want(user: User, address: str, by: User | None) -> AccessLink:
    """Send a link to `address`, with which `user` wants to sign in, and a notice to the address of now; an older wish dies.

    `by` is who asked for it: the person, or a member of staff.
    """
    with transaction.atomic():
        link = AccessLink.objects.issue(user, Purpose.ADDRESS, address)
        about = {"user": user.pk, "new": address, "own": by == user}
        outbox.queue("new_address", to=address, about=about, link=link, by=by)
        outbox.queue("new_address_wanted", to=user.email, about=about, by=by)
    return link


def withdraw(user: User) -> bool:
    """Forget the wish of `user`; its link dies. False where there was none."""
    return bool(user.links.filter(purpose=Purpose.ADDRESS).void())


def is_taken(link: AccessLink) -> bool:
    """Say whether somebody else signs in with the address of `link` by now."""
    holder = User.objects.by_address(link.address)
    return holder is not None and holder.pk != link.user_id


def confirm(link: AccessLink) -> User:
    """Let the owner of `link` sign in with its address from now on; every session and every other link of the owner ends.

    Raises links.Dead where it was used, replaced, ran out, or somebody else took the address meanwhile.
    """
    with transaction.atomic():
        user = User.objects.held(link.user_id)
        if user is None:
            raise links.Dead("unknown")
        locked = links.check(AccessLink.objects.select_for_update(of=("self",)).select_related("user").filter(pk=link.pk).first())
        before = user.email
        user.email = locked.address
        user.session_epoch += 1
        try:
            with transaction.atomic():
                user.save(update_fields=["email", "session_epoch"])
        except IntegrityError:
            raise links.Dead("voided") from None
        locked.used_at = timezone.now()
        locked.save(update_fields=["used_at"])
        user.keep_address()
        user.links.all().void()
        import_string(settings.ADDRESS_CONFIRMED)(user)
        for address in (before, user.email):
            outbox.queue("address_changed", to=address, about={"user": user.pk, "old": before, "new": user.email})
    return user
