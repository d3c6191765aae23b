"""Staff pages of clients: the list, Add client, the profile's own tabs, edit, and the gestures deactivate and restore."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from clientdesk import history
from clientdesk.forms import DeskForm
from clientdesk.lists import Listing, ListSpec, Sort
from clientdesk.models import Change
from clientdesk.rights import Right, may, needs
from clientdesk.search_form import OneOf, SearchForm
from clientdesk.views import CreatePage, EditPage, ListPage, Screen, see_other
from clients.duplicates import similar
from clients.forms import AddClientForm, EditClientForm
from clients.listing import CLIENTS
from clients.models import Client
from clients.people import PrimaryContact, portal_states
from clients.profile import client_of, key_facts, profile

CARDS_ON_OVERVIEW, CHANGES_ON_OVERVIEW = 6, 5
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


class ClientOverview(Screen):
    """S3, first tab: key data, contact persons, what changed last (X18, X19)."""

    template_name = "clients/client_overview.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk)
        contacts = (
            client.contacts.active()
            .select_related("position", "default_office")
            .order_by("-is_primary", "sort_key", "id")[:CARDS_ON_OVERVIEW]
        )
        states = portal_states(contacts)
        changes = history.changes_of(client)[:CHANGES_ON_OVERVIEW]
        return self.show(
            **profile(client, "overview"),
            facts=key_facts(client),
            cards=[(contact, states.get(contact.pk)) for contact in contacts],
            entries=history.entries(changes, Client),
        )


class HistoryFilter(SearchForm):
    """One field of a client, for its history."""

    field = OneOf(label=gettext_lazy("Field"), column="field", choices=lambda: history.field_choices(Client))

    def filter(self, queryset: QuerySet) -> QuerySet:
        """Return the changes that touched the chosen field."""
        for name in self.chosen.get("field", []):
            queryset = history.touching(queryset, Client, name)
        return queryset


class ClientHistory(ListPage):
    """S3, History: every change of the client, who, when, old and new, filtered by field."""

    template_name = "clients/client_history.html"
    spec = ListSpec(model=Change, sorts=(Sort("age", ("id",), "change_by_record", down=True),), form=HistoryFilter)
    client: Client

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.client = client_of(self.kwargs["pk"])
        return super().get(request)

    def queryset(self) -> QuerySet:
        return history.changes_of(self.client)

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s change", "%(count)s changes", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        return profile(self.client, "history") | {"entries": history.entries(listing.rows, Client)}


class EditClient(EditPage):
    """Every detail of a client (J15), refused when somebody saved it meanwhile."""

    form_class = EditClientForm
    template_name = "clients/client_edit.html"

    def queryset(self) -> QuerySet:
        return Client.objects.select_related("branch")

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return EditClientForm(posted, instance=self.record, may_deactivate=may(self.request.user, Right.DEACTIVATE))


@needs(Right.DEACTIVATE)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a client out of use; its profile offers to take that back (J1)."""
    client = get_object_or_404(Client.objects.select_for_update(), pk=pk)
    if client.status != Client.Status.INACTIVE:
        client.deactivate()
        messages.success(request, _("%(client)s was deactivated.") % {"client": client})
    return see_other(request, client.get_absolute_url())


@needs(Right.DEACTIVATE)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a client back into use."""
    client = get_object_or_404(Client.objects.select_for_update(), pk=pk)
    if client.status == Client.Status.INACTIVE:
        client.restore()
        messages.success(request, _("%(client)s was restored.") % {"client": client})
    return see_other(request, client.get_absolute_url())
