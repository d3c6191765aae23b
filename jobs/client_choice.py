"""One client as a filter of a list of jobs, typed by name: suggestions while typing, or without script a page that asks which is meant."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from clientdesk.lists import Listing
from clientdesk.models import User
from clientdesk.rights import Right
from clientdesk.search import first
from clientdesk.tables.pages import TablePage
from clientdesk.views import Screen, wants_part
from clients.models import Client
from jobs.listing import OfClient

_OFFERED = 8


def typed(request: HttpRequest) -> str:
    """Return what was typed into the field for a client."""
    return " ".join(request.GET.get("client_words", "")[:200].replace("\x00", " ").split())


def offered(user: User, text: str) -> list[Client]:
    """Return the first clients that `user` may see and whose words hold all of `text`, in name order."""
    known = Client.objects.visible_to(user).only("name", "legal_name", "number", "kind", "name_key", "photo")
    return list(first(known, text, ("name_key",), _OFFERED)) if text else []


class FindClient(Screen):
    """The clients that are meant while somebody types, to be ticked."""

    right = Right.VIEW
    template_name = "jobs/_client_choices.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = typed(request)
        return self.show(words=text, clients=offered(request.user, text))


class OfOneClient(TablePage):
    """A list of jobs that can be narrowed to one client, by key or by typed words; `acts_on_many`: rows are picked in it."""

    acts_on_many: ClassVar[bool] = False

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        text = typed(request)
        if not text or wants_part(request):
            return super().get(request, **place)
        listing = self.spec.read(request.GET, reader=request.user)
        if ticked := OfClient().read(request.GET, "client_found"):
            return HttpResponseRedirect(f"{request.path}{listing.url(client=ticked)}")
        # Nothing was ticked, or there is no script: the words say who is meant.
        found = offered(request.user, text)
        if len(found) == 1:
            return HttpResponseRedirect(f"{request.path}{listing.url(client=found[0].pk)}")
        shown = {"words": text, "found": [(client, listing.url(client=client.pk)) for client in found], "back_url": listing.url()}
        return render(request, "jobs/client_choice.html", shown | {"heading": self.table.words["many"]})

    def list_context(self, listing: Listing) -> dict[str, object]:
        wanted = listing.form.chosen.get("client")
        client = Client.objects.visible_to(self.request.user).filter(pk=wanted).first() if wanted else None
        shown = super().list_context(listing)
        return shown | {
            "pickable": shown["pickable"] and self.acts_on_many,
            "client": client,
            "unknown_client": bool(wanted) and client is None,
            "all_clients_url": listing.url(client="", contact=""),
        }
