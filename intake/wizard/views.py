"""The pages of the wizard: start, each step, Cancel, and what Finish made. Every step is an address of its own (S7)."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clientdesk.rights import Right, needs
from clientdesk.views import Screen, see_other
from clients.models import Client, Company
from intake.models import ClientDraft
from intake.wizard import choosing, contacts, drafts
from intake.wizard.drafts import Raw
from intake.wizard.finishing import NotYet, finish
from intake.wizard.opening import open_drafts
from intake.wizard.plan import Plan
from intake.wizard.resembling import resembling
from intake.wizard.steps import STEPS, Step

REVIEW, CHECK = "review", "check"


def draft_of(request: HttpRequest, pk: int, *, lock: bool = False) -> ClientDraft:
    """Return the draft `pk` of the person who asks; another's, an unknown one and one that ran out are 404."""
    found = ClientDraft.objects.of(request.user)
    if lock:
        return get_object_or_404(found.select_for_update(of=("self",)), pk=pk)
    return get_object_or_404(found.select_related("company__company_type"), pk=pk)


class Start(Screen):
    """Two ways to begin, the person's open drafts, or what must exist first (S2, S4, S5)."""

    right = Right.ADD
    template_name = "intake/wizard/start.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(_company(request.GET.get("company", ""), request))

    def _page(self, company: Company | None, status: int = 200, refusal: str = "") -> HttpResponse:
        if company and company.client_id is not None and not refusal:
            refusal = _("%(company)s is a client already.") % {"company": company}
        return self.show(
            status,
            key=drafts.new_key(),
            missing=choosing.missing(self.request.user),
            company=company,
            refusal=refusal,
            drafts=open_drafts(self.request.user),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        company = _company(request.POST.get("company", ""), request)
        from_company = company is not None or request.POST.get("way") == "company"
        if company and company.client_id is not None:
            return self._page(company, 422)
        wanted = {"categories"} if from_company else {"categories", "company-types"}
        if any(one.list_name in wanted for one in choosing.missing(request.user)):
            return self._page(company, 422, _("A client cannot be created yet. This page says what is missing."))
        draft = drafts.start(request.user, request.POST.get("key", ""), from_company=from_company, company=company)
        return see_other(request, Plan(draft, request.user).steps[0].url)


def _company(text: str, request: HttpRequest) -> Company | None:
    """Return the company that the address or form names; unknown, or the company of a client that the person may not see, is 404."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    company = get_object_or_404(Company.objects.select_related("client"), pk=int(text))
    if company.client_id is not None and not Client.objects.visible_to(request.user).filter(pk=company.client_id).exists():
        raise Http404
    return company


@needs(Right.ADD)
@require_safe
def resume(request: HttpRequest, draft: int) -> HttpResponse:
    """Lead to where the person stands in this draft."""
    found = draft_of(request, draft)
    return redirect(_done_url(found) if found.is_finished else Plan(found, request.user).standing.url)


def _done_url(draft: ClientDraft) -> str:
    return reverse("wizard:done", args=[draft.pk])


class StepPage(Screen):
    """One step: looked at by GET, answered by POST. What the button says decides: Next, Back, or one that only changes the page."""

    right = Right.ADD
    draft: ClientDraft
    plan: Plan
    step: Step

    def show(self, status: int = 200, **context) -> HttpResponse:
        """Render the page of the step."""
        return render(self.request, self.step.template_name, self.context(**context), status=status)

    def _enter(self, pk: int, slug: str, *, lock: bool = False) -> HttpResponse | None:
        """Find draft, plan and step, or return where this address leads instead."""
        if slug not in STEPS:
            raise Http404
        self.draft = draft_of(self.request, pk, lock=lock)
        if self.draft.is_finished:
            return see_other(self.request, _done_url(self.draft))
        self.plan = Plan(self.draft, self.request.user)
        step = self.plan.find(slug)
        if step is None or not self.plan.may_open(step):
            standing = self.plan.standing
            sentence = (
                _("Answer “%(step)s” first.")
                if step or standing is self.plan.steps[0]
                else _("That step is not asked here. This is “%(step)s”.")
            )
            messages.info(self.request, sentence % {"step": standing.title})
            return see_other(self.request, standing.url)
        self.step = step
        return None

    def get(self, request: HttpRequest, draft: int, step: str) -> HttpResponse:
        if leads_to := self._enter(draft, step):
            leads_to.status_code = 302
            return leads_to
        if self.step.slug == REVIEW:
            return self._review()
        form = self.step.kept_form() if CHECK in request.GET and self.step.kept is not None else self.step.form()
        form.is_valid()
        return self._page(form, to_review=request.GET.get("to") == REVIEW)

    def post(self, request: HttpRequest, draft: int, step: str) -> HttpResponse:
        if leads_to := self._enter(draft, step, lock=True):
            return leads_to
        if self.step.slug == REVIEW:
            return self._finish_or_back()
        if "finish" in request.POST:
            messages.error(request, _("A client is made on the last step. Nothing was saved."))
            return see_other(request, self.step.url)
        raw = self.step.taken(request.POST)
        if self._overtaken(raw):
            return self._conflict(raw)
        for button, answer in self._buttons.items():
            if button in request.POST:
                return answer(raw)
        return self._next(raw)

    @property
    def _buttons(self) -> dict[str, Callable[[Raw], HttpResponse]]:
        found = {"back": self._back, "search": self._search, "rows": self._rows, "files": self._files}
        return {button: found[act] for button, act in self.step.buttons.items()}

    # --- showing ------------------------------------------------------------------------------------
    def _page(self, form: object, status: int = 200, *, to_review: bool = False, **more) -> HttpResponse:
        steps = self.plan.steps
        place = steps.index(self.step)
        open_to = steps.index(self.plan.standing)
        return self.show(
            status,
            form=form,
            has_errors=bool(form and form.is_bound and form.errors),
            draft=self.draft,
            plan=self.plan,
            step=self.step,
            steps=[{"label": one.title, "url": one.url if number <= open_to else ""} for number, one in enumerate(steps)],
            current=place + 1,
            looks=self.plan.looks(self.step),
            back=self.plan.before(self.step),
            to_review=to_review,
            **(self.step.page(form) | more),
        )

    def _review(self) -> HttpResponse:
        parts = [(one, one.shown(one.kept or {})) for one in self.plan.steps[:-1]]
        return self._page(None, parts=parts, unused=self.plan.unused, suspects=resembling(self.plan))

    # --- answering ----------------------------------------------------------------------------------
    def _next(self, raw: Raw) -> HttpResponse:
        to_review = self.request.POST.get("to") == REVIEW
        form = self.step.form(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._page(form, 422, to_review=to_review)
        self._keep(raw, answered=True)
        now = Plan(self.draft, self.request.user)
        target = now.standing if to_review else now.after(now.find(self.step.slug))
        return see_other(self.request, target.url + (f"?to={REVIEW}" if to_review and target.slug != REVIEW else ""))

    def _back(self, raw: Raw) -> HttpResponse:
        """Keep what was typed, right or wrong, and the files that were chosen, and go one step back (S7)."""
        if self.request.FILES:
            self.step.form(self.request.POST, self.request.FILES).is_valid()
        self._keep(raw)
        before = self.plan.before(self.step)
        return see_other(self.request, before.url if before else reverse("wizard:start"))

    def _search(self, raw: Raw) -> HttpResponse:
        self._keep(raw)
        return see_other(self.request, f"{self.step.url}#companies")

    def _rows(self, raw: Raw) -> HttpResponse:
        """Show one row more, or one less, with everything that was typed."""
        gone = self.request.POST.get("remove_row", "")
        is_row = gone.isascii() and gone.isdecimal() and len(gone) < 4
        raw = contacts.row_removed(raw, int(gone)) if is_row else contacts.row_added(raw)
        self._keep(raw)
        return see_other(self.request, self._again_url() + ("" if is_row else f"#id_contact{contacts.count_of(raw) - 1}-first_name"))

    def _files(self, raw: Raw) -> HttpResponse:
        """Take one document away, or keep those that were chosen, and stay."""
        if gone := self.request.POST.get("remove_file"):
            drafts.drop_file(self.draft, gone)
        else:
            form = self.step.form(self.request.POST, self.request.FILES)
            form.is_valid()
            if any(form.errors.get(name) for name in self.request.FILES):
                return self._page(form, 422, to_review=self.request.POST.get("to") == REVIEW)
        self._keep(raw)
        return see_other(self.request, self._again_url())

    def _again_url(self) -> str:
        return self.step.url + (f"?to={REVIEW}" if self.request.POST.get("to") == REVIEW else "")

    def _keep(self, raw: Raw, *, answered: bool = False) -> None:
        """Keep the answers; an answered step stays answered only while what is typed passes."""
        if not answered and self.step.slug in self.draft.visited:
            answered = self.step.form(drafts.as_posted(raw)).is_valid()
        if dropped := self.plan.keep(self.step, raw, answered=answered):
            messages.warning(
                self.request,
                _("Not asked with this choice, and not saved with the client: %(labels)s. It comes back if you choose as before.")
                % {"labels": ", ".join(dropped)},
            )

    # --- two tabs -----------------------------------------------------------------------------------
    def _overtaken(self, raw: Raw) -> bool:
        """Whether another tab answered this step, or chose another type, after this page was opened; the same answers are no conflict."""
        looks = self.request.POST.get("looks")
        return looks is not None and looks != self.plan.looks(self.step) and not self.step.same(raw, self.step.kept or {})

    def _conflict(self, raw: Raw) -> HttpResponse:
        mine, theirs = dict(self.step.shown(raw)), dict(self.step.shown(self.step.kept or {}))
        pairs = {label: (mine.get(label, ""), theirs.get(label, "")) for label in [*mine, *theirs]}
        rows = [{"label": label, "mine": one, "theirs": other, "differs": one != other} for label, (one, other) in pairs.items()]
        keep = [(name, value) for name, values in raw.items() for value in values]
        return render(
            self.request,
            "intake/wizard/conflict.html",
            {"step": self.step, "rows": rows, "keep": keep, "looks": self.plan.looks(self.step), "to": self.request.POST.get("to", "")},
            status=409,
        )

    # --- the last step ------------------------------------------------------------------------------
    def _finish_or_back(self) -> HttpResponse:
        if "back" in self.request.POST:
            return see_other(self.request, self.plan.before(self.step).url)
        if self.request.POST.get("looks", (now := self.plan.looks(self.step))) != now:
            messages.warning(
                self.request, _("What is asked, or an answer, changed after you opened this page. Look at it again, then finish.")
            )
            return see_other(self.request, self.step.url)
        try:
            with transaction.atomic():
                client = finish(self.draft, self.request.user)
        except NotYet as refusal:
            return self._refused(refusal)
        messages.success(self.request, _("%(client)s was added as %(number)s.") % {"client": client, "number": client.number})
        return see_other(self.request, _done_url(self.draft))

    def _refused(self, refusal: NotYet) -> HttpResponse:
        """Nothing was made: lead back to the step that has to be looked at, with the draft as it was."""
        self.draft.refresh_from_db()
        step = Plan(self.draft, self.request.user).find(refusal.step)
        if str(refusal):
            messages.error(self.request, str(refusal))
        return see_other(self.request, f"{step.url}?{CHECK}=1&to={REVIEW}")


class Done(Screen):
    """What Finish made, and the way to it (S17, SD2)."""

    right = Right.ADD
    template_name = "intake/wizard/done.html"

    def get(self, request: HttpRequest, draft: int) -> HttpResponse:
        found = draft_of(request, draft)
        if not found.is_finished:
            return redirect("wizard:resume", draft=found.pk)
        client = Client.objects.visible_to(request.user).filter(pk=found.client_id).first()
        if client is None:
            raise Http404
        invited = client.contacts.filter(access__invited_at__isnull=False)
        return self.show(client=client, invited=invited)


class Companies(Screen):
    """The companies without a client that hold what is being typed (SD1)."""

    right = Right.ADD
    template_name = "intake/wizard/companies.html"
    part = "companies"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "")[:200]
        chosen = choosing.free_company(request.GET.get("company", ""))
        return self.show(companies=choosing.found_companies(text), chosen=chosen, q=text)


@needs(Right.ADD)
@require_POST
def cancel(request: HttpRequest, draft: int) -> HttpResponse:
    """Give a draft up: nothing of it stays (S8). What Finish made already is the client's and is not touched."""
    found = draft_of(request, draft, lock=True)
    if found.is_finished:
        return see_other(request, _done_url(found))
    drafts.discard(found)
    messages.info(request, _("The draft was discarded. Nothing was saved."))
    return see_other(request, reverse("wizard:start"))
