"""Numbers as people read them: `{{ run.rows_read|grouped }}` is “10,000”."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def grouped(number: int | None) -> str:
    """Return `number` with its thousands grouped as in the reader's language; nothing counts as 0."""
    return number_format(number or 0, force_grouping=True)
