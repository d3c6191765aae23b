"""What is to be corrected, as files: the error workbook."""

import re
import tempfile
from pathlib import PurePath
from typing import IO

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clientdesk import work
from clientdesk.rights import Right, needs
from clientdesk.views import see_other, wants_part
from intake import error_books
from intake.annotating.making import error_workbook
from intake.models import ImportRun
from intake.progress import Pace
from intake.review import failed_rows
from intake.run_pages import RunScreen
from intake.uploads import FULL, no_room

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}
_UNFINISHED = {ImportRun.State.UPLOADED, ImportRun.State.READING, ImportRun.State.MATCHING}


@needs(Right.IMPORT)
@require_GET
def errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The error workbook of an import: the file with what is wrong marked in it (J6, V27)."""
    run = get_object_or_404(ImportRun.objects.seen_by(request.user).select_related("work"), pk=pk)
    if nothing_to_correct(run):
        return _nothing(request, run)
    if error_books.is_large(run):
        book = error_books.of(run, request.user)
        if book is None or not book.is_ready:
            return see_other(request, reverse("intake:error_book", args=[pk]))
        return _sent(run, book.file.open("rb"), book.extension)
    made = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        workbook = error_workbook(run, request.user, made)
    except OSError as error:
        made.close()
        if error.errno not in FULL:
            raise
        messages.error(request, no_room())
        return see_other(request, run.get_absolute_url())
    made.seek(0)
    return _sent(run, made, workbook.extension)


def nothing_to_correct(run: ImportRun) -> bool:
    """Say whether `run` has no error workbook: it was not read, or nothing is wrong."""
    return run.standing in _UNFINISHED or not failed_rows(run).exists()


def _nothing(request: HttpRequest, run: ImportRun) -> HttpResponse:
    messages.info(request, _("“%(file)s” has no row to correct.") % {"file": run.filename})
    return see_other(request, run.get_absolute_url())


def _sent(run: ImportRun, content: IO[bytes], extension: str) -> FileResponse:
    name = f"{_stem(run.filename)} {_('to correct')}.{extension}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=TYPES[extension])


class ErrorBook(RunScreen):
    """The error workbook of a large import: a POST lets the worker make it, with progress, then it is there to be downloaded."""

    template_name = "intake/error_book.html"
    part = "progress"
    step = "result"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if nothing_to_correct(run):
            return _nothing(request, run)
        book = error_books.of(run, request.user)
        working = bool(book and book.work and book.work.is_open)
        if wants_part(request) and not working:
            return see_other(request, request.path)
        stopped = book.work.error if book and book.work and not book.extension and not working else ""
        pace = Pace(run, book.work) if book and working else None
        ready = not error_books.is_large(run) or bool(book and book.is_ready)
        return self.show(**self.of(run), pace=pace, ready=ready, stopped=stopped, url=request.path, worker_notice=work.notice())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if nothing_to_correct(run):
            return _nothing(request, run)
        error_books.ask(run, request.user)
        return see_other(request, request.path)


def _stem(filename: str) -> str:
    """Return the name of the person's file without its extension and without what no file name holds."""
    return re.sub(r"[^\w .()+-]", "_", PurePath(filename).stem)[:100].strip() or "import"
