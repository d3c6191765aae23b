"""The radar of duplicates as pages: while typing, before adding, after editing, and the list of pairs over the whole base."""

from typing import ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.lists import ListSpec, Sort
from clientdesk.merging.pair_views import DismissPair, OfPairs, PairSearch, PairsPage, ScanPairs
from clientdesk.models import Pair
from clients.duplicates import Facts, asked_about
from clients.duplicates.reasons import read
from clients.models import Client, DuplicatePair
from clients.restricted import seen_by

SCAN = "duplicates_scan"


class AsksFirst:
    """A CreatePage for clients that asks once before it adds one that looks like another; nothing typed is lost meanwhile."""

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            found = asked_about(Facts.of(form.instance), request.user, despite=request.POST.get("despite", "").split(","))
            # A name that was taken in this instant is refused by the form.
            if found and all(candidate.client.name_key != form.instance.name_key for candidate in found):
                asked = ",".join(str(candidate.client.pk) for candidate in found)
                return self.show(422, form=form, suspects=found, asked=asked, another="another" in request.POST)
        return super().post(request, **kwargs)


class TellsAfter:
    """An EditPage for clients that says after saving which client the saved one looks like; pairs called no duplicates are not."""

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        response = super().post(request, **kwargs)
        saved = response.status_code in (204, 303) and str(self.record.version) != request.POST.get("version")
        if saved and isinstance(self.record, Client):
            tell_of_duplicates(request, self.record)
        return response


def tell_of_duplicates(request: HttpRequest, client: Client) -> None:
    """Say after `client` was saved which other client it looks like."""
    for candidate in asked_about(Facts.of(client), request.user, but=client.pk)[:1]:
        other = candidate.client
        sentence = _("%(client)s looks like %(other)s (%(number)s): %(reasons)s.") % {
            "client": client,
            "other": other,
            "number": other.number,
            "reasons": candidate.words,
        }
        messages.warning(request, format_html('{} <a href="{}">{}</a>', sentence, other.get_absolute_url(), _("Open it")))


class _ClientPairs(OfPairs):
    pairs, namespace, scan = DuplicatePair, "clients", SCAN

    def seen(self) -> QuerySet:
        user = self.request.user
        return DuplicatePair.objects.filter(seen_by(user, "first__")).filter(seen_by(user, "second__"))


class DuplicatePairs(_ClientPairs, PairsPage):
    """Every pair of clients that may be one, the surest first, with the reasons; each is merged or called no duplicate."""

    side_template = "clients/_pair_side.html"
    words: ClassVar[dict[str, str | Promise]] = {
        "many": gettext_lazy("Clients"),
        "searching": gettext_lazy("All clients are being searched. Pairs appear here as they are found; you may leave this page."),
        "searched": gettext_lazy("All clients were searched"),
        "never": gettext_lazy(
            "A search compares all clients by tax number, phone, domain and the distinctive words of their names. "
            "It runs in the background."
        ),
        "none": gettext_lazy("No two clients look like one."),
    }
    spec = ListSpec(
        model=DuplicatePair,
        sorts=(Sort("strength", ("strength", "id"), "duplicatepair_by_strength", down=True),),
        form=PairSearch,
        page_size=25,
    )

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("first__branch", "second__branch")

    def reasons(self, pair: Pair) -> list:
        return read(pair.reasons)


class ScanClients(_ClientPairs, ScanPairs):
    """Search all clients for duplicates."""


class DismissClients(_ClientPairs, DismissPair):
    """Remember that two clients are no duplicates."""

    remembered = gettext_lazy("%(first)s and %(second)s are remembered as two clients.")
