"""The work docket of a job as a PDF (JD5): what was asked, what was done, the time it took, parts, checks, and who signed for it."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from clientdesk.languages import spoken
from clientdesk.preferences import Style
from clients.letterhead import postal_lines
from jobs.machine import Status
from jobs.models import Job, JobCheck, JobPart, Signature, WorkSession
from jobs.papers.quote import sender
from jobs.papers.typesetting import drawn, typeset
from jobs.work import Work, hours_text, work_of


def docket_pdf(job: Job, style: Style) -> bytes:
    """Return the work docket of `job` as a contact reads it: days, times and money by `style`. The internal name of the client is not on
    it (X8, X9)."""
    with translation.override(spoken(style.language)):
        return typeset("docket", _told(job, work_of(job), style), job.resolved_at or job.updated_at)


def _told(job: Job, work: Work, style: Style) -> dict[str, object]:
    return {
        "title": _("Work docket %(number)s") % {"number": job.number},
        "subtitle": job.subject,
        "number": job.number,
        "sender": sender(job.client.branch),
        "recipient": _recipient(job),
        "facts": _facts(job, style),
        "labels": _labels(),
        "site": postal_lines(job),
        "issue": _paragraphs(job.description),
        "resolution": _paragraphs(_resolution(job)),
        "sessions": [_session(session, style) for session in work.sessions],
        "time": _times(work),
        "parts": [_part(part, style) for part in work.parts],
        "parts_total": "" if work.parts_total is None else style.money(work.parts_total, settings.CURRENCY),
        "checks": [_check(check, style) for check in work.checks],
        "signatures": _signatures(work, style),
    }


def _labels() -> dict[str, str]:
    return {
        "recipient": _("Done for"),
        "site": _("Site"),
        "issue": _("What was asked for"),
        "resolution": _("What was done"),
        "sessions": _("Work sessions"),
        "technician": _("Technician"),
        "mode": _("Mode"),
        "day": _("Day"),
        "from": _("From"),
        "to": _("To"),
        "duration": _("Duration"),
        "parts": _("Parts and expenses"),
        "part": _("Part"),
        "quantity": _("Quantity"),
        "price": _("Price of one"),
        "amount": _("Amount"),
        "total": _("Total"),
        "checks": _("Checklist"),
        "signatures": _("Signatures"),
        "signature": _("Name, day and signature"),
    }


def _recipient(job: Job) -> list[str]:
    """Return the lines of whom it was done for; the address is that of the contact, which may be the client's (invariant 16)."""
    client, contact = job.client, job.contact
    person = contact.full_name if contact and contact.full_name != client.legal_name else ""
    return [text for text in (client.legal_name, person, *postal_lines(contact.mailing_address if contact else client)) if text]


def _facts(job: Job, style: Style) -> list[list[str]]:
    found = [
        (_("Logged"), style.date(job.created_at)),
        (_("Scheduled"), style.moment(job.scheduled_at) if job.scheduled_at else ""),
        (_("Resolved"), style.date(job.resolved_at) if job.resolved_at else ""),
        (_("Job type"), job.job_type.name if job.job_type else ""),
        (_("Technician"), job.assignee.full_name if job.assignee else ""),
        (_("Your reference"), job.client_reference),
    ]
    return [[label, value] for label, value in found if value]


def _resolution(job: Job) -> str:
    """Return what the technician said when the job was resolved last, or nothing."""
    last = job.events.filter(to=Status.RESOLVED).exclude(origin=Status.RESOLVED).order_by("at", "pk").last()
    return last.note if last and job.resolved_at else ""


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n") if part.strip()]


def _session(session: WorkSession, style: Style) -> dict[str, str]:
    return {
        "technician": session.technician.full_name,
        "mode": session.get_mode_display(),
        "day": style.date(session.started_at),
        "from": style.time(session.started_at),
        "to": style.time(session.ended_at) if session.ended_at else "–",
        "duration": hours_text(session.duration),
    }


def _times(work: Work) -> list[list[str]]:
    if not work.sessions:
        return []
    found = [[_("Time in all"), hours_text(work.whole_time)]]
    return [*found, [_("Without travel"), hours_text(work.work_time)]] if work.has_travel else found


def _part(part: JobPart, style: Style) -> dict[str, str]:
    return {
        "text": part.text,
        "quantity": f"{style.number(part.quantity.normalize())} {part.unit}".strip(),
        "price": "" if part.price is None else style.money(part.price, settings.CURRENCY),
        "amount": "" if part.total is None else style.money(part.total, settings.CURRENCY),
    }


def _check(check: JobCheck, style: Style) -> dict[str, object]:
    return {"text": check.text, "done": check.done_at is not None, "day": style.date(check.done_at) if check.done_at else ""}


def _signatures(work: Work, style: Style) -> list[dict[str, object]]:
    """Return both sides, the client's first; one that has not signed has a line to sign on."""
    by_side = {signature.side: signature for signature in work.signatures}
    found = []
    for side, label in Signature.Side.choices:
        one = by_side.get(side)
        image = drawn(one.image) if one else []
        found.append({"side": str(label), "name": one.name if one else "", "day": style.date(one.signed_at) if one else "", "image": image})
    return found
