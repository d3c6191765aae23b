"""Offices and departments of a company tree into the database, many at once, as their forms save them, with their history."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from clientdesk.models import Change, LongRun
from clientdesk.words import name_key
from clients.models import Client
from contacts.models import Department, Office
from intake.journal import Creation, Journal
from intake.loading import encode, find, insert, reserve_ids, update
from intake.shape import Shape
from intake.tree_places import FIELDS

type Place = tuple[int, str]


class Places:
    """Adds and changes the places of one part inside the caller's transaction, who locked the clients."""

    def __init__(self, part: str, journal: Journal, run: LongRun, now: datetime) -> None:
        self.part, self.model = part, Office if part == "office" else Department
        self.journal, self.run, self.now = journal, run, now
        self.columns = ("name", *FIELDS[part])

    def known(self, clients: Sequence[int]) -> dict[Place, dict]:
        """Return the places of `clients` by client and key of the name; the headquarters by an empty key, too."""
        own = ("is_headquarters",) if self.part == "office" else ()
        names = ("client", "name_key", "id", "version", "active", *self.columns, *own)
        found = [dict(zip(names, row, strict=True)) for row in find(self.model, "client", clients, names, lock=True)]
        heads = {(place["client"], ""): place for place in found if place.get("is_headquarters")}
        return {(place["client"], place["name_key"]): place for place in found} | heads

    def add(self, wanted: Mapping[Place, Mapping[str, object]]) -> None:
        """Add a place for each of `wanted`: its values by client and key of the name."""
        shape = Shape(self.model, created_at=self.now, updated_at=self.now, created_by_id=self.run.owner_id)
        made = list(zip(reserve_ids(self.model, len(wanted)), wanted.items(), strict=True))
        given = [(pk, client, key, {name: values.get(name) or "" for name in self.columns}) for pk, ((client, key), values) in made]
        insert(
            self.model,
            shape.columns,
            (shape.row({"id": pk, "client_id": client, "name_key": key, **values}) for pk, client, key, values in given),
        )
        creation = Creation(self.model(pk=0, client_id=0), ["id", "client", *self.columns])
        entries = [
            (pk, str(values["name"]), creation.changes({"id": pk, "client": client} | values), client) for pk, client, _key, values in given
        ]
        self.journal.add_parts(self.model, Client, Change.Action.CREATE, entries)

    def change(self, rows: Sequence[tuple[dict, Mapping[str, list]]]) -> None:
        """Change places: each as `known` gave it, with its changes by field."""
        changed = []
        for place, changes in rows:
            after = place | {name: new for name, (_old, new) in changes.items()}
            key = name_key(str(after["name"]))
            changed.append((place["id"], *(after[name] for name in self.columns), key, place["version"] + 1, self.now))
        update(self.model, ["id"], [*self.columns, "name_key", "version", "updated_at"], changed)
        entries = [
            (place["id"], str(changes.get("name", ["", place["name"]])[1]), encode(dict(changes)), place["client"])
            for place, changes in rows
        ]
        self.journal.add_parts(self.model, Client, Change.Action.UPDATE, entries)
