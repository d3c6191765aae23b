"""Merging two records, what a merge did, and taking it back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from django.apps import apps
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import history
from clientdesk.consequences import Consequence, fingerprint
from clientdesk.merging.followed import merges, winners
from clientdesk.merging.merger import Merger, Refused, Stale, Unread
from clientdesk.models import Change, Merge
from clientdesk.rights import Right, may
from clientdesk.views import Screen, see_other

HISTORY_SHOWN = 50
KEPT_SHOWN = 10
_FORM_TOO_OLD = gettext_lazy("One of the two was saved after you opened this page. Look at what stands here now and merge again.")
_MORE_HAPPENS = gettext_lazy("Nothing was merged yet. Read at the end of this page what else happens with what you chose, then merge.")


class OfMerger(Screen):
    """A page about merges of one kind of records; `namespace` is that of their addresses."""

    merger: ClassVar[Merger]
    namespace: ClassVar[str]

    def context(self, **more) -> dict[str, object]:
        names = {name: f"{self.namespace}:{name}" for name in ("merge", "duplicates", "undo_merge")}
        return super().context(names=names, **more)

    def url(self, name: str, *keys: int) -> str:
        """Return the address of the page `name`."""
        return reverse(f"{self.namespace}:{name}", args=keys)


class MergePage(OfMerger):
    """Two records side by side: which one stays, a choice for each field that differs, and what moves; then the merge."""

    right = Right.MERGE

    def with_details(self, records):
        """Return `records` with what the page shows of each."""
        return records

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
            made = self.merger.merge(first, second, request.user, request.POST.dict(), versions)
        except Stale:
            # Both may have been merged in the very instant.
            found = self._both(first, second)
            return self._page(*found, status=409, problem=str(_FORM_TOO_OLD)) if found else self._gone(first, second)
        except Unread as unread:
            return self._page(winner, loser, status=422, problem=str(_MORE_HAPPENS), met=unread.consequences)
        except Refused as refusal:
            return self._page(winner, loser, status=422, problem=str(refusal))
        winner = self.merger.model._default_manager.get(pk=first)
        said = _("%(loser)s was merged into %(winner)s.") % {"loser": self.merger.called(made), "winner": winner}
        link = self.url("merged", made.pk)
        messages.success(request, format_html('{} <a href="{}">{}</a>', said, link, _("What was done, and undo")))
        return see_other(request, winner.get_absolute_url())

    def _both(self, first: int, second: int) -> tuple[Model, Model] | None:
        if first == second:
            raise Http404
        seen = self.with_details(self.merger.seen(self.request.user)).in_bulk([first, second])
        return (seen[first], seen[second]) if len(seen) == 2 else None

    def _page(
        self, winner: Model, loser: Model, status: int = 200, problem: str = "", met: Sequence[Consequence] | None = None
    ) -> HttpResponse:
        """Show the two side by side; `met` is all that the merge means where it was tried."""
        reason = self.merger.why_not(winner, loser)
        shown = self.merger.preview(winner, loser, self.request.POST.dict()) if not reason else None
        if shown and met is not None:
            shown = replace(shown, consequences=list(met))
        return self.show(status, winner=winner, loser=loser, preview=shown, reason=reason, problem=problem if problem != reason else "")

    def _gone(self, first: int, second: int) -> HttpResponse:
        """Say that one of the two was merged already and lead to the record that stands for it; anything else is 404."""
        known = self.merger.seen(self.request.user)
        for pk in (second, first):
            merge = merges(self.merger.model).filter(loser_id=pk).select_related("merged_by").first()
            winner = known.filter(pk=winners([pk], self.merger.model).get(pk)).first() if merge else None
            if merge and winner:
                said = _("%(loser)s was merged into %(winner)s by %(who)s already.") % {
                    "loser": self.merger.called(merge),
                    "winner": winner,
                    "who": merge.merged_by or "ClientDesk",
                }
                messages.info(self.request, said)
                return HttpResponseRedirect(winner.get_absolute_url(), status=302 if self.request.method in ("GET", "HEAD") else 303)
        raise Http404


class OneMerge(OfMerger):
    """The page about one merge: what moved, what the record that stayed got, the history of the one that went; and Undo."""

    def find(self, pk: int) -> tuple[Merge, Model]:
        """Return the merge and the record that stands for it now; 404 where the person may not see that one, or the other."""
        kind = ContentType.objects.get_for_model(self.merger.model)
        merge = get_object_or_404(Merge.objects.select_related("merged_by", "undone_by"), pk=pk, content_type=kind)
        now = winners([merge.winner_id], self.merger.model).get(merge.winner_id, merge.winner_id)
        winner = get_object_or_404(self.merger.seen(self.request.user), pk=now)
        if merge.undone_at and self.is_hidden(merge):
            raise Http404
        return merge, winner

    def is_hidden(self, merge: Merge) -> bool:
        """Say whether after the undo the other one is a record of its own again that the person may not see."""
        loser = self.merger.model._default_manager.filter(pk=merge.loser_id)
        return loser.exists() and not self.merger.seen(self.request.user).filter(pk=merge.loser_id).exists()

    def page(self, merge: Merge, winner: Model, asked: Sequence[Consequence] = ()) -> HttpResponse:
        """Show what `merge` did; `asked` is what else its undo means where that is to be confirmed."""
        return self.show(
            merge=merge,
            called=self.merger.called(merge),
            winner=winner,
            loser=self.merger.seen(self.request.user).filter(pk=merge.loser_id).first(),
            moved=self._moved(merge),
            entries=self._history_of_loser(merge),
            obstacle="" if merge.undone_at else self.merger.obstacle(merge),
            may_undo=may(self.request.user, Right.UNDO) and not merge.undone_at,
            consequences=asked,
            fingerprint=fingerprint(asked),
        )

    def _moved(self, merge: Merge) -> list[tuple[str, int]]:
        """Return how many records of each kind the merge touched, beside the two."""
        counted: Counter[str] = Counter()
        for step in merge.steps:
            counted[str(step["model"])] += len(step["rows"]) if step["do"] == "move" else 1
        own = self.merger.model._meta.label
        named = [(apps.get_model(label)._meta.verbose_name_plural, count) for label, count in counted.items() if label != own]
        return sorted((str(name)[:1].upper() + str(name)[1:], count) for name, count in named)

    def _history_of_loser(self, merge: Merge) -> list:
        """Return the last changes of the record that went, up to the merge."""
        changes = Change.objects.filter(content_type=merge.content_type, object_id=merge.loser_id).order_by("-id")[:HISTORY_SHOWN]
        return history.entries(changes, self.merger.model)


class MergedPage(OneMerge):
    """What one merge did."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(*self.find(pk))


