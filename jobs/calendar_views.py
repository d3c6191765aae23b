"""Settings: the business hours of each branch (JD10)."""

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.rights import Right, needs
from clientdesk.views import EditPage, Screen, see_other
from clients.models import Branch
from jobs.models import BusinessCalendar
from jobs.retiming import retime_branch
from jobs.sla_forms import DAYS, CalendarForm, hours_text


class Calendars(Screen):
    """The branches in use and their hours."""

    right = Right.SETTINGS
    template_name = "jobs/calendars.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        branches = Branch.objects.filter(active=True).select_related("calendar")
        rows = [(branch, *_told(getattr(branch, "calendar", None))) for branch in branches]
        return self.show(rows=rows)


def _told(calendar: BusinessCalendar | None) -> tuple[BusinessCalendar | None, list[tuple[object, str]]]:
    if calendar is None:
        return None, []
    return calendar, [(day, hours_text(span)) for day, span in zip(DAYS, calendar.week, strict=True) if span]


class TimedForm(CalendarForm):
    """Business hours whose saving times the running clocks of the branch anew."""

    def has_changed(self) -> bool:
        """A branch without hours gets those that the form proposes."""
        return self.instance._state.adding or super().has_changed()

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the hours and time the running jobs anew."""
        saved = super().save(commit, by=by)
        retime_branch(self.instance.branch)
        return saved


class EditCalendar(EditPage):
    """The business hours of the branch of the address; one without gets them by saving."""

    right = Right.SETTINGS
    form_class = CalendarForm
    template_name = "jobs/calendar_edit.html"

    def queryset(self) -> QuerySet:
        return BusinessCalendar.objects.select_related("branch")

    def find(self, lock: bool = False) -> BusinessCalendar:
        branch = get_object_or_404(Branch, pk=self.kwargs["pk"])
        found = self.queryset().filter(branch=branch)
        found = (found.select_for_update(of=("self",)) if lock else found).first()
        return found or BusinessCalendar(branch=branch)

    def form(self, posted: object = None) -> DeskForm:
        return TimedForm(posted, instance=self.record)

    def done_url(self) -> str:
        return reverse("jobs:calendars")


@needs(Right.SETTINGS)
@require_POST
def remove_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the clocks of a branch run around the clock."""
    branch = get_object_or_404(Branch, pk=pk)
    if calendar := BusinessCalendar.objects.filter(branch=branch).first():
        calendar.delete()
        retime_branch(branch)
        messages.success(request, _("The SLA times of %(branch)s count around the clock now.") % {"branch": branch})
    return see_other(request, reverse("jobs:calendars"))
