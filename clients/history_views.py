"""The history of a client: every change, who and when, old and new."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, ngettext

from clientdesk import history
from clientdesk.lists import Listing, ListSpec, Sort
from clientdesk.models import Change
from clientdesk.search_form import OneOf, SearchForm
from clientdesk.views import ListPage
from clients.models import Client
from clients.profile import client_of, profile


class HistoryFilter(SearchForm):
    """One field of a client, for its history."""

    field = OneOf(label=gettext_lazy("Field"), column="field", choices=lambda: history.field_choices(Client))

    def filter(self, queryset: QuerySet) -> QuerySet:
        """Return the changes that touched the chosen field."""
        for name in self.chosen.get("field", []):
            queryset = history.touching(queryset, Client, name)
        return queryset


class ClientHistory(ListPage):
    """S3, History: every change of the client, who, when, old and new, filtered by field."""

    template_name = "clients/client_history.html"
    spec = ListSpec(model=Change, sorts=(Sort("age", ("id",), "change_by_record", down=True),), form=HistoryFilter)
    client: Client

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.client = client_of(self.kwargs["pk"], request.user)
        return super().get(request)

    def queryset(self) -> QuerySet:
        return history.changes_of(self.client)

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s change", "%(count)s changes", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        return profile(self.client, "history") | {"entries": history.entries(listing.rows, Client)}
