"""Merging two clients, what a merge did, and taking it back."""

from collections import Counter

from django.apps import apps
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clientdesk import history
from clientdesk.models import Change, Merge
from clientdesk.rights import Right, may, needs
from clientdesk.search import narrow, words
from clientdesk.views import Screen, see_other
from clients import merging
from clients.duplicates import Facts, candidates
from clients.merged import merged_into, merges, winners
from clients.merging.doing import why_not
from clients.models import Client
from clients.parted import hidden_merges

HISTORY_SHOWN = 50
KEPT_SHOWN = 10
OTHERS_SHOWN = 20
_FORM_TOO_OLD = gettext_lazy("One of the two was saved after you opened this page. Look at what stands here now and merge again.")


class MergeClients(Screen):
    """Two clients side by side: which record stays, a choice for each field that differs, and what moves; then the merge."""

    right = Right.MERGE
    template_name = "clients/client_merge.html"

    def get(self, request: HttpRequest, first: int, second: int) -> HttpResponse:
        found = self._both(first, second)
        return self._page(*found) if found else self._gone(first, second)

    def post(self, request: HttpRequest, first: int, second: int) -> HttpResponse:
        found = self._both(first, second)
        if not found:
            return self._gone(first, second)
        winner, loser = found
        versions = {first: request.POST.get("winner_version", ""), second: request.POST.get("loser_version", "")}
        try:
            made = merging.merge(first, second, request.user, request.POST.dict(), versions)
        except merging.Stale:
            # Both may have been merged in the very instant.
            found = self._both(first, second)
            return self._page(*found, status=409, problem=str(_FORM_TOO_OLD)) if found else self._gone(first, second)
        except merging.Refused as refusal:
            return self._page(winner, loser, status=422, problem=str(refusal))
        said = _("%(loser)s (%(number)s) was merged into %(winner)s.") % {
            "loser": made.loser_name,
            "number": made.loser_number,
            "winner": Client.objects.get(pk=first),
        }
        link = reverse("clients:merged", args=[made.pk])
        messages.success(request, format_html('{} <a href="{}">{}</a>', said, link, _("What was done, and undo")))
        return see_other(request, reverse("clients:detail", args=[first]))

    def _both(self, first: int, second: int) -> tuple[Client, Client] | None:
        if first == second:
            raise Http404
        seen = Client.objects.visible_to(self.request.user).select_related("branch", "category", "company_type").in_bulk([first, second])
        return (seen[first], seen[second]) if len(seen) == 2 else None

    def _page(self, winner: Client, loser: Client, status: int = 200, problem: str = "") -> HttpResponse:
        reason = why_not(winner, loser)
        shown = merging.preview(winner, loser, self.request.POST.dict()) if not reason else None
        return self.show(status, winner=winner, loser=loser, preview=shown, reason=reason, problem=problem if problem != reason else "")

    def _gone(self, first: int, second: int) -> HttpResponse:
        """Say that one of the two was merged already and lead to the client that stands for it; anything else is 404."""
        known = Client.objects.visible_to(self.request.user)
        for pk in (second, first):
            merge = merges().filter(loser_id=pk).select_related("merged_by").first()
            winner = known.filter(pk=winners([pk]).get(pk)).first() if merge else None
            if merge and winner:
                said = _("%(loser)s (%(number)s) was merged into %(winner)s by %(who)s already.") % {
                    "loser": merge.loser_name,
                    "number": merge.loser_number,
                    "winner": winner,
                    "who": merge.merged_by or "ClientDesk",
                }
                messages.info(self.request, said)
                return HttpResponseRedirect(winner.get_absolute_url(), status=302 if self.request.method in ("GET", "HEAD") else 303)
        raise Http404


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


def _merge_of(request: HttpRequest, pk: int) -> tuple[Merge, Client]:
    """Return the merge and the client that stands for it now; 404 where the person may not see that client, or the other."""
    merge = get_object_or_404(Merge.objects.select_related("merged_by", "undone_by"), pk=pk, content_type=_kind())
    now = winners([merge.winner_id]).get(merge.winner_id, merge.winner_id)
    winner = get_object_or_404(Client.objects.visible_to(request.user), pk=now)
    # After the undo the other one is a client of its own again, which not everybody may see.
    if merge.undone_at and merge in hidden_merges(Client(pk=merge.winner_id), request.user):
        raise Http404
    return merge, winner


def _kind() -> ContentType:
    return ContentType.objects.get_for_model(Client)


class Merged(Screen):
    """What one merge did: what moved, what the client that stayed got, the history of the one that went; and Undo."""

    template_name = "clients/client_merged.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        merge, winner = _merge_of(request, pk)
        return self.show(
            merge=merge,
            winner=winner,
            loser=Client.objects.visible_to(request.user).filter(pk=merge.loser_id).first(),
            moved=_moved(merge),
            entries=_history_of_loser(merge),
            obstacle="" if merge.undone_at else merging.obstacle(merge),
            may_undo=may(request.user, Right.UNDO) and not merge.undone_at,
        )


def _moved(merge: Merge) -> list[tuple[str, int]]:
    """Return how many records of each kind the merge touched, beside the two clients."""
    counted: Counter[str] = Counter()
    for step in merge.steps:
        counted[str(step["model"])] += len(step["rows"]) if step["do"] == "move" else 1
    named = [(apps.get_model(label)._meta.verbose_name_plural, count) for label, count in counted.items() if label != "clients.Client"]
    return sorted((str(name)[:1].upper() + str(name)[1:], count) for name, count in named)


def _history_of_loser(merge: Merge) -> list:
    """Return the last changes of the client that went, up to the merge."""
    changes = Change.objects.filter(content_type=merge.content_type, object_id=merge.loser_id).order_by("-id")[:HISTORY_SHOWN]
    return history.entries(changes, Client)


@needs(Right.UNDO)
@require_POST
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back as one unit; what somebody changed since stays and is named."""
    merge, _winner = _merge_of(request, pk)
    done_before = bool(merge.undone_at)
    merge, stayed, refusal = merging.undo(pk, request.user)
    if refusal:
        messages.error(request, refusal)
        return see_other(request, reverse("clients:merged", args=[pk]))
    if done_before:
        messages.info(request, _("This merge was undone already."))
        return see_other(request, reverse("clients:merged", args=[pk]))
    said = _("The merge was undone: %(client)s (%(number)s) is a client of its own again.")
    messages.success(request, said % {"client": merge.loser_name, "number": merge.loser_number})
    if stayed:
        lines = [(f"{kept.record}{f', {kept.label}' if kept.label else ''}: {kept.why}",) for kept in stayed[:KEPT_SHOWN]]
        more = _("And %(count)d more.") % {"count": len(stayed) - KEPT_SHOWN} if len(stayed) > KEPT_SHOWN else ""
        messages.warning(
            request, format_html("{}<br>{}{}", _("Some things stayed as they are now:"), format_html_join("", "{}<br>", lines), more)
        )
    return see_other(request, reverse("clients:detail", args=[merge.loser_id]))
