"""The company of each imported client (S19, invariant 22), many at once, exactly as `Client.keep_company` keeps it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from clientdesk.models import Change
from clientdesk.words import name_key, tidy
from clients.models import Company, company_search_key
from intake.cells import Stored
from intake.journal import Creation, Journal
from intake.loading import encode, find, insert, reserve_ids, update
from intake.shape import Shape

# What a company takes over from its client: its own field to the client's.
FOLLOWS = {name.removesuffix("_id"): source.removesuffix("_id") for name, source in Company.FOLLOWS.items()}
_COLUMNS = tuple(Company.FOLLOWS)

type Facts = dict[str, Stored]


def facts(values: Mapping[str, Stored]) -> Facts:
    """Return by field what the company of a client with `values` carries; `values` lack what the client's model leaves blank."""
    found: Facts = {name: values.get(source, "") for name, source in FOLLOWS.items()}
    found["company_type"] = values.get("company_type")
    found["tax_number"] = tidy(str(found["tax_number"]))
    return found


class Registry:
    """Writes companies of the clients of one chunk inside the caller's transaction; what happened goes into `journal`."""

    def __init__(self, journal: Journal, now: datetime) -> None:
        self.journal = journal
        self.now = now

    def add(self, clients: Sequence[int], rows: Sequence[Mapping[str, Stored]]) -> None:
        """Add the company of each of `clients` (primary keys), whose values `rows` give in the same order."""
        pks = reserve_ids(Company, len(clients))
        shape = Shape(Company, created_at=self.now, updated_at=self.now)
        made = [(pk, client, facts(values)) for pk, client, values in zip(pks, clients, rows, strict=True)]
        columns = ("id", "client_id", *_COLUMNS, "name_key", "search_key")
        insert(
            Company, shape.columns, shape.rows(columns, ((pk, client, *given.values(), *_keys(given, "")) for pk, client, given in made))
        )
        creation = Creation(Company(pk=0, client_id=0), ["id", "client", *FOLLOWS])
        self.journal.add(
            Company,
            Change.Action.CREATE,
            ((pk, str(given["registered_name"]), creation.changes({"id": pk, "client": client} | given)) for pk, client, given in made),
        )

    def follow(self, rows: Sequence[Mapping[str, Stored]]) -> None:
        """Bring the companies of changed clients up to `rows`, their values with `id`; add the company of a client that has none."""
        names = ("client", "id", "version", "registration_number", *FOLLOWS)
        found = find(Company, "client", [values["id"] for values in rows], names, lock=True)
        companies = {row[0]: dict(zip(names, row, strict=True)) for row in found}
        changed, changes = [], []
        for values in rows:
            company, given = companies.get(values["id"]), facts(values)
            if company is None or not (differing := {name: [company[name], new] for name, new in given.items() if company[name] != new}):
                continue
            keys = _keys(given, company["registration_number"])
            changed.append((company["id"], *given.values(), *keys, company["version"] + 1, self.now))
            changes.append((company["id"], str(given["registered_name"]), encode(differing)))
        update(Company, ["id"], [*_COLUMNS, "name_key", "search_key", "version", "updated_at"], changed)
        self.journal.add(Company, Change.Action.UPDATE, changes)
        if lacking := [values for values in rows if values["id"] not in companies]:
            self.add([int(str(values["id"])) for values in lacking], lacking)


def _keys(given: Facts, registration_number: str) -> tuple[str, str]:
    """Return name key and search text."""
    name = str(given["registered_name"])
    return name_key(name)[:400], company_search_key(name, registration_number, str(given["tax_number"]))
