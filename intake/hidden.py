"""Restricted clients in imports (XD33): a row that names one tells nothing of it to who may not see it, and never changes it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from clientdesk.models import User
from clients.models import Client
from contacts.models import Contact
from intake.cells import shown
from intake.loading import find
from intake.models import ImportRun


def hidden(clients: Iterable[int | None], by: User | None) -> set[int]:
    """Return those of `clients` (primary keys) that `by` may not see; nobody in particular sees no restricted one. Two statements."""
    wanted = {pk for pk in clients if pk is not None}
    restricted = {pk for (pk,) in find(Client, "id", wanted, ("id",), restricted_to_responsible=True)}
    if not restricted or by is None:
        return restricted
    return restricted - set(Client.objects.visible_to(by).filter(pk__in=restricted).values_list("pk", flat=True))


def hidden_targets(kind: str, targets: Iterable[int | None], by: User | None) -> set[int]:
    """Return those of `targets`, the records that rows of a `kind` of import led to, of whose clients `by` may not know."""
    if kind != ImportRun.Kind.CONTACT:
        return hidden(targets, by)
    owners = dict(find(Contact, "id", {pk for pk in targets if pk is not None}, ("id", "client")))
    unseen = hidden(owners.values(), by)
    return {pk for pk, client in owners.items() if client in unseen}


def hidden_name() -> str:
    """Refuse a row that names a client which the person may not see."""
    return _("A client of this name exists that you may not see. Choose another name.")


def hidden_record() -> str:
    """Refuse a row whose identifying text leads to a client which the person may not see."""
    return _("This leads to a client that you may not see. Leave the row out, or ask who is responsible for that client.")


def hidden_external_id(external_id: str) -> str:
    """Refuse an external ID that belongs to a client which the person may not see."""
    return _("“%(value)s” is the external ID of a client that you may not see. Use another.") % {"value": shown(external_id)}


def hidden_row() -> str:
    """Say in place of a row's name that it is about a client which the reader may not see."""
    return _("A client that you may not see")
