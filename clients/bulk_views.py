"""What acts on many clients say before they happen: what is asked, and who loses the portal (S1; design.md 5.8)."""

from typing import ClassVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clientdesk.consequences import Consequence
from clientdesk.tables.bulk_views import Action, Bulk, Named, named
from clientdesk.tables.picking import Selection
from clients import consequences
from clients.bulk import ACTS
from clients.bulk_forms import BranchTarget, CategoryTarget
from clients.consequences import MOST_LOOKED_AT, losing_access, lost_access_sentence, with_invited
from clients.models import Branch, Client


class BulkClients(Bulk):
    """What an act on the selected clients will do, with names; sending it does it."""

    template_name = "clients/bulk_confirm.html"
    acts = ACTS
    nothing_picked = gettext_lazy("Select at least one client, then choose what to do.")
    actions: ClassVar[dict[str, Action]] = {
        "branch": Action("branch", gettext_lazy("Change branch"), BranchTarget),
        "category": Action("category", gettext_lazy("Change category"), CategoryTarget),
        "inactive": Action("status", gettext_lazy("Set inactive"), value=Client.Status.INACTIVE.value),
    }

    def heading(self, count: int) -> str:
        shown = {"count": number_format(count, force_grouping=True)}
        if self.name == "branch":
            return ngettext("Change the branch of %(count)s client", "Change the branch of %(count)s clients", count) % shown
        if self.name == "category":
            return ngettext("Change the category of %(count)s client", "Change the category of %(count)s clients", count) % shown
        return ngettext("Set %(count)s client inactive", "Set %(count)s clients inactive", count) % shown

    def said_before(self, selection: Selection) -> dict[str, object]:
        if self.name != "inactive":
            return {}
        already = selection.records.filter(status=Client.Status.INACTIVE).order_by().count()
        return {"already": already, "lost": _lost(selection)}

    def foreseen(self, selection: Selection, value: object) -> dict[str, object]:
        """Another branch: how many running clocks go by other business hours then."""
        branch = Branch.objects.filter(pk=value).first() if self.name == "branch" else None
        found = consequences.of_branch(selection.records, branch) if branch else []
        return {"consequences": found} if found else {}


def _lost(selection: Selection) -> tuple[Consequence, Named] | None:
    """Return who would lose the portal: the sentence and the names. Beyond 500 clients with invited contacts it looks at the first 500."""
    keys = with_invited(selection.records)
    contacts = losing_access(keys, Client.Status.INACTIVE) if keys else []
    if not contacts:
        return None
    sentence = lost_access_sentence(len(contacts))
    if len(keys) == MOST_LOOKED_AT:
        sentence = _("At least %(count)d contacts lose portal access:") % {"count": len(contacts)}
    return Consequence(sentence), named(contacts, len(contacts))
