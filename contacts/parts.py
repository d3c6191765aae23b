"""What of the places and people of a client its history tells, and what hangs on a contact (clientdesk/parts.py)."""

from django.utils.translation import gettext_lazy as _

from clientdesk.models import Change
from clientdesk.parts import Changes, Part

_TOLD = {"client", "active", "is_primary", "erased_at"}


def _headquarters(action: int, changes: Changes) -> bool:
    """Every client has its headquarters from the start."""
    return action == Change.Action.CREATE and bool((changes.get("is_headquarters") or [None, None])[1])


def _own(action: int, changes: Changes) -> bool:
    """What changed about the person is told in the contact's own history."""
    return action == Change.Action.UPDATE and not _TOLD & set(changes)


PARTS = [
    Part("contacts.Contact", _("Contact person"), owner="clients.Client", silent=_own),
    Part("contacts.Office", _("Office"), owner="clients.Client", silent=_headquarters),
    Part("contacts.Department", _("Department"), owner="clients.Client", listed=True),
    Part("contacts.CrmAction", _("CRM action"), owner="clients.Client"),
    Part("contacts.ContactOffice", _("Office"), owner="contacts.Contact", by="contact", named="office"),
    Part("contacts.SocialAccount", _("Social account"), owner="contacts.Contact", by="contact", named="network", listed=True),
    Part("contacts.ContactFormats", _("Formats"), owner="contacts.Contact", by="contact", named=None),
]
