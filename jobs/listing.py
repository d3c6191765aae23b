"""The list of jobs: its views by state, its filters, its orders (JD3, S8)."""

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clientdesk.lists import LARGEST_ID, Column, ListSpec, Narrowing, Sort
from clientdesk.models import User
from clientdesk.search_form import Filter, OneOf, SearchForm, SomeOf, Words
from jobs.machine import Status
from jobs.models import Job, JobType
from jobs.models.times import Priority

# What jobs can be grouped by, in the order in which it is offered.
GROUPS = {"status": _("Status"), "priority": _("Priority"), "technician": _("Technician"), "client": _("Client")}
BREACHED, AT_RISK, TODAY, ME, NOBODY = "breached", "at_risk", "today", "me", "nobody"


class OfClient(Filter[str], forms.CharField):
    """The work of one client, by its key; whoever may not see the client finds none of them."""

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, **kwargs)

    def read(self, params: QueryDict, name: str) -> str:
        """Return the key of the address, or an empty text."""
        text = params.get(name, "")
        return text if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID else ""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the work of that client."""
        return queryset.filter(client=int(value))


class Clock(OneOf):
    """Jobs whose running clock is over, nearly, or will be today."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the jobs whose clock stands so."""
        if value == [TODAY]:
            return queryset.due_today()
        return queryset.breached() if value == [BREACHED] else queryset.at_risk()


class OfTechnician(OneOf):
    """Jobs of one technician; “Me” is who looks."""

    def ask(self) -> list[tuple[str, str]]:
        """Find the technicians: the reader first, then that there is none."""
        people = User.objects.staff().filter(technician=True).order_by("last_name", "pk")
        return [(ME, str(_("Me"))), (NOBODY, str(_("Nobody yet"))), *((str(user.pk), str(user)) for user in people)]

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the jobs of that person, or those without one."""
        if value == [NOBODY]:
            return queryset.filter(assignee=None)
        person = (self.reader.pk if self.reader else None) if value == [ME] else int(value[0])
        return queryset.filter(assignee__in=[person])


class Grouped(Filter[str], forms.CharField):
    """By which column the list is grouped (JD3); it leaves every job. Kept with the filters, so that a saved view keeps it, too."""

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, **kwargs)

    def read(self, params: QueryDict, name: str) -> str:
        """Return the name of the column, or an empty text."""
        return params.get(name, "") if params.get(name, "") in GROUPS else ""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return every job."""
        return queryset


class JobSearch(SearchForm):
    """Words of number, subject and town; priority, kind, technician, clock; one client; by what the jobs are grouped."""

    q = Words(label=_("Number, subject or town"))
    priority = SomeOf(label=_("Priority"), column="priority", choices=Priority.choices)
    job_type = SomeOf(label=_("Job type"), column="job_type_id", dictionary=JobType)
    technician = OfTechnician(label=_("Technician"))
    clock = Clock(label=_("SLA time"), choices=[(BREACHED, _("Overdue")), (AT_RISK, _("At risk")), (TODAY, _("Due today"))])
    client = OfClient(label=_("Client"))
    group = Grouped(label=_("Group by"))


def in_states(*states: str) -> Narrowing:
    """Return the view of what is in one of `states`."""
    return lambda items, chosen: items.filter(status__in=states)


DUE = Sort("due", ("due_key", "id"), "job_by_due")
LOGGED = Sort("created", ("created_at", "id"), "job_by_age", down=True)
# The orders that both lists of jobs have besides (JD3). A number is given under a lock, so numbers follow keys.
ORDERS = (
    Sort("number", ("id",), "jobs_job_pkey"),
    Sort("client", ("client__name_key", "id"), "client_name_once"),
    Sort("status", ("status", "due_key", "id"), "job_by_status"),
    Sort("priority", ("urgency", "id"), "job_by_urgency", down=True),
    Sort("scheduled", ("scheduled_key", "id"), "job_by_scheduled_key"),
    Sort("city", ("city_key", "id"), "job_by_town"),
    Sort("subject", ("subject_key", "id"), "job_by_subject"),
    # What stands in another table no index has in the order of jobs: they are put in order anew for each page, 200,000 of them within a
    # quarter of a second. Those without one stand behind all others, whichever way it goes.
    Sort("technician", ("assignee__last_name", "assignee__first_name", "assignee__email_key", "id")),
    Sort("job_type", ("job_type__name_key", "id")),
    Sort("office", ("office__name_key", "id")),
    Sort("department", ("department__name_key", "id")),
    Sort("contact", ("contact__sort_key", "id")),
)

JOBS = ListSpec(
    page="jobs",
    model=Job,
    sorts=(DUE, LOGGED, *ORDERS),
    columns=(
        Column(_("Job"), "subject", "c-name", name="job", fixed=True),
        Column(_("Client"), "client", "p1 c-person", name="client"),
        Column(_("Status"), "status", "p1 c-word", name="status"),
        Column(_("Priority"), "priority", "p2 c-short", name="priority"),
        Column(_("Due"), "due", "c-due", name="due"),
        Column(_("Technician"), "technician", "p2 c-word", name="technician"),
        Column(_("Scheduled for"), "scheduled", "p5 c-moment", name="scheduled"),
        Column(_("Job type"), "job_type", "p4 c-word", name="job_type"),
        Column(_("Office"), "office", "p1 c-word", name="office", standard=False),
        Column(_("Department"), "department", "p1 c-word", name="department", standard=False),
        Column(_("Contact person"), "contact", "p1 c-word", name="contact", standard=False),
        Column(_("Town"), "city", "p1 c-word", name="city", standard=False),
        Column(_("Logged"), "created", "p1 c-word", name="created", standard=False),
        Column(_("Job number"), "number", "p1 c-word", name="number", standard=False),
    ),
    form=JobSearch,
    views={
        "unfinished": (_("To do"), lambda jobs, chosen: jobs.unfinished()),
        **{str(status): (status.label, in_states(status)) for status in Status},
        "all": (_("All"), lambda jobs, chosen: jobs),
    },
)
