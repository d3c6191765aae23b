"""Many files as one ZIP file, written while it is sent: no copy on the disk, no file in memory as a whole."""

from collections.abc import Iterator, Sequence
from io import RawIOBase
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from clientdesk import documents
from jobs.models import Document

_PIECE = 256 * 1024


class _Sink(RawIOBase):
    """Takes what ZipFile writes, to be handed on at once; it cannot be read and knows no way back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """Return what was written since the last call."""
        found = b"".join(self.pieces)
        self.pieces.clear()
        return found


def serve(files: Sequence[Document], filename: str) -> StreamingHttpResponse:
    """Return `files` in one ZIP file named `filename`, as a download. Raises Http404 where there is none, or one is missing."""
    if not files:
        raise Http404(_("There is no file here."))
    for one in files:
        # Said before the first byte leaves; later nothing could be said any more.
        documents.opened(one.file).close()
    head = {"Content-Disposition": content_disposition_header(True, filename), **documents.HEADERS}
    return StreamingHttpResponse(_pieces(files), content_type="application/zip", headers=head)


def _pieces(files: Sequence[Document]) -> Iterator[bytes]:
    sink, names = _Sink(), _names(files)
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for one, name in zip(files, names, strict=True):
            entry = ZipInfo(name, timezone.localtime(one.created_at).timetuple()[:6])
            with documents.opened(one.file) as stored, archive.open(entry, "w", force_zip64=True) as target:
                while piece := stored.read(_PIECE):
                    target.write(piece)
                    yield sink.taken()
    yield sink.taken()


def _names(files: Sequence[Document]) -> list[str]:
    """Return the name of each file, harmless and each once: "plan.pdf", "plan (2).pdf"."""
    found: list[str] = []
    used: set[str] = set()
    for one in files:
        name = documents.harmless_name(one.filename)
        stem, dot, ending = name.rpartition(".")
        number, tried = 1, name
        while tried.casefold() in used:
            number += 1
            tried = f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
        used.add(tried.casefold())
        found.append(tried)
    return found
