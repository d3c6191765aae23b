"""How jobs and their clocks are shown."""

from datetime import timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from clientdesk.templatetags.desk import badge, state
from contacts.templatetags.crm import due
from jobs.machine import Status
from jobs.models import Job
from jobs.sla import State, written
from jobs.work import hours_text

register = template.Library()

TONES = {
    Status.REQUESTED: "warn",
    Status.OPEN: "info",
    Status.ASSIGNED: "info",
    Status.RESOLVED: "ok",
    Status.CLOSED: "off",
    Status.CANCELLED: "off",
}
CLOCKS = {
    State.RUNNING: ("info", _("In time")),
    State.AT_RISK: ("warn", _("At risk")),
    State.BREACHED: ("bad", _("Overdue")),
    State.MET: ("ok", _("Met")),
}


@register.simple_tag
def job_state(job: Job) -> SafeString:
    """Return where `job` stands as a dot and a word, for tables."""
    return state(job.status, job.get_status_display(), TONES[Status(job.status)])


@register.simple_tag
def job_badge(job: Job) -> SafeString:
    """Return where `job` stands as a pill, for heads."""
    return badge(job.status, job.get_status_display(), TONES[Status(job.status)])


@register.simple_tag
def clock(job: Job) -> SafeString:
    """Return when the clock of `job` is over and how it stands; “No SLA time” where nothing was promised."""
    if job.due_at is None or job.sla_state == State.NONE:
        return format_html('<span class="muted">{}</span>', _("No SLA time"))
    tone, word = CLOCKS[job.sla_state]
    if job.sla_state in (State.MET, State.BREACHED) and job.stopped_at is not None:
        word = _("In time") if job.sla_state == State.MET else _("Late")
        return badge(job.sla_state, word, tone)
    return format_html("{} {}", due(job.due_at), badge(job.sla_state, word, tone))


@register.filter
def duration(minutes: int | None) -> str:
    """Return `minutes` as people write them, or an empty text."""
    return "" if minutes is None else written(minutes)


@register.filter
def hours(span: timedelta) -> str:
    """Return how long `span` is, to the minute, such as “1 h 05 min”."""
    return hours_text(span)
