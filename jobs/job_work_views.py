"""What is done on a job: work sessions, parts, the checklist, signatures, notes (JD4, JD5). A closed job says that it is closed."""

from typing import ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from clientdesk import pictures
from clientdesk.forms import DeskForm
from clientdesk.rights import Right, needs
from clientdesk.views import CreatePage, EditPage, Screen, see_other
from jobs.models import Job, JobCheck, JobPart, Signature, WorkSession
from jobs.models.work import OfJob
from jobs.views import seen
from jobs.work_forms import CheckForm, PartForm, SessionForm, SignForm, ToldForm


def _of(request: HttpRequest, model: type[OfJob], pk: int) -> OfJob:
    """Return the record of `model` with its job, where the person may see its client; else 404 (XD33)."""
    return get_object_or_404(model.objects.visible_to(request.user).select_related("job__client"), pk=pk)


def _refusal(request: HttpRequest, refused: ValidationError, job: Job, place: str = "") -> HttpResponse:
    messages.error(request, refused.messages[0])
    return see_other(request, job.get_absolute_url() + place)


def _closed(job: Job) -> ValidationError:
    return ValidationError(_("%(job)s is closed and cannot be changed any more.") % {"job": job.number})


# --- add, change, remove --------------------------------------------------------------------------
class _AddToJob(CreatePage):
    """A form that adds something to the job of the address."""

    right = Right.CHANGE
    template_name = "jobs/work_form.html"
    title: ClassVar[Promise]
    save_label: ClassVar[Promise]
    job: Job

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.job = get_object_or_404(seen(request.user), pk=kwargs["pk"])
        if self.job.is_closed:
            return _refusal(request, _closed(self.job), self.job)
        return super().dispatch(request, *args, **kwargs)

    def context(self, **more) -> dict[str, object]:
        return super().context(job=self.job, title=self.title, save_label=self.save_label, **more)

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return self.form_class(posted, instance=self.form_class.Meta.model(job=self.job))


class AddSession(_AddToJob):
    """A work session written down afterwards."""

    form_class = SessionForm
    title, save_label = gettext_lazy("Add a work session"), gettext_lazy("Add work session")

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        session = WorkSession(job=self.job)
        if self.request.user.technician:
            session.technician = self.request.user
        else:
            session.technician = self.job.assignee
        return SessionForm(posted, instance=session)


class AddPart(_AddToJob):
    """A part or an expense."""

    form_class = PartForm
    title, save_label = gettext_lazy("Add a part"), gettext_lazy("Add part")


class AddCheck(_AddToJob):
    """A line more on the checklist."""

    form_class = CheckForm
    title, save_label = gettext_lazy("Add to the checklist"), gettext_lazy("Add check")


class Sign(_AddToJob):
    """A signature under the work docket."""

    form_class = SignForm
    template_name = "jobs/work_sign.html"
    title, save_label = gettext_lazy("Sign"), gettext_lazy("Save signature")

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        files = None if posted is None else self.request.FILES
        return SignForm(posted, files, instance=Signature(job=self.job))

    def done_sentence(self, record: Model) -> str:
        return _("%(name)s signed.") % {"name": record}


class _EditOfJob(EditPage):
    """A form that changes something of a job that is not closed."""

    template_name = "jobs/work_form.html"
    model: ClassVar[type[OfJob]]
    title: ClassVar[Promise]
    save_label: ClassVar[Promise]

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        job = _of(request, self.model, kwargs["pk"]).job
        return _refusal(request, _closed(job), job) if job.is_closed else super().dispatch(request, *args, **kwargs)

    def queryset(self) -> QuerySet:
        return self.model.objects.visible_to(self.request.user).select_related("job__client")

    def context(self, **more) -> dict[str, object]:
        return super().context(job=self.record.job, title=self.title, save_label=self.save_label, **more)


class EditSession(_EditOfJob):
    """A work session to be corrected."""

    form_class, model = SessionForm, WorkSession
    title, save_label = gettext_lazy("Correct the work session"), gettext_lazy("Save work session")


class EditPart(_EditOfJob):
    """A part to be changed."""

    form_class, model = PartForm, JobPart
    title, save_label = gettext_lazy("Edit part"), gettext_lazy("Save part")


class RemoveFromJob(Screen):
    """Ask whether a record of a job shall go, and let it go; a closed job keeps it."""

    right = Right.CHANGE
    template_name = "jobs/work_remove.html"
    model: type[OfJob] = OfJob

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = _of(request, self.model, pk)
        return self.show(record=record, job=record.job)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = _of(request, self.model, pk)
        back, image = record.get_absolute_url(), getattr(record, "image", None)
        try:
            record.delete()
        except ValidationError as refused:
            return _refusal(request, refused, record.job)
        if image:
            pictures.forget(image.name)
        messages.success(request, _("“%(record)s” was removed.") % {"record": record})
        return see_other(request, back)


# --- gestures -------------------------------------------------------------------------------------
@needs(Right.CHANGE)
@require_POST
def start_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the technician who is signed in begin to work on a job, in the `mode` of the button."""
    job = get_object_or_404(seen(request.user), pk=pk)
    mode = request.POST.get("mode", "")
    try:
        session = WorkSession.start(job, request.user, mode if mode in WorkSession.Mode.values else WorkSession.Mode.ON_SITE)
    except ValidationError as refused:
        return _refusal(request, refused, job, "#sessions")
    said = {"mode": session.get_mode_display(), "job": job.number}
    messages.success(request, _("Your time on %(job)s runs: %(mode)s.") % said)
    return see_other(request, session.get_absolute_url())


@needs(Right.CHANGE)
@require_POST
def stop_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End a work session now; one that has ended stays as it is."""
    session = _of(request, WorkSession, pk)
    try:
        session.stop()
    except ValidationError as refused:
        return _refusal(request, refused, session.job)
    messages.success(request, _("The work session on %(job)s was stopped.") % {"job": session.job.number})
    return see_other(request, session.get_absolute_url())


@needs(Right.CHANGE)
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a line of the checklist be done (`done=1`), or not."""
    check = _of(request, JobCheck, pk)
    try:
        if request.POST.get("done") == "1":
            check.tick(request.user)
        else:
            check.untick()
    except ValidationError as refused:
        return _refusal(request, refused, check.job)
    return see_other(request, check.get_absolute_url())


@needs(Right.VIEW)
@require_GET
def signature_image(request: HttpRequest, pk: int) -> HttpResponse:
    """Return what was drawn, to who may see the client (XD33)."""
    return pictures.serve(_of(request, Signature, pk).image)


class AddNote(Screen):
    """A note on the timeline, for the client to read or not."""

    right = Right.CHANGE
    template_name = "jobs/work_form.html"

    def context(self, **more) -> dict[str, object]:
        return super().context(title=_("Add a note"), save_label=_("Add note"), **more)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(job=get_object_or_404(seen(request.user), pk=pk), form=ToldForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job, form = get_object_or_404(seen(request.user), pk=pk), ToldForm(request.POST)
        if not form.is_valid():
            return self.show(422, job=job, form=form)
        try:
            job.add_note(request.user, form.cleaned_data["note"], visible_in_portal=form.cleaned_data["visible"])
        except ValidationError as refused:
            return _refusal(request, refused, job)
        said = _("The note was added; the client can read it.") if form.cleaned_data["visible"] else _("The note was added.")
        messages.success(request, said)
        return see_other(request, f"{job.get_absolute_url()}#events")
