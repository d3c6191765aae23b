"""CRM actions as a file."""

from django.utils.translation import gettext_lazy as _

from clientdesk.tables.plain import FileColumn, FileOf

ACTIONS_FILE = FileOf(
    "crm:export",
    "crm-actions",
    _("CRM actions"),
    (
        FileColumn("action", _("Action"), lambda action: action.subject),
        FileColumn("kind", _("Kind"), lambda action: action.get_kind_display()),
        FileColumn("client", _("Client"), lambda action: action.client.name),
        FileColumn("contact", _("Contact person"), lambda action: action.contact and action.contact.full_name),
        FileColumn("due", _("Due"), lambda action: action.due_at),
        FileColumn("done", _("Done on"), lambda action: action.done_at),
        FileColumn("status", _("Status"), lambda action: action.get_status_display()),
        FileColumn("person", _("Person in charge"), lambda action: action.assigned_to),
        FileColumn("text", _("Text"), lambda action: action.body),
    ),
)
