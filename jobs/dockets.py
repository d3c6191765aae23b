"""The work docket goes to the primary contact of the client of that moment; the address is recorded and stays (JD5, J21, invariant 13)."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from clientdesk import documents
from clientdesk.models import User
from contacts.formats import style_of, style_of_client
from jobs import files
from jobs.addressees import primary_of
from jobs.machine import Status
from jobs.models import Document, Job
from jobs.papers.docket import docket_pdf
from jobs.sending import send_to_primary

# What was not begun has no docket; a closed job stays as it is (invariant 23).
SENDABLE = (Status.ASSIGNED, Status.RESOLVED)


def file_name(job: Job) -> str:
    """Return what the docket of `job` is called as a file."""
    return _("Work docket %(number)s.pdf") % {"number": job.number}


def preview(job: Job) -> bytes:
    """Return the docket of `job` as it would be sent now, in the formats of who would get it, else in those of the client."""
    contact = job.client.contacts.active().filter(is_primary=True).first()
    style = style_of(contact) if contact else style_of_client(job.client)
    return docket_pdf(job, style)


def send_docket(job: Job, by: User) -> Document:
    """Send the docket of `job` to the primary contact of its client and return it as a document of the job.

    Raises ValidationError where the job has no docket to send, nobody can get it, or the same one was sent to the same address already.
    """
    with transaction.atomic():
        job.hold()
        if job.status not in SENDABLE:
            said = {"job": job.number, "status": job.get_status_display().lower()}
            raise ValidationError(_("%(job)s is %(status)s. A work docket is sent while the job is assigned or resolved.") % said)
        whom = primary_of(job.client)
        with translation.override(whom.language):
            name = file_name(job)
        file = ContentFile(docket_pdf(job, whom.style), name)
        before = job.documents.filter(kind=Document.Kind.DOCKET)
        if any(documents.same(file, one.file) for one in before.filter(sent_to=whom.email, size=file.size)):
            said = {"job": job.number, "address": whom.email}
            raise ValidationError(_("The work docket of %(job)s was sent to %(address)s already, and nothing has changed since.") % said)
        if count := before.count():
            with translation.override(whom.language):
                file.name = _("Work docket %(number)s (%(count)d).pdf") % {"number": job.number, "count": count + 1}
        document = files.add(job, file, by=by, kind=Document.Kind.DOCKET)
        send_to_primary(document, by, "docket_sent")
        document.refresh_from_db()
    return document
