"""Staff pages of all clients: the list and Add client."""

from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.lists import Listing
from clientdesk.rights import Right
from clientdesk.views import CreatePage, ListPage, Screen
from clients.duplicates import similar
from clients.forms import AddClientForm
from clients.listing import CLIENTS
from clients.models import Client
from clients.people import PrimaryContact, portal_states

_ROW_COLUMNS = ("number", "name", "name_key", "kind", "status", "country", "branch__name", "category__name")


@dataclass(frozen=True)
class Row:
    """One row of the list: the client, its primary contact, and the portal's word on that contact."""

    client: Client
    contact: PrimaryContact | None
    access: object


class ClientList(ListPage):
    """S1: the clients in use, 50 to a page (J1, J14, J22, J29, X1)."""

    spec = CLIENTS
    template_name = "clients/client_list.html"

    def queryset(self) -> QuerySet:
        return Client.objects.visible_to(self.request.user)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.with_primary().select_related("branch", "category").only(*_ROW_COLUMNS)

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s client", "%(count)s clients", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        primaries = {client.pk: PrimaryContact.of(client) for client in listing.rows}
        states = portal_states([contact for contact in primaries.values() if contact])
        rows = [
            Row(client, contact, states.get(contact.pk) if contact else None)
            for client in listing.rows
            for contact in [primaries[client.pk]]
        ]
        return {"rows": rows}


class AddClient(CreatePage):
    """S2: six fields, then the new profile (X2 to X17)."""

    form_class = AddClientForm
    template_name = "clients/client_add.html"

    def done_url(self, record: Model) -> str:
        return reverse("clients:add") if "another" in self.request.POST else record.get_absolute_url()

    def done_sentence(self, record: Model) -> str:
        sentence = _("%(client)s was added as %(number)s.") % {"client": record, "number": record.number}
        if "another" not in self.request.POST:
            return sentence
        return format_html('{} <a href="{}">{}</a>', sentence, record.get_absolute_url(), _("Open the profile"))


class SimilarClients(Screen):
    """The clients that look like what is being typed, for Add client."""

    right = Right.ADD
    template_name = "clients/client_similar.html"
    part = "similar"

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = [request.GET.get(name, "")[:254] for name in ("name", "legal_name", "email")]
        return self.show(similar=similar(*typed))
