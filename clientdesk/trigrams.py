"""Migrations that make typed words quick on PostgreSQL: a trigram index over a stored search text, where the server permits it."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.migrations.operations.base import Operation

from clientdesk.only_postgresql import OfPostgreSQL

# Rows of an import wait in a list of this many kB before they are sorted into the index; the worker empties it after an import.
PENDING_KB = 16_384
# Each word is compared with this many samples of the text when the server guesses how many records it finds: more of them guess no better
# plan, and comparing a thousand took longer than finding the records.
SAMPLES = 200
TABLES = ("clients_client", "clients_company", "contacts_contact", "jobs_quote", "jobs_project", "jobs_job")

# Signs of the scripts that stand behind most others in the order of names.
LATE = "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]"

log = logging.getLogger(__name__)


def index_name(table: str) -> str:
    """Return the name of the trigram index over the search text of `table`."""
    return f"{table}_words"


class IndexWords(Operation):
    """Index `column` of `table` for words within; without the extension pg_trgm every row is read instead, and the log says so."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, column: str = "search_key") -> None:
        self.table, self.column = table, column

    def state_forwards(self, app_label, state) -> None:
        """The models know nothing of it: no other database has it."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        database = schema_editor.connection
        if database.vendor != "postgresql":
            return
        try:
            with transaction.atomic(using=database.alias), database.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError as error:
            log.warning(
                "The extension pg_trgm cannot be made (%s). Searching %s stays slow with many records: ask the administrator of the "
                "database to run CREATE EXTENSION pg_trgm, then run manage.py index_words.",
                str(error).splitlines()[0],
                self.table,
            )
            return
        make(schema_editor.execute, self.table, self.column)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {index_name(self.table)}")

    def describe(self) -> str:
        return f"Index the words of {self.table}"


class IndexLate(OfPostgreSQL):
    """Index the records of `table` whose search text is written in a late script (LATE), in the order of `columns`."""

    def __init__(self, table: str, columns: str, name: str) -> None:
        self.table, self.columns, self.name = table, columns, name

    def forwards(self) -> list[str]:
        return [f"CREATE INDEX IF NOT EXISTS {self.name} ON {self.table} ({self.columns}) WHERE search_key ~ '{LATE}'"]

    def backwards(self) -> list[str]:
        return [f"DROP INDEX IF EXISTS {self.name}"]

    def describe(self) -> str:
        return f"Index the names of {self.table} in late scripts"


def make(execute, table: str, column: str = "search_key") -> None:
    """Make the index of `table` unless it is there; `execute` runs SQL. The extension must be there."""
    execute(
        f"CREATE INDEX IF NOT EXISTS {index_name(table)} ON {table} USING gin ({column} gin_trgm_ops) "
        f"WITH (fastupdate = on, gin_pending_list_limit = {PENDING_KB})"
    )
    execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {SAMPLES}")


@contextmanager
def taken_off(schema_editor, table: str) -> Generator[None]:
    """Take the index of `table` off while every text of it is written anew, where it is there: to keep it up costs more than to make it."""
    kept = False
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_class WHERE relname = %s", [index_name(table)])
            kept = cursor.fetchone() is not None
    if kept:
        schema_editor.execute(f"DROP INDEX {index_name(table)}")
    yield
    if kept:
        make(schema_editor.execute, table)


def settle() -> None:
    """Sort into the indexes what waits beside them, after many rows came at once; a search reads all that waits."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = ANY(%s)",
            [[index_name(table) for table in TABLES]],
        )
