"""Staff pages of the offices and departments of corporate clients: both are listed, changed, put out of use and deleted alike."""

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.rights import Right, needs
from clientdesk.search import words
from clientdesk.search_form import Words
from clientdesk.trees import walk
from clientdesk.views import CreatePage, EditPage, Screen, see_other
from clientdesk.words import search_key
from clients.models import Client
from clients.profile import client_of, profile
from contacts.models import Department, Office
from contacts.models.places import Place
from contacts.place_forms import DepartmentForm, OfficeForm, PlaceForm

# From so many on there is a field to search them; so many are shown, and so many people of one.
SEARCH_FROM, MOST_SHOWN, PEOPLE_SHOWN = 12, 300, 60


@dataclass(frozen=True)
class Kind:
    """Offices or departments: their model and form, the column that says to which office one belongs, the name of one and of several in
    addresses, and the words of their pages."""

    model: type[Place]
    form: type[PlaceForm]
    office: str
    one: str
    several: str
    title: str | Promise
    add: str | Promise
    save: str | Promise
    search: str | Promise

    def records(self, user: User) -> QuerySet[Place]:
        """Return those that have pages which `user` may see (XD33, C3)."""
        return self.model._default_manager.visible_to(user).of_corporate().select_related("client__branch", self.office)

    def list_url(self, client: Client) -> str:
        """Return the address of the client's tab."""
        return reverse(f"contacts:{self.several}", args=[client.pk])

    def add_url(self, client: Client) -> str:
        """Return the address of the form that adds one to `client`."""
        return reverse(f"contacts:add_{self.one}", args=[client.pk])

    def urls(self, place: Place) -> dict[str, str]:
        """Return the addresses of the gestures on `place` by their verb."""
        return {verb: reverse(f"contacts:{verb}_{self.one}", args=[place.pk]) for verb in ("edit", "deactivate", "restore", "delete")}


OFFICES = Kind(
    *(Office, OfficeForm, "parent", "office", "offices", gettext_lazy("Offices")),
    *(gettext_lazy("Add office"), gettext_lazy("Save office"), gettext_lazy("Name, town or e-mail")),
)
DEPARTMENTS = Kind(
    *(Department, DepartmentForm, "office", "department", "departments", gettext_lazy("Departments")),
    *(gettext_lazy("Add department"), gettext_lazy("Save department"), gettext_lazy("Name, town or e-mail")),
)


def corporate_client(pk: int, user: User) -> Client:
    """Return the client as its profile shows it. Raises Http404 for one that `user` may not see and for an individual (C3)."""
    client = client_of(pk, user)
    if client.is_individual:
        raise Http404
    return client


# --- the tabs of a client -------------------------------------------------------------------------
class PlacesOfClient(Screen):
    """S3: what the client has in use, and beneath it what is deactivated."""

    kind: ClassVar[Kind]

    def queryset(self, client: Client) -> QuerySet[Place]:
        """Return all of the client's with what a line of the list shows."""
        raise NotImplementedError

    def get(self, request: HttpRequest, client_pk: int) -> HttpResponse:
        client = corporate_client(client_pk, request.user)
        asked = Words().read(request.GET, "q")
        every = list(self.queryset(client))
        found = [place for place in every if all(word in _searched(place) for word in words(asked))]
        active, inactive = ([place for place in found if place.active is used] for used in (True, False))
        shown = active[:MOST_SHOWN]
        return self.show(
            **profile(client, self.kind.several),
            kind=self.kind,
            rows=walk(shown) if self.kind is OFFICES and not asked else [(place, 0) for place in shown],
            inactive=inactive[:MOST_SHOWN],
            left_out=len(active[MOST_SHOWN:]) + len(inactive[MOST_SHOWN:]),
            asked=asked,
            with_search=len(every) >= SEARCH_FROM,
            list_url=self.kind.list_url(client),
            add_url=self.kind.add_url(client),
        )


def _searched(place: Place) -> str:
    return search_key(place.name, place.city, place.email)


class Offices(PlacesOfClient):
    """The offices as cards, each beneath the one that it belongs to."""

    kind = OFFICES
    template_name = "contacts/office_list.html"

    def queryset(self, client: Client) -> QuerySet[Office]:
        offices = client.offices.with_contact_count().with_department_count().select_related("parent")
        for office in offices:
            office.client = client
        return offices


class Departments(PlacesOfClient):
    """The departments as a table."""

    kind = DEPARTMENTS
    template_name = "contacts/department_list.html"

    def queryset(self, client: Client) -> QuerySet[Department]:
        return client.departments.with_contact_count().select_related("office")


# --- adding and changing ---------------------------------------------------------------------------
class AddPlace(CreatePage):
    """A new office or department of a client, as a page and, where scripts run, as a dialog (C10)."""

    kind: Kind = OFFICES
    template_name = "contacts/place_add.html"
    client: Client

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.client = get_object_or_404(Client.objects.visible_to(request.user).select_related("branch"), pk=kwargs["client_pk"])

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        # What is posted is refused with a sentence: the client may have become an individual since the page was opened.
        if self.client.is_individual:
            raise Http404
        return super().get(request, **kwargs)

    def context(self, **more) -> dict[str, object]:
        return super().context(client=self.client, kind=self.kind, back_url=self.back_url(), **more)

    def back_url(self) -> str:
        """Return where Cancel leads: an individual has no such tab."""
        return self.client.get_absolute_url() if self.client.is_individual else self.kind.list_url(self.client)

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return self.kind.form(posted, instance=self.kind.model(client=self.client))

    def done_url(self, record: Model) -> str:
        return f"{self.back_url()}#{self.kind.one}-{record.pk}"


