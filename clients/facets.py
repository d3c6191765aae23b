"""What a client is filtered by as marks in one array, so that PostgreSQL finds the few clients that several filters leave together.

Each filter alone has an index in the order of names. Two that leave a tenth each leave a hundredth together: too few to be met by
walking, too many to be read one filter after the other. So each client bears a mark for every two of its values, such as branch 3 with
category 4: of several filters two at a time are asked for, and what is read are the lists of hundredths, not those of tenths.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations, product

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.migrations.operations.base import Operation
from django.db.models import BooleanField, F, Func, QuerySet, TextField, Value

# The letter of each column in the marks, and its type in the database.
LETTERS = {"branch_id": "b", "category_id": "c", "company_type_id": "t", "kind": "k", "status": "s", "country": "l"}
_TYPES = {"kind": "text", "status": "text", "country": "text"}
TABLE, INDEX, FUNCTION = "clients_client", "client_pairs", "clients_client_pairs"
# So many marks are asked for at once; more are looked for one filter after the other.
MOST_MARKS = 500
_PAIRS = list(combinations(LETTERS, 2))


class IndexPairs(Operation):
    """Index the marks of each client; takes the place of an index of single values, where there is one."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label, state) -> None:
        """The models know nothing of it: no other database has it."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            given = ", ".join(f"{column} {_TYPES.get(column, 'bigint')}" for column in LETTERS)
            marks = ", ".join(f"'{LETTERS[one]}{LETTERS[other]}' || {one} || ':' || {other}" for one, other in _PAIRS)
            schema_editor.execute("DROP INDEX IF EXISTS client_facets", params=None)
            # Of PL/pgSQL, or the planner would write all the marks out in place of it.
            schema_editor.execute(
                f"CREATE FUNCTION {FUNCTION}({given}) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE "
                f"AS $$ BEGIN RETURN ARRAY[{marks}]; END $$",
                params=None,
            )
            schema_editor.execute(f"CREATE INDEX {INDEX} ON {TABLE} USING gin ({FUNCTION}({', '.join(LETTERS)}))", params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")
            schema_editor.execute(f"DROP FUNCTION {FUNCTION}")

    def describe(self) -> str:
        return "Index what clients are filtered by together"


class _AnyMark(Func):
    """Whether a client bears any of the marks, which are the last expression."""

    output_field = BooleanField()

    def as_sql(self, compiler, connection, function=None, template=None, arg_joiner=None, **extra_context):
        *columns, wanted = [compiler.compile(part) for part in self.source_expressions]
        return f"{FUNCTION}({', '.join(sql for sql, _params in columns)}) && {wanted[0]}", wanted[1]


def pairs(columns: Iterable[str]) -> list[tuple[str, str]]:
    """Return `columns`, two at least, by twos as marks have them; an odd last one goes with the first."""
    ordered = [column for column in LETTERS if column in set(columns)]
    if len(ordered) % 2:
        ordered.insert(-1, ordered[0])
    return list(zip(ordered[::2], ordered[1::2], strict=True))


def are_useful(wanted: Mapping[str, Collection[object]]) -> bool:
    """Say whether filters by columns, `wanted` values of each, are better asked of the marks than one by one."""
    if connection.vendor != "postgresql" or len(wanted) < 2:
        return False
    return all(len(wanted[one]) * len(wanted[other]) <= MOST_MARKS for one, other in pairs(wanted))


def marked(clients: QuerySet, wanted: Mapping[str, Collection[object]]) -> QuerySet:
    """Return those of `clients` that have one of the `wanted` values in each of its columns, two at least, found by their marks."""
    for one, other in pairs(wanted):
        texts = [f"{LETTERS[one]}{LETTERS[other]}{mine}:{its}" for mine, its in product(wanted[one], wanted[other])]
        clients = clients.filter(_AnyMark(*map(F, LETTERS), Value(texts, output_field=ArrayField(TextField()))))
    return clients
