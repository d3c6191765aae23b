"""Dates, times, numbers and money as the reader wants them written, in pages that know the reader's `style` (clientdesk/preferences.py).

{% load written %}
{% written_day quote.due_on %}   {% written_moment quote.sent_at %}   {% written_time at %}
{% written_number 13550.5 2 %}   {% written_money quote.total "EUR" %}
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clientdesk.preferences import Style

register = template.Library()


def _style(context: Mapping[str, object]) -> Style:
    found = context["style"]
    if not isinstance(found, Style):
        raise TypeError("Pages that write by preference need the reader's style as `style`.")
    return found


@register.simple_tag(takes_context=True)
def written_day(context: Mapping[str, object], day: date) -> SafeString:
    """Return a day, or the day of a moment, as <time>."""
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), _style(context).date(day))


@register.simple_tag(takes_context=True)
def written_time(context: Mapping[str, object], moment: datetime) -> SafeString:
    """Return the time of day of a moment as <time>."""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="seconds"), _style(context).time(moment))


@register.simple_tag(takes_context=True)
def written_moment(context: Mapping[str, object], moment: datetime) -> SafeString:
    """Return day and time of a moment as <time>."""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="seconds"), _style(context).moment(moment))


@register.simple_tag(takes_context=True)
def written_number(context: Mapping[str, object], value: Decimal | float, digits: int | None = None) -> str:
    """Return a number with `digits` after the separator, or as many as it has."""
    return _style(context).number(value, digits)


@register.simple_tag(takes_context=True)
def written_money(context: Mapping[str, object], amount: Decimal | float, currency: str) -> str:
    """Return an amount in `currency` (ISO 4217)."""
    return _style(context).money(amount, currency)
