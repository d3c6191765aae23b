"""What a client has several of, each a row of its own: industries and additional people responsible (XD3, XD4)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from clientdesk.models import Change, User
from clients.models import Client, ClientIndustry, Industry, Responsible
from intake.cells import Stored
from intake.client_cells import SeveralWidget
from intake.column import Column
from intake.journal import Creation, Journal
from intake.loading import encode, find, insert, reserve_ids


@dataclass(frozen=True)
class Links:
    """The rows behind one column: their model, its key of what is linked, and what that is."""

    model: type[Model]
    name: str
    target: type[Model]
    # The reverse name on the client.
    reverse: str


LINKS: Mapping[str, Links] = {
    "industries": Links(ClientIndustry, "industry", Industry, "client_industries"),
    "responsible": Links(Responsible, "user", User, "responsibles"),
}


def parted(changes: Mapping) -> tuple[dict, dict]:
    """Return `changes` (or values) by column as those of the client's own columns and those of which it has several."""
    if LINKS.keys().isdisjoint(changes):
        return dict(changes), {}
    return {key: change for key, change in changes.items() if key not in LINKS}, {key: changes[key] for key in LINKS if key in changes}


def lay(keys: Collection[str], targets: Collection[dict[str, Stored]]) -> None:
    """Lay what clients have in the columns `keys` into `targets`, which hold their "id": keys in order. A statement for each column."""
    if not targets:
        return
    for key in LINKS.keys() & set(keys):
        held = _held(key, {int(str(target["id"])) for target in targets})
        for target in targets:
            target[key] = sorted(held.get(int(str(target["id"])), {}))


def _held(key: str, clients: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return by client {key of what is linked: key of the row}."""
    links, found = LINKS[key], {}
    for client, linked, pk in find(links.model, "client", clients, ("client", links.name, "id")):
        found.setdefault(client, {})[linked] = pk
    return found


def barred(column: Column, value: Stored, before: Stored) -> list[str]:
    """Return why entries of `value` may not be chosen anew for a client that has those of `before`; none where all may be."""
    had = before if isinstance(before, list) else []
    reasons = cast("SeveralWidget", column.widget).one.barred
    return [reasons[pk] for pk in value if pk in reasons and pk not in had] if isinstance(value, list) else []


def gone(column: Column, value: Stored) -> bool:
    """Say whether an entry of `value` is there no more."""
    return isinstance(value, list) and not set(value) <= cast("SeveralWidget", column.widget).one.names.keys()


class Ties:
    """Adds and takes away such rows inside the caller's transaction, who locked the clients, as their form does, with the history."""

    def __init__(self, columns: Mapping[str, Column], journal: Journal) -> None:
        self.columns, self.journal = columns, journal

    def tie(self, key: str, wanted: Mapping[int, Sequence[int]], *, new: bool = False) -> None:
        """Let each client among `wanted` have exactly those entries; `new` clients have none yet."""
        held = {} if new else _held(key, wanted)
        left = [(client, linked, pk) for client, own in held.items() for linked, pk in own.items() if linked not in wanted[client]]
        added = [(client, linked) for client, own in wanted.items() for linked in sorted(set(own) - held.get(client, {}).keys())]
        self._take_away(key, left)
        self._add(key, added)

    def _take_away(self, key: str, rows: Sequence[tuple[int, int, int]]) -> None:
        if not rows:
            return
        links = LINKS[key]
        entries = [
            (pk, self._name(key, linked), encode({"id": [pk, None], "client": [client, None], links.name: [linked, None]}), client)
            for client, linked, pk in rows
        ]
        self.journal.add_parts(links.model, Client, Change.Action.DELETE, entries)
        links.model._base_manager.filter(pk__in=[pk for _client, _linked, pk in rows])._raw_delete(links.model._base_manager.db)

    def _add(self, key: str, rows: Sequence[tuple[int, int]]) -> None:
        if not rows:
            return
        links = LINKS[key]
        made = [(pk, *row) for pk, row in zip(reserve_ids(links.model, len(rows)), rows, strict=True)]
        insert(links.model, ("id", "client_id", f"{links.name}_id"), made)
        creation = Creation(links.model(pk=0, **{"client_id": 0, f"{links.name}_id": 0}), ["id", "client", links.name])
        entries = [
            (pk, self._name(key, linked), creation.changes({"id": pk, "client": client, links.name: linked}), client)
            for pk, client, linked in made
        ]
        self.journal.add_parts(links.model, Client, Change.Action.CREATE, entries)

    def _name(self, key: str, linked: int) -> str:
        return cast("SeveralWidget", self.columns[key].widget).one.called(linked)


def states_of(key: str, clients: Mapping[int, Stored], since: Mapping[int, datetime]) -> dict[int, tuple[list[list[int]], Change]]:
    """Return by client what it had in the column `key` before each change from its moment in `since` on, the latest first, and the
    latest of these changes; clients where nothing changed are left out. `clients` holds what each has now. One statement."""
    links = LINKS[key]
    kinds = [ContentType.objects.get_for_model(model) for model in (links.model, Client)]
    told = Change.objects.filter(
        content_type=kinds[0], of_type=kinds[1], of_id__in=list(clients), timestamp__gte=min(since.values()), of_id__isnull=False
    )
    found: dict[int, tuple[list[list[int]], Change]] = {}
    for change in told.order_by("-id"):
        client = int(change.of_id or 0)
        if change.timestamp < since[client]:
            continue
        states, _last = found.setdefault(client, ([], change))
        held = states[-1] if states else cast("list[int]", clients[client])
        old, new = (change.changes or {}).get(links.name) or (None, None)
        states.append(sorted({*held, old}) if change.action == Change.Action.DELETE else [pk for pk in held if pk != new])
    return found