class UndoMerge(OneMerge):
    """Take a merge back as one unit; what somebody changed since stays and is named. Where others lose or get something by it, that is
    said and asked first. `undone` says that the record is back."""

    right = Right.UNDO
    undone: ClassVar[str | Promise]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self.find(pk)
        # Under its lock: of two who press at once the second reads that it was done.
        done_before = bool(Merge.objects.select_for_update(of=("self",)).get(pk=pk).undone_at)
        try:
            merge, stayed, refusal = self.merger.undo(pk, request.user, request.POST.get("confirmed", ""))
        except Unread as unread:
            return self.page(*found, asked=unread.consequences)
        if refusal:
            messages.error(request, refusal)
            return see_other(request, self.url("merged", pk))
        if done_before:
            messages.info(request, _("This merge was undone already."))
            return see_other(request, self.url("merged", pk))
        messages.success(request, str(self.undone) % {"record": self.merger.called(merge)})
        if stayed:
            lines = [(f"{kept.record}{f', {kept.label}' if kept.label else ''}: {kept.why}",) for kept in stayed[:KEPT_SHOWN]]
            more = _("And %(count)d more.") % {"count": len(stayed) - KEPT_SHOWN} if len(stayed) > KEPT_SHOWN else ""
            messages.warning(
                request, format_html("{}<br>{}{}", _("Some things stayed as they are now:"), format_html_join("", "{}<br>", lines), more)
            )
        return see_other(request, self.url("detail", merge.loser_id))
