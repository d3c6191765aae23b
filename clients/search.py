"""Clients in the search box (XD1): by name, legal name, number or e-mail."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clientdesk.models import User
from clientdesk.search import Hit, Hits, first
from clients.models import Client


def clients(text: str, limit: int, user: User) -> Hits:
    """Return up to `limit` clients that `user` may see and whose words hold all of `text`, deactivated ones too, in name order."""
    known = Client.objects.visible_to(user).only("number", "name", "name_key", "legal_name", "kind", "status")
    found = list(first(known, text, ("name_key",), limit + 1))
    hits = [Hit(client.name, client.get_absolute_url(), client, _facts(client)) for client in found[:limit]]
    more = f"{reverse('clients:list')}?{urlencode({'q': text})}" if len(found) > limit else ""
    return Hits(_("Clients"), hits, more)


def _facts(client: Client) -> list[str]:
    facts = [client.number, client.legal_name]
    return [*facts, client.get_status_display()] if client.status != Client.Status.ACTIVE else facts
