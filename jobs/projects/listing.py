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

LATE, WEEK = "late", "week"


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
    sorts=(Sort("created", ("created_at", "id"), "project_by_age", down=True),),
    columns=(
        Column(_("Project"), css="c-name", name="project", fixed=True),
        Column(_("Client"), css="p1 c-person", name="client"),
        Column(_("Status"), css="p1 c-word", name="status"),
        Column(_("Progress"), css="num c-short", name="progress"),
        Column(_("Deadline"), css="p2 c-moment", name="deadline"),
        Column(_("Contact person"), css="p3 c-word", name="contact"),
        Column(_("Added"), "created", "p3 c-word", name="created"),
        Column(_("Start"), css="p1 c-word", name="start", standard=False),
        Column(_("Quote"), css="p1 c-word", name="quote", standard=False),
        Column(_("Office"), css="p1 c-word", name="office", standard=False),
        Column(_("Department"), css="p1 c-word", name="department", standard=False),
        Column(_("Delivered"), css="p1 c-word", name="delivered", standard=False),
        Column(_("Client's reference"), css="p1 c-word", name="reference", standard=False),
    ),
    form=ProjectSearch,
    views={
        **{str(status): (status.label, in_states(status)) for status in ProjectStatus},
        LATE: (_("Late"), lambda projects, chosen: projects.late()),
        "all": (_("All"), lambda projects, chosen: projects),
    },
)
