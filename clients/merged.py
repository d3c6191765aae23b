"""Clients that were merged into another: their number, their name and their addresses lead to the client that stayed."""

import re
from collections.abc import Callable, Iterable

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clientdesk.models import Merge, User
from clientdesk.search import Hit, Hits, holding, narrow
from clientdesk.search_form import Words
from clients.models import Client

# So many former names are followed for one question.
_MOST = 50
_ADDRESS = re.compile(r"/clients/(\d{1,18})/")


def merges(model: type[Model] = Client) -> QuerySet[Merge]:
    """Return the merges of records of `model` that were not undone."""
    return Merge.objects.filter(content_type=ContentType.objects.get_for_model(model), undone_at=None)


def winners(losers: Iterable[int], model: type[Model] = Client) -> dict[int, int]:
    """Return for each key of a merged record the key of the one that stands for it now, however often that was merged on."""
    known = merges(model)
    led: dict[int, int] = {}
    wanted = set(losers)
    while wanted:
        step = dict(known.filter(loser_id__in=wanted).values_list("loser_id", "winner_id"))
        led |= step
        wanted = set(step.values()) - led.keys()
    return {loser: _end(led, loser) for loser in losers if loser in led}


def _end(led: dict[int, int], pk: int) -> int:
    passed = set()
    while pk in led and pk not in passed:
        passed.add(pk)
        pk = led[pk]
    return pk


def merged_into(client: Client) -> QuerySet[Merge]:
    """Return the merges that `client` came out of, the newest first."""
    return merges().filter(winner_id=client.pk).order_by("-id")


def former_names(seen: QuerySet[Client], name_keys: set[str]) -> list[tuple[Client, str]]:
    """Return the clients of `seen` that a client with one of `name_keys` was merged into, with its name and number of then."""
    found = merges().filter(loser_name_key__in=name_keys).values_list("loser_id", "loser_name", "loser_number")[:_MOST] if name_keys else []
    return _standing(seen, list(found))


def formerly(seen: QuerySet[Client], text: str) -> list[tuple[Client, str]]:
    """Return the clients of `seen` that one was merged into whose name or number holds all words of `text`."""
    found = narrow(merges(), text).order_by("-id").values_list("loser_id", "loser_name", "loser_number")[:_MOST]
    return _standing(seen, list(found))


def _standing(seen: QuerySet[Client], found: list[tuple[int, str, str]]) -> list[tuple[Client, str]]:
    if not found:
        return []
    now = winners([loser for loser, _name, _number in found])
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

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the clients that hold every word, or that one was merged into which did."""
        if value not in self.standing:
            found = narrow(merges(), value).values_list("loser_id", flat=True)[:_MOST]
            self.standing[value] = set(winners(list(found)).values())
        standing, narrowed = self.standing[value], super().narrow(queryset, value)
        if not standing:
            return narrowed
        if not self.by_index:
            return queryset.filter(Q(pk__in=standing) | holding(value, self.column, by_index=False))
        return queryset.filter(Q(pk__in=standing) | Q(pk__in=narrowed.order_by().values("pk")))


class MergedMiddleware:
    """Lead from an address of a merged client to the same page of the client that stayed; a form sent there saves nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and (found := _ADDRESS.match(request.path_info)):
            return self._lead_on(request, int(found[1]), request.path_info[found.end() :]) or response
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say the same where the client was merged while the page was made or the form saved: its row is gone, nothing was saved."""
        if isinstance(exception, Client.DoesNotExist | IntegrityError) and (found := _ADDRESS.match(request.path_info)):
            return self._lead_on(request, int(found[1]), "")
        return None

    def _lead_on(self, request: HttpRequest, loser: int, rest: str) -> HttpResponse | None:
        user = request.user
        if not (user.is_authenticated and user.is_active and user.is_staff):
            return None
        winner = Client.objects.visible_to(user).filter(pk=winners([loser]).get(loser)).first()
        if winner is None:
            return None
        merge = merges().get(loser_id=loser)
        said = {"loser": merge.loser_name, "number": merge.loser_number, "winner": winner}
        if request.method in ("GET", "HEAD"):
            messages.info(request, _("%(loser)s (%(number)s) was merged into %(winner)s.") % said)
            query = request.META.get("QUERY_STRING", "")
            url = reverse("clients:detail", args=[winner.pk]) + rest
            return HttpResponseRedirect(f"{url}?{query}" if query else url)
        messages.warning(request, _("%(loser)s (%(number)s) was merged into %(winner)s meanwhile. Nothing of yours was saved.") % said)
        return HttpResponseRedirect(winner.get_absolute_url(), status=303)
