"""Portal access of the demo: one contact who is in, one who reads German, some who are invited, one whose invitation expired."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from clientdesk.models import AccessLink, User
from contacts.models import Contact
from portal.gate import remember_acceptance
from portal.models import ContactAccess

ANNA = "anna.lindholm@gruenwald.example"
MATTHIAS = "m.orth@gruenwald.example"
JULIA = "j.stadler@gruenwald.example"


@transaction.atomic
def open_portal(by: User, passphrase: str) -> None:
    """Let Anna Lindholm and Matthias Orth, who reads German, in with `passphrase`; invite Julia Stadler and a few primary contacts."""
    anna = Contact.objects.filter(email=ANNA).first()
    if anna and not ContactAccess.of(anna).activated:
        let_in(anna, by, passphrase)
    matthias = Contact.objects.filter(email=MATTHIAS).first()
    if anna and matthias and not ContactAccess.of(matthias).activated:
        let_in(matthias, by, passphrase)
    for age, contact in enumerate([*Contact.objects.filter(email=JULIA), *_primary()], start=1):
        access = ContactAccess.of(contact)
        if access.can_be_invited:
            _date(access.invite(by), timedelta(days=age, hours=3))


def _primary() -> QuerySet[Contact]:
    return Contact.objects.filter(is_primary=True).exclude(email=ANNA).order_by("pk")[:8]


def _date(link: AccessLink, age: timedelta) -> None:
    """Let an invitation have been sent `age` ago; the eldest ones are expired by now."""
    moment = link.created_at - age
    AccessLink.objects.filter(pk=link.pk).update(created_at=moment, expires_at=link.expires_at - age)
    ContactAccess.objects.filter(user=link.user_id).update(invited_at=moment)


def let_in(contact: Contact, by: User, passphrase: str) -> None:
    """Invite `contact` and let it choose `passphrase`, as if it had opened the link."""
    link = ContactAccess.of(contact).invite(by)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    link.user.set_password(passphrase)
    link.user.save()
    remember_acceptance(link)
