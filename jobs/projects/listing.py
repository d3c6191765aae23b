"""The list of projects: its views by status, its filters (XD26)."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clientdesk.lists import Column, ListSpec, Sort
from clientdesk.search_form import OneOf, SearchForm, Words
from jobs.listing import OfClient, in_states
from jobs.models import Project
from jobs.project_machine import ProjectStatus
from jobs.work_columns import ADDED, CLIENT, CONTACT, PLACES, REFERENCES, STATUS, orders

LATE, WEEK, REVIEW = "late", "week", "review"


class Due(OneOf):
    """Open projects by their deadline."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the projects whose deadline is over, or within seven days."""
        if value == [LATE]:
            return queryset.late()
        now = timezone.now()
        return queryset.open().filter(deadline__gte=now, deadline__lt=now + timedelta(days=7))


class ProjectSearch(SearchForm):
    """Words of number, name and reference; when it is due; one client."""

    q = Words(label=_("Number, name or reference"))
    due = Due(label=_("Deadline"), choices=[(LATE, _("Late")), (WEEK, _("Within seven days"))])
    client = OfClient(label=_("Client"))


PROJECTS = ListSpec(
    page="projects",
    model=Project,
    sorts=orders("project", Sort("deadline", ("deadline_key", "id"), "project_by_deadline")),
    columns=(
        Column(_("Project"), "number", "c-name", name="project", fixed=True),
        CLIENT,
        STATUS,
        Column(_("Progress"), css="num c-short", name="progress"),
        Column(_("Deadline"), "deadline", "p2 c-moment", name="deadline"),
        CONTACT,
        ADDED,
        Column(_("Start"), css="p1 c-day", name="start", standard=False),
        Column(_("Quote"), css="p1 c-word", name="quote", standard=False),
        *PLACES,
        Column(_("Delivered"), css="p1 c-day", name="delivered", standard=False),
        Column(_("Rating"), css="p1 c-word", name="rating", standard=False),
        *REFERENCES,
    ),
    form=ProjectSearch,
    views={
        **{str(status): (status.label, in_states(status)) for status in ProjectStatus},
        LATE: (_("Late"), lambda projects, chosen: projects.late()),
        REVIEW: (_("Awaiting review"), lambda projects, chosen: projects.awaiting_review()),
        "all": (_("All"), lambda projects, chosen: projects),
    },
)
