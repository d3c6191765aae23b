"""What a person sends -> a run with its file, under a name that the server chose."""

import errno
import hashlib

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import IntegrityError, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clientdesk.models import User
from intake import planning
from intake.models import ImportRun, stored_name
from intake.reader.kinds import kind_of
from intake.reader.opening import HEAD, OPENERS, most_bytes
from intake.reader.sentences import megabytes, refused

# What a pasted block of rows is called from then on.
PASTED = "pasted.tsv"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class NotStored(Exception):
    """The file cannot be kept; the text is the sentence for the person."""


def no_room() -> str:
    """The disk is full (trial F10)."""
    return _("There is no room to keep this file. Tell your administrator that the disk is full.")


def refusal(file: UploadedFile) -> str:
    """Return why `file` cannot be imported, as far as its first bytes and its size tell, or an empty text (J6)."""
    limits, name, size = settings.IMPORT_LIMITS, file.name or "", file.size or 0
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n") and size <= HEAD:
        return refused("empty", name).sentence
    kind = kind_of(head)
    if kind not in {*OPENERS, "ole"}:
        return refused(kind, name).sentence
    code = most_bytes(kind)
    if size > limits[code]:
        return refused(code, name, size=megabytes(size), limit=megabytes(limits[code])).sentence
    return ""


def pasted_file(text: str) -> UploadedFile:
    """Return rows that were pasted from a spreadsheet as a file like any other (import.md 2.1)."""
    return SimpleUploadedFile(PASTED, text.encode(), content_type="text/tab-separated-values")


def receive(file: File, kind: str, by: User | None, **chosen) -> tuple[ImportRun, bool]:
    """Keep `file` and queue its planning; return the run and whether it is new. Nothing of a file that cannot be kept stays.
    `chosen` are fields of the run that are settled already.

    The same file that is being imported already is that import, whoever sent it (trial D15); for another client it is another one.
    Raises NotStored.
    """
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    sha256 = digest.hexdigest()
    client = chosen.get("client")
    same = {"kind": kind, "sha256": sha256, "brought_for": client.pk if client else 0}
    if run := _unfinished(same):
        return run, False
    run = ImportRun(filename=(file.name or "")[:255], size=file.size or 0, created_by=by, **same, **chosen)
    # The name comes first: FieldFile.save would not tell it where the storage broke off halfway.
    run.file = stored_name(run, "")
    storage = run.file.storage
    try:
        file.seek(0)
        run.file = storage.save(run.file.name, file)
        with transaction.atomic():
            planning.start(run, by)
    except Exception as error:
        storage.delete(run.file.name)
        if isinstance(error, IntegrityError) and (other := _unfinished(same)):
            return other, False
        if isinstance(error, OSError) and error.errno in FULL:
            raise NotStored(no_room()) from None
        raise
    return run, True


def _unfinished(same: dict[str, object]) -> ImportRun | None:
    return ImportRun.objects.unfinished().filter(**same).first()


def limits_sentence() -> str:
    """Say what an upload may have, for the page."""
    limits = settings.IMPORT_LIMITS
    return _(
        "CSV up to %(bytes_csv)s MB and %(rows_csv)s rows; XLSX, XLS and ODS up to %(bytes_sheet)s MB and %(rows_sheet)s rows; "
        "%(columns)s columns, %(cell)s characters a cell."
    ) % {
        "bytes_csv": megabytes(limits["bytes_csv"]),
        "bytes_sheet": megabytes(limits["bytes_sheet"]),
        **{name: number_format(limits[name], force_grouping=True) for name in ("rows_csv", "rows_sheet", "columns", "cell")},
    }


def pasting_sentence(most: int) -> str:
    """Say how rows are pasted, and how many characters there may be."""
    return _("Copy the header row together with the rows beneath it; up to %(most)s characters.") % {
        "most": number_format(most, force_grouping=True)
    }
