"""{% load clients_list %}{% neighbours as beside %}: where the client of the page stands in the reader's list."""

from django import template
from django.template import Context

from clientdesk.tables.neighbours import Neighbours
from clientdesk.tables.neighbours import neighbours as neighbours_of
from clients.table import TABLE

register = template.Library()


@register.simple_tag(takes_context=True)
def neighbours(context: Context) -> Neighbours | None:
    """Return the place of `client` of the page and the links to those beside it, for tables/_neighbours.html."""
    return neighbours_of(TABLE, context["request"], context["client"])
