"""The steps of an import, each with its own address: upload, review, mode, progress, result. Back loses nothing (S6, C13 to C16)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from clientdesk import work
from clientdesk.rights import Right, needs
from clientdesk.views import Screen, see_other, wants_part
from clients.models import Client
from intake import planning, round_trip, sentences, template_file
from intake.forms import UploadForm
from intake.kinds import KINDS
from intake.models import ImportRun, Verdict
from intake.progress import Pace
from intake.reports import failed_csv
from intake.review import Page, result_page, review_page
from intake.run_pages import RunScreen, standing_url, steps
from intake.uploads import NotStored, receive

RECENT = 20
HINTS = {
    ImportRun.Kind.CORPORATE: gettext_lazy("Added when their name is new, updated when it exists."),
    ImportRun.Kind.INDIVIDUAL: gettext_lazy("People who are clients themselves; each gets its own contact person."),
    ImportRun.Kind.CONTACT: gettext_lazy("People of clients that exist; number, name or e-mail leads to the client."),
    ImportRun.Kind.TREE: gettext_lazy("Clients, offices, departments and people in the rows of one sheet."),
}


class Upload(Screen):
    """Step 1: what to import, template and sample, the file, recent imports (J3 to J6, C11, C17)."""

    right = Right.IMPORT
    template_name = "intake/upload.html"

    def context(self, **more) -> dict[str, object]:
        recent = ImportRun.objects.seen_by(self.request.user).select_related("work", "created_by")[:RECENT]
        client = self.client()
        kinds = [(value, label, HINTS[value]) for value, label in ImportRun.Kind.choices if value in KINDS]
        if client is not None:
            kinds = [kind for kind in kinds if kind[0] == ImportRun.Kind.CONTACT]
        return super().context(recent=recent, client=client, kinds=kinds, steps=steps(None), current=1, **more)

    def client(self) -> Client | None:
        """Return the one client whose contact persons are imported (XD2), or None where none was asked for that the person may see."""
        text = self.request.GET.get("client", "")
        pk = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
        return Client.objects.visible_to(self.request.user).filter(pk=pk).first() if pk else None

    def get(self, request: HttpRequest) -> HttpResponse:
        if "client" in request.GET and self.client() is None:
            messages.warning(request, _("That client is gone, or you may not see it. Choose what you import."))
            return redirect(f"{reverse('intake:upload')}?kind={ImportRun.Kind.CONTACT}")
        kind = request.GET.get("kind", "")
        if self.client() is not None:
            kind = ImportRun.Kind.CONTACT
        return self.show(form=UploadForm(initial={"kind": kind} if kind in KINDS else None))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, client = UploadForm(request.POST, request.FILES), self.client()
        if "client" in request.GET and client is None:
            # Without its client the file would say of nobody whose people it holds.
            messages.warning(request, _("That client is gone, or you may not see it. Choose what you import."))
            return see_other(request, f"{reverse('intake:upload')}?kind={ImportRun.Kind.CONTACT}")
        if not form.is_valid():
            return self.show(422, form=form)
        kind = ImportRun.Kind.CONTACT if client else form.cleaned_data["kind"]
        try:
            run, fresh = receive(form.cleaned_data["file"], kind, request.user, client=client, options={planning.ASKS: True})
        except NotStored as trouble:
            form.add_error("file", str(trouble))
            return self.show(422, form=form)
        if not fresh:
            messages.info(request, _("This file is being imported already. Here it is."))
        return see_other(request, run.get_absolute_url())


@needs(Right.IMPORT)
@require_GET
def template(request: HttpRequest, kind: str, format: str) -> HttpResponse:
    """The empty template of a kind as xlsx or csv (J4, J5)."""
    return _workbook(request, kind, format, "template")


@needs(Right.IMPORT)
@require_GET
def sample(request: HttpRequest, kind: str, format: str) -> HttpResponse:
    """The filled sample of a kind in the layout of the template (C17)."""
    return _workbook(request, kind, format, "sample")


def _workbook(request: HttpRequest, kind: str, format: str, content: str) -> HttpResponse:
    if kind not in KINDS or format not in template_file.FORMATS:
        raise Http404
    screen = Upload()
    screen.setup(request)
    made = template_file.make(kind, format, filled=content == "sample", by=request.user, client=screen.client())
    return HttpResponse(
        made,
        content_type=template_file.FORMATS[format],
        headers={"Content-Disposition": f'attachment; filename="clientdesk-{kind}-{content}.{format}"'},
    )


@needs(Right.IMPORT)
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the step where this import stands."""
    found = get_object_or_404(ImportRun.objects.seen_by(request.user).select_related("work"), pk=pk)
    return redirect(standing_url(found))


