"""Work that is done for clients: quotes, projects and jobs, the times promised for them, and the lists that describe them."""

from jobs.models.dictionaries import JobType
from jobs.models.document import Document
from jobs.models.item import Item, ItemContact, ItemQuerySet
from jobs.models.job import Job, JobQuerySet
from jobs.models.links import JobContact, JobEvent
from jobs.models.project import Project, ProjectContact
from jobs.models.quote import Origin, Quote, QuoteContact, QuoteLine
from jobs.models.times import BusinessCalendar, SlaTarget

__all__ = [
    "BusinessCalendar",
    "Document",
    "Item",
    "ItemContact",
    "ItemQuerySet",
    "Job",
    "JobContact",
    "JobEvent",
    "JobQuerySet",
    "JobType",
    "Origin",
    "Project",
    "ProjectContact",
    "Quote",
    "QuoteContact",
    "QuoteLine",
    "SlaTarget",
]
