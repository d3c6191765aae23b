"""The open drafts of a person, as the start page lists them (S4)."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk.models import User
from clientdesk.words import tidy
from intake.models import ClientDraft

MOST_LISTED = 20
_LONGEST_NAME = 200


@dataclass(frozen=True)
class OpenDraft:
    """One draft that waits: what it is called, how it began, when it was last changed, and for how many days it is kept."""

    pk: int
    name: str
    from_company: bool
    changed_at: datetime
    days_left: int


def open_drafts(user: User) -> list[OpenDraft]:
    """Return the newest unfinished drafts of `user`, in one statement."""
    found = ClientDraft.objects.of(user).filter(client=None).select_related("company")[: MOST_LISTED * 2]
    now = timezone.now()
    return [
        OpenDraft(one.pk, _name(one), one.is_from_company, one.updated_at, ceil((one.expires_at - now).total_seconds() / 86_400))
        for one in found
        if not one.is_finished
    ][:MOST_LISTED]


def _name(draft: ClientDraft) -> str:
    """Return the name that was typed last, or the words that stand for none."""
    if draft.company:
        return draft.company.registered_name
    typed = {name: (values or [""])[0] for name, values in draft.answers.get("identification", {}).items()}
    person = f"{typed.get('first_name', '')} {typed.get('last_name', '')}"
    names = (tidy(text)[:_LONGEST_NAME] for text in (typed.get("name", ""), typed.get("legal_name", ""), person))
    return next(filter(None, names), _("Without a name yet"))
