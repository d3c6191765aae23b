"""Who sees a client whose data are only for the people responsible (XD33): the one predicate, for clients and whatever belongs to them.

PostgreSQL asks a function of its own about the few clients that are restricted: a page has the predicate in six to nine statements, and
to plan its subqueries anew in each took a third of the page's database time. What the function says is what `beyond_the_client` says.
"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, Q, QuerySet, Value

from clientdesk.models import User
from clientdesk.only_postgresql import OfPostgreSQL
from clientdesk.rights import ROLES, Right, may
from clientdesk.search import just

if TYPE_CHECKING:
    from clients.models import Client


def seen_by(user: User, path: str = "") -> Q:
    """Return the condition under which `user` sees a client; `path` leads to it, such as `client__` from a contact.

    A restricted client none of whose people is active any more is seen by those who manage staff, so that nobody locks it for ever.
    """
    other = _told if connection.vendor == "postgresql" else beyond_the_client
    return named_by_the_client(user, path) | other(user, path)


def named_by_the_client(user: User, path: str) -> Q:
    """Return the part of the condition that the client itself tells."""
    return Q(**{f"{path}restricted_to_responsible": False}) | Q(**{f"{path}sales_person": user}) | Q(**{f"{path}project_manager": user})


def beyond_the_client(user: User, path: str) -> Q:
    """Return the part of the condition that other tables than the client's tell."""
    persons = apps.get_model("clients", "Responsible").objects.filter(**just("client_id", f"{path}id"))
    seen = Q(Exists(persons.filter(user=user)))
    if not may(user, Right.STAFF):
        return seen
    active = User.objects.filter(is_active=True)
    held = (
        Exists(active.filter(**just("pk", f"{path}sales_person_id")))
        | Exists(active.filter(**just("pk", f"{path}project_manager_id")))
        | Exists(persons.filter(user__is_active=True))
    )
    return seen | Q(~held)


def _told(user: User, path: str) -> Q:
    """Return the same part as a question to the database's own function."""
    told = Func(F(f"{path}id"), Value(user.pk), Value(may(user, Right.STAFF)), function=_FUNCTION, output_field=BooleanField())
    return Q(told)


def staff_who_see(client: "Client") -> QuerySet[User]:
    """Return the active staff users who see `client`, by name: the other side of `seen_by`."""
    staff = User.objects.staff().filter(is_active=True).order_by("last_name", "first_name", "pk")
    if not client.restricted_to_responsible:
        return staff
    persons = apps.get_model("clients", "Responsible").objects.filter(client=client)
    held = staff.filter(Q(pk__in=[client.sales_person_id, client.project_manager_id]) | Q(pk__in=persons.values("user")))
    return held if held.exists() else staff.filter(role__in=[role for role, rights in ROLES.items() if Right.STAFF in rights])


_FUNCTION = "clients_client_is_seen"
_MAKE = f"""
CREATE FUNCTION {_FUNCTION}(asked bigint, reader bigint, manages_staff boolean) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 AS $$
BEGIN
    IF EXISTS (SELECT FROM clients_responsible r WHERE r.client_id = asked AND r.user_id = reader) THEN
        RETURN true;
    END IF;
    RETURN manages_staff
        AND NOT EXISTS (
            SELECT FROM clients_client c JOIN clientdesk_user u ON u.id IN (c.sales_person_id, c.project_manager_id)
            WHERE c.id = asked AND u.is_active)
        AND NOT EXISTS (
            SELECT FROM clients_responsible r JOIN clientdesk_user u ON u.id = r.user_id WHERE r.client_id = asked AND u.is_active);
END $$;
"""  # noqa: S608 - our own name


class TellWhoSees(OfPostgreSQL):
    """Let PostgreSQL itself say who sees a restricted client beyond those whom the client names."""

    def forwards(self) -> list[str]:
        return [_MAKE]

    def backwards(self) -> list[str]:
        return [f"DROP FUNCTION {_FUNCTION}"]

    def describe(self) -> str:
        return "Let the database say who sees a restricted client"
