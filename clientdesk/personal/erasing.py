"""The erasure of a person's data (XD1): one transaction over every app, files after its commit, an entry of the history that names nobody.

The history keeps its entries: their values are blanked, field by field, where they can tell who somebody is; keys, dates, states and
choices stay, for they are the facts of the accounts.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog
from auditlog.context import disable_auditlog
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CharField, Field, FileField, JSONField, Model, TextField
from django.utils import timezone

from clientdesk.history import keeping
from clientdesk.history.values import stored
from clientdesk.models import Change, User
from clientdesk.parts import parts
from clientdesk.personal.subject import Subject, modules

log = structlog.get_logger(__name__)
# Texts that are facts of the accounts, not of the person.
KEPT = {"number", "loser_number"}
_AT_ONCE = 200


@dataclass
class Erasure:
    """One erasure under way: `files` (names in the storage) and `paths` go when it is committed."""

    subject: Subject
    by: User
    now: datetime = field(default_factory=timezone.now)
    files: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)


def refusal(subject: Subject) -> str:
    """Return why the data of `subject` cannot be erased now, or an empty text."""
    for module in modules():
        if (ask := getattr(module, "refusal", None)) and (sentence := ask(subject)):
            return sentence
    return ""


def erase(subject: Subject, by: User) -> None:
    """Erase the personal data of `subject` in one transaction; the caller locked its record. Files go after the commit.

    Raises ValidationError with the reason where it is refused, such as a legal hold.
    """
    if sentence := refusal(subject):
        raise ValidationError(sentence)
    erasure = Erasure(subject, by)
    with transaction.atomic():
        with disable_auditlog():
            for module in modules():
                if act := getattr(module, "erase", None):
                    act(erasure)
        with keeping.opened():
            _blank(subject)
        _tell(erasure)
        transaction.on_commit(lambda: remove_files(erasure.files, erasure.paths))


def finish(record: Model) -> None:
    """Remove files that an erasure of `record` left behind because the process died between its commit and them."""
    kind = ContentType.objects.get_for_model(type(record))
    for change in Change.objects.filter(content_type=kind, object_id=record.pk, changes__has_key="erased_at"):
        remove_files((change.additional_data or {}).get("files", []), [])


def remove_files(names: list[str], paths: list[Path]) -> None:
    """Remove files of the storage and of the disk; what is gone already is no error."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError as error:
            log.warning("erased_file_stays", file=name, error=str(error))
    for path in paths:
        path.unlink(missing_ok=True)


def is_personal(column: Field) -> bool:
    """Say whether `column` can tell who somebody is: texts without choices, lists, files."""
    return isinstance(column, CharField | TextField | JSONField | FileField) and not column.choices and column.name not in KEPT


def _blank(subject: Subject) -> None:
    batch: list[Change] = []
    for change in subject.changes().iterator(_AT_ONCE):
        _blank_entry(change, subject)
        batch.append(change)
        if len(batch) == _AT_ONCE:
            _store(batch)
    _store(batch)
    if users := subject.records.get(User):
        Change.objects.filter(actor_id__in=users).update(actor_email=subject.pseudonym, remote_addr=None)


def _store(batch: list[Change]) -> None:
    Change.objects.bulk_update(batch, ["changes", "changes_text", "object_repr", "serialized_data", "additional_data"])
    batch.clear()


def _blank_entry(change: Change, subject: Subject) -> None:
    model = change.content_type.model_class()
    part = parts().get(f"{change.content_type.app_label}.{change.content_type.model}")
    columns = {column.name: column for column in model._meta.fields} if model else {}
    touched, told = False, dict(change.changes or {})
    for name in told:
        if name not in columns or is_personal(columns[name]):
            told[name], touched = [None, None], True
    if change.object_id in subject.records.get(model, ()) or part is None or not part.named or part.owner == "contacts.Contact":
        change.object_repr, touched = subject.pseudonym, True
    change.changes, change.changes_text, change.serialized_data = told, "", None
    if touched:
        kept = {key: value for key, value in (change.additional_data or {}).items() if key in ("took_back", "erasure", "files")}
        change.additional_data = kept | {"erased": True}


def _tell(erasure: Erasure) -> None:
    record, by = erasure.subject.record, erasure.by
    column = type(record)._meta.get_field("erased_at")
    Change.objects.create(
        content_type=ContentType.objects.get_for_model(type(record)),
        object_pk=str(record.pk),
        object_id=record.pk,
        object_repr=erasure.subject.pseudonym,
        action=Change.Action.UPDATE,
        changes={"erased_at": [None, stored(column, erasure.now)]},
        actor=by,
        actor_email=by.email,
        additional_data={"erasure": True, "files": erasure.files},
    )
