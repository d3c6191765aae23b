"""Undo of an import: what exactly it would do, then its progress, then what it did (import.md 2, step 6)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from clientdesk import work
from clientdesk.consequences import fingerprint
from clientdesk.models import LongRun
from clientdesk.rights import Right
from clientdesk.views import Screen, see_other, wants_part
from intake import undoing
from intake.models import ImportRun
from intake.progress import UndoPace


class Undo(Screen):
    """Before: what goes, what comes back, what stays and why, and what that means for others. A POST that has read it starts it; `look`
    asks the worker to find that out of a large one."""

    right = Right.UNDO
    template_name = "intake/undo.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._run(pk)
        if run.undo and run.undo.is_open:
            return self._working(run)
        if wants_part(request):
            return see_other(request, self._url(run))
        return self._page(run)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._run(pk)
        if "look" not in request.POST and not undoing.why_not(run) and not self._is_confirmed(run):
            return self._page(run, 422, unconfirmed=True)
        begin = undoing.start_looking if "look" in request.POST else undoing.start
        if sentence := begin(run.pk, request.user):
            messages.info(request, sentence)
        return see_other(request, self._url(run))

    def _run(self, pk: int) -> ImportRun:
        runs = ImportRun.objects.seen_by(self.request.user).select_related("work", "created_by", "undo", "undo__owner")
        return get_object_or_404(runs, pk=pk)

    def _is_confirmed(self, run: ImportRun) -> bool:
        """Say whether the page that was sent showed what the undo means for others; nobody knows that of a large one without a look."""
        report = undoing.look(run, self.request.user)
        if report is None:
            return False
        found = undoing.means(report, self.request.user)
        return not found or self.request.POST.get("confirmed") == fingerprint(found)

    @staticmethod
    def _url(run: ImportRun) -> str:
        return reverse("intake:undo", args=[run.pk])

    def _working(self, run: ImportRun) -> HttpResponse:
        name = "intake/undo_working.html#progress" if wants_part(self.request) else "intake/undo_working.html"
        looks = run.undo is not None and run.undo.kind == undoing.LOOK_KIND
        response = render(
            self.request, name, self.context(run=run, pace=UndoPace(run), looks=looks, url=self._url(run), worker_notice=work.notice())
        )
        patch_vary_headers(response, ["HX-Request"])
        return response

    def _page(self, run: ImportRun, status: int = 200, **more: object) -> HttpResponse:
        reason = undoing.why_not(run)
        done = undoing.report_of(run) if run.undone_at else None
        report = done or (None if reason else undoing.look(run, self.request.user))
        stopped = run.undo.error or _("It was stopped.") if run.undo and run.undo.kind == undoing.KIND and _is_cut_off(run.undo) else ""
        found = undoing.means(report, self.request.user) if report and not done else []
        return self.show(
            status,
            run=run,
            consequences=found,
            fingerprint=fingerprint(found),
            reason="" if done else reason,
            done=bool(done),
            report=report,
            counted=undoing.counted(report) if report else [],
            kept=undoing.shown(report, run.work_id or 0, self.request.user) if report else [],
            stopped=stopped,
            until=undoing.open_until(run),
            **more,
        )


def _is_cut_off(long_run: LongRun) -> bool:
    return long_run.state in (LongRun.State.FAILED, LongRun.State.CANCELLED)
