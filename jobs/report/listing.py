"""The report's own list: every job, whatever its state, with its filters, orders and columns (J27, S8)."""

from datetime import date

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clientdesk.lists import Column, ListSpec, Sort
from clientdesk.search_form import Filter, OneOf, SearchForm, SomeOf, Words
from clients.models import Branch
from contacts.crm.listing import day_of, span
from contacts.models import Contact
from jobs.listing import DUE, LOGGED, ORDERS, OfClient, OfTechnician
from jobs.machine import Status
from jobs.models import Job, JobType
from jobs.models.links import JobContact
from jobs.models.times import Priority
from jobs.report.periods import PERIODS, Days, days_of
from jobs.report.verdicts import Verdict, with_verdict

# Contacts beyond these are found by typing.
MOST_CONTACTS = 200


class _Day(Filter[str], forms.CharField):
    """One day as `2026-11-25`."""

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, **kwargs)

    def read(self, params: QueryDict, name: str) -> str:
        """Return the day of the address, or an empty text."""
        found = day_of(params.get(name, ""))
        return found.isoformat() if found else ""


class Since(_Day):
    """Jobs logged on a day or later."""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the jobs logged from that day on."""
        return queryset.filter(created_at__gte=span(date.fromisoformat(value))[0])


class Until(_Day):
    """Jobs logged on a day or before."""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the jobs logged until the end of that day."""
        return queryset.filter(created_at__lt=span(date.fromisoformat(value))[1])


class InPeriod(Filter[str], forms.CharField):
    """Jobs logged in a period that moves with today: a saved report of the last month stays one."""

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, **kwargs)

    def read(self, params: QueryDict, name: str) -> str:
        """Return the name of the period, or an empty text."""
        return params.get(name, "") if params.get(name, "") in PERIODS else ""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the jobs logged in that period."""
        first, last = days_of(value, timezone.localdate())
        return queryset.filter(created_at__gte=span(first)[0], created_at__lt=span(last)[1])


class ByVerdict(SomeOf):
    """Jobs within their SLA time, late, or without one."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the jobs of the chosen verdicts."""
        return with_verdict(queryset).filter(verdict__in=value)


class OfBranch(SomeOf):
    """Jobs of clients for whom one of the chosen branches of our own company is responsible (XD36)."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the jobs of the clients of those branches."""
        return queryset.filter(client__branch__in=value)


class OfContact(OneOf):
    """Jobs of one contact of the chosen client, as its contact or as an additional one (decision 9); none is offered without a client."""

    client = ""

    def read(self, params: QueryDict, name: str) -> list[str]:
        """Return the contact of the address where it has jobs with the client of the address."""
        self.client = OfClient().read(params, "client")
        return super().read(params, name)

    def ask(self) -> list[tuple[str, str]]:
        """Find the contacts of the client who are named in its jobs."""
        if not self.client or self.reader is None:
            return []
        own = Job.objects.filter(contact=OuterRef("pk"))
        named = Exists(own) | Exists(JobContact.objects.filter(contact=OuterRef("pk")))
        people = Contact.objects.visible_to(self.reader).filter(named, client=int(self.client)).order_by("sort_key", "pk")
        return [(str(person.pk), person.full_name) for person in people.only("first_name", "last_name")[:MOST_CONTACTS]]

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the jobs that name the contact."""
        more = JobContact.objects.filter(job=OuterRef("pk"), contact=value[0])
        return queryset.filter(Q(contact=value[0]) | Exists(more))


class ReportSearch(SearchForm):
    """Client, period, state, priority, kind, contact, SLA time, technician and branch of jobs, and words of number, subject and town."""

    q = Words(label=_("Number, subject or town"))
    client = OfClient(label=_("Client"))
    period = InPeriod(label=_("Period"))
    since = Since(label=_("From"))
    until = Until(label=_("To"))
    status = SomeOf(label=_("Status"), column="status", choices=Status.choices)
    priority = SomeOf(label=_("Priority"), column="priority", choices=Priority.choices)
    job_type = SomeOf(label=_("Job type"), column="job_type_id", dictionary=JobType)
    contact = OfContact(label=_("Contact person"))
    sla = ByVerdict(label=_("SLA time"), choices=Verdict.choices)
    technician = OfTechnician(label=_("Technician"))
    branch = OfBranch(label=_("Branch"), dictionary=Branch)

    @property
    def days(self) -> Days | None:
        """The first and the last day that were asked for, where both are known."""
        if period := self.chosen.get("period"):
            return days_of(period, timezone.localdate())
        since, until = self.chosen.get("since"), self.chosen.get("until")
        return (date.fromisoformat(since), date.fromisoformat(until)) if since and until and since <= until else None


REPORT = ListSpec(
    page="job_report",
    model=Job,
    sorts=(LOGGED, DUE, *ORDERS, Sort("closed", ("closed_key", "id"), "job_by_closing")),
    columns=(
        Column(_("Job"), "subject", "c-name", name="job", fixed=True),
        Column(_("Client"), "client", "p2 c-person", name="client"),
        Column(_("Logged"), "created", "p1 c-moment", name="created"),
        Column(_("Status"), "status", "p1 c-word", name="status"),
        Column(_("Priority"), "priority", "p2 c-short", name="priority"),
        Column(_("Due"), "due", "c-due", name="due"),
        Column(_("Job type"), "job_type", "p4 c-word", name="job_type"),
        Column(_("Contact person"), "contact", "p5 c-word", name="contact"),
        Column(_("Closed"), "closed", "p5 c-moment", name="closed"),
        Column(_("Office"), "office", "p1 c-word", name="office", standard=False),
        Column(_("Department"), "department", "p1 c-word", name="department", standard=False),
        Column(_("Technician"), "technician", "p1 c-word", name="technician", standard=False),
        Column(_("Scheduled for"), "scheduled", "p1 c-moment", name="scheduled", standard=False),
        Column(_("Town"), "city", "p1 c-word", name="city", standard=False),
        Column(_("Job number"), "number", "p1 c-word", name="number", standard=False),
    ),
    form=ReportSearch,
    views={"all": (_("All jobs"), lambda jobs, chosen: jobs)},
)
