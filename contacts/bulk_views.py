"""What acts on many contacts ask and say before they happen: who loses the portal, who stays and why (XD34; design.md 5.8)."""

from typing import ClassVar

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext

from clientdesk.tables.bulk_views import MOST_NAMES, Action, Bulk, Named, TargetForm, named
from clientdesk.tables.picking import Selection
from clients.consequences import Consequence, lost_access_sentence
from clients.people import portal_states
from contacts.bulk import ACTS, must_stay
from contacts.models import Position

MOST_LOOKED_AT = 500


class PositionTarget(TargetForm):
    """A position in use, or on purpose none."""

    target = forms.ModelChoiceField(
        label=gettext_lazy("New position"),
        queryset=Position.objects.filter(active=True),
        empty_label=gettext_lazy("Choose a position"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This position is not offered any more. Choose another.")},
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove the position instead"), required=False)

    def fit(self, user) -> None:
        """One of the two is asked for, so neither is marked as optional."""
        self.fields["target"].mark_optional = self.fields["remove"].mark_optional = False

    def clean(self) -> dict[str, object]:
        """Take the position away only where that was ticked."""
        found = super().clean() or self.cleaned_data
        if found.get("remove"):
            found["target"] = None
        elif "target" in found and found["target"] is None:
            self.add_error("target", gettext_lazy("Choose a position, or tick that it is removed."))
        return found


class BulkContacts(Bulk):
    """What an act on the selected contacts will do, with names; sending it does it."""

    template_name = "contacts/bulk_confirm.html"
    acts = ACTS
    nothing_picked = gettext_lazy("Select at least one contact, then choose what to do.")
    actions: ClassVar[dict[str, Action]] = {
        "position": Action("position", gettext_lazy("Set position"), PositionTarget),
        "no_crm": Action("no_crm_emails", gettext_lazy("Stop CRM e-mails"), value=True),
        "crm": Action("no_crm_emails", gettext_lazy("Allow CRM e-mails"), value=False),
        "deactivate": Action("active", gettext_lazy("Deactivate"), value=False),
    }

    def heading(self, count: int) -> str:
        shown = {"count": number_format(count, force_grouping=True)}
        if self.name == "position":
            return ngettext("Set the position of %(count)s contact", "Set the position of %(count)s contacts", count) % shown
        if self.name == "no_crm":
            return ngettext("Stop CRM e-mails to %(count)s contact", "Stop CRM e-mails to %(count)s contacts", count) % shown
        if self.name == "crm":
            return ngettext("Allow CRM e-mails to %(count)s contact", "Allow CRM e-mails to %(count)s contacts", count) % shown
        return ngettext("Deactivate %(count)s contact", "Deactivate %(count)s contacts", count) % shown

    def said_before(self, selection: Selection) -> dict[str, object]:
        if self.name != "deactivate":
            return {}
        staying = selection.records.filter(must_stay(selection), active=True)
        first = list(staying.order_by("sort_key", "id").only(*ACTS.reads)[:MOST_NAMES])
        return {
            "already": selection.records.filter(active=False).order_by().count(),
            "staying": named(first, staying.order_by().count()) if first else None,
            "lost": _lost(selection),
        }


def _lost(selection: Selection) -> tuple[Consequence, Named] | None:
    """Return who would lose the portal: the sentence and the names. Of more than 500 who were let in it looks at the first 500."""
    leaving = selection.records.filter(active=True, access__allowed=True, access__invited_at__isnull=False).exclude(must_stay(selection))
    contacts = list(leaving.order_by("sort_key", "id").only(*ACTS.reads, "email")[:MOST_LOOKED_AT])
    states = portal_states(contacts)
    lost = [contact for contact in contacts if (access := states.get(contact.pk)) and access.is_open]
    return (Consequence(lost_access_sentence(len(lost))), named(lost, len(lost))) if lost else None
