"""The contact's own company in the portal: its colleagues, its data, and who is responsible for it (8.4, XD30)."""

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from clientdesk.forms import DeskForm
from clientdesk.lists import Listing, ListSpec, Sort
from clientdesk.search_form import SearchForm, Words
from clientdesk.views import CreatePage, EditPage
from clients.models import Client
from contacts.models import Contact
from portal.company_forms import AddColleagueForm, CompanyForm, EditColleagueForm
from portal.doors import needs
from portal.helping import people_of
from portal.models import ContactAccess
from portal.pages import PortalList
from portal.rights import Right


class ColleagueSearch(SearchForm):
    """Words of a name."""

    q = Words(label=gettext_lazy("Name"), column="sort_key")


COLLEAGUES = ListSpec(model=Contact, sorts=(Sort("name", ("sort_key", "id"), "contact_of_client"),), form=ColleagueSearch, page_size=25)


@needs(Right.COLLEAGUES_VIEW)
class Colleagues(PortalList):
    """The active contacts of the same client with their names and how they are reached; nothing that staff noted about them."""

    spec = COLLEAGUES
    template_name = "portal/colleagues.html"

    def seen(self) -> QuerySet:
        return Contact.objects.active().filter(client__in=[self.access.contact.client_id])

    def with_details(self, queryset: QuerySet) -> QuerySet:
        # Pictures are handed out by the back office only, so the initials stand for everybody.
        return queryset.select_related("position", "department", "default_office").defer("photo")

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s person", "%(count)s people", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        return {"may_add": _may_add(self.access), "may_edit": self.access.may(Right.COLLEAGUES_EDIT)}


def _may_add(access: ContactAccess) -> bool:
    # An individual is one person (invariant 4).
    return access.may(Right.COLLEAGUES_ADD) and not access.contact.client.is_individual


@needs(Right.COLLEAGUES_VIEW, Right.COLLEAGUES_ADD)
class AddColleague(CreatePage):
    """Somebody who works for the same client; whether the person is let in is for staff to say (J7)."""

    template_name = "portal/colleague_form.html"

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        access = self.request.access
        if not _may_add(access):
            raise PermissionDenied(_("You are the only person of this account. Ask us if somebody else is to join you."))
        return AddColleagueForm(posted, access=access)

    def done_url(self, record: Model) -> str:
        return reverse("portal:colleagues")

    def done_sentence(self, record: Model) -> str:
        return _("%(name)s was added to your colleagues. Ask us if the person is to come into the portal, too.") % {"name": record}


@needs(Right.COLLEAGUES_VIEW, Right.COLLEAGUES_EDIT)
class EditColleague(EditPage):
    """Name and ways to reach a colleague; one's own are under the profile."""

    template_name = "portal/colleague_form.html"
    conflict_template = "portal/conflict.html"

    def queryset(self) -> QuerySet:
        """Return the colleagues of now; with a lock no joined row is asked for."""
        own = self.request.access.contact
        return Contact.objects.active().filter(client__in=[own.client_id], erased_at=None).exclude(pk=own.pk)

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return EditColleagueForm(posted, access=self.request.access, instance=self.record)

    def done_url(self) -> str:
        return reverse("portal:colleagues")


@needs(Right.COMPANY_VIEW, Right.COMPANY_EDIT)
class EditCompany(EditPage):
    """How the contact's client is reached, and its addresses; its names are ours to change (X8, X9)."""

    form_class = CompanyForm
    template_name = "portal/company_edit.html"
    conflict_template = "portal/conflict.html"

    def find(self, lock: bool = False) -> Model:
        found = Client.objects.select_related("branch").filter(erased_at=None)
        return get_object_or_404(found.select_for_update(of=("self",)) if lock else found, pk=self.request.access.contact.client_id)

    def done_url(self) -> str:
        return reverse("portal:company")

    def saved_sentence(self) -> str:
        """The client's name is ours alone (X8)."""
        return _("The company data were saved.")


@needs(Right.COMPANY_VIEW)
@require_http_methods(["GET", "HEAD"])
def company(request: HttpRequest) -> HttpResponse:
    """The legal name, the addresses and numbers of the contact's client, its offices, and who of us is responsible for it."""
    client = request.access.contact.client
    shown = {
        "client": client,
        "client_name": request.access.client_name,
        "offices": [] if client.is_individual else list(client.offices.filter(active=True).order_by("-is_headquarters", "name")),
        "people": people_of(client),
        "may_edit": request.access.may(Right.COMPANY_EDIT),
    }
    return render(request, "portal/company.html", shown)
