"""What the head of a record shows about personal data: {% load personal %} {% legal_hold client as hold %}."""

from django import template
from django.db.models import Model

from clientdesk.models import LegalHold
from clientdesk.personal import holds

register = template.Library()


@register.simple_tag
def legal_hold(record: Model) -> LegalHold | None:
    """Return the legal hold that keeps `record`, its own or its client's, or None; one statement."""
    return holds.in_force(record)
