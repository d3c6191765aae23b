"""Restricted clients for which one person alone is responsible (XD33)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from clientdesk.models import User
from clients.models import Client, Responsible


def left_alone(user: User) -> QuerySet[Client]:
    """Return the restricted clients for which `user` is responsible and nobody else who is active: without `user` only
    administrators see them."""
    people = Responsible.objects.filter(client=OuterRef("pk"))
    responsible = Q(sales_person=user) | Q(project_manager=user) | Exists(people.filter(user=user))
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    held = Q(sales_person__in=others) | Q(project_manager__in=others) | Exists(people.filter(user__in=others))
    return Client.objects.filter(responsible, ~held, restricted_to_responsible=True).order_by("name_key")
