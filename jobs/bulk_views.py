"""What acts on many jobs ask and say before they happen: how many take it, which do not and why (JD3; design.md 5.8)."""

from typing import ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from clientdesk.fields import LinesField
from clientdesk.inputs import MomentField
from clientdesk.models import User
from clientdesk.tables.bulk import Order
from clientdesk.tables.bulk_views import MOST_NAMES, Action, Bulk, Named, TargetForm
from clientdesk.tables.picking import Selection
from jobs.board import crew
from jobs.bulk import ACTS, TAKEN_IN
from jobs.models import Job
from jobs.models.times import Priority
from jobs.retiming import AT_ONCE
from jobs.timing import Promises, foresee


class TechnicianTarget(TargetForm):
    """A technician in use."""

    target = forms.ModelChoiceField(
        label=_("Technician"),
        queryset=User.objects.none(),
        empty_label=_("Choose a technician"),
        error_messages={"required": _("Choose the technician."), "invalid_choice": _("This technician is not in use. Choose another.")},
    )

    def fit(self, user: User) -> None:
        """Offer the technicians in use."""
        self.fields["target"].queryset = crew()


class MomentTarget(TargetForm):
    """When the work is done, or on purpose at no set time."""

    target = MomentField(label=_("Scheduled for"), required=False, help_text=_("Left blank they are not scheduled any more."))

    def clean_target(self) -> str:
        """Return the moment as a text, as orders keep it; blank without one."""
        moment = self.cleaned_data["target"]
        return moment.isoformat() if moment else ""


class PriorityTarget(TargetForm):
    """How urgent they are."""

    target = forms.ChoiceField(
        label=_("Priority"),
        choices=[("", _("Choose a priority")), *Priority.choices],
        error_messages={"required": _("Choose a priority.")},
    )


class ReasonTarget(TargetForm):
    """Why they are not done."""

    target = LinesField(label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


# By action: the title for how many, and which jobs take it.
_HEADINGS: dict[str, Promise] = {
    "assign": ngettext_lazy("Assign %(count)s job", "Assign %(count)s jobs", "number"),
    "schedule": ngettext_lazy("Schedule %(count)s job", "Schedule %(count)s jobs", "number"),
    "priority": ngettext_lazy("Change the priority of %(count)s job", "Change the priority of %(count)s jobs", "number"),
    "cancel": ngettext_lazy("Cancel %(count)s job", "Cancel %(count)s jobs", "number"),
    "close": ngettext_lazy("Close %(count)s job", "Close %(count)s jobs", "number"),
}
_WHY: dict[str, Promise] = {
    "assign": _("Only open and assigned jobs get a technician."),
    "schedule": _("Only assigned jobs are scheduled; assign them first."),
    "priority": _("A closed job cannot be changed any more."),
    "cancel": _("Only requested, open and assigned jobs can be cancelled."),
    "close": _("Only resolved jobs can be closed."),
}


class BulkJobs(Bulk):
    """What an act on the selected jobs will do, with names; sending it does it."""

    template_name = "jobs/bulk_confirm.html"
    acts = ACTS
    nothing_picked = _("Select at least one job, then choose what to do.")
    actions: ClassVar[dict[str, Action]] = {
        "assign": Action("assignee", _("Assign"), TechnicianTarget),
        "schedule": Action("scheduled_at", _("Schedule"), MomentTarget),
        "priority": Action("priority", _("Change priority"), PriorityTarget),
        "cancel": Action("cancel_reason", _("Cancel jobs"), ReasonTarget),
        "close": Action("closed_at", _("Close jobs")),
    }

    def heading(self, count: int) -> str:
        return str(_HEADINGS[self.name] % {"count": number_format(count, force_grouping=True), "number": count})

    def said_before(self, selection: Selection) -> dict[str, object]:
        states = TAKEN_IN[self.action.column]
        taking = selection.records.filter(status__in=states)
        staying = selection.records.exclude(status__in=states)
        count = staying.order_by().count()
        running = taking.running().order_by().count() if self.name in ("priority", "cancel") else 0
        return {
            "taking": taking.order_by().count(),
            "staying": _named(staying, count) if count else None,
            "why": _WHY[self.name],
            "clocks": ngettext("%(count)s clock", "%(count)s clocks", running) % {"count": running} if running else "",
        }

    def foreseen(self, selection: Selection, value: object) -> dict[str, object]:
        """Another priority: the jobs whose running clock is over at another time then, the first by when they are due."""
        if self.name != "priority":
            return {}
        jobs = self.acts.fitting(selection, Order("priority", str(value))).running().select_related("client")
        looked_at = list(jobs.order_by("due_key", "pk")[:AT_ONCE])
        for job in looked_at:
            job.priority = value
        moved = foresee(looked_at, Promises())
        more = jobs.order_by().count() - len(looked_at) + max(len(moved) - MOST_NAMES, 0)
        return {"moved": moved[:MOST_NAMES], "more_clocks": more} if moved else {}


def _named(jobs: QuerySet[Job], count: int) -> Named:
    """Return the first of `jobs`, each with its state."""
    first = jobs.order_by("due_key", "id").only("number", "subject", "status")[:MOST_NAMES]
    return Named([f"{job} ({job.get_status_display().lower()})" for job in first], max(count - MOST_NAMES, 0))
