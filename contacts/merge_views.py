"""Merging two contacts, what a merge did, and taking it back."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from clientdesk.merging.followed import merged_into
from clientdesk.merging.views import MergedPage, MergePage, UndoMerge
from clientdesk.rights import Right
from clientdesk.search import narrow, words
from clientdesk.views import Screen
from contacts.duplicates import candidates
from contacts.merging_contacts import MERGER
from contacts.models import Contact
from contacts.profile import contact_of, profile

OTHERS_SHOWN = 20


class MergeContacts(MergePage):
    """Two contacts side by side."""

    merger, namespace = MERGER, "contacts"
    template_name = "contacts/contact_merge.html"

    def with_details(self, records: QuerySet) -> QuerySet:
        return records.select_related("client", "position", "department", "default_office", "access")


class MergeWith(Screen):
    """From the profile of a contact: which other contact is the same person; those that look like it, or those that the words find."""

    right = Right.MERGE
    template_name = "contacts/contact_merge_with.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = contact_of(pk, request.user)
        known = Contact.objects.visible_to(request.user).filter(erased_at=None).exclude(pk=pk).select_related("client")
        text = request.GET.get("q", "")[:200].replace("\x00", " ").strip()
        if words(text):
            found = [(other, "") for other in narrow(known, text).order_by("sort_key", "id")[:OTHERS_SHOWN]]
        else:
            near = candidates(contact, request.user, limit=OTHERS_SHOWN, weakest=1)
            found = [(candidate.contact, candidate.words) for candidate in near]
        merges = merged_into(contact).only("loser_name", "merged_at")[:OTHERS_SHOWN]
        return self.show(**profile(contact, ""), search_text=text, found=found, merges=merges)


class MergedContacts(MergedPage):
    """What one merge of two contacts did."""

    merger, namespace = MERGER, "contacts"
    template_name = "contacts/contact_merged.html"


class UndoContacts(UndoMerge):
    """Take a merge of two contacts back."""

    merger, namespace = MERGER, "contacts"
    template_name = "contacts/contact_merged.html"
    undone = gettext_lazy("The merge was undone: %(record)s is a contact of its own again.")
