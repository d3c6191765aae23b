"""Staff pages of one client: the profile's own tabs, edit, and the gestures deactivate and restore."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from clientdesk import history
from clientdesk.consequences import fingerprint
from clientdesk.rights import Right, needs
from clientdesk.views import Screen, see_other
from clients import consequences
from clients.facts import key_facts
from clients.forms import EditClientForm
from clients.models import Client
from clients.pages import EditClientPage
from clients.parted import hidden_merges, told
from clients.people import portal_states
from clients.profile import client_of, profile
from clients.required import Requirement, requirements

CARDS_ON_OVERVIEW, CHANGES_ON_OVERVIEW, JOBS_ON_OVERVIEW, LATEST_ON_OVERVIEW = 6, 5, 5, 3
_OF_JOBS = ("contact", "job_type", "office")


class ClientOverview(Screen):
    """S3, first tab: key data, contact persons, what changed last (X18, X19)."""

    template_name = "clients/client_overview.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk, request.user, "sales_person", "project_manager")
        contacts = (
            client.contacts.active()
            .select_related("position", "default_office")
            .order_by("-is_primary", "sort_key", "id")[:CARDS_ON_OVERVIEW]
        )
        states = portal_states(contacts)
        needed = requirements(client)
        changes = told(history.changes_of(client), hidden_merges(client, request.user))[:CHANGES_ON_OVERVIEW]
        return self.show(
            **profile(client, "overview"),
            facts=key_facts(client),
            needed=needed,
            figures=_figures(client, needed),
            todo=list(client.jobs.unfinished().select_related(*_OF_JOBS).order_by("due_key", "pk")[:JOBS_ON_OVERVIEW]),
            latest=list(client.jobs.finished().select_related(*_OF_JOBS).order_by("-pk")[:LATEST_ON_OVERVIEW]),
            cards=[(contact, states.get(contact.pk)) for contact in contacts],
            entries=history.entries(changes, Client),
        )


def _figures(client: Client, needed: list[Requirement]) -> list[tuple[str, object, str]]:
    """Return (label, figure, note) of what there is of `client`."""
    signed_up = client.contacts.active().filter(access__accepted_at__isnull=False).only("email")
    inside = sum(access.state == "active" for access in portal_states(signed_up).values())
    missing = sum(not one.delivered for one in needed)
    note = ngettext("%(count)d missing", "%(count)d missing", missing) % {"count": missing} if missing else ""
    overdue = client.jobs.breached().count() if client.job_count else 0
    late = ngettext("%(count)d overdue", "%(count)d overdue", overdue) % {"count": overdue} if overdue else ""
    return [
        (_("Jobs to do"), client.job_count, late),
        (_("Quotes waiting"), client.quotes.waiting().count(), ""),
        (_("Contact persons"), client.contact_count, ""),
        (_("In the client portal"), inside, ""),
        (_("Documents"), client.document_count, note),
    ]


class EditClient(EditClientPage):
    """Key data of a client (J15), refused when somebody saved it meanwhile."""

    form_class = EditClientForm
    template_name = "clients/client_edit.html"
    save_label = gettext_lazy("Save client")


def _unread(request: HttpRequest, client: Client, status: str, save_label: str) -> HttpResponse | None:
    """Return the page that says who loses or gets the way into the portal with `status`, unless it was read."""
    found = consequences.of_status(client, status)
    if not found or request.POST.get("confirmed") == fingerprint(found):
        return None
    context = {
        "client": client,
        "consequences": found,
        "fingerprint": fingerprint(found),
        "edit_url": request.path,
        "back_url": client.get_absolute_url(),
        "save_label": save_label,
    }
    return render(request, "clients/client_confirm.html", context)


@needs(Right.DEACTIVATE)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a client out of use (J1): at once, with a button that takes it back, where nobody loses portal access, else after a page
    that names them."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_for_update(), pk=pk)
    if client.status == Client.Status.INACTIVE:
        return see_other(request, client.get_absolute_url())
    if unread := _unread(request, client, Client.Status.INACTIVE, _("Deactivate client")):
        return unread
    client.deactivate()
    taken_back = "" if "confirmed" in request.POST else reverse("clients:restore", args=[client.pk])
    messages.success(request, _("%(client)s was deactivated.") % {"client": client}, extra_tags=taken_back)
    return see_other(request, client.get_absolute_url())


@needs(Right.DEACTIVATE)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a client back into use, where somebody gets back into the portal after a page that names them."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_for_update(), pk=pk)
    if client.status == Client.Status.INACTIVE and not client.erased_at:
        if unread := _unread(request, client, client.status_before, _("Restore client")):
            return unread
        client.restore()
        messages.success(request, _("%(client)s was restored.") % {"client": client})
    return see_other(request, client.get_absolute_url())
