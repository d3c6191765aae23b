"""Contact persons as the stage holds them: places by their names, and what leads to their clients."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from clients.models import Client
from contacts.models import Contact, Department, Office
from intake.loading import find

# What is read of a contact beside the columns of the import.
FACTS = ("id", "version", "client", "default_office", "active", "erased_at", "custom")
# Columns that lead to the client -> fields of the client.
LINKED: Mapping[str, str] = MappingProxyType({"client_number": "number", "client_name": "name", "client_email": "email"})


def target_of(names: Sequence[str], row: Sequence) -> dict:
    """Return a contact as `find` gave it under `names`."""
    return dict(zip(names, row, strict=True))


def full(contact: Mapping) -> str:
    """Return first and last name of a contact as one."""
    return f"{contact['first_name']} {contact['last_name']}".strip()


def whole_people(pks: Iterable[int], names: Sequence[str]) -> list[dict]:
    """Return `names`, FACTS among them, of the contacts `pks` with all that columns show of client and places; four statements.

    The key of the department is under "department_id" then.
    """
    found = [target_of(names, row) for row in find(Contact, "id", pks, names)]
    clients = {row[0]: row[1:] for row in find(Client, "id", {one["client"] for one in found}, ("id", *LINKED.values()))}
    offices = dict(find(Office, "id", {one["default_office"] for one in found}, ("id", "name")))
    departments = dict(find(Department, "id", {one["department"] for one in found} - {None}, ("id", "name")))
    for one in found:
        one |= dict(zip(LINKED, clients[one["client"]], strict=True))
        one["office"] = offices[one["default_office"]]
        one["department_id"] = one["department"]
        one["department"] = departments.get(one["department_id"])
    return found
