"""What the histories of clients and contacts tell of the portal (clientdesk/parts.py)."""

from django.utils.translation import gettext_lazy as _

from clientdesk.parts import Part
from portal.rights import ACTIONS, AREAS, of


def _rights(value: object) -> str:
    """Return the stored number of rights in words, area by area."""
    held = int(value) if isinstance(value, int) else 0
    cells = [(area, action) for area in AREAS for action in ACTIONS if (right := of(area, action)) and held & right]
    areas = [(label, [str(ACTIONS[action]) for found, action in cells if found == area]) for area, label in AREAS.items()]
    return "; ".join(f"{label}: {', '.join(actions)}" for label, actions in areas if actions) or str(_("None"))


PARTS = [
    Part("portal.ClientAccess", _("Portal rights"), owner="clients.Client", named=None, words={"rights": _rights}),
    Part(
        "portal.ContactAccess",
        _("Portal access"),
        owner="contacts.Contact",
        by="contact",
        named=None,
        words={"rights": _rights},
        looked=_("Looked at the portal as this contact"),
    ),
]
