"""What staff ask of visibility: what an account can reach, why a person sees an item, who sees an item (issue 7, part 3).

Every answer comes from portal/explaining.py, which asks the functions that the portal itself asks.
"""

from typing import ClassVar

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clientdesk.lists import Column, Listing, ListSpec, Sort, count_text, counts
from clientdesk.rights import may
from clientdesk.views import ListPage, Screen
from clients.profile import Tab
from contacts.models import Contact
from contacts.profile import contact_of, profile
from jobs.models import Item, Job, Project, Quote
from portal import reasons, viewing
from portal.explaining import access_of, accesses_of, explain, explain_contacts, explain_items, find_item
from portal.models import ContactAccess
from portal.rights import Right as PortalRight
from portal.visibility import VIEW, visible, visible_documents

_PAGE = 25
_KINDS = {
    Quote: (gettext_lazy("Quotes"), "access:reach_quotes"),
    Project: (gettext_lazy("Projects"), "access:reach_projects"),
    Job: (gettext_lazy("Jobs"), "access:reach_jobs"),
}
# Beside those three, what hangs on them.
_DOCUMENTS = {"files": (gettext_lazy("Files"), PortalRight.FILES_VIEW), "invoices": (gettext_lazy("Invoices"), PortalRight.INVOICES_VIEW)}


def _spec(model: type[Item]) -> ListSpec:
    """Return the list of the items of one kind: those that the person sees, or all of the client's, the newest first."""
    return ListSpec(
        model=model,
        sorts=(Sort("newest", ("id",), "", down=True),),
        columns=(
            Column(gettext_lazy("Number and name")),
            Column(gettext_lazy("Status"), css="p2"),
            Column(gettext_lazy("Office"), css="p1"),
            Column(gettext_lazy("Contact person"), css="p3"),
            Column(gettext_lazy("Seen")),
        ),
        views={
            "seen": (gettext_lazy("Seen"), lambda items, chosen: items.filter(is_reached=True)),
            "all": (gettext_lazy("All of the client"), lambda items, chosen: items),
        },
        page_size=_PAGE,
    )


REACH = {model: _spec(model) for model in VIEW}
VIEWERS = ListSpec(
    model=Contact,
    sorts=(Sort("name", ("sort_key", "id"), "contact_of_client"),),
    columns=(Column(gettext_lazy("Contact person")), Column(gettext_lazy("Access level"), css="p1"), Column(gettext_lazy("Seen"))),
    page_size=_PAGE,
)


def frame(contact: Contact, access: ContactAccess, request: HttpRequest) -> dict[str, object]:
    """Return what each page about one contact's reach shows beside its own: the profile's head and tabs, the door, whether this
    person may look at the portal as the contact."""
    found = profile(contact, "account")
    may_look = may(request.user, viewing.RIGHT)
    return found | {"reader": access, "door": reasons.door(access), "may_look": may_look}


class Reach(ListPage):
    """What an account can reach: how much of each kind, and the items of one kind, page by page, each with yes or no."""

    spec: ClassVar[ListSpec] = REACH[Quote]
    template_name = "portal/reach.html"
    contact: Contact
    access: ContactAccess

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.contact = contact_of(self.kwargs["pk"], request.user)
        self.access = access_of(self.contact)
        return super().get(request)

    def queryset(self) -> QuerySet:
        model = self.spec.model
        reached = visible(model.objects.filter(pk=OuterRef("pk")), self.access)
        items = model.objects.visible_to(self.request.user).filter(client=self.contact.client_id)
        return items.annotate(is_reached=Exists(reached))

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("client", "office", "department", "contact")

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s item", "%(count)s items", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        found = self._counted()
        kinds = [
            Tab(str(label), reverse(url, args=[self.contact.pk]), model is self.spec.model, count_text(found[model.__name__]))
            for model, (label, url) in _KINDS.items()
        ]
        rest = [(label, count_text(found[name]) if self.access.may(right) else None) for name, (label, right) in _DOCUMENTS.items()]
        shown = {"explanations": explain_items(listing.rows, self.access), "kinds": kinds, "rest": rest}
        return frame(self.contact, self.access, self.request) | shown

    def _counted(self) -> dict[str, int]:
        """Return how much of each kind the person sees, in one statement."""
        documents = visible_documents(self.access)
        asked = {model.__name__: visible(model.objects, self.access) for model in VIEW}
        asked |= {"files": documents.exclude(kind="invoice"), "invoices": documents.filter(kind="invoice")}
        return counts(asked)


class Why(Screen):
    """Why a person sees an item of the number `?item=J-00012`, or why not; without one the number is asked for."""

    template_name = "portal/why.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = contact_of(pk, request.user)
        access, text = access_of(contact), request.GET.get("item", "")[:100].strip()
        item = find_item(text, request.user) if text else None
        shown = frame(contact, access, request) | {"wanted": text, "unknown": bool(text) and item is None}
        return self.show(**shown, explanation=explain(item, access) if item else None)


class Viewers(ListPage):
    """Which contact persons of its client see an item in the portal, each with yes or no and the reason."""

    spec = VIEWERS
    template_name = "portal/viewers.html"
    model: ClassVar[type[Item]] = Job
    item: Item

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        items = self.model.objects.visible_to(request.user).select_related("client", "office", "department", "contact")
        self.item = get_object_or_404(items, pk=self.kwargs["pk"])
        return super().get(request)

    def queryset(self) -> QuerySet:
        return Contact.objects.active().filter(client=self.item.client_id)

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s contact person", "%(count)s contact persons", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        found = explain_contacts(self.item, accesses_of(listing.rows))
        label, _url = _KINDS[self.model]
        return {
            "item": self.item,
            "explanations": found,
            "to_item": reasons.to_item(self.item),
            "kind_label": label,
            "here": _("Who sees it"),
        }
