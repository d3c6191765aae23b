"""{% load clients_list %}{% neighbours %}: where the client of the page stands in the reader's list, with links to those beside it."""

from django import template
from django.template import Context

from clients.neighbours import neighbours as neighbours_of

register = template.Library()


@register.inclusion_tag("clients/_neighbours.html", takes_context=True)
def neighbours(context: Context) -> dict[str, object]:
    """Return what the part shows of `client` of the page."""
    return {"beside": neighbours_of(context["request"], context["client"])}
