"""Many rows into one table at once: COPY on PostgreSQL, `executemany` on SQLite, with the same result.

Nothing else may use the connection while a COPY runs: it would wait for ever. Callers look everything up first.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from json import JSONDecoder, JSONEncoder, encoder
from typing import Any

from django.db import connection, models

type Value = str | int | bool | datetime | list | None

_thorough = JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_scan = JSONDecoder().scan_once
# What `JSONEncoder.encode` makes anew for each value, made once: half of the time that a small value takes.
_quick = encoder.c_make_encoder and encoder.c_make_encoder(
    None, _thorough.default, encoder.encode_basestring, None, ":", ",", False, False, True
)


def encode(value: object) -> str:
    """Return `value` as JSON, letters as they are and without spaces."""
    return "".join(_quick(value, 0)) if _quick else _thorough.encode(value)


def decode(text: str) -> Any:
    """Return the value of `text`, which `encode` or a database wrote."""
    return _scan(text, 0)[0]


def columns_of(model: type[models.Model]) -> list[str]:
    """Return the column names of `model` in the order in which `insert` takes values."""
    return [str(field.column) for field in model._meta.concrete_fields]


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Add `rows` (values in the order of `columns`, JSON already encoded) to the table of `model`.

    Raises IntegrityError where a constraint refuses one of them; then none is added.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", _adapted(model, columns, rows))  # noqa: S608


def update(model: type[models.Model], keys: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Set `columns` of the rows found by `keys`; each of `rows` holds the key values, then the new values."""
    if not rows:
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    if connection.vendor == "postgresql":
        names = [*keys, *columns]
        arrays = ", ".join(f"%s::{_array_type(types[name])}[]" for name in names)
        assigned = ", ".join(f"{quote(name)} = new.{quote(name)}{_cast(types[name])}" for name in columns)
        found = " AND ".join(f"{table}.{quote(key)} = new.{quote(key)}" for key in keys)
        aliases = ", ".join(quote(name) for name in names)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {assigned} FROM unnest({arrays}) AS new({aliases}) WHERE {found}",  # noqa: S608
                [list(values) for values in zip(*rows, strict=True)],
            )
        return
    assigned = ", ".join(f"{quote(name)} = %s" for name in columns)
    found = " AND ".join(f"{quote(key)} = %s" for key in keys)
    ordered = ((*row[len(keys) :], *row[: len(keys)]) for row in rows)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {assigned} WHERE {found}", _adapted(model, [*columns, *keys], ordered))  # noqa: S608


def _array_type(db_type: str) -> str:
    # An array of jsonb would be adapted value by value; as text it is cast once by the server.
    return "text" if db_type == "jsonb" else db_type.partition("(")[0]


def _cast(db_type: str) -> str:
    return "::jsonb" if db_type == "jsonb" else ""


def _adapted(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterable[Sequence[Value]]:
    """Return `rows` with moments as SQLite holds them: few columns have some, and most of a chunk are one."""
    moments = {field.column for field in model._meta.concrete_fields if isinstance(field, models.DateTimeField)}
    places = [place for place, column in enumerate(columns) if column in moments]
    if not places:
        return rows
    adapt = cache(connection.ops.adapt_datetimefield_value)

    def adapted(row: Sequence[Value]) -> list[Value]:
        made = list(row)
        for place in places:
            if isinstance(made[place], datetime):
                made[place] = adapt(made[place])
        return made

    return map(adapted, rows)


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` primary keys of `model` that nothing else will get; the caller is in a transaction."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return [pk for (pk,) in cursor.fetchall()]
        # SQLite: the transaction holds the one write lock, and AUTOINCREMENT moves on with explicit keys by itself.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = found[0] if found else 0
    return list(range(last + 1, last + count + 1))


def find(
    model: type[models.Model],
    name: str,
    values: Iterable[Value],
    names: Sequence[str],
    *,
    lock: bool = False,
    folded: bool = False,
    within: tuple[str, Iterable[Value]] | None = None,
    **same: Value,
) -> list[tuple]:
    """Return `names` of the rows of `model` whose field `name` is one of `values` and whose fields `same` are so.

    Values come as the database holds them, days and amounts as texts.

    All values are one parameter: an IN of thousands of parameters costs more than the search. `lock` locks the rows in the
    order of their keys, so that two callers never wait for each other. `folded` compares without the case of letters: `values` are
    in lower case then, and the index is on what is not blank. `within` names another field and the values that it may have.
    """
    values, others = list(values), list(within[1]) if within else None
    if not values or others == []:
        return []
    quote = connection.ops.quote_name
    columns = ", ".join(quote(model._meta.get_field(one).column) for one in names)
    field = model._meta.get_field(name)
    among, given = _among(field, values)
    params = [given]
    compared = f"NOT ({quote(field.column)} = '') AND LOWER({quote(field.column)})" if folded else quote(field.column)
    sql = f"SELECT {columns} FROM {quote(model._meta.db_table)} WHERE {compared} {among}"  # noqa: S608
    if within and others:
        other = model._meta.get_field(within[0])
        among, given = _among(other, others)
        sql += f" AND {quote(other.column)} {among}"
        params.append(given)
    sql += "".join(f" AND {quote(model._meta.get_field(one).column)} = %s" for one in same)
    if lock:
        sql += f" ORDER BY {quote('id')}" + (" FOR UPDATE" if connection.features.has_select_for_update else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *same.values()])
        return _plain(model, names, cursor.fetchall())


def _plain(model: type[models.Model], names: Sequence[str], rows: list[tuple]) -> list[tuple]:
    """Return `rows` with days, amounts, switches and lists as the stage holds them, the same from both databases."""
    fields = [model._meta.get_field(name) for name in names]
    readers = [(place, read) for place, field in enumerate(fields) if (read := _reader(field))]
    if not readers or not rows:
        return rows
    columns: list[Sequence] = list(zip(*rows, strict=True))
    for place, read in readers:
        columns[place] = [None if value is None else read(value) for value in columns[place]]
    return list(zip(*columns, strict=True))


def _reader(field: models.Field) -> Callable[..., Value] | None:
    if isinstance(field, models.BooleanField):
        return bool
    if isinstance(field, models.DecimalField):
        exact = Decimal(1).scaleb(-field.decimal_places)
        return lambda value: format(Decimal(str(value)).quantize(exact), "f")
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return str
    if isinstance(field, models.JSONField) and field.default is list:
        return lambda value: decode(value) if isinstance(value, str) else value
    return None


def _among(field: models.Field, values: list[Value]) -> tuple[str, list[Value] | str]:
    """Return the comparison of `field` with one parameter that holds all of `values`, and that parameter."""
    if connection.vendor == "postgresql":
        return f"= ANY(%s::{_array_type(field.db_type(connection))}[])", values
    return "IN (SELECT value FROM json_each(%s))", encode(values)


def texts(queryset: models.QuerySet, *names: str) -> list[tuple]:
    """Return `names` of each row as the database holds them, without building objects such as phone numbers; JSON stays text."""
    sql, params = queryset.values_list(*names).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
