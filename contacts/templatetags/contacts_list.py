"""{% load contacts_list %}{% contact_neighbours as beside %}: where the contact of the page stands in the reader's list."""

from django import template
from django.template import Context

from clientdesk.tables.neighbours import Neighbours, neighbours
from contacts.table import TABLE

register = template.Library()


@register.simple_tag(takes_context=True)
def contact_neighbours(context: Context) -> Neighbours | None:
    """Return the place of `contact` of the page and the links to those beside it, for tables/_neighbours.html."""
    return neighbours(TABLE, context["request"], context["contact"])