class EditPlace(EditPage):
    """An office or department, refused when somebody saved it meanwhile."""

    kind: Kind = OFFICES
    template_name = "contacts/place_edit.html"

    def queryset(self) -> QuerySet:
        return self.kind.records(self.request.user)

    def find(self, lock: bool = False) -> Model:
        if lock:
            Client.objects.filter(**{self.kind.several: self.kwargs["pk"]}).lock()
        return super().find(lock)

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return self.kind.form(posted, instance=self.record)

    def context(self, **more) -> dict[str, object]:
        return super().context(kind=self.kind, client=self.record.client, list_url=self.kind.list_url(self.record.client), **more)


# --- looking ----------------------------------------------------------------------------------------
class PlaceDetail(Screen):
    """One office or department within the profile of its client: its data, who is there, and what can be done with it."""

    kind: ClassVar[Kind]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = get_object_or_404(self.kind.records(request.user), pk=pk)
        place.client = client_of(place.client_id, request.user)
        people = list(place.contacts.active().select_related("position")[: PEOPLE_SHOWN + 1])
        return self.show(
            **profile(place.client, self.kind.several),
            kind=self.kind,
            place=place,
            people=people[:PEOPLE_SHOWN],
            more_people=len(people) > PEOPLE_SHOWN,
            reason=place.why_not_deleted,
            urls=self.kind.urls(place),
            list_url=self.kind.list_url(place.client),
            **self.more(place),
        )

    def more(self, place: Place) -> dict[str, object]:
        """Return what only pages of this kind show."""
        return {}


class OfficeDetail(PlaceDetail):
    """One office, with its departments and the offices that belong to it."""

    kind = OFFICES
    template_name = "contacts/office_detail.html"

    def more(self, place: Place) -> dict[str, object]:
        return {"departments": list(place.departments.active()[:MOST_SHOWN]), "children": list(place.children.active()[:MOST_SHOWN])}


class DepartmentDetail(PlaceDetail):
    """One department."""

    kind = DEPARTMENTS
    template_name = "contacts/department_detail.html"


# --- out of use, and gone ---------------------------------------------------------------------------
def _held(kind: Kind, pk: int, user: User) -> Place:
    """Return the record, its client's row locked; else 404."""
    place = get_object_or_404(kind.records(user), pk=pk)
    Client.objects.filter(pk=place.client_id).lock()
    return get_object_or_404(kind.records(user), pk=pk)


class DeletePlace(Screen):
    """An office or department that nothing refers to can go for good; any other stays, with the reason (invariant 5)."""

    right = Right.DEACTIVATE
    kind: Kind = OFFICES
    template_name = "contacts/place_delete.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(get_object_or_404(self.kind.records(request.user), pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = _held(self.kind, pk, request.user)
        if place.why_not_deleted:
            return self._show(place, 422)
        name, client = str(place), place.client
        try:
            with transaction.atomic():
                place.delete()
        except (ProtectedError, IntegrityError):
            # Somebody chose it in this instant.
            return self._show(get_object_or_404(self.kind.records(request.user), pk=pk), 422)
        messages.success(request, _("%(record)s was deleted.") % {"record": name})
        return see_other(request, self.kind.list_url(client))

    def _show(self, place: Place, status: int = 200) -> HttpResponse:
        return self.show(
            status,
            kind=self.kind,
            place=place,
            client=place.client,
            reason=place.why_not_deleted,
            urls=self.kind.urls(place),
            list_url=self.kind.list_url(place.client),
        )


@needs(Right.DEACTIVATE)
@require_POST
def deactivate(request: HttpRequest, pk: int, kind: Kind) -> HttpResponse:
    """Offer an office or department no more; where it was chosen it stays. The headquarters is refused (invariant 5)."""
    place = _held(kind, pk, request.user)
    try:
        if place.active:
            place.deactivate()
            messages.success(request, _("%(record)s was deactivated.") % {"record": place}, extra_tags=kind.urls(place)["restore"])
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return see_other(request, place.get_absolute_url())


@needs(Right.DEACTIVATE)
@require_POST
def restore(request: HttpRequest, pk: int, kind: Kind) -> HttpResponse:
    """Offer a deactivated office or department again."""
    place = _held(kind, pk, request.user)
    if not place.active:
        place.restore()
        messages.success(request, _("%(record)s was restored.") % {"record": place})
    return see_other(request, place.get_absolute_url())


@needs(Right.CHANGE)
@require_POST
def make_headquarters(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an office the headquarters of its client; the former one becomes an ordinary office (invariant 5)."""
    office = _held(OFFICES, pk, request.user)
    try:
        office.make_headquarters()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("%(office)s is now the headquarters.") % {"office": office})
    return see_other(request, office.get_absolute_url())
