"""Who helps a contact: the people of ours who are responsible for its client, else the branch (design S7, XD28)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from clients.models import Client

_ROLES = (("project_manager_id", _("Project manager")), ("sales_person_id", _("Sales person")))


@dataclass(frozen=True)
class Person:
    """One of us as a contact sees it; `role` is what the person does for the client."""

    pk: int
    name: str
    role: str | Promise
    email: str

    def __str__(self) -> str:
        return self.name


def people_of(client: Client) -> list[Person]:
    """Return who of us is responsible for `client` and still works here, in one query; nobody twice, the project manager first."""
    wanted = {pk: role for name, role in reversed(_ROLES) if (pk := getattr(client, name))}
    if not wanted:
        return []
    found = User.objects.staff().filter(pk__in=wanted, is_active=True).in_bulk()
    order = dict.fromkeys(pk for name, _role in _ROLES if (pk := getattr(client, name)) in found)
    return [Person(pk, found[pk].full_name, wanted[pk], found[pk].email) for pk in order]


def seller_of(client: Client, people: list[Person]) -> Person | None:
    """Return who of `people` a quote comes from: the sales person of `client`, else whoever else is responsible (XD28)."""
    return next((person for person in people if person.pk == client.sales_person_id), people[0] if people else None)


def mailboxes_of(client: Client) -> list[str]:
    """Return where it is told what a contact of `client` did: to its people, else to its branch; nowhere where that has no address."""
    return [person.email for person in people_of(client)] or [client.branch.email] * bool(client.branch.email)
