"""What happened to the files of quotes, projects and jobs, in words: the history's words for staff, and what of it a client reads.

It is read from the history and not kept a second time, so that a client reads of no file that it does not see any more.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from clientdesk.models import Change
from clientdesk.parts import Changes
from jobs.models import Document, Item

_A = Change.Action


@dataclass(frozen=True)
class FileStep:
    """One thing that happened to a file: when, by whom, in words; `visible`: the client sees the file and reads of it, too."""

    at: datetime
    who: str
    words: str
    visible: bool


def says(action: int, name: str, changes: Changes) -> str:
    """Return what happened to the file `name`; an empty text for what is nobody's interest."""
    old, new = changes.get("filename") or (None, None)
    said = {"name": name, "old": old, "new": new}
    if action == _A.CREATE:
        return _("File added: %(name)s") % said
    if action == _A.DELETE:
        return _("File removed: %(name)s") % said
    if "file" in changes:
        return (_("File replaced: %(new)s is there instead of %(old)s") if new else _("File replaced: %(name)s")) % said
    if old and new and old != new:
        return _("File renamed: %(old)s is %(new)s now") % said
    if "released_at" in changes:
        return _("Deliverable released: %(name)s") % said
    if "sent_at" in changes:
        return _("File sent to the client: %(name)s") % said
    if "visible_in_portal" in changes:
        shown = changes["visible_in_portal"][1]
        return (_("File shown in the portal: %(name)s") if shown else _("File taken out of the portal: %(name)s")) % said
    return ""


def file_steps(item: Item) -> list[FileStep]:
    """Return what happened to the files of `item`, the latest first, in two statements."""
    kind, document = ContentType.objects.get_for_model(type(item)), ContentType.objects.get_for_model(Document)
    changes = Change.objects.filter(of_type=kind, of_id=item.pk, content_type=document).select_related("actor").order_by("-id")
    seen = set(item.documents.filter(visible_in_portal=True).values_list("pk", flat=True))
    found = []
    for change in changes:
        told = change.changes or {}
        if words := says(change.action, change.object_repr, told):
            who = change.actor.full_name if change.actor else ""
            found.append(FileStep(change.timestamp, who, words, _is_read_by_client(change, told, seen)))
    return found


def _is_read_by_client(change: Change, told: Changes, seen: set[int]) -> bool:
    """Say whether the client reads of `change`: the file was visible with it and still is, or was removed while it was."""
    old, new = (told.get("visible_in_portal") or (None, None))[:2]
    if change.action == _A.DELETE:
        return _is_true(old)
    if change.object_id not in seen:
        return False
    return _is_true(new) if change.action == _A.CREATE or new is not None else True


def _is_true(value: object) -> bool:
    return value is True or value == "True"
