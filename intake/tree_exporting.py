"""Whole companies as one flat sheet that is imported again: client, office, department and person a row (import.md section 8)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from clientdesk.models import User
from clients.models import Client
from contacts.models import Contact, Department, Office
from intake import several
from intake.cells import Stored
from intake.column import Column
from intake.contact_facts import FACTS, whole_people
from intake.loading import find
from intake.returning import current
from intake.tree_columns import TreeResource, split
from intake.tree_places import FIELDS

# The first row of a record says all of it, the others only what it is found by.
_NAMED = {"client": ("name",), "office": ("name",), "department": ("name",)}


def columns_of(by: User | None) -> list[Column]:
    """Return the columns of a tree, ready to write; a few statements."""
    source = TreeResource()
    source.prepare(by)
    return source.columns()


class TreeRows:
    """Makes the rows of some clients at a time; places and people out of use are left out, for nobody can be brought to them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.keys = {part: [split(column.key)[1] for column in columns if split(column.key)[0] == part] for part in ("client", "person")}

    def of(self, pks: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of the rows of the clients `pks`, in their order; a fixed number of statements."""
        clients = self._clients(pks)
        offices = self._places(Office, "office", pks, ("is_headquarters",))
        departments, people = self._places(Department, "department", pks), self._people(pks)
        for pk in pks:
            if pk in clients:
                yield from self._rows(clients[pk], offices[pk], departments[pk], people[pk])

    def _clients(self, pks: Sequence[int]) -> dict[int, dict]:
        fields = {field.name for field in Client._meta.concrete_fields}
        names = ("id", *(key for key in self.keys["client"] if key in fields), "custom")
        found = {row[0]: dict(zip(names, row, strict=True)) for row in find(Client, "id", pks, names)}
        several.lay(self.keys["client"], found.values())
        return found

    @staticmethod
    def _places(model: type, part: str, pks: Sequence[int], more: Sequence[str] = ()) -> dict[int, dict[str, dict]]:
        """Return by client its places in use by name, the headquarters first."""
        names = ("client", "name", *FIELDS[part], *more)
        found = [dict(zip(names, row, strict=True)) for row in find(model, "client", pks, names, active=True)]
        places: dict[int, dict[str, dict]] = defaultdict(dict)
        for place in sorted(found, key=lambda one: (not one.get("is_headquarters"), one["name"].casefold())):
            places[place["client"]][place["name"]] = place | {"headquarters": place.get("is_headquarters") or ""}
        return places

    def _people(self, pks: Sequence[int]) -> dict[int, list[dict]]:
        fields = {field.name for field in Contact._meta.concrete_fields} - {*FACTS}
        own = [key for key in self.keys["person"] if key in fields]
        keys = [pk for (pk,) in find(Contact, "client", pks, ("id",), active=True)]
        people: dict[int, list[dict]] = defaultdict(list)
        for one in sorted(whole_people(keys, (*FACTS, "department", *own)), key=lambda one: one["id"]):
            if one["erased_at"] is None:
                people[one["client"]].append(one)
        return people

    def _rows(self, client: dict, offices: dict[str, dict], departments: dict[str, dict], people: Sequence[dict]) -> Iterator[list[str]]:
        told: set[tuple[str, str]] = set()
        rows = [{"person": one, "office": offices.get(one["office"]), "department": departments.get(one["department"])} for one in people]
        met = {(part, str(place["name"])) for row in rows for part, place in row.items() if part != "person" and place}
        for part, places in (("office", offices), ("department", departments)):
            rows += [{part: place} for name, place in places.items() if (part, name) not in met]
        for row in rows or [{}]:
            yield self._cells({"client": client, **row}, told)

    def _cells(self, row: Mapping[str, dict | None], told: set[tuple[str, str]]) -> list[str]:
        """Return the cells of a row; `told` are the records of which a row before has said all."""
        first = {part: (part, str(record["name"])) not in told for part, record in row.items() if record and part != "person"}
        told |= {(part, str(record["name"])) for part, record in row.items() if record and part != "person"}
        cells = []
        for column in self.columns:
            part, key = split(column.key)
            record = row.get(part)
            is_said = record is not None and (first.get(part, True) or key in _NAMED[part])
            cells.append(self._text(column, current(record, key)) if record is not None and is_said else "")
        return cells

    @staticmethod
    def _text(column: Column, value: Stored) -> str:
        # That something is not so goes without saying where it is so of one alone.
        return "" if column.key == "office_headquarters" and not value else column.write(value)
