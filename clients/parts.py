"""What hangs on a client, for its history (clientdesk/parts.py)."""

from django.utils.translation import gettext_lazy as _

from clientdesk.models import Change
from clientdesk.parts import Changes, Part
from clients.models import Company


def _follows(action: int, changes: Changes) -> bool:
    """A company that keeps up with its client, or is made with it, tells nothing new."""
    return action == Change.Action.CREATE or set(changes) <= {name.removesuffix("_id") for name in Company.FOLLOWS}


def _client(model: str, label: str, **more) -> Part:
    return Part(f"clients.{model}", label, owner="clients.Client", **more)


PARTS = [
    _client("ClientIndustry", _("Industry"), named="industry", listed=True),
    _client("Responsible", _("Person responsible"), named="user", listed=True),
    _client("ClientDocument", _("Document"), listed=True),
    _client("ClientFormats", _("Formats"), named=None),
    _client("Company", _("Company"), silent=_follows),
]
