"""Links that carry the name key of their client, so that an index has the clients of one industry or person in the order of names.

Only PostgreSQL has them, and its triggers are their one home: no code of ours writes them, whatever stores a link or renames a client.
"""

from django.db import connection

from clientdesk.only_postgresql import OfPostgreSQL
from clientdesk.page_keys import Stream

_MAKE = """
ALTER TABLE {table} ADD COLUMN name_key varchar(200) NOT NULL DEFAULT '';
UPDATE {table} SET name_key = c.name_key FROM clients_client c WHERE c.id = client_id;
CREATE INDEX {table}_in_order ON {table} ({column}, name_key, client_id);
CREATE FUNCTION {table}_take_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT c.name_key INTO NEW.name_key FROM clients_client c WHERE c.id = NEW.client_id;
    NEW.name_key := coalesce(NEW.name_key, '');
    RETURN NEW;
END $$;
CREATE TRIGGER take_name BEFORE INSERT OR UPDATE OF client_id ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_take_name();
CREATE FUNCTION {table}_follow_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {table} SET name_key = NEW.name_key WHERE client_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_follow_name AFTER UPDATE OF name_key ON clients_client FOR EACH ROW
    WHEN (OLD.name_key IS DISTINCT FROM NEW.name_key) EXECUTE FUNCTION {table}_follow_name();
"""
_DROP = """
DROP TRIGGER {table}_follow_name ON clients_client;
DROP FUNCTION {table}_follow_name();
DROP TRIGGER take_name ON {table};
DROP FUNCTION {table}_take_name();
ALTER TABLE {table} DROP COLUMN name_key;
"""


class LinksInOrder(OfPostgreSQL):
    """Let the rows of `table`, which link a client with what `column` names, carry the client's name key."""

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column

    def forwards(self) -> list[str]:
        return [_MAKE.format(table=self.table, column=self.column)]

    def backwards(self) -> list[str]:
        return [_DROP.format(table=self.table)]

    def describe(self) -> str:
        return f"Keep {self.table} in the order of names"


def in_order(sources: list[tuple[str, str, str, int]], columns: tuple[str, ...]) -> Stream | None:
    """Return what gives the clients that any of `sources` names, in the order of `columns`, or None where no index has them so.

    A source is (table, column of the client's key, column, value): its rows whose column has the value name clients.
    """
    if connection.vendor != "postgresql" or columns != ("name_key",):
        return None

    def keys(size: int, place: list | None, down: bool) -> tuple[str, list]:
        parts, params = [], []
        sign, order = ("<", "DESC") if down else (">", "ASC")
        for table, key, column, value in sources:
            behind = f" AND name_key {sign} %s" if place else ""
            # Tables and columns are named by our own code.
            part = f"SELECT {key}, name_key FROM {table} WHERE {column} = %s{behind} ORDER BY name_key {order} LIMIT {size}"  # noqa: S608
            parts.append(f"({part})")
            params += [value, *(place or [])]
        return f"SELECT met.{sources[0][1]} FROM ({' UNION '.join(parts)}) met ORDER BY name_key {order} LIMIT {size}", params  # noqa: S608

    return keys
