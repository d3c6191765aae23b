"""The list of possible duplicates over the whole base: the surest first, each merged or called no duplicate; the search that finds them."""

from typing import ClassVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clientdesk import work
from clientdesk.lists import Listing
from clientdesk.models import LongRun, Pair
from clientdesk.rights import Right
from clientdesk.search import narrow
from clientdesk.search_form import SearchForm, Words
from clientdesk.views import ListPage, Screen, see_other, way_back

# So many records that hold the typed words are looked up quicker than they are asked for beside each pair.
MOST_KEYS = 4_000


class OfEither(Words):
    """Typed words that one record of a pair holds."""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the pairs of which a record holds every word."""
        records = queryset.model._meta.get_field("first").related_model._base_manager.order_by()
        holding = narrow(records, value).values_list("pk", flat=True)
        few = list(holding[: MOST_KEYS + 1])
        keys = few if len(few) <= MOST_KEYS else holding
        return queryset.filter(Q(first__in=keys) | Q(second__in=keys))


class PairSearch(SearchForm):
    """Name, number or e-mail of either record."""

    q = OfEither(label=gettext_lazy("Name, number or e-mail"))


class OfPairs(Screen):
    """A page about pairs of one kind of records. `scan` is the kind of the long run, `namespace` that of the addresses."""

    right = Right.MERGE
    pairs: ClassVar[type[Pair]]
    namespace: ClassVar[str]
    scan: ClassVar[str]

    def seen(self) -> QuerySet:
        """Return the pairs both of whose records the person may see (XD33)."""
        raise NotImplementedError

    def url(self) -> str:
        """Return the address of the list."""
        return reverse(f"{self.namespace}:duplicates")


class PairsPage(OfPairs, ListPage):
    """Every pair that is to be decided, with its reasons. `side_template` draws one record of it; `words` are `many` (“Clients”), and
    what is said while it is `searching`, once it was `searched`, where it `never` was, and where there are `none`."""

    template_name = "merging/duplicates.html"
    side_template: ClassVar[str]
    words: ClassVar[dict[str, str | Promise]]

    def queryset(self) -> QuerySet:
        return self.seen().filter(state=Pair.State.OPEN)

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s pair", "%(count)s pairs", count) % {"count": text}

    def reasons(self, pair: Pair) -> list:
        """Return why the two may be one, the strongest first."""
        raise NotImplementedError

    def list_context(self, listing: Listing) -> dict[str, object]:
        runs = LongRun.objects.filter(kind=self.scan).order_by("-id")
        running = runs.open().first()
        names = ("list", "merge", "scan_duplicates", "dismiss_pair")
        return {
            "names": {name: f"{self.namespace}:{name}" for name in names},
            "words": self.words,
            "side_template": self.side_template,
            "rows": [(pair, self.reasons(pair)) for pair in listing.rows],
            "running": running,
            "waits": work.notice() if running else "",
            "last": runs.filter(state=LongRun.State.DONE).first(),
            "dismissed": self._dismissed(),
            "failed": runs.filter(state=LongRun.State.FAILED).first() if not running else None,
        }

    def _dismissed(self) -> int | None:
        """The pair that was just called no duplicate, for Undo."""
        pk = _key(self.request.GET.get("dismissed", ""))
        mine = self.pairs.objects.filter(pk=pk, state=Pair.State.DISMISSED, decided_by=self.request.user)
        return mine.values_list("pk", flat=True).first() if pk else None


class ScanPairs(OfPairs):
    """Search the whole base for duplicates; a search that runs already is left to it."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if work.start_alone(self.scan, request.user):
            messages.success(request, _("The search for duplicates was started."))
        else:
            messages.info(request, _("The search for duplicates runs already."))
        return see_other(request, self.url())


class DismissPair(OfPairs):
    """Remember that two records are no duplicates; `undo` takes that back. They are not suggested again. `remembered` says so."""

    remembered: ClassVar[str | Promise]

    def post(self, request: HttpRequest) -> HttpResponse:
        held = self.seen().select_related("first", "second").select_for_update(of=("self",))
        pair, undo = get_object_or_404(held, pk=_key(request.POST.get("pair", ""))), "undo" in request.POST
        state = Pair.State.OPEN if undo else Pair.State.DISMISSED
        if pair.state != state:
            pair.state = state
            pair.decided_by, pair.decided_at = (None, None) if undo else (request.user, timezone.now())
            pair.save(update_fields=["state", "decided_by", "decided_at"])
        names = {"first": pair.first, "second": pair.second}
        if undo:
            messages.success(request, _("%(first)s and %(second)s are a pair to decide again.") % names)
            return see_other(request, way_back(request, self.url()))
        messages.success(request, str(self.remembered) % names)
        return see_other(request, f"{self.url()}?dismissed={pair.pk}")


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
