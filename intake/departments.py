"""Departments that rows name, found or added, many at once, as `Department.objects.find_or_add` does (decision 4)."""

from collections.abc import Iterable
from datetime import datetime

from clientdesk.models import Change, LongRun
from clientdesk.words import name_key
from clients.models import Client
from contacts.models import Department
from intake.journal import Creation, Journal
from intake.loading import find, insert, reserve_ids
from intake.shape import Shape

type Place = tuple[int, str]


def known(clients: Iterable[int]) -> dict[Place, tuple[int, str, bool]]:
    """Return the departments of `clients` as {(client, key of the name): (key, name, whether it is in use)}."""
    found = find(Department, "client", set(clients), ("client", "name_key", "id", "name", "active"))
    return {(client, key): (pk, name, bool(active)) for client, key, pk, name, active in found}


class Departments:
    """Adds departments inside the caller's transaction, who locked the clients."""

    def __init__(self, journal: Journal, run: LongRun, now: datetime) -> None:
        self.journal, self.run, self.now = journal, run, now

    def add(self, wanted: Iterable[tuple[int, str]]) -> dict[Place, int]:
        """Add a department for each (client, name) of `wanted` whose name differs by key; return their keys by client and key."""
        names = {(client, name_key(name)): (client, name) for client, name in reversed(list(wanted))}
        shape = Shape(Department, created_at=self.now, updated_at=self.now, created_by_id=self.run.owner_id)
        made = list(zip(reserve_ids(Department, len(names)), names.items(), strict=True))
        insert(
            Department,
            shape.columns,
            (shape.row({"id": pk, "client_id": client, "name": name, "name_key": key}) for pk, ((client, key), (_c, name)) in made),
        )
        creation = Creation(Department(pk=0, client_id=0), ["id", "client", "name"])
        entries = [
            (pk, name, creation.changes({"id": pk, "client": client, "name": name}), client) for pk, (_place, (client, name)) in made
        ]
        self.journal.add_parts(Department, Client, Change.Action.CREATE, entries)
        return {place: pk for pk, (place, _given) in made}
