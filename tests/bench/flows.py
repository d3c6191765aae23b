"""Our flow, and the limit: the same rows already clean, poured into the same tables and indexes."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import connection, models, transaction

from clientdesk.models import Change
from clientdesk.words import search_key
from clients.models import Client, Company
from contacts.models import Office
from intake import applying, planning
from intake.columns import ClientResource
from intake.countries import country_words
from intake.demo.rows import KEYS, rows, wrong_places
from intake.loading import columns_of, insert
from intake.models import ImportRun

HEADERS = [str(ClientResource().fields[key].label) for key in KEYS]
WRITTEN = (Client, Company, Office, Change)
_WRONG: set[str] = set()

type Loaded = tuple[type[models.Model], list[str], list[tuple]]


def table(count: int) -> list[list[str]]:
    """Return `count` rows of text, a handful of them wrong."""
    made = [list(row.values()) for row in rows(count)]
    _WRONG.update("\t".join(made[place]) for place in wrong_places(count))
    return made


def table_of(count: int) -> Iterator[list[str]]:
    """Yield `count` rows of text as `table` has them, for files too large to be held."""
    return (list(row.values()) for row in rows(count))


def is_right(row: list[str]) -> bool:
    """Whether no cell of `row` is to be refused."""
    return "\t".join(row) not in _WRONG


def as_codes(row: list[str]) -> list[str]:
    """Return `row` as the stock import can read it: country and status as codes."""
    cells = dict(zip(KEYS, row, strict=True))
    cells["country"] = country_words().get(search_key(cells["country"]), "")
    cells["status"] = cells["status"].lower() or "active"
    return list(cells.values())


def ours(sheet: Path) -> str:
    """Upload, plan and import `sheet` as the worker does; return what came of it."""
    content = sheet.read_bytes()
    with transaction.atomic():
        run = ImportRun(filename=sheet.name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        run.file.save(sheet.name, ContentFile(content), save=False)
        work_run = planning.start(run, None)
    begin = time.perf_counter()
    while not planning.advance(work_run):
        pass
    planning.done(work_run)
    planned = time.perf_counter()
    assert applying.start(run.pk, None)
    run.refresh_from_db()
    work_run = run.work
    while not applying.advance(work_run):
        pass
    applying.done(work_run)
    applied = time.perf_counter()
    run.refresh_from_db()
    return f"plan {planned - begin:.2f} s, apply {applied - planned:.2f} s, {run.figures}"


def last_keys() -> dict[type[models.Model], int]:
    """Return the highest key of each table that an import writes."""
    return {model: model.objects.aggregate(last=models.Max("pk"))["last"] or 0 for model in WRITTEN}


def stored(before: dict[type[models.Model], int]) -> list[Loaded]:
    """Return what our import wrote after `before`, ready to be poured in again: clients, companies, offices, history."""
    found = []
    for model in WRITTEN:
        columns = [column for column in columns_of(model) if model is not Change or column != "id"]
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {names} FROM {model._meta.db_table} WHERE id > %s ORDER BY id", [before[model]])
            found.append((model, columns, cursor.fetchall()))
    return found


def load(tables: list[Loaded]) -> None:
    """Pour ready rows into their tables in one transaction."""
    with transaction.atomic():
        for model, columns, ready in tables:
            # The run and the user that the rows name are gone with the rest.
            gone = {index for index, column in enumerate(columns) if column in {"run_id", "actor_id", "created_by_id"}}
            insert(model, columns, [[None if index in gone else value for index, value in enumerate(row)] for row in ready])
