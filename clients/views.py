"""Staff pages of one client: the profile's own tabs, edit, and the gestures deactivate and restore."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import history
from clientdesk.forms import DeskForm
from clientdesk.rights import Right, may, needs
from clientdesk.views import EditPage, Screen, see_other
from clients.forms import EditClientForm
from clients.models import Client
from clients.people import portal_states
from clients.profile import client_of, key_facts, profile

CARDS_ON_OVERVIEW, CHANGES_ON_OVERVIEW = 6, 5


class ClientOverview(Screen):
    """S3, first tab: key data, contact persons, what changed last (X18, X19)."""

    template_name = "clients/client_overview.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk, request.user)
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


class EditClient(EditPage):
    """Every detail of a client (J15), refused when somebody saved it meanwhile."""

    form_class = EditClientForm
    template_name = "clients/client_edit.html"

    def queryset(self) -> QuerySet:
        return Client.objects.visible_to(self.request.user).select_related("branch")

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return EditClientForm(posted, instance=self.record, may_deactivate=may(self.request.user, Right.DEACTIVATE))


@needs(Right.DEACTIVATE)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a client out of use; its profile offers to take that back (J1)."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_for_update(), pk=pk)
    if client.status != Client.Status.INACTIVE:
        client.deactivate()
        messages.success(request, _("%(client)s was deactivated.") % {"client": client})
    return see_other(request, client.get_absolute_url())


@needs(Right.DEACTIVATE)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a client back into use."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_for_update(), pk=pk)
    if client.status == Client.Status.INACTIVE:
        client.restore()
        messages.success(request, _("%(client)s was restored.") % {"client": client})
    return see_other(request, client.get_absolute_url())
