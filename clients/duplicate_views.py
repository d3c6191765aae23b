"""The radar of duplicates as pages: while typing, before adding, after editing, and the list of pairs over the whole base."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from clientdesk import work
from clientdesk.lists import Listing, ListSpec, Sort
from clientdesk.models import LongRun
from clientdesk.rights import Right, needs
from clientdesk.search import narrow
from clientdesk.search_form import SearchForm, Words
from clientdesk.views import ListPage, see_other, way_back
from clients.duplicates import Facts, asked_about
from clients.duplicates.reasons import read
from clients.models import Client, DuplicatePair
from clients.restricted import seen_by

SCAN = "duplicates_scan"
# So many clients that hold the typed words are looked up quicker than they are asked for beside each pair.
MOST_KEYS = 4_000


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


class OfEither(Words):
    """Typed words that one client of a pair holds."""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the pairs of which a client holds every word."""
        holding = narrow(Client.objects.order_by(), value).values_list("pk", flat=True)
        few = list(holding[: MOST_KEYS + 1])
        keys = few if len(few) <= MOST_KEYS else holding
        return queryset.filter(Q(first__in=keys) | Q(second__in=keys))


class PairSearch(SearchForm):
    """Name, number or e-mail of either client."""

    q = OfEither(label=gettext_lazy("Name, number or e-mail"))


class DuplicatePairs(ListPage):
    """Every pair of clients that may be one, the surest first, with the reasons; each is merged or called no duplicate."""

    right = Right.MERGE
    template_name = "clients/client_duplicates.html"
    spec = ListSpec(
        model=DuplicatePair,
        sorts=(Sort("strength", ("strength", "id"), "duplicatepair_by_strength", down=True),),
        form=PairSearch,
        page_size=25,
    )

    def queryset(self) -> QuerySet:
        user = self.request.user
        pairs = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN)
        return pairs.filter(seen_by(user, "first__")).filter(seen_by(user, "second__"))

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("first__branch", "second__branch")

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s pair", "%(count)s pairs", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        runs = LongRun.objects.filter(kind=SCAN).order_by("-id")
        running = runs.open().first()
        return {
            "rows": [(pair, read(pair.reasons)) for pair in listing.rows],
            "running": running,
            "waits": work.notice() if running else "",
            "last": runs.filter(state=LongRun.State.DONE).first(),
            "dismissed": self._dismissed(),
            "failed": runs.filter(state=LongRun.State.FAILED).first() if not running else None,
        }

    def _dismissed(self) -> int | None:
        """The pair that was just called no duplicate, for Undo."""
        key = self.request.GET.get("dismissed", "")
        pk = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0
        mine = DuplicatePair.objects.filter(pk=pk, state=DuplicatePair.State.DISMISSED, decided_by=self.request.user)
        return mine.values_list("pk", flat=True).first() if pk else None


@needs(Right.MERGE)
@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Search the whole base for duplicates; a search that runs already is left to it."""
    if work.start_alone(SCAN, request.user):
        messages.success(request, _("The search for duplicates was started."))
    else:
        messages.info(request, _("The search for duplicates runs already."))
    return see_other(request, reverse("clients:duplicates"))


def _pair(request: HttpRequest) -> DuplicatePair:
    key = request.POST.get("pair", "")
    pk = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0
    seen = DuplicatePair.objects.filter(seen_by(request.user, "first__")).filter(seen_by(request.user, "second__"))
    return get_object_or_404(seen.select_related("first", "second").select_for_update(of=("self",)), pk=pk)


@needs(Right.MERGE)
@require_POST
def dismiss_pair(request: HttpRequest) -> HttpResponse:
    """Remember that two clients are no duplicates; `undo` takes that back. They are not suggested again."""
    pair, undo = _pair(request), "undo" in request.POST
    state = DuplicatePair.State.OPEN if undo else DuplicatePair.State.DISMISSED
    if pair.state != state:
        pair.state = state
        pair.decided_by, pair.decided_at = (None, None) if undo else (request.user, timezone.now())
        pair.save(update_fields=["state", "decided_by", "decided_at"])
    names = {"first": pair.first, "second": pair.second}
    back = way_back(request, reverse("clients:duplicates"))
    if undo:
        messages.success(request, _("%(first)s and %(second)s are a pair to decide again.") % names)
        return see_other(request, back)
    messages.success(request, _("%(first)s and %(second)s are remembered as two clients.") % names)
    return see_other(request, f"{reverse('clients:duplicates')}?dismissed={pair.pk}")
