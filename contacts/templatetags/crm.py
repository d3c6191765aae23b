"""Tags of the CRM pages. {% load crm %} {% due action.due_at action.end_at %}: today and tomorrow by name, else the date; with the time."""

from datetime import datetime

from django import template
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def due(moment: datetime | None, end: datetime | None = None) -> SafeString:
    """Return `moment`, and until when, as <time> in the reader's time zone; the full date is its title. None gives an empty text."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    clock = format_date(local, "TIME_FORMAT")
    if end is not None:
        until = timezone.localtime(end)
        shown = "TIME_FORMAT" if until.date() == local.date() else "DATETIME_FORMAT"
        clock = _("%(start)s to %(end)s") % {"start": clock, "end": format_date(until, shown)}
    day = _("%(day)s, %(time)s") % {"day": _day(local), "time": clock}
    full = f"{format_date(local, 'DATETIME_FORMAT')} {local.tzname()}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), full, day)


def _day(local: datetime) -> str:
    away = (local.date() - timezone.localdate()).days
    names = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    return names.get(away) or format_date(local, "DATE_FORMAT")
