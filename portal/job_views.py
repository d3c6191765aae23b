"""Jobs in the portal: the list by status, one of them with its timeline, changing and cancelling it (JD7)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clientdesk.lists import Listing
from clientdesk.views import EditPage, see_other
from clients.facts import address_lines
from jobs.machine import GESTURES, Status
from jobs.models import Job, Project
from jobs.sla import State
from jobs.story import file_steps
from portal import notices
from portal.decision_forms import CancelForm
from portal.doors import needs
from portal.helping import people_of
from portal.listing import JOBS
from portal.own_files import may_change
from portal.pages import PortalList, posted
from portal.request_forms import EditRequestForm
from portal.rights import Right
from portal.visibility import visible, visible_documents


class JobList(PortalList):
    """A list of the jobs that the contact sees."""

    def seen(self) -> QuerySet:
        return visible(Job.objects, self.access)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("contact", "office")

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s job", "%(count)s jobs", count) % {"count": text}


@needs(Right.JOBS_VIEW)
class Jobs(JobList):
    """The jobs of the contact, with a tab for each status that says how many there are (JD7)."""

    spec = JOBS
    template_name = "portal/jobs.html"

    def list_context(self, listing: Listing) -> dict[str, object]:
        return {"may_ask": self.access.may(Right.JOBS_ADD)}


@dataclass(frozen=True)
class Step:
    """One line of the timeline as the client reads it."""

    words: str
    who: str
    note: str
    at: datetime


def timeline(job: Job) -> list[Step]:
    """Return what happened to `job`, the latest first: each change of its status, notes that are meant for the client or are its own,
    and what was done with the files that it sees. What staff wrote for themselves is not in it (V of 8.4)."""
    found = []
    for event in job.events.select_related("actor").order_by("-at", "-pk"):
        is_theirs = event.actor is not None and not event.actor.is_staff
        if event.to == event.origin and not event.visible_in_portal:
            continue
        words = _("Note") if event.to == event.origin else event.get_to_display()
        note = event.note if event.visible_in_portal or is_theirs else ""
        found.append(Step(words, event.actor.full_name if event.actor else "", note, event.at))
    found += [Step(step.words, step.who, "", step.at) for step in file_steps(job) if step.visible]
    return sorted(found, key=lambda step: step.at, reverse=True)


def _job(request: HttpRequest, pk: int) -> Job:
    related = ("contact", "office", "department", "job_type", "assignee", "cancelled_by")
    return get_object_or_404(visible(Job.objects, request.access).select_related(*related), pk=pk)


def _can_cancel(job: Job) -> bool:
    return job.status in GESTURES["cancel"].origins


@needs(Right.JOBS_VIEW)
@require_http_methods(["GET", "HEAD"])
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: where it stands, what happened, its files; to be read, and cancelled where it is not done yet (JD7)."""
    found, access = _job(request, pk), request.access
    shown = {
        "job": found,
        "due_at": found.due_at if settings.PORTAL_SHOWS_SLA and found.sla_state != State.NONE else None,
        "is_late": found.sla_state == State.BREACHED,
        "steps": timeline(found),
        "address": address_lines(found),
        "files": list(visible_documents(access).filter(job=found)),
        "project": visible(Project.objects, access).filter(pk=found.project_id).first() if found.project_id else None,
        "people": people_of(access.contact.client),
        "can_edit": access.may(Right.JOBS_EDIT) and found.status == Status.REQUESTED,
        "can_cancel": access.may(Right.JOBS_CANCEL) and _can_cancel(found),
        "may_download": access.may(Right.FILES_DOWNLOAD),
        "may_take_invoices": access.may(Right.INVOICES_DOWNLOAD),
        "may_add_files": access.may(Right.FILES_ADD) and _can_cancel(found),
        "may_change_files": may_change(found, access),
    }
    return render(request, "portal/job.html", shown)


@needs(Right.JOBS_VIEW, Right.JOBS_EDIT)
class EditJob(EditPage):
    """What was asked for is put right as long as nobody took it up; from then on a job is read-only (JD7)."""

    form_class = EditRequestForm
    template_name = "portal/job_edit.html"
    conflict_template = "portal/conflict.html"

    def queryset(self) -> QuerySet:
        return visible(Job.objects, self.request.access).select_related("client__branch")

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self._taken_up() or super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self._taken_up() or super().post(request, **kwargs)

    def _taken_up(self) -> HttpResponse | None:
        """Return the way back to a job that is no request any more; its row stays locked where something is sent."""
        self.record = self.find(lock=self.request.method == "POST")
        if self.record.status == Status.REQUESTED:
            return None
        messages.error(self.request, _("We took up %(job)s already. Tell us what is to be different.") % {"job": self.record.number})
        return see_other(self.request, self.done_url())

    def done_url(self) -> str:
        return reverse("portal:job", args=[self.record.pk])

    def saved_sentence(self) -> str:
        """The number says which."""
        return _("%(job)s was changed.") % {"job": self.record.number}


@needs(Right.JOBS_VIEW, Right.JOBS_CANCEL)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a job that is requested, open or assigned (JD7, 8.6); once it is resolved there is nothing to cancel."""
    found, back = _job(request, pk), reverse("portal:job", args=[pk])
    form = CancelForm(posted(request))
    try:
        found.MACHINE.step(found, "cancel")
        if not form.is_valid():
            return render(request, "portal/job_cancel.html", {"job": found, "form": form}, status=422 if form.is_bound else 200)
        found.cancel(request.user, form.cleaned_data["reason"])
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return see_other(request, back)
    notices.tell_staff(found, notices.CANCELLED, request.user)
    messages.success(request, _("%(job)s was cancelled.") % {"job": found.number})
    return see_other(request, back)
