"""The history of a contact: every change of the person, its offices and its portal access."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, ngettext

from clientdesk import history
from clientdesk.lists import Listing, ListSpec, Sort
from clientdesk.models import Change
from clientdesk.search_form import OneOf, SearchForm
from clientdesk.views import ListPage
from clients.models import Client
from contacts.models import Contact
from contacts.profile import contact_of, profile


class ContactHistoryFilter(SearchForm):
    """One field of a contact, or what hangs on it."""

    field = OneOf(label=gettext_lazy("Field"), column="field", choices=lambda: history.field_choices(Contact))

    def filter(self, queryset: QuerySet, by_index: bool = True) -> QuerySet:
        """Return the changes that touched the chosen field."""
        for name in self.chosen.get("field", []):
            queryset = history.touching(queryset, Contact, name)
        return queryset


class ContactHistory(ListPage):
    """S4, History: who changed what of the contact, and when."""

    template_name = "contacts/contact_history.html"
    spec = ListSpec(model=Change, sorts=(Sort("age", ("id",), "change_by_record", down=True),), form=ContactHistoryFilter)
    contact: Contact

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.contact = contact_of(self.kwargs["pk"], request.user)
        return super().get(request)

    def queryset(self) -> QuerySet:
        return history.whole_history_of(self.contact)

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s change", "%(count)s changes", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        # A merge that was undone, or an import, may have let the person be with a client that is not for everybody (XD33).
        seen = {Client: Client.objects.visible_to(self.request.user)}
        entries = history.entries(listing.rows, Contact, seen=seen)
        return profile(self.contact, "history") | {"entries": entries}
