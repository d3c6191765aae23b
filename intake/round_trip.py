"""A file that was exported for editing comes back: which row is which record, and what was edited where since (import.md section 8).

Pure: texts and values in, decisions and sentences out. `returning` asks the database.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clientdesk.spreadsheets import CELL_CHARACTERS
from intake.cells import Stored, shown

# Two columns that are no columns of a Resource. Their headers are the same in every language: they are how such a file is known.
ID, VERSION = "_id", "_version"
HEADERS = {ID: "ClientDesk ID", VERSION: "ClientDesk version"}
SIGNED = 10
# Nothing that a record is found by begins with a space.
SAME_RECORD = " #"
_UNREAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Mark(NamedTuple):
    """What the two columns say of a row: the record, the version that was exported, and when."""

    pk: int
    version: int
    moment: datetime


class Since(NamedTuple):
    """What happened here to one field since the export: the value that was exported, who changed it last and when."""

    before: Stored
    who: str
    when: datetime


def places(headers: Sequence[str]) -> dict[str, int]:
    """Return the positions of the two columns by ID and VERSION; empty where the file has no ID column, or more than one."""
    folded = [header.strip().casefold() for header in headers]
    found = {key: folded.index(header.casefold()) for key, header in HEADERS.items() if folded.count(header.casefold()) == 1}
    return found if ID in found else {}


def marks(kind: str, pk: int, version: int, moment: datetime) -> tuple[str, str]:
    """Return the texts of the two cells of a record of `kind` as it was at `moment`.

    They are signed: cells that were mixed up, or come from another installation, must not lead to somebody else's record.
    """
    when = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(pk), f"{version} {when} {_signatures(kind, pk, version, when)[0]}"


def read_marks(kind: str, pk: str, version: str) -> Mark | None:
    """Return what the two cells of a row say; None where they are blank or do not belong together, which `is_marked` tells apart."""
    pk, parts = pk.strip(), version.split()
    if not _is_count(pk) or len(parts) != 3 or not _is_count(parts[0]):
        return None
    if not any(constant_time_compare(parts[2], signature) for signature in _signatures(kind, int(pk), int(parts[0]), parts[1])):
        return None
    return Mark(int(pk), int(parts[0]), datetime.strptime(parts[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _signatures(kind: str, pk: int, version: int, when: str) -> list[str]:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    said = f"{kind} {pk} {version} {when}".encode()
    return [hmac.digest(_key(secret), said, "sha256").hex()[:SIGNED] for secret in secrets]


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    # A key of its own, so that nothing signed elsewhere passes here.
    return hashlib.sha256(f"intake.round_trip {secret}".encode()).digest()


def same(text: str, exported: str) -> bool:
    """Whether the text of a cell is the one that was exported; programs write line ends as they like, and a cell holds only so much."""
    return text == exported or _as_read(text) == _as_read(exported[:CELL_CHARACTERS])


def _as_read(text: str) -> str:
    """Give a text as the reader gives it: one kind of line end, and escapes for the characters that no cell can hold."""
    return _UNREAD.sub(lambda found: f"_x{ord(found[0]):04X}_", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_empty(value: Stored) -> bool:
    """Whether a stored value stands for none."""
    return value in (None, "", [])


# Sentences


def gone(pk: int) -> str:
    """The record is not there any more, or the person may not see it: which of the two is nobody's business."""
    return _("No record that you may see has the ClientDesk ID %(id)d any more. Leave the row out; to add it anew, empty its ID.") % {
        "id": pk
    }


def merged(pk: int, name: str, number: str) -> str:
    """The record became part of another."""
    return _(
        "The record with the ClientDesk ID %(id)d was merged into “%(name)s” (%(number)s). Change that one, and leave this row out."
    ) % {
        "id": pk,
        "name": name,
        "number": number,
    }


def unknown_mark(text: str) -> str:
    """ID and version do not belong together."""
    return _(
        "ClientDesk ID “%(id)s” and its version do not belong together: cells were mixed up, or the file comes from another installation. "
        "Export it again; for a new record empty both."
    ) % {"id": shown(text)}


def same_record(first: int, last: int, count: int) -> str:
    """Several rows are about one record."""
    if count == 2:
        return _("Rows %(first)d and %(last)d are about the same record. Keep one; for a new record empty its ClientDesk ID.") % {
            "first": first,
            "last": last,
        }
    return _("%(count)d rows from row %(first)d to row %(last)d are about the same record. Keep one.") % {
        "count": count,
        "first": first,
        "last": last,
    }


def must_stay(label: str, value: str) -> str:
    """A cell was emptied that a record must have."""
    return _("“%(label)s” must not be empty. Type “%(value)s” again, or another text.") % {"label": label, "value": shown(value)}


def kept(old: str, here: str, since: Since) -> str:
    """Only here was the value changed since the export: that stays."""
    return _("Changed here by %(who)s on %(when)s, after the export: “%(here)s” stays. The file still holds “%(old)s”.") % {
        "who": since.who,
        "when": _when(since.when),
        "here": _or_empty(here),
        "old": _or_empty(old),
    }


def conflict(new: str, here: str, since: Since) -> str:
    """The value was changed here and in the file."""
    return _("Edited in both places: the file says “%(new)s”, and %(who)s wrote “%(here)s” on %(when)s, after the export. Choose one.") % {
        "new": _or_empty(new),
        "who": since.who,
        "here": _or_empty(here),
        "when": _when(since.when),
    }


def notes(headers: Sequence[str]) -> list[str]:
    """Say for the review, where it is so, that the file was exported for editing."""
    if not places(headers):
        return []
    return [_("This file was exported for editing: a row with a ClientDesk ID is about that record, whatever else stands in it.")]


def _when(moment: datetime) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")


def _or_empty(text: str) -> str:
    return shown(text) or _("(empty)")
