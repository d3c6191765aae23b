"""Contact persons into the database, many at once, exactly as `Contact.objects.register` and the forms save each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from clientdesk.models import Change, LongRun, former_names
from clientdesk.words import email_key
from clients.models import Client
from contacts.models import Contact, ContactOffice, UnwantedAddress
from contacts.models.people import contact_search_key, sort_key
from intake.cells import Stored
from intake.journal import Creation, Journal
from intake.loading import encode, insert, reserve_ids, update
from intake.shape import Shape

type Values = Mapping[str, Stored]


def _column(key: str) -> str:
    return str(Contact._meta.get_field(key).column)


def full_name(values: Values) -> str:
    """Return first and last name as one."""
    return f"{values.get('first_name') or ''} {values.get('last_name') or ''}".strip()


def keys_of(values: Values, former: str = "") -> dict[str, str]:
    """Return what a contact with `values` is found and ordered by."""
    first, last, email, phone, mobile = (str(values.get(key) or "") for key in ("first_name", "last_name", "email", "phone", "mobile"))
    return {
        "search_key": contact_search_key(f"{first} {last}".strip(), email, (phone, mobile), former),
        "sort_key": sort_key(first, last),
    }


def _without_mails(rows: Sequence[Values]) -> Sequence[Values]:
    """Return `rows`, those with an address whose erased reader wanted no CRM e-mails without them, as `register` does."""
    unwanted = UnwantedAddress.objects.among(str(values.get("email") or "") for values in rows)
    if not unwanted:
        return rows
    return [{**values, "no_crm_emails": True} if email_key(str(values.get("email") or "")) in unwanted else values for values in rows]


class People:
    """Adds contacts inside the caller's transaction; what happened goes into `journal`."""

    def __init__(self, journal: Journal, run: LongRun, now: datetime) -> None:
        self.journal, self.run, self.now = journal, run, now

    def add(self, rows: Sequence[Values], office_names: Sequence[str]) -> list[int]:
        """Add a contact with its office for each of `rows` (values by name of the field, client and office by key); return their keys.

        `office_names` are the names of their default offices. The caller locked their clients.
        """
        if not rows:
            return []
        rows = _without_mails(rows)
        pks = reserve_ids(Contact, len(rows))
        shape = Shape(Contact, created_at=self.now, updated_at=self.now, created_by_id=self.run.owner_id)
        insert(Contact, shape.columns, self._rows(shape, zip(pks, rows, strict=True)))
        keys = list(dict.fromkeys(key for values in rows for key in values))
        blank = {key: Contact._meta.get_field(key).get_default() for key in keys}
        creation = Creation(Contact(pk=0, client_id=0, default_office_id=0), ["id", *keys], blank)
        entries = (
            (pk, full_name(values), creation.changes({"id": pk, **values}), int(str(values["client"])))
            for pk, values in zip(pks, rows, strict=True)
        )
        self.journal.add_parts(Contact, Client, Change.Action.CREATE, entries)
        offices = (int(str(values["default_office"])) for values in rows)
        self.link([(pk, office, full_name(row), name) for pk, office, row, name in zip(pks, offices, rows, office_names, strict=True)])
        return pks

    def _rows(self, shape: Shape, rows: Iterable[tuple[int, Values]]) -> Iterator[list]:
        for pk, values in rows:
            given = {_column(key): encode(value) if isinstance(value, list | dict) else value for key, value in values.items()}
            yield shape.row({"id": pk, **given, **keys_of(values)})

    def change(self, keys: Sequence[str], rows: Sequence[tuple[Values, Values, str]]) -> None:
        """Save changed contacts. Each of `rows` holds all values of `keys` (names of fields) that the contact had and shall have, with
        its id, version and former names as they are, and its changes as JSON."""
        changed = []
        for before, values, _changes in rows:
            former = former_names(str(values["former_names"]), (full_name(before),), (full_name(values),))
            given = (encode(value) if isinstance(value, list | dict) else value for value in (values[key] for key in keys))
            found = keys_of(values, former)
            changed.append((values["id"], *given, *found.values(), former, int(str(values["version"])) + 1, self.now))
        columns = [*map(_column, keys), "search_key", "sort_key", "former_names", "version", "updated_at"]
        update(Contact, ["id"], columns, changed)
        self.journal.add(
            Contact, Change.Action.UPDATE, ((int(str(values["id"])), full_name(values), changes) for _before, values, changes in rows)
        )

    def link(self, links: Sequence[tuple[int, int, str, str]]) -> None:
        """Let contacts belong to offices: (key of the contact, key of the office, name of the contact, name of the office)."""
        shape = Shape(ContactOffice)
        pks = reserve_ids(ContactOffice, len(links))
        insert(
            ContactOffice,
            shape.columns,
            (
                shape.row({"id": pk, "contact_id": contact, "office_id": office})
                for pk, (contact, office, *_names) in zip(pks, links, strict=True)
            ),
        )
        creation = Creation(ContactOffice(pk=0, contact_id=0, office_id=0), ["id", "contact", "office"])
        self.journal.add_parts(
            ContactOffice,
            Contact,
            Change.Action.CREATE,
            (
                (pk, f"{name} / {place}", creation.changes({"id": pk, "contact": contact, "office": office}), contact)
                for pk, (contact, office, name, place) in zip(pks, links, strict=True)
            ),
        )
