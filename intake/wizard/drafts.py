"""Drafts of the wizard: started, kept, given up, swept. Nothing of a draft is a client before Finish (invariant 22)."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from clientdesk import documents
from clientdesk.models import User
from clients.models import Company
from intake.models import ClientDraft, DraftFile

type Raw = dict[str, list[str]]

# What was typed is kept as it is, also what a form would refuse; but no more of it than any form takes.
LONGEST_TEXT, MOST_VALUES = 10_000, 100
# Answers to custom fields belong to no step: which step asks them depends on company type and category.
CUSTOM, START = "custom", "start"
FOLDER = "documents"
_SWEPT_AT_ONCE = 200


def new_key() -> str:
    """Return what a start form carries, so that a double click makes one draft and two tabs make two (V32)."""
    return secrets.token_urlsafe(12)


def start(user: User, key: str = "", *, from_company: bool = False, company: Company | None = None) -> ClientDraft:
    """Make a draft of `user` and return it; the same form sent again leads to the draft it made, as long as that is untouched."""
    # The person's row is the lock: two clicks at once come one after the other.
    User.objects.held(user.pk)
    key = key.replace("\x00", "")[:40]
    if key:
        for draft in ClientDraft.objects.of(user).filter(client=None, version=1)[:20]:
            if draft.answers.get(START, {}).get("key") == [key]:
                return draft
    answers: dict[str, Raw] = {START: {"key": [key]}}
    if from_company:
        answers["company"] = {"company": [str(company.pk)]} if company else {}
    return ClientDraft.objects.create(owner=user, company=company, answers=answers, expires_at=_expiry())


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.WIZARD_DRAFT_DAYS)


# --- answers ------------------------------------------------------------------------------------
def taken(posted: QueryDict, names: Iterable[str]) -> Raw:
    """Return what `posted` says to the fields `names`, and nothing else of it (V12)."""
    return {
        name: [text.replace("\x00", "")[:LONGEST_TEXT] for text in posted.getlist(name)[:MOST_VALUES]] for name in names if name in posted
    }


def as_posted(raw: Raw) -> QueryDict:
    """Return kept answers as a form takes them."""
    found = QueryDict(mutable=True)
    for name, values in raw.items():
        found.setlist(name, values)
    return found


def raw_of(draft: ClientDraft, step: str) -> Raw:
    """Return the answers of one step, with every answer to a custom field."""
    return draft.answers.get(CUSTOM, {}) | draft.answers.get(step, {})


def lay_down(draft: ClientDraft, step: str, raw: Raw, custom_names: Iterable[str]) -> None:
    """Put `raw` into the answers of `step`, those of `custom_names` beside the steps. The caller saves the draft."""
    custom = dict(draft.answers.get(CUSTOM, {}))
    for name in custom_names:
        custom[name] = raw.get(name, [])
    own = {name: values for name, values in raw.items() if name not in custom}
    draft.answers = draft.answers | {step: own, CUSTOM: custom}


def save(draft: ClientDraft) -> None:
    """Save what was laid down; from now on the draft lives its full time again."""
    draft.expires_at = _expiry()
    draft.save(update_fields=["answers", "visited", "company", "expires_at", "updated_at"])


# --- files --------------------------------------------------------------------------------------
def put_file(draft: ClientDraft, requirement: str, stored: str, filename: str, size: int) -> None:
    """Let the file kept as `stored` be the document `requirement` of the draft; a former one goes."""
    drop_file(draft, requirement)
    DraftFile.objects.create(draft=draft, requirement=requirement, file=stored, filename=filename, size=size)


def drop_file(draft: ClientDraft, requirement: str) -> None:
    """Take a document away from the draft."""
    # Compared here: what somebody posts may hold signs that a database refuses.
    for one in draft.files.all():
        if one.requirement == requirement:
            documents.forget(one.file.name)
            one.delete()


# --- the end ------------------------------------------------------------------------------------
def discard(draft: ClientDraft) -> None:
    """Leave nothing of a draft: neither answers nor files (S8). Files go once the caller's transaction is safe."""
    documents.forget(*draft.files.values_list("file", flat=True))
    draft.delete()


def sweep() -> None:
    """Discard drafts that ran out (settings.SWEEPS)."""
    for pk in list(ClientDraft.objects.expired().order_by("pk").values_list("pk", flat=True)[:_SWEPT_AT_ONCE]):
        with transaction.atomic():
            # A Finish that began in time holds the row: its files are the client's by then.
            if draft := ClientDraft.objects.expired().select_for_update(of=("self",)).filter(pk=pk).first():
                discard(draft)
