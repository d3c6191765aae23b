"""The columns of the list of projects, and what stands in their cells."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clientdesk.lists import Column
from clientdesk.spreadsheets import Value
from jobs.projects.listing import PROJECTS
from jobs.work_columns import Row, Work, WorkColumns


class ProjectColumns(WorkColumns):
    """The columns of the list of projects; a deadline has its time of day."""

    spec = PROJECTS
    words = {
        "progress": lambda project: f"{project.progress} %",
        "quote": lambda project: project.quote and project.quote.number,
        "rating": lambda project: project.get_rating_display() if project.rating else "",
    }
    moments = {"deadline": "deadline", "created": "created_at", "delivered": "delivered_at"}
    days = {"start": "starts_on"}
    more_read = {"start": ("starts_on",), "quote": ("quote__number",), "delivered": ("delivered_at",), "rating": ("rating",)}
    more_always = ("progress", "deadline", "deadline_key")

    def value(self, name: str, record: Work, *more: object) -> object:
        if name == "deadline":
            return record.deadline and date_format(timezone.localtime(record.deadline), "DATETIME_FORMAT")
        return super().value(name, record)

    def heads_in_files(self, column: Column) -> list[str]:
        return [_("Project number"), _("Name")] if column.name == "project" else super().heads_in_files(column)

    def in_files(self, name: str, row: Row) -> list[Value]:
        return [row.item.progress] if name == "progress" else super().in_files(name, row)
