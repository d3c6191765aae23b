"""Work that is done for clients: jobs with their timeline, the times promised for them, and the lists that describe them."""

from jobs.models.dictionaries import JobType
from jobs.models.job import Job, JobQuerySet
from jobs.models.links import JobContact, JobEvent
from jobs.models.times import BusinessCalendar, SlaTarget

__all__ = ["BusinessCalendar", "Job", "JobContact", "JobEvent", "JobQuerySet", "JobType", "SlaTarget"]
