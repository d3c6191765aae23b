"""Clients that were merged into another: their number and their name lead to the client that stayed."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clientdesk.merging.followed import merges, winners
from clientdesk.models import User
from clientdesk.search import Hit, Hits, holding, narrow
from clientdesk.search_form import Words
from clients.models import Client

# So many former names are followed for one question.
_MOST = 50


def former_names(seen: QuerySet[Client], name_keys: set[str]) -> list[tuple[Client, str]]:
    """Return the clients of `seen` that a client with one of `name_keys` was merged into, with its name and number of then."""
    if not name_keys:
        return []
    found = merges(Client).filter(loser_name_key__in=name_keys).values_list("loser_id", "loser_name", "loser_number")[:_MOST]
    return _standing(seen, list(found))


def formerly(seen: QuerySet[Client], text: str) -> list[tuple[Client, str]]:
    """Return the clients of `seen` that one was merged into whose name or number holds all words of `text`."""
    found = narrow(merges(Client), text).order_by("-id").values_list("loser_id", "loser_name", "loser_number")[:_MOST]
    return _standing(seen, list(found))


def _standing(seen: QuerySet[Client], found: list[tuple[int, str, str]]) -> list[tuple[Client, str]]:
    if not found:
        return []
    now = winners([loser for loser, _name, _number in found], Client)
    clients = seen.in_bulk(now.values())
    return [(clients[now[loser]], f"{name} ({number})") for loser, name, number in found if now.get(loser) in clients]


def search(text: str, limit: int, user: User) -> Hits:
    """Find clients by the name or number of one that was merged into them (a source of the search box)."""
    hits = [
        Hit(client.name, client.get_absolute_url(), client, [client.number], [(_("formerly"), former)])
        for client, former in formerly(Client.objects.visible_to(user), text)[:limit]
    ]
    return Hits(_("Merged clients"), hits)


class ClientWords(Words):
    """Typed words over clients, which find a client by a former name or number too (“formerly C-00012”)."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.standing: dict[str, set[int]] = {}

    def __deepcopy__(self, memo: dict) -> "ClientWords":
        found = super().__deepcopy__(memo)
        found.standing = {}
        return found

    def _standing_for(self, value: str) -> set[int]:
        """Return the keys of the clients that one was merged into which holds every word."""
        if value not in self.standing:
            found = narrow(merges(Client), value).values_list("loser_id", flat=True)[:_MOST]
            self.standing[value] = set(winners(list(found), Client).values())
        return self.standing[value]

    def trigrams(self, value: str) -> tuple[str, ...]:
        """Return the trigrams of the words, which a client need not have where one that had was merged into it."""
        return () if self._standing_for(value) else super().trigrams(value)

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the clients that hold every word, or that one was merged into which did."""
        standing, narrowed = self._standing_for(value), super().narrow(queryset, value)
        if not standing:
            return narrowed
        if not self.by_index:
            return queryset.filter(Q(pk__in=standing) | holding(value, self.column, by_index=False))
        return queryset.filter(Q(pk__in=standing) | Q(pk__in=narrowed.order_by().values("pk")))
