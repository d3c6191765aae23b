"""The list of jobs as what pages of all lists need to know of it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from clientdesk.tables import Table
from jobs.columns import JobColumns
from jobs.listing import JOBS
from jobs.models import Job


def _seen(user: User) -> QuerySet[Job]:
    return Job.objects.visible_to(user)


TABLE = Table(
    spec=JOBS, seen=_seen, columns=JobColumns, words={"many": _("Jobs"), "changing": _("Changing jobs"), "changed": _("Jobs changed")}
)
