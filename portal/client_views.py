"""The tab Portal rights of a client's profile: what its contacts may do at most, and who of them comes in (X64, XD11, XD13)."""

from typing import ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clientdesk.forms import DeskForm
from clientdesk.rights import Right
from clientdesk.views import EditPage, Screen
from clients.forms.rules import fingerprint
from clients.models import Client
from clients.profile import client_of, profile
from contacts.models import Contact
from portal import rights_table, states
from portal.client_forms import ClientRightsForm, DefaultRightsForm, RightsForm
from portal.models import ClientAccess, PortalDefaults
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


class EditRights(EditPage):
    """A form over rights of clients; who loses or gains what is confirmed on a page of its own."""

    right = Right.PORTAL_RIGHTS
    confirm_template: ClassVar[str]

    def saved_sentence(self) -> str:
        """Rights are several, unlike any other record."""
        return _("%(record)s were saved.") % {"record": self.record}

    def _again(self, form: DeskForm) -> HttpResponse:
        if not (isinstance(form, RightsForm) and form.waits_for_confirmation):
            return super()._again(form)
        context = self.context(
            consequences=form.consequences,
            fingerprint=fingerprint(form.consequences),
            keep=[bound.as_hidden() for bound in form if not bound.field.disabled],
            edit_url=self.edit_url(),
        )
        return render(self.request, self.confirm_template, context)


class EditClientRights(EditRights):
    """The form behind Portal rights."""

    form_class = ClientRightsForm
    template_name = "portal/client_rights_edit.html"
    confirm_template = "clients/client_confirm.html"

    def find(self, lock: bool = False) -> Model:
        clients = Client.objects.visible_to(self.request.user).filter(erased_at=None)
        # The client's row is the lock: its rights may not exist yet.
        get_object_or_404(clients.select_for_update(of=("self",)) if lock else clients, pk=self.kwargs["pk"])
        self.client = client_of(self.kwargs["pk"], self.request.user, "portal")
        return ClientAccess.of(self.client)

    def done_url(self) -> str:
        return reverse("access:client_rights", args=[self.client.pk])

    def context(self, **more) -> dict[str, object]:
        shown = {"heads": rights_table.heads(OF_CLIENTS), "save_label": _("Save portal rights")}
        return super().context(**profile(self.client, "portal") | shown | more)


class DefaultRights(EditRights):
    """Settings, Default portal rights: what a client may do for which nobody chose anything else (decision 17)."""

    right = Right.SETTINGS
    form_class = DefaultRightsForm
    template_name = "portal/default_rights.html"
    confirm_template = "portal/default_rights_confirm.html"

    def find(self, lock: bool = False) -> Model:
        found = PortalDefaults.objects.all()
        return (found.select_for_update() if lock else found).first() or PortalDefaults()

    def done_url(self) -> str:
        return reverse("access:default_rights")

    def context(self, **more) -> dict[str, object]:
        following = Client.objects.filter(portal=None).count()
        return super().context(heads=rights_table.heads(OF_CLIENTS), following=following, save_label=_("Save default rights"), **more)
