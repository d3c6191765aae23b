"""The work docket of a job: look at it, send it (JD5)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clientdesk.documents import HEADERS
from clientdesk.rights import Right, needs
from clientdesk.views import Screen, see_other
from jobs.dockets import SENDABLE, file_name, preview, send_docket
from jobs.telling import primary_facts
from jobs.views import seen


@needs(Right.VIEW)
@require_GET
def docket(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the docket of now as a download, to who may see the client (XD33)."""
    job = get_object_or_404(seen(request.user), pk=pk)
    response = HttpResponse(preview(job), content_type="application/pdf", headers=HEADERS)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(job)}"'
    return response


class SendDocket(Screen):
    """Ask whether the docket shall go, and say to whom; then send it."""

    right = Right.CHANGE
    template_name = "jobs/docket_send.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(seen(request.user), pk=pk)
        refused = "" if job.status in SENDABLE else _("A work docket is sent while the job is assigned or resolved.")
        return self.show(job=job, mail=primary_facts(job), refused=refused)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(seen(request.user), pk=pk)
        try:
            document = send_docket(job, request.user)
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
        else:
            messages.success(request, _("The work docket goes to %(address)s.") % {"address": document.sent_to})
        return see_other(request, job.get_absolute_url())
