"""What is to be corrected, as files: the error workbook."""

import re
import tempfile
from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clientdesk.rights import Right, needs
from clientdesk.views import see_other
from intake.annotating.making import error_workbook
from intake.models import ImportRun
from intake.review import failed_rows
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
    if run.standing in _UNFINISHED or not failed_rows(run).exists():
        messages.info(request, _("“%(file)s” has no row to correct.") % {"file": run.filename})
        return see_other(request, run.get_absolute_url())
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
    name = f"{_stem(run.filename)} {_('to correct')}.{workbook.extension}"
    return FileResponse(made, as_attachment=True, filename=name, content_type=TYPES[workbook.extension])


def _stem(filename: str) -> str:
    """Return the name of the person's file without its extension and without what no file name holds."""
    return re.sub(r"[^\w .()+-]", "_", PurePath(filename).stem)[:100].strip() or "import"
