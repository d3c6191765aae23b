"""Files that people hand in: taken safely, kept under a name of ours, handed out as a download and never shown by the browser.

class DocumentForm(forms.Form):
    file = DocumentField(label=_("File"))          # cleaned: the uploaded file, its name made harmless

name = keep(upload, "clients")                      # -> "clients/3f…c2", to store in a FileField
return serve(document.file, document.filename)
forget(name)                                        # deleted once the transaction is safe
"""

import errno
import hashlib
import logging
import re
import secrets
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.words import tidy

MOST_BYTES = 20 * 1024 * 1024
_LONGEST_NAME = 200
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_log = logging.getLogger(__name__)


def harmless_name(name: str) -> str:
    """Return the name of an uploaded file without folders, control signs and signs that turn its direction; never blank.

    A long one loses its middle, not its ending.
    """
    plain = re.split(r"[/\\]", name)[-1]
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    plain = tidy(plain).strip(". ")
    if len(plain) > _LONGEST_NAME:
        stem, dot, ending = plain.rpartition(".")
        ending = f"{dot}{ending}"[:20] if stem else ""
        plain = plain[: _LONGEST_NAME - len(ending)] + ending
    return plain or _("Document")


class DocumentField(forms.FileField):
    """A file of any kind up to `most` bytes; cleaned it is the upload with a harmless name."""

    def __init__(self, *, most: int = MOST_BYTES, **kwargs) -> None:
        self.most = most
        super().__init__(**kwargs)
        # A field is made once for all languages.
        self.help_text = self.help_text or lazy(lambda: _("At most %(size)s.") % {"size": filesizeformat(most)}, str)()
        self.error_messages |= {
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty. Choose another."),
            "missing": gettext_lazy("No file arrived. Choose it again."),
            "invalid": gettext_lazy("No file arrived. Choose it again."),
        }

    def to_python(self, data: Any) -> Any:
        """Return the upload with a harmless name; raises ValidationError for one that is empty or too large."""
        # Django refuses names longer than a column and files without a name; ours are shortened.
        if data is not None and hasattr(data, "name"):
            data.name = harmless_name(data.name or "")
        found = super().to_python(data)
        if found is not None and found.size > self.most:
            raise ValidationError(
                _("“%(name)s” has %(size)s. A file may have at most %(most)s.")
                % {"name": found.name, "size": filesizeformat(found.size), "most": filesizeformat(self.most)}
            )
        return found


def keep(file: File, folder: str, ending: str = "") -> str:
    """Store `file` below `folder` under a random name with `ending` and return that name.

    Nothing of a file that cannot be kept stays. Raises ValidationError with a sentence where the disk is full.
    """
    name = f"{folder}/{secrets.token_hex(16)}{ending}"
    try:
        file.seek(0)
        return default_storage.save(name, file)
    except OSError as error:
        _delete(name)
        if error.errno in _FULL:
            raise ValidationError(_("There is no room to keep this file. Tell your administrator that the disk is full.")) from None
        raise


def same(upload: File, stored: FieldFile) -> bool:
    """Say whether `upload` and the `stored` file hold the same bytes; a file that is missing is not the same."""
    try:
        with opened(stored) as other:
            return _digest(upload) == _digest(other)
    except Http404:
        return False


def _digest(file: File) -> bytes:
    file.seek(0)
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.digest()


def forget(*names: str) -> None:
    """Delete the stored files `names` once the transaction is safe; one that is gone already is no trouble."""
    for name in filter(None, names):
        transaction.on_commit(lambda name=name: _delete(name))


def _delete(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError:
        _log.warning("a stored file could not be deleted", exc_info=True)


def opened(file: FieldFile | File) -> File:
    """Return the stored `file`, open for reading. Raises Http404 where it is missing."""
    if not file:
        raise Http404(_("There is no file here."))
    try:
        return file.open("rb") if not isinstance(file, FieldFile) else file.storage.open(file.name, "rb")
    except (OSError, ValueError) as error:
        _log.warning("a stored file is missing", exc_info=True)
        raise Http404(_("This file is missing from the storage. Tell your administrator.")) from error


def serve(file: FieldFile, filename: str) -> HttpResponseBase:
    """Return the stored `file` as a download named `filename`; a browser neither shows nor guesses it. Raises Http404."""
    name = harmless_name(filename)
    return FileResponse(opened(file), as_attachment=True, filename=name, content_type="application/octet-stream", headers=HEADERS)


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
