"""How many actions wait for a person: the number beside CRM in the main menu."""

import time

from clientdesk.models import User
from contacts.models import CrmAction

# The number is a hint on every page; it is counted anew when so many seconds passed, or at once where this process changed something.
_FRESH_FOR, _MOST = 30.0, 2000
_MOST_COUNTED = 100
_known: dict[int, tuple[float, int]] = {}


def count_for(user: User) -> int:
    """Return how many planned actions of `user` are overdue or of today, at most 100."""
    until, found = _known.get(user.pk, (0.0, 0))
    if until > time.monotonic():
        return found
    found = CrmAction.objects.of(user).due_today().visible_to(user).order_by()[:_MOST_COUNTED].count()
    if len(_known) >= _MOST:
        _known.clear()
    _known[user.pk] = (time.monotonic() + _FRESH_FOR, found)
    return found


def forget() -> None:
    """Count anew for everybody: an action was added, done or changed."""
    _known.clear()
