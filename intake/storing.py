"""Planned clients into the database, many at once, exactly as the browser would save each (the oracle test compares them)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import connection, models

from clientdesk.models import Change, LongRun, NumberSequence
from clientdesk.words import name_key
from clients.models import Client, client_search_key
from clients.numbers import client_number
from contacts.models import Office
from intake.cells import Stored
from intake.journal import Creation, Journal
from intake.loading import columns_of, insert, reserve_ids, update

type Values = Mapping[str, Stored]


class Shape:
    """The row of a new record: the model's defaults, into which the values of each row are laid."""

    def __init__(self, model: type[models.Model], **constant) -> None:
        self.columns = columns_of(model)
        self.at = {column: index for index, column in enumerate(self.columns)}
        self.names = {field.column: field.name for field in model._meta.concrete_fields}
        self.blank = [field.get_db_prep_save(field.get_default(), connection) for field in model._meta.concrete_fields]
        for column, value in constant.items():
            self.blank[self.at[column]] = value

    def row(self, values: Mapping[str, object]) -> list:
        """Return a row with `values` by column name."""
        row = self.blank.copy()
        for column, value in values.items():
            row[self.at[column]] = value
        return row


def _column(key: str) -> str:
    return str(Client._meta.get_field(key).column)


class Store:
    """Adds and changes the clients of one chunk inside the caller's transaction."""

    def __init__(self, keys: Sequence[str], run: LongRun, now: datetime) -> None:
        self.keys = list(keys)
        self.run = run
        self.now = now
        self.journal = Journal(run, now)

    def add(self, rows: Sequence[Values], name_keys: Sequence[str]) -> list[int]:
        """Add a corporate client with number, headquarters and history for each of `rows`; return their primary keys in order.

        `name_keys` are the keys of their names.
        Raises IntegrityError where a name or an external ID was taken in this instant.
        """
        if not rows:
            return []
        first = NumberSequence.take("client", len(rows))
        numbers = [client_number(number) for number in range(first, first + len(rows))]
        pks = reserve_ids(Client, len(rows))
        shape = Shape(Client, kind=Client.Kind.CORPORATE.value, created_at=self.now, updated_at=self.now, created_by_id=self.run.owner_id)
        insert(Client, shape.columns, self._client_rows(shape, zip(pks, numbers, name_keys, rows, strict=True)))
        creation = Creation(Client(pk=0), ["id", "number", *self.keys])
        blank = {key: shape.blank[shape.at[_column(key)]] for key in self.keys}
        entries = (
            (pk, str(values["name"]), creation.changes({"id": pk, "number": number, **blank, **values}))
            for pk, number, values in zip(pks, numbers, rows, strict=True)
        )
        self.journal.add(Client, Change.Action.CREATE, entries)
        self._add_headquarters(pks)
        return pks

    def _client_rows(self, shape: Shape, rows: Iterable[tuple[int, str, str, Values]]) -> Iterator[list]:
        at = {key: shape.at[_column(key)] for key in self.keys}
        at_id, at_number, at_name_key, at_search_key = (shape.at[column] for column in ("id", "number", "name_key", "search_key"))
        for pk, number, key_of_name, values in rows:
            row = shape.blank.copy()
            for key, value in values.items():
                row[at[key]] = value
            row[at_id], row[at_number], row[at_name_key] = pk, number, key_of_name
            row[at_search_key] = client_search_key(str(values["name"]), str(values["legal_name"]), number, str(values.get("email", "")))
            yield row

    def _add_headquarters(self, clients: Sequence[int]) -> None:
        name = Office.headquarters_name()
        sample = Office(pk=0, client_id=0, name=name, is_headquarters=True)
        shape = Shape(Office, name=name, name_key=name_key(name), is_headquarters=True, created_at=self.now, updated_at=self.now)
        creation = Creation(sample, ["id", "client"])
        pairs = list(zip(reserve_ids(Office, len(clients)), clients, strict=True))
        insert(Office, shape.columns, (shape.row({"id": pk, "client_id": client}) for pk, client in pairs))
        entries = ((pk, name, creation.changes({"id": pk, "client": client})) for pk, client in pairs)
        self.journal.add(Office, Change.Action.CREATE, entries)

    def change(self, rows: Sequence[tuple[Values, str]]) -> None:
        """Save changed clients. Each of `rows` holds all values that the client shall have, with its id, version and number
        as they are, and its changes as JSON.

        Raises IntegrityError where an external ID was taken in this instant.
        """
        changed = []
        for values, _changes in rows:
            name = str(values["name"])
            found = client_search_key(name, str(values["legal_name"]), str(values["number"]), str(values["email"]))
            changed.append((values["id"], *(values[key] for key in self.keys), name_key(name), found, int(values["version"]) + 1, self.now))
        self.journal.add(Client, Change.Action.UPDATE, ((int(values["id"]), str(values["name"]), changes) for values, changes in rows))
        columns = [*(_column(key) for key in self.keys), "name_key", "search_key", "version", "updated_at"]
        update(Client, ["id"], columns, changed)
