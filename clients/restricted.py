"""Who sees a client whose data are only for the people responsible (XD33): the one predicate, for clients and whatever belongs to them."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Exists, Q, QuerySet

from clientdesk.models import User
from clientdesk.rights import ROLES, Right, may
from clientdesk.search import just

if TYPE_CHECKING:
    from clients.models import Client


def seen_by(user: User, path: str = "") -> Q:
    """Return the condition under which `user` sees a client; `path` leads to it, such as `client__` from a contact.

    A restricted client none of whose people is active any more is seen by those who manage staff, so that nobody locks it for ever.
    """
    persons = apps.get_model("clients", "Responsible").objects.filter(**just("client_id", f"{path}id"))
    seen = (
        Q(**{f"{path}restricted_to_responsible": False})
        | Q(**{f"{path}sales_person": user})
        | Q(**{f"{path}project_manager": user})
        | Q(Exists(persons.filter(user=user)))
    )
    if not may(user, Right.STAFF):
        return seen
    # Three small questions, not one join: it is planned anew for each count and page.
    active = User.objects.filter(is_active=True)
    held = (
        Exists(active.filter(**just("pk", f"{path}sales_person_id")))
        | Exists(active.filter(**just("pk", f"{path}project_manager_id")))
        | Exists(persons.filter(user__is_active=True))
    )
    return seen | Q(~held)


def staff_who_see(client: "Client") -> QuerySet[User]:
    """Return the active staff users who see `client`, by name: the other side of `seen_by`."""
    staff = User.objects.staff().filter(is_active=True).order_by("last_name", "first_name", "pk")
    if not client.restricted_to_responsible:
        return staff
    persons = apps.get_model("clients", "Responsible").objects.filter(client=client)
    held = staff.filter(Q(pk__in=[client.sales_person_id, client.project_manager_id]) | Q(pk__in=persons.values("user")))
    return held if held.exists() else staff.filter(role__in=[role for role, rights in ROLES.items() if Right.STAFF in rights])
