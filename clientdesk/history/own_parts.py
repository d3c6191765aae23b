"""What of the ground floor hangs on records: legal holds, and merges into them (clientdesk/parts.py)."""

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Change
from clientdesk.parts import Changes, Part


def _hold(action: int, name: str, changes: Changes) -> str:
    if action == Change.Action.CREATE:
        return _g("Legal hold placed: %(reason)s") % {"reason": name} if name else _g("Legal hold placed")
    return _g("Legal hold lifted") if "lifted_at" in changes else _g("Legal hold changed")


def _merge(action: int, name: str, changes: Changes) -> str:
    number = (changes.get("loser_number") or [None, ""])[1] or ""
    if action == Change.Action.CREATE:
        return _g("%(number)s %(name)s was merged into this record") % {"number": number, "name": name}
    return _g("The merge of %(name)s was undone") % {"name": name} if "undone_at" in changes else ""


PARTS = [
    Part("clientdesk.Merge", _("Merge"), by="winner_id", says=_merge),
    Part("clientdesk.LegalHold", _("Legal hold"), by="object_id", says=_hold),
]
