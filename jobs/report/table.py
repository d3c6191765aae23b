"""The report as what pages of all lists need to know of it: its saved views are the saved reports."""

from django.utils.translation import gettext_lazy as _

from clientdesk.lists import Column
from clientdesk.tables import Table
from jobs.columns import JobColumns
from jobs.models import Job
from jobs.report.listing import REPORT


class ReportColumns(JobColumns):
    """The columns of the report, with the same words in them as in the list of jobs."""

    def find(self) -> tuple[Column, ...]:
        return REPORT.columns


TABLE = Table(
    spec=REPORT,
    seen=Job.objects.visible_to,
    columns=ReportColumns,
    words={"many": _("Job queries report"), "changing": _("Changing jobs"), "changed": _("Jobs changed")},
)
