"""The list of jobs and its file (JD3)."""

from django.utils.translation import gettext_lazy, ngettext

from clientdesk.lists import Listing
from clientdesk.tables.exporting import Export
from jobs import grouping
from jobs.client_choice import OfOneClient
from jobs.listing import GROUPS
from jobs.table import TABLE


class JobList(OfOneClient):
    """The jobs of all clients, those that are due first; `?client=7` narrows them to one."""

    table = TABLE
    template_name = "jobs/job_list.html"
    acts_on_many = True

    def list_context(self, listing: Listing) -> dict[str, object]:
        by = str(listing.form.chosen.get("group", ""))
        choices = [(name, label, name == by) for name, label in GROUPS.items()]
        shown = super().list_context(listing) | {"group_choices": choices, "grouped_by": GROUPS.get(by, "")}
        if not by or not listing.rows:
            return shown
        return shown | {
            "groups": grouping.groups(listing, listing.narrowed(self.queryset()), by, self.columns),
            "most": grouping.MOST_GROUPS,
        }

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s job", "%(count)s jobs", count) % {"count": self.counted(text)}


class ExportJobs(Export):
    """The jobs of the list, or of them only those that were picked, as a file."""

    table = TABLE
    nothing_picked = gettext_lazy("Select at least one job to export.")
    too_many = gettext_lazy("A sheet holds 1,048,575 jobs, and these are more. Export them as a CSV file.")
