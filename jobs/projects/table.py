"""The list of projects as what pages of all lists need to know of it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from clientdesk.tables import Table
from jobs.models import Project
from jobs.projects.columns import ProjectColumns
from jobs.projects.listing import PROJECTS


def _seen(user: User) -> QuerySet[Project]:
    return Project.objects.visible_to(user)


TABLE = Table(
    spec=PROJECTS,
    seen=_seen,
    columns=ProjectColumns,
    words={"many": _("Projects"), "changing": _("Changing projects"), "changed": _("Projects changed")},
)
