"""The radar of duplicates among contacts as pages: what is said after adding one, and the list of pairs over the whole base."""

from typing import ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.lists import ListSpec, Sort
from clientdesk.merging.pair_views import DismissPair, OfPairs, PairSearch, PairsPage, ScanPairs
from clientdesk.models import Pair
from clients.restricted import seen_by
from contacts.duplicates import candidates, read
from contacts.duplicates.scanning import KIND
from contacts.models import Contact, ContactPair


def tell_of_duplicates(request: HttpRequest, contact: Contact) -> None:
    """Say after `contact` was saved which other contact, of whichever client the person sees, may be the same person. It refuses
    nothing: somebody may well work for two clients."""
    for candidate in candidates(contact, request.user, limit=1):
        other = candidate.contact
        shown = {"contact": contact, "other": other, "client": other.client, "reasons": candidate.words}
        sentence = _("%(contact)s may be the same person as %(other)s of %(client)s: %(reasons)s.") % shown
        messages.warning(request, format_html('{} <a href="{}">{}</a>', sentence, other.get_absolute_url(), _("Open it")))


class _ContactPairs(OfPairs):
    pairs, namespace, scan = ContactPair, "contacts", KIND

    def seen(self) -> QuerySet:
        user = self.request.user
        return ContactPair.objects.filter(seen_by(user, "first__client__")).filter(seen_by(user, "second__client__"))


class DuplicatePairs(_ContactPairs, PairsPage):
    """Every pair of contacts that may be one person, the surest first, with the reasons; each is merged or called no duplicate."""

    side_template = "contacts/_pair_side.html"
    words: ClassVar[dict[str, str | Promise]] = {
        "many": gettext_lazy("Contacts"),
        "searching": gettext_lazy("All contacts are being searched. Pairs appear here as they are found; you may leave this page."),
        "searched": gettext_lazy("All contacts were searched"),
        "never": gettext_lazy("A search compares all contacts by name, e-mail and phone. It runs in the background."),
        "none": gettext_lazy("No two contacts look like one person."),
    }
    spec = ListSpec(
        model=ContactPair,
        sorts=(Sort("strength", ("strength", "id"), "contactpair_by_strength", down=True),),
        form=PairSearch,
        page_size=25,
    )

    def with_details(self, queryset: QuerySet) -> QuerySet:
        sides = ("client", "position")
        return queryset.select_related(*(f"{one}__{side}" for one in ("first", "second") for side in sides))

    def reasons(self, pair: Pair) -> list:
        return read(pair.reasons)


class ScanContacts(_ContactPairs, ScanPairs):
    """Search all contacts for duplicates."""


class DismissContacts(_ContactPairs, DismissPair):
    """Remember that two contacts are two persons."""

    remembered = gettext_lazy("%(first)s and %(second)s are remembered as two persons.")
