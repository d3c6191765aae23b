"""What a client is filtered by as marks in one array, so that PostgreSQL finds the few clients that several filters leave together.

Each filter alone has an index in the order of names. Two that leave a tenth each leave a hundredth together: too few to be met by
walking, too many to be read one filter after the other. One index of all marks passes over what the other marks do not share.
"""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.migrations.operations.base import Operation
from django.db.models import BooleanField, F, Func, QuerySet, TextField, Value

# The letter before each mark, by column.
LETTERS = {"branch_id": "b", "category_id": "c", "company_type_id": "t", "kind": "k", "status": "s", "country": "l"}
NAME, TABLE = "client_facets", "clients_client"


class IndexFacets(Operation):
    """Index the marks of each client."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label, state) -> None:
        """The models know nothing of it: no other database has it."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            marks = ", ".join(f"'{letter}' || {column}::text" for column, letter in LETTERS.items())
            schema_editor.execute(f"CREATE INDEX {NAME} ON {TABLE} USING gin ((ARRAY[{marks}]))", params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {NAME}")

    def describe(self) -> str:
        return "Index what clients are filtered by together"


class _Mark(Func):
    """The mark of one column, as it stands in the index."""

    template = "'%(letter)s' || %(expressions)s::text"


class _AnyMark(Func):
    """Whether a client bears any of the marks, which are the last expression."""

    output_field = BooleanField()

    def as_sql(self, compiler, connection, function=None, template=None, arg_joiner=None, **extra_context):
        *columns, wanted = [compiler.compile(part) for part in self.source_expressions]
        return f"ARRAY[{', '.join(sql for sql, _params in columns)}] && {wanted[0]}", wanted[1]


def are_useful(columns: Iterable[str]) -> bool:
    """Say whether filters by `columns` are better asked of the marks than one by one."""
    return connection.vendor == "postgresql" and len(set(columns) & LETTERS.keys()) > 1


def marked(clients: QuerySet, column: str, values: Iterable[object]) -> QuerySet:
    """Return those of `clients` whose `column` has one of `values`, found by their marks."""
    marks = Value([f"{LETTERS[column]}{value}" for value in values], output_field=ArrayField(TextField()))
    return clients.filter(_AnyMark(*(_Mark(F(name), letter=letter, output_field=TextField()) for name, letter in LETTERS.items()), marks))
