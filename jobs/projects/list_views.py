"""The list of projects and its file."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clientdesk.tables.exporting import Export
from jobs.projects.table import TABLE
from jobs.work_lists import Words, WorkList


class ProjectList(WorkList):
    """The projects of all clients, the newest first."""

    table = TABLE
    words = Words(
        title=_("Projects"),
        views=_("Project views"),
        placeholder=_("Number, name or reference"),
        add=_("New project"),
        add_name="projects:add",
        only=_("Only the projects of %(client)s."),
        no_match=_("No project matches"),
        nothing=_("No projects here"),
        about=_("An accepted quote becomes a project; one can also be opened without a quote."),
        icon="folder-kanban",
    )

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s project", "%(count)s projects", count) % {"count": self.counted(text)}


class ExportProjects(Export):
    """The projects of the list as a file."""

    table = TABLE
    nothing_picked = _("Select at least one project to export.")
    too_many = _("A sheet holds 1,048,575 projects, and these are more. Export them as a CSV file.")
