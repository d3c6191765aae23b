"""The tab Portal rights of a client's profile: what its contacts may do at most, and who of them comes in (X64, XD11, XD13)."""

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clientdesk.rights import Right
from clientdesk.views import EditPage, Screen
from clients.forms.rules import fingerprint
from clients.models import Client
from clients.profile import client_of, profile
from contacts.models import Contact
from portal import rights_table, states
from portal.client_forms import ClientRightsForm
from portal.models import ClientAccess
from portal.rights import NONE
from portal.rights import Right as PortalRight
from portal.rights_table import OF_CLIENTS

# More contacts than these are in the list of contacts.
MOST_SHOWN = 50


def _let_in(client: Client) -> QuerySet[Contact]:
    return client.contacts.active().filter(access__invited_at__isnull=False).order_by("sort_key", "pk")


class ClientRights(Screen):
    """Whether the portal of a client is open, what it may do there as a whole, and its people who were invited."""

    template_name = "portal/client_rights.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk, request.user, "portal")
        access = ClientAccess.of(client)
        people = list(_let_in(client)[: MOST_SHOWN + 1])
        found = states.of_contacts(people[:MOST_SHOWN])
        return self.show(
            **profile(client, "portal"),
            whole=access,
            lines=rights_table.lines(PortalRight(access.rights), ~NONE, OF_CLIENTS),
            heads=rights_table.heads(OF_CLIENTS),
            people=[(contact, found[contact.pk]) for contact in people[:MOST_SHOWN]],
            more=len(people) > MOST_SHOWN,
        )


class EditClientRights(EditPage):
    """The form behind Portal rights; who loses or gains what is confirmed on a page of its own."""

    right = Right.PORTAL_RIGHTS
    form_class = ClientRightsForm
    template_name = "portal/client_rights_edit.html"
    save_label = gettext_lazy("Save portal rights")

    def find(self, lock: bool = False) -> Model:
        clients = Client.objects.visible_to(self.request.user).filter(erased_at=None)
        # The client's row is the lock: its rights may not exist yet.
        get_object_or_404(clients.select_for_update(of=("self",)) if lock else clients, pk=self.kwargs["pk"])
        self.client = client_of(self.kwargs["pk"], self.request.user, "portal")
        return ClientAccess.of(self.client)

    def done_url(self) -> str:
        return reverse("access:client_rights", args=[self.client.pk])

    def context(self, **more) -> dict[str, object]:
        shown = {"heads": rights_table.heads(OF_CLIENTS), "save_label": self.save_label}
        return super().context(**profile(self.client, "portal") | shown | more)

    def _again(self, form: DeskForm) -> HttpResponse:
        if not (isinstance(form, ClientRightsForm) and form.waits_for_confirmation):
            return super()._again(form)
        context = self.context(
            consequences=form.consequences,
            fingerprint=fingerprint(form.consequences),
            keep=[bound.as_hidden() for bound in form if not bound.field.disabled],
            edit_url=self.edit_url(),
        )
        return render(self.request, "clients/client_confirm.html", context)
