"""How jobs and their clocks are shown."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from clientdesk.templatetags.desk import badge, state
from contacts.templatetags.crm import due
from jobs.machine import Status
from jobs.models import Job
from jobs.sla import State, written

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
    State.MET: ("ok", _("In time")),
}


@register.simple_tag
def job_state(job: Job) -> SafeString:
    """Return where `job` stands as a dot and a word, for tables."""
    return state(job.status, job.get_status_display(), TONES[Status(job.status)])


@register.simple_tag
def job_badge(job: Job) -> SafeString:
    """Return where `job` stands as a pill, for heads."""
    return badge(job.status, job.get_status_display(), TONES[Status(job.status)])


def clock_word(job: Job) -> str:
    """Return how the clock of `job` stands, in a word; an empty text where nothing was promised."""
    if job.due_at is None or job.sla_state == State.NONE:
        return ""
    if job.sla_state == State.BREACHED and job.stopped_at is not None:
        return str(_("Late"))
    return str(CLOCKS[job.sla_state][1])


@register.simple_tag
def clock(job: Job) -> SafeString:
    """Return when the clock of `job` is over and how it stands; “No SLA time” where nothing was promised."""
    word = clock_word(job)
    if not word:
        return format_html('<span class="muted">{}</span>', _("No SLA time"))
    shown = badge(job.sla_state, word, CLOCKS[job.sla_state][0])
    return shown if job.stopped_at is not None else format_html("{} {}", due(job.due_at), shown)


@register.filter
def duration(minutes: int | None) -> str:
    """Return `minutes` as people write them, or an empty text."""
    return "" if minutes is None else written(minutes)
