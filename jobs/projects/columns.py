"""The columns of the list of projects, and what stands in their cells."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clientdesk.lists import Column
from clientdesk.spreadsheets import Value
from clientdesk.tables.columns import Cell, Columns
from jobs.models import Project
from jobs.projects.listing import PROJECTS

_WORDS: dict[str, Callable[[Project], object]] = {
    "project": lambda project: project.name,
    "client": lambda project: project.client.name,
    "status": lambda project: project.get_status_display(),
    "progress": lambda project: f"{project.progress} %",
    "deadline": lambda project: project.deadline and date_format(timezone.localtime(project.deadline), "DATETIME_FORMAT"),
    "contact": lambda project: project.contact and project.contact.full_name,
    "created": lambda project: timezone.localtime(project.created_at).date(),
    "start": lambda project: project.starts_on,
    "quote": lambda project: project.quote and project.quote.number,
    "office": lambda project: project.office.name,
    "department": lambda project: project.department and project.department.name,
    "delivered": lambda project: project.delivered_at and timezone.localtime(project.delivered_at).date(),
    "reference": lambda project: project.client_reference,
}
_MOMENTS = {"deadline": "deadline", "created": "created_at", "delivered": "delivered_at"}


@dataclass(frozen=True)
class Row:
    """One row of the list: the project and its cells."""

    item: Project
    cells: list[Cell]


class ProjectColumns(Columns[Project, Row]):
    """The columns of the list of projects."""

    read_by = {
        "contact": ("contact__first_name", "contact__last_name"),
        "start": ("starts_on",),
        "quote": ("quote__number",),
        "office": ("office__name",),
        "department": ("department__name",),
        "delivered": ("delivered_at",),
        "reference": ("client_reference",),
    }
    always = ("number", "name", "status", "client__name", "progress", "deadline", "created_at")

    def find(self) -> tuple[Column, ...]:
        return PROJECTS.columns

    def rows(self, records: list[Project]) -> list[Row]:
        """Return the rows of `records` (from `read`)."""
        return [Row(project, self.words_of(project)) for project in records]

    def value(self, name: str, record: Project, *more: object) -> object:
        return _WORDS[name](record)

    def heads_in_files(self, column: Column) -> list[str]:
        return [_("Project number"), _("Name")] if column.name == "project" else super().heads_in_files(column)

    def in_files(self, name: str, row: Row) -> list[Value]:
        project = row.item
        if name == "project":
            return [project.number, project.name]
        if name == "progress":
            return [project.progress]
        if name in _MOMENTS:
            moment = getattr(project, _MOMENTS[name])
            return [timezone.localtime(moment) if moment else ""]
        if name == "start":
            return [project.starts_on or ""]
        return [str(self.value(name, project) or "")]
