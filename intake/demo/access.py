"""Portal access of the demo: one contact who is in, some who are invited, one whose invitation expired."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clientdesk.models import User
from contacts.models import Contact
from portal.gate import remember_acceptance
from portal.models import ContactAccess

ANNA = "anna.lindholm@gruenwald.example"
JULIA = "j.stadler@gruenwald.example"


@transaction.atomic
def open_portal(by: User, passphrase: str) -> None:
    """Let Anna Lindholm in with `passphrase`, invite Julia Stadler and a few primary contacts."""
    anna = Contact.objects.filter(email=ANNA).first()
    if anna and not ContactAccess.of(anna).activated:
        let_in(anna, by, passphrase)
    expired = None
    for contact in [*Contact.objects.filter(email=JULIA), *Contact.objects.filter(is_primary=True).exclude(email=ANNA).order_by("pk")[:8]]:
        access = ContactAccess.of(contact)
        if access.can_be_invited:
            expired = access.invite(by)
    if expired:
        expired.expires_at = timezone.now() - timedelta(hours=1)
        expired.save(update_fields=["expires_at"])


def let_in(contact: Contact, by: User, passphrase: str) -> None:
    """Invite `contact` and let it choose `passphrase`, as if it had opened the link."""
    link = ContactAccess.of(contact).invite(by)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    link.user.set_password(passphrase)
    link.user.save()
    remember_acceptance(link)