class Review(RunScreen):
    """Step 2: while the file is read its progress, then every row with what would happen; nothing is saved (C13)."""

    template_name = "intake/review.html"
    step = "review"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if run.started_at:
            return redirect(standing_url(run))
        then = "mode" if request.GET.get("then") == "mode" else "review"
        if run.standing in {ImportRun.State.UPLOADED, ImportRun.State.READING}:
            return self._reading(run, f"?then={then}" if then != "review" else "")
        if run.standing == ImportRun.State.MATCHING:
            return see_other(request, standing_url(run))
        if wants_part(request) or (then == "mode" and run.standing == ImportRun.State.REVIEW):
            return see_other(request, reverse(f"intake:{then}", args=[run.pk]))
        if run.standing != ImportRun.State.REVIEW:
            return self._refused(run, run.refusal or getattr(run.work, "error", ""))
        if run.rows_read and not run.rows.exists():
            return self._refused(run, sentences.stage_lost())
        tabs, page = review_page(run, request.GET, request.user)
        known = {*dict(run.mapping), *round_trip.places(run.headers).values()}
        unknown = [header for position, header in enumerate(run.headers) if header and position not in known]
        return self.show(**self.of(run), tabs=tabs, page=page, unknown=unknown, wanted=_wanted(run), has_lists=_has_unknown_words(page))

    def _reading(self, run: ImportRun, query: str) -> HttpResponse:
        name = "intake/reading.html#progress" if wants_part(self.request) else "intake/reading.html"
        context = self.context(**self.of(run), pace=Pace(run), worker_notice=work.notice(), query=query)
        response = render(self.request, name, context)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def _refused(self, run: ImportRun, reason: str) -> HttpResponse:
        cancelled = run.standing == ImportRun.State.CANCELLED
        return render(self.request, "intake/refused.html", self.context(**self.of(run), reason=reason, cancelled=cancelled))


def _has_unknown_words(page: Page) -> bool:
    """Whether a cell of the page holds a text that its list does not know."""
    return any(cell.in_list for row in page.rows for cell in (row.name, *row.cells))


def _wanted(run: ImportRun) -> int:
    return run.counts.get(Verdict.NEW, 0) + run.counts.get(Verdict.CHANGED, 0)


class Progress(RunScreen):
    """Step 4 while it runs: a real bar, how fast, how long still; the page may be left."""

    template_name = "intake/progress.html"
    part = "progress"
    step = "result"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if run.standing != ImportRun.State.APPLYING:
            url = standing_url(run)
            return see_other(request, url) if wants_part(request) else redirect(url)
        return self.show(**self.of(run), pace=Pace(run), worker_notice=work.notice())


@needs(Right.IMPORT)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop at the next chunk what runs, or give up a review; what was saved stays."""
    found = get_object_or_404(ImportRun.objects.seen_by(request.user).select_related("work"), pk=pk)
    if found.work and found.work.is_open:
        # The worker locks its own row before the import's: this must, too.
        work.cancel(found.work)
        found.work.refresh_from_db()
        if found.work.is_open:
            messages.info(request, _("The import stops after the rows that it is working on."))
        return see_other(request, found.get_absolute_url())
    found = ImportRun.objects.select_for_update().get(pk=pk)
    if found.state != ImportRun.State.REVIEW:
        return see_other(request, found.get_absolute_url())
    found.discard()
    messages.info(request, _("The import of “%(file)s” was cancelled. Nothing was saved.") % {"file": found.filename})
    return see_other(request, reverse("intake:upload"))


class Result(RunScreen):
    """What became of the file: figures that add up, links to the records, failed rows with their reasons (C16)."""

    template_name = "intake/result.html"
    step = "result"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if not run.started_at or not run.is_over:
            return redirect(standing_url(run))
        tabs, page = result_page(run, request.GET, request.user)
        return self.show(**self.of(run), tabs=tabs, page=page, late=run.counts.get("conflict", 0))


@needs(Right.IMPORT)
@require_GET
def failed(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rows that were not saved as CSV, in the columns of the file, with row number and reasons."""
    found = get_object_or_404(ImportRun.objects.seen_by(request.user), pk=pk)
    return StreamingHttpResponse(
        failed_csv(found, request.user),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{found.pk}-failed-rows.csv"'},
    )
