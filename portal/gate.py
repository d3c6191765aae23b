"""The login gate of the portal (domain.md 8.4, G): asked at sign-in and on each request."""

from django.utils import timezone

from clientdesk.models import AccessLink, User
from contacts.formats import WITH_FORMATS
from contacts.models import Contact
from portal.models import ContactAccess


def open_access(user: User) -> ContactAccess | None:
    """Return the open access of the portal user `user` with contact, client, branch, office and formats loaded, or None.

    One query, whoever it is: what the sign-in page costs must not tell staff, contacts and nobody apart.
    """
    access = (
        ContactAccess.objects.select_related(
            *("user", "contact__client__portal", "contact__client__branch", "contact__default_office", "contact__position"),
            *(f"contact__{name}" for name in WITH_FORMATS),
        )
        .filter(user=user.pk)
        .first()
    )
    return access if access and access.is_open and not user.is_staff else None


def remember_acceptance(link: AccessLink) -> None:
    """Note when the contact whose link was spent first chose a password; staff have no access row."""
    access = ContactAccess.objects.filter(user=link.user_id, accepted_at=None).first()
    if access:
        access.accepted_at = timezone.now()
        access.save(update_fields=["accepted_at"])


def follow_address(user: User) -> None:
    """Give the contact of `user` the address that was just confirmed; staff have no contact."""
    access = ContactAccess.objects.filter(user=user).first()
    if access:
        contact = Contact.objects.select_for_update().get(pk=access.contact_id)
        contact.email = user.email
        contact.save(update_fields=["email"])
