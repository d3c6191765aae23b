"""What jobs hold about a person: those that name the contact, and all those of an individual client (XD1)."""

from django.utils.translation import gettext as _

from clientdesk.personal.erasing import Erasure
from clientdesk.personal.subject import Held, Subject, facts, moment
from clients.models import Client
from contacts.models import Contact
from jobs.models import Job, JobContact, JobEvent

_BLANK = ("description", "contact_phone", "cancel_reason", "street", "street2", "postal_code", "city", "province")


def reach(subject: Subject) -> None:
    """Add the jobs that name the contacts that are this person, and all those of an individual client."""
    people = subject.records.get(Contact, ())
    keys = set(Job.objects.filter(contact__in=people).values_list("pk", flat=True))
    if isinstance(subject.record, Client):
        keys |= set(Job.objects.filter(client=subject.record).values_list("pk", flat=True))
    subject.records[Job] |= keys
    subject.records[JobContact] |= set(JobContact.objects.filter(contact__in=people).values_list("pk", flat=True))


def held(subject: Subject) -> list[Held]:
    """Return each job of the person with its timeline, and those in which the person is named besides."""
    jobs = Job.objects.filter(pk__in=subject.records[Job]).prefetch_related("events").order_by("-pk")
    found = [facts(job) + [(_("Note"), f"{moment(one.at)}: {one.note}") for one in job.events.all() if one.note] for job in jobs]
    links = JobContact.objects.filter(pk__in=subject.records[JobContact]).select_related("job").order_by("-pk")
    return [
        Held("jobs", _("Jobs"), found, listed=True),
        Held("more_jobs", _("Named in jobs besides"), [[(_("Job"), str(link.job))] for link in links]),
    ]


def erase(erasure: Erasure) -> None:
    """Leave of each job of the person its kind, its times and who did it; also texts of others' jobs that name the person go."""
    subject = erasure.subject
    texts = Job.objects.values_list("pk", "subject", "description", "cancel_reason", "contact_phone", *_BLANK[3:]).iterator()
    subject.records[Job] |= {pk for pk, *found in texts if any(subject.is_named_in(str(text or "")) for text in found)}
    notes = JobEvent.objects.exclude(note="").values_list("pk", "job_id", "note").iterator()
    named = {pk for pk, job, note in notes if job in subject.records[Job] or subject.is_named_in(note)}
    JobEvent.objects.filter(pk__in=named).update(note="")
    for job in Job.objects.select_for_update(of=("self",)).filter(pk__in=subject.records[Job]).order_by("pk"):
        job.forget(subject=_("Erased"), **dict.fromkeys(_BLANK, ""))
    JobContact.objects.filter(pk__in=subject.records[JobContact]).delete()
