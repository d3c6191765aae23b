"""Merging two clients, what a merge did, and taking it back."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from clientdesk.merging.followed import merged_into
from clientdesk.merging.views import MergedPage, MergePage, UndoMerge
from clientdesk.models import Merge
from clientdesk.rights import Right
from clientdesk.search import narrow, words
from clientdesk.views import Screen
from clients.duplicates import Facts, candidates
from clients.merging import MERGER
from clients.models import Client
from clients.parted import hidden_merges

OTHERS_SHOWN = 20


class MergeClients(MergePage):
    """Two clients side by side."""

    merger, namespace = MERGER, "clients"
    template_name = "clients/client_merge.html"

    def with_details(self, records: QuerySet) -> QuerySet:
        return records.select_related("branch", "category", "company_type")


class MergeWith(Screen):
    """From the profile of a client: which other client is the same one; those that look like it, or those that the words find."""

    right = Right.MERGE
    template_name = "clients/client_merge_with.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        known = Client.objects.visible_to(request.user)
        client = get_object_or_404(known, pk=pk)
        text = request.GET.get("q", "")[:200].replace("\x00", " ").strip()
        if words(text):
            others = narrow(known.filter(kind=client.kind).exclude(pk=pk), text).order_by("name_key")[:OTHERS_SHOWN]
            found = [(other, "") for other in others]
        else:
            near = candidates(Facts.of(client), request.user, but=pk, limit=OTHERS_SHOWN)
            found = [(candidate.client, candidate.words) for candidate in near if candidate.client.kind == client.kind]
        return self.show(client=client, search_text=text, found=found, merges=merged_into(client)[:OTHERS_SHOWN])


class MergedClients(MergedPage):
    """What one merge of two clients did."""

    merger, namespace = MERGER, "clients"
    template_name = "clients/client_merged.html"

    def is_hidden(self, merge: Merge) -> bool:
        return merge in hidden_merges(Client(pk=merge.winner_id), self.request.user)


class UndoClients(UndoMerge):
    """Take a merge of two clients back."""

    merger, namespace = MERGER, "clients"
    template_name = "clients/client_merged.html"
    undone = gettext_lazy("The merge was undone: %(record)s is a client of its own again.")

    def is_hidden(self, merge: Merge) -> bool:
        return merge in hidden_merges(Client(pk=merge.winner_id), self.request.user)
