"""What was done on jobs and tells of a person: signatures, work dockets, and texts of parts and checks (XD1)."""

from django.db.models import Model
from django.utils.translation import gettext as _

from clientdesk import pictures
from clientdesk.personal.erasing import Erasure
from clientdesk.personal.subject import Held, Subject, moment
from jobs.models import Document, Job, JobCheck, JobPart, Signature


def reach(subject: Subject) -> None:
    """Add the signatures of the person; the jobs that name the person are known (jobs/personal.py)."""
    found = Signature.objects.filter(side=Signature.Side.CLIENT).values_list("pk", "job_id", "name").iterator()
    subject.records[Signature] |= {pk for pk, _job, name in found if subject.is_named_in(name)}


def held(subject: Subject) -> list[Held]:
    """Return what the person signed."""
    signatures = Signature.objects.filter(pk__in=subject.records[Signature]).select_related("job").order_by("-pk")
    rows = [[(_("Job"), str(one.job)), (_("Name"), one.name), (_("Signed"), moment(one.signed_at))] for one in signatures]
    return [Held("signatures", _("Signatures"), rows)]


def erase(erasure: Erasure) -> None:
    """Remove what the person signed, and the client's signatures and dockets of the jobs that named the person; texts that do are blanked.

    A closed job does not keep them: what the law lets be erased goes.
    """
    subject = erasure.subject
    jobs = subject.records[Job]
    on_jobs = Signature.objects.filter(job__in=jobs, side=Signature.Side.CLIENT).values_list("pk", flat=True)
    for signature in Signature.objects.filter(pk__in=subject.records[Signature] | set(on_jobs)):
        if signature.image:
            erasure.files += pictures.both(signature.image.name)
        # By the queryset: a record of a closed job refuses to go by itself.
        Signature.objects.filter(pk=signature.pk).delete()
    for document in Document.objects.filter(job__in=jobs, kind=Document.Kind.DOCKET):
        erasure.files.append(document.file.name)
        document.delete()
    for model in (JobPart, JobCheck):
        _blank(subject, model)


def _blank(subject: Subject, model: type[Model]) -> None:
    rows = model._default_manager.values_list("pk", "text").iterator()
    for pk in [pk for pk, text in rows if subject.is_named_in(text)]:
        # With its key, for no job has the same text twice.
        model._default_manager.filter(pk=pk).update(text=_("Erased %(key)d") % {"key": pk})
