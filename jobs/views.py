"""One job: log, look at, change, and the gestures of its machine (JD1, JD2, J8, J28)."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.rights import Right, may
from clientdesk.views import EditPage, Screen, ours, see_other, way_back
from clients.facts import address_lines
from clients.models import Client
from jobs.choosing import ForClient
from jobs.dockets import SENDABLE
from jobs.forms import AssignForm, EditJobForm, LogJobForm, NoteForm
from jobs.gestures import Asked
from jobs.item_forms import ReasonForm, SureForm
from jobs.machine import GESTURES, Status
from jobs.models import Document, Job
from jobs.models.times import Priority
from jobs.sla import Phase
from jobs.story import file_steps
from jobs.timing import Promises
from jobs.work import work_of


@dataclass(frozen=True)
class Promise:
    """What is promised at one priority: in how many minutes, and until when if it started now."""

    priority: Priority
    minutes: int | None
    due: object


def promised(client: Client, phase: str = Phase.OPEN, start: datetime | None = None) -> list[Promise]:
    """Return what is promised to `client` in `phase` for a clock that starts at `start`, else now; the most urgent first."""
    promises, begun = Promises(), start or timezone.now()
    return [
        Promise(one, promises.minutes(client, phase, one), promises.times(client, phase, one, begun).due)
        for one in reversed(list(Priority))
    ]


class LogJob(ForClient):
    """A new job of the client `?client=7`, of its project `?project=3` where that is named (J28)."""

    right = Right.LOG_JOBS
    form_class = LogJobForm
    template_name = "jobs/job_add.html"
    kind = "job"
    title = gettext_lazy("Log a job")

    def context(self, **more) -> dict[str, object]:
        return super().context(promised=promised(self.client) if self.client else [], **more)

    def filled(self, posted: QueryDict | None, client: Client) -> DeskForm:
        return LogJobForm(posted, client=client, project=self.key("project"))

    def done_sentence(self, record: Model) -> str:
        return _("%(record)s was logged.") % {"record": record}


def seen(user: User) -> QuerySet[Job]:
    """Return the jobs that `user` may see, each with what its head shows."""
    related = ("client", "office", "department", "contact", "job_type", "assignee", "created_by")
    return Job.objects.visible_to(user).select_related(*related)


class JobDetail(Screen):
    """A job: where it stands, until when, what can be done with it, and what happened (S8)."""

    template_name = "jobs/job_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(seen(request.user), pk=pk)
        others = [link.contact for link in job.job_contacts.select_related("contact").order_by("contact__sort_key")]
        events = [*job.events.select_related("actor").order_by("-at", "-pk"), *file_steps(job)]
        events.sort(key=lambda one: one.at, reverse=True)
        work = work_of(job)
        mine = next((session for session in work.sessions if session.is_running and session.technician == request.user), None)
        shown = {"job": job, "others": others, "events": events, "address": address_lines(job), "currency": settings.CURRENCY}
        files: dict[str, list[Document]] = {kind: [] for kind in Document.Kind.values}
        for one in job.documents.select_related("created_by"):
            files[one.kind].append(one)
        shown |= {"files": files, "closed": job.is_closed, "sendable": job.status in SENDABLE}
        return self.show(**shown, work=work, mine=mine, changing=may(request.user, Right.CHANGE) and not job.is_closed)


class EditJob(EditPage):
    """A job to be changed; a closed one is immutable (JD4). While its clock runs the page says when it is over at each priority."""

    form_class = EditJobForm
    template_name = "jobs/job_edit.html"

    def context(self, **more) -> dict[str, object]:
        job = self.record
        start = job.requested_at if job.phase == Phase.REQUEST else job.opened_at
        running = job.status in (Status.REQUESTED, Status.OPEN)
        return super().context(promised=promised(job.client, job.phase, start) if running else [], **more)

    def queryset(self) -> QuerySet:
        return seen(self.request.user).exclude(status=Status.CLOSED)


_ASKED = {
    "accept": Asked(SureForm, lambda job, by, found: job.accept(by), lambda job: ""),
    "assign": Asked(
        AssignForm, lambda job, by, found: job.assign(by, found["assignee"], found["scheduled_at"]), lambda job: _("Who does it, and when?")
    ),
    "release": Asked(SureForm, lambda job, by, found: job.release(by), lambda job: ""),
    "resolve": Asked(NoteForm, lambda job, by, found: job.resolve(by, found["note"]), lambda job: ""),
    "reopen": Asked(SureForm, lambda job, by, found: job.reopen(by), lambda job: ""),
    "close": Asked(SureForm, lambda job, by, found: job.close(by), lambda job: _("A closed job cannot be changed any more.")),
    "cancel": Asked(
        ReasonForm, lambda job, by, found: job.cancel(by, found["note"]), lambda job: _("Its clock stops. It can be opened again later.")
    ),
    "reopen_cancelled": Asked(SureForm, lambda job, by, found: job.reopen_cancelled(by), lambda job: ""),
}


class Gesture(Screen):
    """One step of the machine: a page that asks where there is something to say, and a POST that does it."""

    right = Right.CHANGE
    template_name = "jobs/job_gesture.html"
    gesture: str = ""

    def _form(self, job: Job, posted: QueryDict | None = None) -> forms.Form:
        more = {"job": job} if self.gesture == "assign" else {}
        return _ASKED[self.gesture].form(posted, **more)

    def _shown(self, job: Job, form: forms.Form, status: int = 200) -> HttpResponse:
        said = _ASKED[self.gesture].says(job)
        # Whoever came from the board or the calendar goes on there.
        back = ours(self.request.POST.get("next", "") or self.request.GET.get("next", ""), job.get_absolute_url())
        return self.show(status, job=job, form=form, gesture=GESTURES[self.gesture], says=said, back=back)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(seen(request.user), pk=pk)
        return self._shown(job, self._form(job))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(seen(request.user), pk=pk)
        form = self._form(job, request.POST)
        if not form.is_valid():
            return self._shown(job, form, 422)
        try:
            _ASKED[self.gesture].act(job, request.user, form.cleaned_data)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            said = str(GESTURES[self.gesture].said) % {"item": job.number, "assignee": job.assignee}
            messages.success(request, said)
        return see_other(request, way_back(request, reverse("jobs:detail", args=[pk])))
