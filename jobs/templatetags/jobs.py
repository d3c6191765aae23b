"""How quotes, projects, jobs and the clocks of jobs are shown."""

from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from clientdesk.preferences import resolve
from clientdesk.templatetags.desk import badge, state
from contacts.templatetags.crm import due
from jobs.machine import Status
from jobs.models import Item, Job
from jobs.project_machine import ProjectStatus
from jobs.quote_machine import QuoteStatus
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
QUOTE_TONES = {
    QuoteStatus.REQUESTED: "warn",
    QuoteStatus.PENDING: "info",
    QuoteStatus.SENT: "info",
    QuoteStatus.APPROVED_BY_CLIENT: "warn",
    QuoteStatus.APPROVED: "ok",
    QuoteStatus.REJECTED: "off",
}
PROJECT_TONES = {ProjectStatus.OPEN: "info", ProjectStatus.CLOSED: "ok", ProjectStatus.CANCELLED: "off"}
_TONES: dict[str, dict[str, str]] = {
    "job": {str(status): tone for status, tone in TONES.items()},
    "quote": {str(status): tone for status, tone in QUOTE_TONES.items()},
    "project": {str(status): tone for status, tone in PROJECT_TONES.items()},
}
# Where the lists of the items are, and what they are called there.
_AREAS: dict[str, tuple[Promise, str]] = {
    "quote": (_("Quotes"), "quotes:list"),
    "project": (_("Projects"), "projects:list"),
    "job": (_("Jobs"), "jobs:list"),
}
CLOCKS = {
    State.RUNNING: ("info", _("In time")),
    State.AT_RISK: ("warn", _("At risk")),
    State.BREACHED: ("bad", _("Overdue")),
    State.MET: ("ok", _("Met")),
}


@dataclass(frozen=True)
class Area:
    """The list that an item stands in."""

    label: Promise
    url: str


@register.simple_tag
def area(item: Item | None, kind: str = "") -> Area:
    """Return the list that `item` stands in, or without one that of `kind`: quote, project, job."""
    label, name = _AREAS[item._meta.model_name if isinstance(item, Item) else kind or "job"]
    return Area(label, reverse(name))


@register.simple_tag
def item_state(item: Item) -> SafeString:
    """Return where a job, quote or project stands as a dot and a word, for tables."""
    return state(item.status, item.get_status_display(), _TONES[item._meta.model_name][item.status])


@register.simple_tag
def item_badge(item: Item) -> SafeString:
    """Return where a job, quote or project stands as a pill, for heads."""
    return badge(item.status, item.get_status_display(), _TONES[item._meta.model_name][item.status])


@register.simple_tag
def money(amount: Decimal, currency: str) -> str:
    """Return `amount` as staff read it, with its currency (an ISO code)."""
    return resolve().money(amount, currency)


@register.simple_tag
def amount(number: Decimal) -> str:
    """Return `number` as staff read it, without zeros at its end."""
    return resolve().number(number.normalize())


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
