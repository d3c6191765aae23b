"""The columns of the list of jobs, and what stands in their cells."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clientdesk.lists import Column
from clientdesk.spreadsheets import Value
from clientdesk.tables.columns import Cell, Columns
from jobs.listing import JOBS
from jobs.machine import Status
from jobs.models import Job
from jobs.models.times import Priority
from jobs.templatetags.jobs import clock_word

_WORDS: dict[str, Callable[[Job], object]] = {
    "job": lambda job: job.subject,
    "number": lambda job: job.number,
    "client": lambda job: job.client.name,
    "technician": lambda job: job.assignee and str(job.assignee),
    "scheduled": lambda job: job.scheduled_at and date_format(timezone.localtime(job.scheduled_at), "DATETIME_FORMAT"),
    "job_type": lambda job: job.job_type and job.job_type.name,
    "office": lambda job: job.office.name,
    "department": lambda job: job.department and job.department.name,
    "contact": lambda job: job.contact and job.contact.full_name,
    "city": lambda job: job.city,
    "created": lambda job: timezone.localtime(job.created_at).date(),
    "closed": lambda job: job.closed_at and timezone.localtime(job.closed_at).date(),
}
_MOMENTS = {"scheduled": "scheduled_at", "created": "created_at", "closed": "closed_at"}


def _said(choices: type[TextChoices]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


@dataclass
class Row:
    """One row of the list: the job, and its cells, which a file does without."""

    job: Job
    columns: "JobColumns"

    @cached_property
    def cells(self) -> list[Cell]:
        """What stands in the shown columns."""
        return self.columns.words_of(self.job)


class JobColumns(Columns[Job, Row]):
    """The columns of the list of jobs."""

    read_by = {
        "technician": ("assignee__first_name", "assignee__last_name", "assignee__email"),
        "scheduled": ("scheduled_at",),
        "job_type": ("job_type__name",),
        "office": ("office__name",),
        "department": ("department__name",),
        "contact": ("contact__first_name", "contact__last_name"),
        "city": ("city",),
        "closed": ("closed_at",),
    }
    always = (
        *("number", "subject", "status", "priority", "client__name", "client__name_key", "due_key", "created_at", "opened_at"),
        *("urgency", "scheduled_key"),
        *("request_due_at", "request_risk_at", "request_stopped_at", "open_due_at", "open_risk_at", "open_stopped_at"),
    )

    def find(self) -> tuple[Column, ...]:
        return JOBS.columns

    def rows(self, records: list[Job]) -> list[Row]:
        """Return the rows of `records` (from `read`)."""
        return [Row(job, self) for job in records]

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        # Translated once, not in every row of a file.
        return {"status": _said(Status), "priority": _said(Priority)}

    def value(self, name: str, record: Job, *more: object) -> object:
        if name in self._labels:
            return self._labels[name][getattr(record, name)]
        return _WORDS[name](record) if name in _WORDS else None

    def heads_in_files(self, column: Column) -> list[str]:
        if column.name == "job":
            return [_("Job number"), _("Subject")]
        if column.name == "number":
            # It stands beside the subject already.
            return []
        return [_("Due"), _("SLA time")] if column.name == "due" else super().heads_in_files(column)

    def in_files(self, name: str, row: Row) -> list[Value]:
        job = row.job
        if name == "job":
            return [job.number, job.subject]
        if name == "number":
            return []
        if name == "due":
            word = clock_word(job)
            return [timezone.localtime(job.due_at) if word and job.due_at else "", word]
        if name in _MOMENTS:
            moment = getattr(job, _MOMENTS[name])
            return [timezone.localtime(moment) if moment else ""]
        return [str(self.value(name, job) or "")]
