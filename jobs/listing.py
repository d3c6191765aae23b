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

BREACHED, AT_RISK = "breached", "at_risk"


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
    """Jobs whose running clock is over, or nearly."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the jobs whose clock stands so."""
        return queryset.breached() if value == [BREACHED] else queryset.at_risk()


class JobSearch(SearchForm):
    """Words of number, subject and town; priority, kind, technician, clock; one client."""

    q = Words(label=_("Number, subject or town"))
    priority = SomeOf(label=_("Priority"), column="priority", choices=Priority.choices)
    job_type = SomeOf(label=_("Job type"), column="job_type_id", dictionary=JobType)
    technician = OneOf(
        label=_("Technician"),
        column="assignee",
        choices=lambda: [(user.pk, str(user)) for user in User.objects.staff().filter(technician=True).order_by("last_name", "pk")],
    )
    clock = Clock(label=_("SLA time"), choices=[(BREACHED, _("Overdue")), (AT_RISK, _("At risk"))])
    client = OfClient(label=_("Client"))


def in_states(*states: str) -> Narrowing:
    """Return the view of what is in one of `states`."""
    return lambda items, chosen: items.filter(status__in=states)


JOBS = ListSpec(
    page="jobs",
    model=Job,
    sorts=(Sort("due", ("due_key", "id"), "job_by_due"), Sort("created", ("created_at", "id"), "job_by_age", down=True)),
    columns=(
        Column(_("Job"), css="c-name", name="job", fixed=True),
        Column(_("Client"), css="p1 c-person", name="client"),
        Column(_("Status"), css="p1 c-word", name="status"),
        Column(_("Priority"), css="p2 c-short", name="priority"),
        Column(_("Due"), "due", "c-due", name="due"),
        Column(_("Technician"), css="p2 c-word", name="technician"),
        Column(_("Scheduled for"), css="p5 c-moment", name="scheduled"),
        Column(_("Job type"), css="p4 c-word", name="job_type"),
        Column(_("Office"), css="p1 c-word", name="office", standard=False),
        Column(_("Department"), css="p1 c-word", name="department", standard=False),
        Column(_("Contact person"), css="p1 c-word", name="contact", standard=False),
        Column(_("Town"), css="p1 c-word", name="city", standard=False),
        Column(_("Logged"), "created", "p1 c-word", name="created", standard=False),
    ),
    form=JobSearch,
    views={
        "unfinished": (_("To do"), lambda jobs, chosen: jobs.unfinished()),
        **{str(status): (status.label, in_states(status)) for status in Status},
        "all": (_("All"), lambda jobs, chosen: jobs),
    },
)
