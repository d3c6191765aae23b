"""Contacts in the search box (X31): first and last name in both orders and as they were before, e-mail or phone."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clientdesk.fields import as_international
from clientdesk.models import User
from clientdesk.search import Hit, Hits, first
from contacts.models import Contact

_COLUMNS = (
    *("first_name", "last_name", "email", "sort_key", "is_primary", "phone", "mobile", "former_names"),
    *("client__name", "position__name"),
)


def contacts(text: str, limit: int, user: User) -> Hits:
    """Return up to `limit` active contacts, of clients that `user` may see, whose words hold all of `text`, in name order."""
    known = Contact.objects.active().visible_to(user).select_related("client", "position").only(*_COLUMNS)
    found = list(first(known, text, ("sort_key", "id"), limit + 1))
    hits = [Hit(contact.full_name, contact.get_absolute_url(), contact, _facts(contact), _also(contact)) for contact in found[:limit]]
    more = f"{reverse('contacts:list')}?{urlencode({'q': text})}" if len(found) > limit else ""
    return Hits(_("Contacts"), hits, more)


def _facts(contact: Contact) -> list[str]:
    return [fact for fact in (contact.client.name, contact.position and contact.position.name, contact.email) if fact]


def _also(contact: Contact) -> list[tuple[str, str]]:
    phones = [(_("Phone"), contact.phone), (_("Mobile"), contact.mobile)]
    return [
        *((label, as_international(str(phone))) for label, phone in phones if phone),
        *((_("formerly"), name) for name in contact.former_names.split("\n")),
    ]
