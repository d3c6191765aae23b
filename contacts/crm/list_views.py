"""The pages that list actions: My actions, the tab CRM of a contact and of a client (X70, X71)."""

from datetime import date

from django.db.models import IntegerField, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext

from clientdesk.lists import Listing
from clientdesk.tables.plain import ListFile
from clientdesk.views import ListPage
from clients import profile as client_profile
from clients.models import Client
from contacts.crm.files import ACTIONS_FILE
from contacts.crm.listing import DONE, MY_ACTIONS
from contacts.models import Contact, CrmAction
from contacts.profile import contact_of, profile

# More planned actions than these of one contact or client are found in the list.
_MOST_PLANNED = 50


class MyActions(ListPage):
    """What the person is to do and did, and in one tab what everybody does."""

    spec = MY_ACTIONS
    template_name = "crm/action_list.html"

    def queryset(self) -> QuerySet:
        reader = Value(self.request.user.pk, output_field=IntegerField())
        return CrmAction.objects.visible_to(self.request.user).annotate(reader=reader)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("client", "contact", "assigned_to")

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s action", "%(count)s actions", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        day = listing.form.chosen.get("day", "")
        shown = {"day": date.fromisoformat(day) if day else None, "all_days_url": listing.url(day="")}
        return shown | {"file": ACTIONS_FILE.offered(listing)}


class ExportActions(ListFile, MyActions):
    """The actions of the list as a file."""

    file = ACTIONS_FILE


class ActionsOf(ListPage):
    """The actions of one record: what is planned on top, what was done beneath, page by page."""

    spec = DONE

    def all(self) -> QuerySet:
        """Return every action of the record."""
        raise NotImplementedError

    def frame(self) -> dict[str, object]:
        """Return what the profile of the record shows, and the addresses of Add and Write."""
        raise NotImplementedError

    def queryset(self) -> QuerySet:
        return self.all().exclude(status=CrmAction.Status.PLANNED)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("contact", "assigned_to", "mail")

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s action done", "%(count)s actions done", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        planned = self.with_details(self.all().planned()).order_by("sort_at", "pk")
        return self.frame() | {"planned": list(planned[:_MOST_PLANNED])}


class ActionsOfContact(ActionsOf):
    """S4, CRM: the actions of one contact (X70)."""

    template_name = "crm/of_contact.html"
    contact: Contact

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.contact = contact_of(self.kwargs["pk"], request.user)
        return super().get(request)

    def all(self) -> QuerySet:
        return CrmAction.objects.filter(contact=self.contact)

    def frame(self) -> dict[str, object]:
        asked = f"?contact={self.contact.pk}"
        addresses = {"add_url": reverse("crm:add") + asked, "write_url": reverse("crm:mail") + asked}
        return profile(self.contact, "crm") | addresses


class ActionsOfClient(ActionsOf):
    """S3, CRM: the actions of a client and of all its contacts (X71)."""

    template_name = "crm/of_client.html"
    client: Client

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.client = client_profile.client_of(self.kwargs["pk"], request.user)
        return super().get(request)

    def all(self) -> QuerySet:
        return CrmAction.objects.filter(client=self.client)

    def frame(self) -> dict[str, object]:
        asked = f"?client={self.client.pk}"
        addresses = {"add_url": reverse("crm:add") + asked, "write_url": reverse("crm:mail") + asked, "of_client": True}
        return client_profile.profile(self.client, "crm") | addresses
