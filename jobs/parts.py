"""What of its jobs and SLA times the history of a client tells, and what hangs on a job (clientdesk/parts.py)."""

from django.utils.translation import gettext_lazy as _

from clientdesk.parts import Part
from jobs.story import says

PARTS = [
    Part("jobs.Quote", _("Quote"), owner="clients.Client"),
    Part("jobs.Project", _("Project"), owner="clients.Client"),
    Part("jobs.Job", _("Job"), owner="clients.Client"),
    Part("jobs.SlaTarget", _("SLA time"), owner="clients.Client", listed=True),
    Part("jobs.QuoteContact", _("Additional contact"), owner="jobs.Quote", by="quote", named="contact", listed=True),
    Part("jobs.ProjectContact", _("Additional contact"), owner="jobs.Project", by="project", named="contact", listed=True),
    Part("jobs.JobContact", _("Additional contact"), owner="jobs.Job", by="job", named="contact", listed=True),
    Part("jobs.Document", _("File"), of={item: f"jobs.{item.title()}" for item in ("quote", "project", "job")}, says=says),
    Part("jobs.WorkSession", _("Work session"), owner="jobs.Job", by="job"),
    Part("jobs.JobPart", _("Part"), owner="jobs.Job", by="job"),
    Part("jobs.JobCheck", _("Check"), owner="jobs.Job", by="job"),
    Part("jobs.Signature", _("Signature"), owner="jobs.Job", by="job"),
    Part("jobs.BusinessCalendar", _("Business hours"), owner="clients.Branch", by="branch", named=None),
]
