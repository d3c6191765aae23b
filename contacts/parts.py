"""What of the places and people of a client its history tells, and what hangs on a contact (clientdesk/parts.py)."""

from django.utils.translation import gettext as _g
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


def _move(action: int, name: str, changes: Changes) -> str:
    """Who reads it may not see the other client, so it is not named (XD33)."""
    if action == Change.Action.CREATE:
        return _g("%(contact)s was moved to another client") % {"contact": name}
    return _g("%(contact)s came back from another client") % {"contact": name} if "undone_at" in changes else ""


PARTS = [
    Part("contacts.Contact", _("Contact person"), owner="clients.Client", silent=_own),
    Part("contacts.ContactMove", _("Move"), owner="clients.Client", by="from_client", says=_move),
    Part("contacts.Office", _("Office"), owner="clients.Client", silent=_headquarters),
    Part("contacts.Department", _("Department"), owner="clients.Client", listed=True),
    Part("contacts.CrmAction", _("CRM action"), owner="clients.Client"),
    Part("contacts.ContactOffice", _("Office"), owner="contacts.Contact", by="contact", named="office"),
    Part("contacts.SocialAccount", _("Social account"), owner="contacts.Contact", by="contact", named="network", listed=True),
    Part("contacts.ContactFormats", _("Formats"), owner="contacts.Contact", by="contact", named=None),
]
