"""The contact's own company in the portal: its colleagues, its data, and who is responsible for it (8.4, XD30)."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clientdesk.lists import ListSpec, Sort
from clientdesk.search_form import SearchForm, Words
from contacts.models import Contact
from portal.doors import needs
from portal.helping import people_of
from portal.pages import PortalList
from portal.rights import Right


class ColleagueSearch(SearchForm):
    """Words of a name."""

    q = Words(label=_("Name"), column="sort_key")


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
    }
    return render(request, "portal/company.html", shown)
