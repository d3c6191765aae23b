"""Who sees a client whose data are only for the people responsible (XD33): the one predicate, for clients and whatever belongs to them."""

from django.apps import apps
from django.db.models import Exists, Q

from clientdesk.models import User
from clientdesk.rights import Right, may
from clientdesk.search import just


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
