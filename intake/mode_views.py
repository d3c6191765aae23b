"""The mode step: what the file shall do, with the counts of each mode, and Start (C14 to C16)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk.rights import Right, may, needs
from clientdesk.views import see_other
from intake import applying, planning
from intake.mode_forms import ModeForm, counted
from intake.models import ImportRun, Verdict
from intake.run_conflicts import seen_in, settled_otherwise
from intake.run_pages import RunScreen, standing_url


class Mode(RunScreen):
    """The mode step of one import."""

    template_name = "intake/mode.html"
    step = "mode"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if run.standing != ImportRun.State.REVIEW:
            return redirect(standing_url(run))
        return self.page(run, ModeForm(run))

    def page(self, run: ImportRun, form: ModeForm, status: int = 200, refusal: str = "") -> HttpResponse:
        """Return the page with `form`; `refusal` says why nothing was started."""
        modes = counted(run)
        current = next(mode for mode in modes if mode.value == run.mode)
        wanted = sum(mode.counts[Verdict.NEW] + mode.counts[Verdict.CHANGED] for mode in modes)
        return self.show(status, **self.of(run), form=form, modes=modes, count=current.counts, wanted=wanted, refusal=refusal)


@needs(Right.IMPORT)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the import; a second press, or a second tab, does nothing more (C16, trial D15).

    Where rows must be compared anew for what was chosen, that is done first, and the person looks once more.
    """
    found = get_object_or_404(ImportRun.objects.seen_by(request.user).select_related("work", "created_by"), pk=pk)
    if found.standing != ImportRun.State.REVIEW:
        return see_other(request, found.get_absolute_url())
    form = ModeForm(found, request.POST)
    screen = Mode()
    screen.setup(request, pk=pk)
    if (seen := seen_in(request, found)) != found.version:
        return settled_otherwise(request, found, form)
    if not form.is_valid():
        return screen.page(found, form, 422)
    try:
        if form.compares_anew or "compare" in request.POST:
            form.settle()
            if planning.replan(found, request.user, seen=seen):
                messages.info(request, _("The rows are compared anew. Look at the figures, then start the import."))
            return see_other(request, f"{reverse('intake:review', args=[pk])}?then=mode")
        chosen = form.cleaned_data
        invites = chosen["invites"] and may(request.user, Right.INVITE)
        applying.start(found.pk, request.user, chosen["mode"], skip_errors=chosen["skip_errors"] == "yes", invites=invites, seen=seen)
    except planning.Stale as stale:
        return settled_otherwise(request, stale.run, form)
    except ValueError as refused:
        return screen.page(found, form, 422, str(refused))
    return see_other(request, found.get_absolute_url())
