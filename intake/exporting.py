"""Records as a workbook that is edited and imported again: exactly the columns of the import, and two hidden ones that know each row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Model, QuerySet

from clientdesk.lists import Listing
from clientdesk.models import User
from clientdesk.spreadsheets import write_xlsx
from clients.models import Client
from intake import round_trip, several, tree_exporting
from intake.cells import FormFieldWidget
from intake.column import Column
from intake.contact_facts import FACTS, whole_people
from intake.custom_columns import PREFIX, loaded
from intake.kinds import resource
from intake.loading import find
from intake.models import ImportRun

BATCH = 1_000
Kind = ImportRun.Kind

# Which records of a list a kind of import takes.
TAKEN: dict[str, dict[str, str | None]] = {
    Kind.CORPORATE: {"kind": Client.Kind.CORPORATE},
    Kind.INDIVIDUAL: {"kind": Client.Kind.INDIVIDUAL},
    Kind.TREE: {"kind": Client.Kind.CORPORATE, "erased_at": None},
    # Nobody edits a person whose data were erased.
    Kind.CONTACT: {"erased_at": None},
}


def columns_of(kind: str, by: User | None) -> list[Column]:
    """Return the columns of the import of `kind`, ready to write; a few statements."""
    source = resource(kind)
    source.prepare(by)
    return source.columns()


def workbook(kind: str, listing: Listing, records: QuerySet, by: User | None, moment: datetime) -> Iterator[bytes]:
    """Stream `records`, which are of `kind` and in the order of `listing`, as a workbook as of `moment`, as `by` may see them."""
    if kind == Kind.TREE:
        return write_xlsx(_trees(listing, records, by), sheet=str(ImportRun.Kind(kind).label))
    columns = columns_of(kind, by)
    hidden = range(len(columns), len(columns) + len(round_trip.HEADERS))
    return write_xlsx(_table(kind, columns, listing, records, moment), sheet=str(ImportRun.Kind(kind).label), hidden=hidden)


def _trees(listing: Listing, records: QuerySet, by: User | None) -> Iterator[list[str]]:
    columns = tree_exporting.columns_of(by)
    rows = tree_exporting.TreeRows(columns)
    yield [column.label for column in columns]
    for batch in listing.batches(records.values("pk", *listing.sort.columns), BATCH):
        yield from rows.of([record["pk"] for record in batch])


def _table(kind: str, columns: Sequence[Column], listing: Listing, records: QuerySet, moment: datetime) -> Iterator[list[str]]:
    yield [*(column.label for column in columns), *round_trip.HEADERS.values()]
    for batch in listing.batches(records.values("pk", *listing.sort.columns), BATCH):
        yield from rows(kind, columns, records.model, [record["pk"] for record in batch], moment)


def rows(kind: str, columns: Sequence[Column], model: type[Model], keys: Sequence[int], moment: datetime) -> Iterable[list[str]]:
    """Return the cells of the records `keys` in their order; a few statements. A record that went meanwhile is left out."""
    wanted = {column.key for column in columns}
    plain = wanted & {field.name for field in model._meta.concrete_fields}
    found = {record["id"]: record for record in _read(kind, model, keys, sorted(plain), custom=len(plain) < len(columns))}
    if kind != Kind.CONTACT:
        several.lay(wanted, found.values())
    records = [found[key] for key in keys if key in found]
    for record in records:
        record["custom"] = loaded(record.get("custom"))
    written = [_written(column, records) for column in columns]
    marks = [round_trip.marks(kind, record["id"], record["version"], moment) for record in records]
    return [[*cells, *mark] for *cells, mark in zip(*written, marks, strict=True)]


def _written(column: Column, records: Sequence[Mapping]) -> list[str]:
    """Return the texts of one column of `records`, whose custom values are read already."""
    widget, name = column.widget, column.key.removeprefix(PREFIX)
    own = name == column.key
    values = [record.get(name) for record in records] if own else [record["custom"].get(name) for record in records]
    if type(widget).write is FormFieldWidget.write and type(widget).render is FormFieldWidget.render:
        return ["" if value is None else str(value) for value in values]
    # Blank, ticked, an entry of a list: most values of a column are a few, each written once.
    texts: dict[object, str] = {}
    return [widget.write(value) if isinstance(value, list | dict) else _once(texts, value, widget.write) for value in values]


def _once(texts: dict[object, str], value: object, write: Callable[[object], str]) -> str:
    if value not in texts:
        texts[value] = write(value)
    return texts[value]


def _read(kind: str, model: type[Model], keys: Sequence[int], plain: Sequence[str], *, custom: bool) -> list[dict]:
    if kind == Kind.CONTACT:
        return whole_people(keys, (*FACTS, *plain))
    names = ("id", "version", *plain, *(["custom"] if custom else []))
    return [dict(zip(names, row, strict=True)) for row in find(model, "id", keys, names)]
