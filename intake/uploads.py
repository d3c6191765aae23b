"""What a person sends -> a run with its file, under a name that the server chose."""

import errno
import hashlib

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clientdesk.models import User
from intake import planning
from intake.models import ImportRun
from intake.reader.kinds import kind_of
from intake.reader.opening import HEAD, OPENERS
from intake.reader.sentences import megabytes, refused


class NotStored(Exception):
    """The file cannot be kept; the text is the sentence for the person."""


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
    code = "bytes_csv" if kind == "text" else "bytes_sheet"
    if size > limits[code]:
        return refused(code, name, size=megabytes(size), limit=megabytes(limits[code])).sentence
    return ""


def receive(file: UploadedFile, kind: str, by: User) -> tuple[ImportRun, bool]:
    """Keep `file` and queue its planning; return the run and whether it is new.

    The same file that is being imported already is that import, whoever sent it (trial D15). Raises NotStored.
    """
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    sha256 = digest.hexdigest()
    if run := _unfinished(kind, sha256):
        return run, False
    run = ImportRun(kind=kind, filename=(file.name or "")[:255], size=file.size or 0, sha256=sha256, created_by=by)
    try:
        file.seek(0)
        run.file.save("", file, save=False)
        with transaction.atomic():
            planning.start(run, by)
    except IntegrityError:
        _discard(run)
        if other := _unfinished(kind, sha256):
            return other, False
        raise
    except OSError as error:
        _discard(run)
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise NotStored(_("There is no room to keep this file. Tell your administrator that the disk is full.")) from None
        raise
    return run, True


def _unfinished(kind: str, sha256: str) -> ImportRun | None:
    return ImportRun.objects.unfinished().filter(kind=kind, sha256=sha256).first()


def _discard(run: ImportRun) -> None:
    if run.file.name:
        run.file.storage.delete(run.file.name)


def limits_sentence() -> str:
    """Say what an upload may have, for the page."""
    limits = settings.IMPORT_LIMITS
    return _(
        "CSV up to %(bytes_csv)s MB and %(rows_csv)s rows, XLSX up to %(bytes_sheet)s MB and %(rows_sheet)s rows; "
        "%(columns)s columns, %(cell)s characters a cell."
    ) % {
        "bytes_csv": megabytes(limits["bytes_csv"]),
        "bytes_sheet": megabytes(limits["bytes_sheet"]),
        **{name: number_format(limits[name], force_grouping=True) for name in ("rows_csv", "rows_sheet", "columns", "cell")},
    }
