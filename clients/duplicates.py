"""Which clients look like the one that is being typed (S2): the same beginning of the name, or the same e-mail domain."""

from django.db.models import Q, QuerySet

from clientdesk.search import narrow, words
from clients.models import Client

SHORTEST_NAME = 3
# Domains of mailbox providers say nothing about the client.
_MAILBOXES = {
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
}


def similar(name: str, legal_name: str, email: str, limit: int = 5) -> QuerySet[Client]:
    """Return up to `limit` clients whose names hold all words typed as name or legal name, or whose address has the same domain."""
    found = Q(pk__in=[])
    for text in {name, legal_name}:
        if len("".join(words(text))) >= SHORTEST_NAME:
            found |= Q(pk__in=narrow(Client.objects.order_by("name_key"), text).values("pk")[:limit])
    domain = email.rpartition("@")[2].strip().lower() if "@" in email else ""
    if "." in domain.strip(".") and domain not in _MAILBOXES and domain.isprintable():
        found |= Q(pk__in=Client.objects.filter(search_key__contains=f"@{domain[:100]}").order_by("name_key").values("pk")[:limit])
    return Client.objects.filter(found).order_by("name_key")[:limit]
