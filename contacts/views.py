"""Staff pages of contacts: the contact persons of a client, Add contact person, the contact's profile."""

from django.contrib import messages
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.forms import DeskForm
from clientdesk.lists import Listing
from clientdesk.views import CreatePage, EditPage, ListPage, Screen
from clients import custom
from clients import profile as client_profile
from clients.facts import work
from clients.models import Client
from clients.people import portal_states
from contacts import facts
from contacts.duplicate_views import tell_of_duplicates
from contacts.forms import AddContactForm, EditContactForm
from contacts.listing import OF_CLIENT
from contacts.models import Contact
from contacts.place_forms import ContactOfficesForm
from contacts.profile import contact_of, contacts_with_card, profile

# Below this many contacts a search field is in the way.
SEARCH_FROM = 12


class ContactsOfClient(ListPage):
    """S3, Contact persons: the active contacts of one client as cards, the primary one first (X21, J18); deactivated ones behind a link."""

    spec = OF_CLIENT
    template_name = "contacts/contact_of_client.html"
    client: Client

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.client = client_profile.client_of(self.kwargs["client_pk"], request.user)
        return super().get(request)

    def queryset(self) -> QuerySet:
        return self.client.contacts.all()

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("position", "default_office")

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s contact person", "%(count)s contact persons", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        contacts = self._pinned(listing) + listing.rows
        contacts = list({contact.pk: contact for contact in contacts}.values())
        states = portal_states(contacts)
        return client_profile.profile(self.client, "contacts") | {
            "cards": [(contact, states.get(contact.pk)) for contact in contacts],
            "with_search": self.client.contact_count >= SEARCH_FROM or listing.is_filtered,
        }

    def _pinned(self, listing: Listing) -> list[Contact]:
        """Return what stands first on the first page, wherever its name stands: who was just added (X23), and the primary contact."""
        if listing.previous_url or listing.is_filtered or listing.view != "active":
            return []
        added = self.request.GET.get("added", "")
        wanted = Q(is_primary=True) | Q(pk=int(added) if added.isascii() and added.isdecimal() and len(added) < 19 else 0)
        found = [contact for contact in listing.rows if contact.is_primary or str(contact.pk) == added]
        if listing.next_url:
            found = list(self.with_details(self.queryset()).active().filter(wanted))
        return sorted(found, key=lambda contact: str(contact.pk) != added)


class AddContact(CreatePage):
    """S5: a contact person of one client, as a page and, where scripts run, as a dialog (X22, X23)."""

    form_class = AddContactForm
    template_name = "contacts/contact_add.html"
    client: Client
    added: Model | None = None

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.client = get_object_or_404(Client.objects.visible_to(request.user).select_related("branch"), pk=kwargs["client_pk"])

    def context(self, **more) -> dict[str, object]:
        return super().context(client=self.client, back_url=reverse("contacts:of_client", args=[self.client.pk]), **more)

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return AddContactForm(posted, client=self.client)

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        response = super().post(request, **kwargs)
        if isinstance(self.added, Contact):
            tell_of_duplicates(request, self.added)
            if self.added.no_crm_emails:
                said = _("%(contact)s gets no CRM e-mails: somebody who had this address before wanted none.")
                messages.warning(request, said % {"contact": self.added})
        return response

    def done_url(self, record: Model) -> str:
        self.added = record
        return f"{reverse('contacts:of_client', args=[self.client.pk])}?added={record.pk}#contact-{record.pk}"


class ContactDetail(Screen):
    """S4, Main data, to be looked at (X25, X32 to X36, X39)."""

    template_name = "contacts/contact_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = contact_of(pk, request.user)
        client = contact.client
        return self.show(
            **profile(contact, "main"),
            offices=[] if client.is_individual else list(contact.offices.all()),
            may_change_offices=contact.offices_can_be_changed,
            person=facts.person(contact),
            reaching=facts.reaching(contact),
            work=work(contact),
            sales=facts.sales(contact),
            noted=facts.noted(contact, custom.facts(contact, client.company_type_id, client.category_id)),
        )


class EditContactPage(EditPage):
    """A form over a contact; the client's row is locked before the contact's, as by every gesture that concerns several of its rows."""

    def queryset(self) -> QuerySet:
        return contacts_with_card(self.request.user)

    def find(self, lock: bool = False) -> Model:
        if lock:
            Client.objects.filter(contacts=self.kwargs["pk"]).lock()
        return super().find(lock)

    def context(self, **more) -> dict[str, object]:
        return super().context(**profile(self.record, "main"), **more)


class EditContact(EditContactPage):
    """S4, Main data, to be changed; refused when somebody saved it meanwhile."""

    form_class = EditContactForm
    template_name = "contacts/contact_edit.html"


class EditOffices(EditContactPage):
    """The button Change of Main data: which offices of its client the contact belongs to, and the default one (X37, X38)."""

    form_class = ContactOfficesForm
    template_name = "contacts/contact_offices.html"

    def find(self, lock: bool = False) -> Model:
        contact = super().find(lock)
        if not contact.offices_can_be_changed:
            raise Http404
        return contact
