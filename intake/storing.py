"""Planned clients into the database, many at once, exactly as the browser would save each (the oracle test compares them)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import models

from clientdesk.models import Change, LongRun, former_names
from clientdesk.words import name_key
from clients import custom, traces
from clients.models import Client, client_search_key
from contacts.models import Office
from intake import numbering
from intake.cells import Stored
from intake.custom_columns import parted
from intake.journal import Creation, Journal
from intake.loading import encode, insert, reserve_ids, update
from intake.people import People
from intake.registry import Registry
from intake.shape import Shape

type Values = Mapping[str, Stored]

# What a client is found by that no file need hold.
_PHONES = ("phone", "mobile", "fax")
_MORE = ("more_phones", "more_tax_numbers")
_SEARCHED = ("name", "legal_name", "former_names", *_PHONES, "tax_number", *_MORE)
# Fields that hold lists.
_LISTS = frozenset(field.name for field in Client._meta.concrete_fields if isinstance(field, models.JSONField) and field.default is list)


def _column(key: str) -> str:
    return str(Client._meta.get_field(key).column)


def _traces(values: Values) -> Iterable[str]:
    given = values.get
    name, email, website = (str(text or "") for text in (values["legal_name"] or values["name"], given("email"), given("website")))
    return traces.of(name, email, website, str(given("phone") or ""), str(given("tax_number") or "")).values()


def _search_key(values: Values, number: str, client: Client | None = None) -> str:
    """Return the search text of a client that has `values` and `number`, and everything else from `client`; a new one has no more.

    No record is made for a new one: that would be a tenth of an import."""
    name, legal_name, email = (str(values.get(key) or "") for key in ("name", "legal_name", "email"))
    if client is None:
        phones = [str(values[key]) for key in _PHONES if values.get(key)] + _further(values.get("more_phones"))
        tax_numbers = [str(values["tax_number"])] if values.get("tax_number") else []
        tax_numbers += _further(values.get("more_tax_numbers"))
        return client_search_key(name, legal_name, number, email, phones=phones, tax_numbers=tax_numbers)
    for key in (*_PHONES, "tax_number"):
        if key in values:
            setattr(client, key, values[key] or "")
    for key in _MORE:
        if key in values:
            setattr(client, key, values[key])
    phones, tax_numbers = client.phones, client.tax_numbers
    return client_search_key(name, legal_name, number, email, phones=phones, tax_numbers=tax_numbers, former=client.former_names)


def _further(rows: Stored) -> list[str]:
    return [str(row["number"]) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


class Store:
    """Adds and changes the clients of one chunk inside the caller's transaction."""

    def __init__(
        self, keys: Sequence[str], run: LongRun, now: datetime, *, with_custom: bool = False, kind: str = Client.Kind.CORPORATE
    ) -> None:
        """`with_custom`: custom fields may be among what is changed. `kind` is that of the clients."""
        # The number is not among what changes: a new client brings it or is given one.
        self.keys = [key for key in keys if key != "number"]
        self.with_custom = with_custom
        self.run = run
        self.now = now
        self.journal = Journal(run, now)
        self.kind = kind
        self.registry = Registry(self.journal, now)
        self.people = People(self.journal, run, now)

    def add(self, rows: Sequence[Values], name_keys: Sequence[str], persons: Sequence[Values] = ()) -> list[int]:
        """Add a client with number, headquarters and history for each of `rows`; return their primary keys in order.

        `name_keys` are the keys of their names. A corporate one gets its company, an individual its contact by `persons`, which
        hold first and last names.
        Raises IntegrityError where a name or an external ID was taken in this instant.
        """
        if not rows:
            return []
        parts = [parted(values) for values in rows]
        rows = [plain for plain, _given in parts]
        customs = [custom.merged(None, given) for _plain, given in parts]
        numbers = self._numbers(rows)
        rows = [{key: value for key, value in values.items() if key != "number"} if "number" in values else values for values in rows]
        pks = reserve_ids(Client, len(rows))
        shape = Shape(Client, kind=str(self.kind), created_at=self.now, updated_at=self.now, created_by_id=self.run.owner_id)
        insert(Client, shape.columns, self._client_rows(shape, zip(pks, numbers, name_keys, rows, customs, strict=True)))
        blank = {key: [] if key in _LISTS else shape.blank[shape.at[_column(key)]] for key in self.keys}
        creation = Creation(Client(pk=0, kind=self.kind), ["id", "number", "custom", *self.keys], blank)
        entries = (
            (pk, str(values["name"]), creation.changes({"id": pk, "number": number, "custom": own, **values}))
            for pk, number, values, own in zip(pks, numbers, rows, customs, strict=True)
        )
        self.journal.add(Client, Change.Action.CREATE, entries)
        offices = self._add_headquarters(pks)
        if self.kind == Client.Kind.INDIVIDUAL:
            self._add_own_contacts(pks, offices, rows, persons)
        else:
            self.registry.add(pks, rows)
        return pks

    @staticmethod
    def _numbers(rows: Sequence[Values]) -> list[str]:
        """Return the number of each new client: its own, or the next free one; its own are out of the way of those that are given."""
        own = {str(values["number"]) for values in rows if values.get("number")}
        given = iter(numbering.take([values.get("company_type") for values in rows if not values.get("number")], own))
        return [str(values["number"]) if values.get("number") else next(given) for values in rows]

    def _client_rows(self, shape: Shape, rows: Iterable[tuple[int, str, str, Values, dict]]) -> Iterator[list]:
        at = {key: shape.at[_column(key)] for key in self.keys}
        at_id, at_number, at_name_key, at_search_key = (shape.at[column] for column in ("id", "number", "name_key", "search_key"))
        at_traces = [shape.at[key] for key in traces.KEYS]
        for pk, number, key_of_name, values, own in rows:
            row = shape.blank.copy()
            for key, value in values.items():
                row[at[key]] = encode(value) if value.__class__ is list else value
            row[at_id], row[at_number], row[at_name_key] = pk, number, key_of_name
            row[at_search_key] = _search_key(values, number)
            if own:
                row[shape.at["custom"]] = encode(own)
            for place, trace in zip(at_traces, _traces(values), strict=True):
                row[place] = trace
            yield row

    def _add_own_contacts(self, clients: Sequence[int], offices: Sequence[int], rows: Sequence[Values], persons: Sequence[Values]) -> None:
        """Add the person that each individual is: primary, same e-mail, phone and country (X16)."""
        contacts = [
            {
                "client": client,
                "default_office": office,
                "is_primary": True,
                "first_name": person.get("first_name") or "",
                "last_name": person["last_name"],
                **{key: values.get(key) or "" for key in ("email", "phone", "country")},
            }
            for client, office, values, person in zip(clients, offices, rows, persons, strict=True)
        ]
        self.people.add(contacts, [Office.headquarters_name()] * len(contacts))

    def _add_headquarters(self, clients: Sequence[int]) -> list[int]:
        name = Office.headquarters_name()
        sample = Office(pk=0, client_id=0, name=name, is_headquarters=True)
        shape = Shape(Office, name=name, name_key=name_key(name), is_headquarters=True, created_at=self.now, updated_at=self.now)
        creation = Creation(sample, ["id", "client"])
        pks = reserve_ids(Office, len(clients))
        pairs = list(zip(pks, clients, strict=True))
        insert(Office, shape.columns, shape.rows(("id", "client_id"), pairs))
        entries = ((pk, name, creation.changes({"id": pk, "client": client})) for pk, client in pairs)
        self.journal.add(Office, Change.Action.CREATE, entries)
        return pks

    def change(self, rows: Sequence[tuple[Values, str]]) -> None:
        """Save changed clients. Each of `rows` holds all values that the client shall have, with its id, version and number
        as they are, and its changes as JSON.

        Raises IntegrityError where an external ID was taken in this instant.
        """
        changed = []
        before = Client.objects.only(*_SEARCHED).in_bulk([int(values["id"]) for values, _changes in rows])
        for values, _changes in rows:
            name, client = str(values["name"]), before[int(values["id"])]
            client.former_names = former_names(client.former_names, client.names, (name, str(values["legal_name"])))
            found = _search_key(values, str(values["number"]), client)
            keys = (name_key(name), found, client.former_names, *_traces(values))
            keys = (*keys, values["custom"]) if self.with_custom else keys
            given = (encode(values[key]) if key in _LISTS else values[key] for key in self.keys)
            changed.append((values["id"], *given, *keys, int(values["version"]) + 1, self.now))
        # Where only rows beside the client change, it tells nothing of its own.
        told = ((int(values["id"]), str(values["name"]), changes) for values, changes in rows if changes != "{}")
        self.journal.add(Client, Change.Action.UPDATE, told)
        columns = [
            *(_column(key) for key in self.keys),
            "name_key",
            "search_key",
            "former_names",
            *traces.KEYS,
            *(["custom"] if self.with_custom else []),
            "version",
            "updated_at",
        ]
        update(Client, ["id"], columns, changed)
        if self.kind == Client.Kind.CORPORATE:
            self.registry.follow([values for values, _changes in rows])
