"""The postal address of an office or department in a template."""

from django import template

from clients.facts import address_lines

register = template.Library()


@register.filter
def address_of(record: object) -> str:
    """Return the address of `record` in lines as on an envelope, or an empty text."""
    return address_lines(record)
