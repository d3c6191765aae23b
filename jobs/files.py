"""Files of quotes, projects and jobs: taken, replaced, published to who sees the item, and removed.

    add(job, upload, by=user, visible=True)             # a Document; the caller holds the transaction
    add(project, upload, by=user, kind=Kind.DELIVERABLE)

Bytes are kept and handed out by `clientdesk.documents`.
"""

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk import documents
from clientdesk.models import User
from jobs.machine import Status
from jobs.models import Document, Item, Job

Kind = Document.Kind
MOST_FILES = 200
# What is published by an act of its own and not by a switch.
_BY_ITS_ACT = (Kind.DELIVERABLE, Kind.INVOICE)


def add(
    item: Item, file: File, *, by: User | None, kind: str = Kind.FILE, visible: bool = False, from_portal: bool = False, **more: object
) -> Document:
    """Keep `file` as a document of `item` and return it; `more` are further columns, such as the number of an invoice.

    What comes from the client it goes on seeing. Raises ValidationError with a sentence where the same file is there already, as after
    a double click, where there are too many or no room, and where the item takes no more files.
    """
    item.hold()
    _refuse_where_closed(item, kind)
    if item.documents.count() >= MOST_FILES:
        said = {"item": item.number, "count": MOST_FILES}
        raise ValidationError(_("%(item)s has %(count)d files. Remove one before you add another.") % said)
    _refuse_twin(item, file, kind)
    stored = documents.keep(file, f"jobs/{item.kind()}/{item.pk}")
    return item.documents.create(
        file=stored,
        filename=file.name,
        size=file.size,
        kind=kind,
        created_by=by,
        from_portal=from_portal,
        visible_in_portal=(visible or from_portal) and kind not in _BY_ITS_ACT,
        **more,
    )


def replace(document: Document, file: File, *, by: User | None) -> None:
    """Let `file` take the place of what `document` holds: it is handed in anew, the timeline names both, the former bytes go.

    Raises ValidationError as `add` and `remove` do, and where somebody removed it meanwhile.
    """
    item = document.item
    item.hold()
    held = Document.objects.select_for_update(of=("self",)).filter(pk=document.pk).first()
    if held is None:
        raise ValidationError(_("“%(name)s” is not there any more. Add the new one.") % {"name": document.filename})
    _refuse_where_it_stays(held)
    _refuse_twin(item, file, held.kind)
    former = held.file.name
    held.file, held.filename, held.size = documents.keep(file, f"jobs/{item.kind()}/{item.pk}"), file.name, file.size
    held.created_by, held.created_at = by, timezone.now()
    held.save(update_fields=["file", "filename", "size", "created_by", "created_at", "updated_at"])
    documents.forget(former)


def remove(document: Document) -> None:
    """Delete `document` and its bytes. Raises ValidationError for what a client was sent, and where the item is immutable."""
    _refuse_where_it_stays(document)
    stored = document.file.name
    document.delete()
    documents.forget(stored)


def publish(document: Document, visible: bool) -> None:
    """Let who sees the item in the portal see `document`, or not any more.

    Raises ValidationError for what is published by an act of its own, and for what came from the client.
    """
    _refuse_where_closed(document.item, document.kind)
    if document.kind in _BY_ITS_ACT:
        raise ValidationError(_("“%(name)s” is published by sending it to the client.") % {"name": document.filename})
    if document.from_portal and not visible:
        raise ValidationError(_("“%(name)s” came from the client, who goes on seeing it.") % {"name": document.filename})
    document.visible_in_portal = visible
    document.save(update_fields=["visible_in_portal", "updated_at"])


def _refuse_twin(item: Item, file: File, kind: str) -> None:
    """The same file is there already, as after a double click."""
    if any(documents.same(file, twin.file) for twin in item.documents.filter(kind=kind, filename=file.name, size=file.size)):
        raise ValidationError(_("“%(name)s” is here already.") % {"name": file.name})


def _refuse_where_it_stays(document: Document) -> None:
    """What a client was sent stays, and what a closed job has."""
    _refuse_where_closed(document.item, document.kind)
    if document.released_at or document.sent_at:
        raise ValidationError(_("“%(name)s” was sent to the client and stays.") % {"name": document.filename})


def _refuse_where_closed(item: Item, kind: str) -> None:
    """A closed job is immutable but for its invoice (invariant 23)."""
    if isinstance(item, Job) and item.status == Status.CLOSED and kind != Kind.INVOICE:
        raise ValidationError(_("%(item)s is closed and its files stay as they are.") % {"item": item.number})
