"""Who signs in with an address already: a portal user is unique over all clients (S14, invariant 9)."""

from django.utils.translation import gettext as _

from clientdesk.models import User
from clients.models import Client
from portal.models import ContactAccess


def why_no_portal_user(address: str, by: User) -> str:
    """Return why nobody new can become portal user with `address`, or an empty text.

    The holder is named only where `by` may see its client (XD33). The law itself is User.email_key; this is its sentence.
    """
    found = User.objects.by_address(address)
    if found is None:
        return ""
    if found.is_staff:
        return _("A staff user signs in with “%(email)s”. Use another address.") % {"email": address}
    access = ContactAccess.objects.filter(user=found).select_related("contact__client").first()
    if access is None:
        return ""
    client = Client.objects.visible_to(by).filter(pk=access.contact.client_id).first()
    if client is None:
        return _("Another portal user signs in with “%(email)s”. Use another address.") % {"email": address}
    return _("“%(email)s” is the address of %(contact)s of %(client)s (%(number)s), who is a portal user already. Use another address.") % {
        "email": address,
        "contact": access.contact,
        "client": client.name,
        "number": client.number,
    }
