"""What became of the second factor of a person, when and by whom: for the person and for administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.models import Change, User

SHOWN = 20
# What the history keeps of each act (clientdesk/factors.py), in words.
_WORDS: Mapping[str, Promise] = MappingProxyType(
    {
        "app_added": gettext_lazy("Authenticator app added"),
        "app_removed": gettext_lazy("Authenticator app removed"),
        "passkey_added": gettext_lazy("Passkey added"),
        "passkey_renamed": gettext_lazy("Passkey renamed"),
        "passkey_removed": gettext_lazy("Passkey removed"),
        "codes_renewed": gettext_lazy("New recovery codes"),
        "all_removed": gettext_lazy("App, passkeys and recovery codes removed"),
    }
)


@dataclass(frozen=True)
class Event:
    """One act: what it was, who did it, and when."""

    words: str
    who: str
    moment: datetime


def events(user: User) -> list[Event]:
    """Return what became of the second factor of `user`, the last first and at most twenty; one statement."""
    kind = ContentType.objects.get_for_model(User)
    found = Change.objects.filter(content_type=kind, object_id=user.pk, additional_data__second_factor__in=list(_WORDS))
    return [
        Event(str(_WORDS[change.additional_data["second_factor"]]), _who(change), change.timestamp)
        for change in found.select_related("actor").order_by("-id")[:SHOWN]
    ]


def _who(change: Change) -> str:
    """Return who did it; nobody is signed in where the command of an operator removed it."""
    return str(change.actor or change.actor_email or _("The operator of the system"))
