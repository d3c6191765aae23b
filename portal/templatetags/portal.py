"""How quotes, projects and files are shown to a contact.

{% load portal %}
{% quote_state quote %}  {% quote_badge quote %}     where a quote stands, in the words of who is asked
{% validity quote %}                                 how long it can still be accepted, as a pill
{% project_state project %}                          on time, late, delivered
{% project_people project as people %}               whom a project names
"""

from collections.abc import Mapping

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.preferences import Style
from clientdesk.templatetags.desk import badge, state
from jobs.models import Project, Quote
from jobs.project_machine import ProjectStatus
from jobs.quote_machine import QuoteStatus
from portal.listing import QUOTE_WORDS

register = template.Library()

_TONES = {
    QuoteStatus.REQUESTED: "info",
    QuoteStatus.PENDING: "info",
    QuoteStatus.SENT: "warn",
    QuoteStatus.APPROVED_BY_CLIENT: "ok",
    QuoteStatus.APPROVED: "ok",
    QuoteStatus.REJECTED: "off",
}
# In so many days or fewer a quote is about to expire; so many are counted, more are told by the date.
_SOON, _MOST_DAYS = 3, 30


def _words(quote: Quote) -> tuple[str, str]:
    if quote.is_expired:
        return _("Expired"), "off"
    status = QuoteStatus(quote.status)
    return str(QUOTE_WORDS[status]), _TONES[status]


@register.simple_tag
def quote_state(quote: Quote) -> SafeString:
    """Return where `quote` stands as a dot and words, for tables."""
    return state(quote.status, *_words(quote))


@register.simple_tag
def quote_badge(quote: Quote) -> SafeString:
    """Return where `quote` stands as a pill, for heads."""
    return badge(quote.status, *_words(quote))


@register.simple_tag(takes_context=True)
def validity(context: Mapping[str, object], quote: Quote) -> SafeString | str:
    """Return how long `quote`, which waits for a decision, can still be accepted; nothing for one that never expires."""
    if quote.expires_on is None:
        return ""
    left = (quote.expires_on - timezone.localdate()).days
    tone = "warn" if left <= _SOON else "off"
    if left <= 0:
        return badge("", _("Valid until today"), tone)
    if left <= _MOST_DAYS:
        return badge("", ngettext("Valid %(count)d more day", "Valid %(count)d more days", left) % {"count": left}, tone)
    style = context["style"]
    if not isinstance(style, Style):
        raise TypeError("Pages that write by preference need the reader's style as `style`.")
    return badge("", _("Valid until %(day)s") % {"day": style.date(quote.expires_on)}, tone)


@register.simple_tag
def project_state(project: Project) -> SafeString:
    """Return how `project` stands as a dot and a word."""
    if project.status == ProjectStatus.CANCELLED:
        return state(project.status, _("Cancelled"), "off")
    if project.status == ProjectStatus.CLOSED:
        return state(project.status, _("Delivered"), "ok")
    if project.is_late:
        return state(project.status, _("Late"), "bad")
    return state(project.status, _("On time") if project.deadline else _("In progress"), "ok" if project.deadline else "info")


@register.simple_tag
def project_people(project: Project) -> list[str]:
    """Return the names of the contact person and the additional contacts of `project`; of one whose `named` were not read, none."""
    named = getattr(project, "named", None)
    people = [] if named is None else [project.contact, *(link.contact for link in named)]
    return [person.full_name for person in people if person]
