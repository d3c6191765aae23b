"""The error workbook of a large import: made by the worker, with progress, and kept for a day (import.md section 2, step 6)."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from clientdesk import work
from clientdesk.models import LongRun, User
from intake.annotating.making import error_workbook
from intake.models import ErrorWorkbook, ImportRun, stored_name
from intake.uploads import FULL, no_room

KIND = "import_errors"
# Up to so many rows it is made while the person waits: about half a second on one core.
AT_ONCE = 10_000
KEPT = timedelta(days=1)
# How often the worker tells how far it is.
SECONDS = 1.0


def is_large(run: ImportRun) -> bool:
    """Say whether the workbook of `run` takes longer than a person should wait."""
    return run.rows_read > AT_ONCE


def of(run: ImportRun, reader: User) -> ErrorWorkbook | None:
    """Return the workbook of `run` that `reader` asked for last, or None."""
    return run.error_workbooks.filter(reader=reader).select_related("run", "work").first()


def ask(run: ImportRun, reader: User) -> None:
    """Queue the workbook of `run` for `reader`, unless it is being made or is there and up to date."""
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        book = of(held, reader)
        if book and (book.is_ready or (book.work and book.work.is_open)):
            return
        if book:
            throw_away(book)
        long_run = work.start(KIND, reader, held.rows_read)
        ErrorWorkbook.objects.create(run=held, reader=reader, work=long_run, as_of=held.updated_at, file=stored_name(held, ""))


def throw_away(book: ErrorWorkbook) -> None:
    """Delete the row once its file is gone: that is done when the transaction has ended well."""
    name, storage = book.file.name, book.file.storage
    book.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def advance(long_run: LongRun) -> bool:
    """Make the workbook in one go; killed, it is made once more. Raises work.Refused where it cannot be kept."""
    book = ErrorWorkbook.objects.select_related("run", "reader").filter(work=long_run).first()
    if book is None or book.extension:
        return True
    storage, name, as_of = book.file.storage, book.file.name, book.run.updated_at
    try:
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as made:
            extension = error_workbook(book.run, book.reader, made, _teller(long_run)).extension
            made.seek(0)
            storage.delete(name)
            storage.save(name, File(made))
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise work.Refused(no_room()) from None
    with work.chunk(long_run):
        ErrorWorkbook.objects.filter(pk=book.pk).update(extension=extension, as_of=as_of)
        long_run.done = long_run.total or 0
    return True


def _teller(long_run: LongRun) -> Callable[[int], None]:
    """Return what is told the row that was marked last, and shows it now and then."""
    told = monotonic()

    def tell(line: int) -> None:
        nonlocal told
        if monotonic() - told < SECONDS:
            return
        told = monotonic()
        with work.chunk(long_run):
            long_run.done = min(line, long_run.total or line)

    return tell


def sweep() -> None:
    """Throw away workbooks that were asked for longer than a day ago."""
    for book in ErrorWorkbook.objects.filter(asked_at__lt=timezone.now() - KEPT).select_related("work")[:100]:
        if not (book.work and book.work.is_open):
            with transaction.atomic():
                throw_away(book)
