"""Which clients look like the one that is being typed (S2): the same beginning of the name, or the same e-mail domain."""

from django.db.models import QuerySet

from clientdesk.search import narrow, words
from clientdesk.words import tidy_email
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
    # The keys are read first: as subqueries joined by OR they make the database walk every client.
    found: set[int] = set()
    for text in {name, legal_name}:
        if len("".join(words(text))) >= SHORTEST_NAME:
            found.update(narrow(Client.objects.order_by("name_key"), text).values_list("pk", flat=True)[:limit])
    domain = tidy_email(email).rpartition("@")[2] if "@" in email else ""
    if "." in domain.strip(".") and domain not in _MAILBOXES and domain.isprintable():
        found.update(_of_domain(domain).values_list("pk", flat=True)[:limit])
    return Client.objects.filter(pk__in=found).order_by("name_key")[:limit]


def _of_domain(domain: str) -> QuerySet[Client]:
    return Client.objects.filter(search_key__contains=f"@{domain[:100]}").order_by("name_key")
