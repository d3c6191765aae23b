"""The files that a contact handed in: to which items it may still add some, and which of them it may replace or withdraw (area Files).

if takes_files(job): ...
replace(document, upload, by=request.user)      # the caller holds no transaction
withdraw(document)
"""

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from jobs import files
from jobs.machine import UNFINISHED
from jobs.models import Document, Item, Job, Project, Quote
from jobs.project_machine import ProjectStatus
from jobs.quote_machine import QuoteStatus
from portal.models import ContactAccess
from portal.rights import Right

# In these states something may still be added to an item by the client.
_TAKING: dict[type[Item], tuple[str, ...]] = {
    Quote: (QuoteStatus.REQUESTED, QuoteStatus.PENDING, QuoteStatus.SENT),
    Project: (ProjectStatus.OPEN,),
    Job: UNFINISHED,
}
_LISTS: dict[str, tuple[str, Promise]] = {
    "quote": ("portal:quotes", _("Quotes")),
    "project": ("portal:projects", _("Projects")),
    "job": ("portal:jobs", _("Jobs")),
}


def takes_files(item: Item) -> bool:
    """Say whether the client may still hand in files for `item`, or change those that it handed in."""
    return item.status in _TAKING[type(item)]


def may_change(item: Item, access: ContactAccess) -> bool:
    """Say whether the contact of `access` may replace and withdraw its own files of `item` now."""
    return access.may(Right.FILES_EDIT) and takes_files(item)


def page_of(item: Item) -> str:
    """Return the address of `item` in the portal."""
    return reverse(f"portal:{item.kind()}", args=[item.pk])


def way_to(item: Item) -> dict[str, object]:
    """Return what the way above a page about `item` shows."""
    name, label = _LISTS[item.kind()]
    return {"item": item, "item_url": page_of(item), "list_url": reverse(name), "list_label": label}


def replace(document: Document, upload: File, by: User) -> None:
    """Let `upload` take the place of what `document` holds; the timeline names both. Raises ValidationError as `files.replace`."""
    with transaction.atomic():
        files.replace(document, upload, by=by)


def withdraw(document: Document) -> None:
    """Take `document` back. Raises ValidationError as `files.remove`."""
    with transaction.atomic():
        document.item.hold()
        files.remove(document)
