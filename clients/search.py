"""Clients in the search box (XD1): by names of now and before, number, e-mail, phone or tax number."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clientdesk.fields import as_international
from clientdesk.models import User
from clientdesk.search import Hit, Hits, first
from clients.models import Client

_COLUMNS = (
    *("number", "name", "name_key", "legal_name", "kind", "status", "email", "former_names"),
    *("phone", "mobile", "fax", "more_phones", "tax_number", "more_tax_numbers"),
)


def clients(text: str, limit: int, user: User) -> Hits:
    """Return up to `limit` clients that `user` may see and whose words hold all of `text`, deactivated ones too, in name order."""
    known = Client.objects.visible_to(user).only(*_COLUMNS)
    found = list(first(known, text, ("name_key",), limit + 1))
    hits = [Hit(client.name, client.get_absolute_url(), client, _facts(client), _also(client)) for client in found[:limit]]
    more = f"{reverse('clients:list')}?{urlencode({'q': text})}" if len(found) > limit else ""
    return Hits(_("Clients"), hits, more)


def _facts(client: Client) -> list[str]:
    facts = [client.number, client.legal_name]
    return [*facts, client.get_status_display()] if client.status != Client.Status.ACTIVE else facts


def _also(client: Client) -> list[tuple[str, str]]:
    return [
        (_("E-mail"), client.email),
        *((_("Phone"), as_international(phone)) for phone in client.phones),
        *((_("Tax number"), number) for number in client.tax_numbers),
        *((_("formerly"), name) for name in client.former_names.split("\n")),
    ]
