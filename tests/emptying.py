"""Emptying a database after a test with real commits: the history is kept by triggers, and PostgreSQL makes hundreds of files anew."""

from django.db.backends.postgresql.operations import DatabaseOperations as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseOperations as SQLite

from clientdesk.stretches import MARKED, ORDERS

_KEY = "clientdesk_history_key"
_on_sqlite, _on_postgresql = SQLite.sql_flush, PostgreSQL.sql_flush


def _with_the_key(self: SQLite, style: object, tables: list[str], **how: bool) -> list[str]:
    """On SQLite a flush is a DELETE, which the trigger of the history refuses without its key."""
    found = _on_sqlite(self, style, tables, **how)
    return [f"INSERT INTO {_KEY} (opened) VALUES (2)", *found, f"DELETE FROM {_KEY}"] if "clientdesk_change" in tables else found


def _what_is_there(self: PostgreSQL, style: object, tables: list[str], **how: bool) -> list[str]:
    """To truncate all tables takes PostgreSQL half a second; few have rows, and a superuser may delete those past triggers and keys."""
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not tables or any(how.values()) or not cursor.fetchone()[0]:
            return _on_postgresql(self, style, tables, **how)
        # No model knows of the tables that tell where words can stand.
        beside = [f"{table}_{kind}" for table in ORDERS for kind in ("stretch", "trigram", "loose")]
        beside += [f"{table}_marked" for table in MARKED]
        names = [self.quote_name(table) for table in (*tables, *beside)]
        cursor.execute(" UNION ALL ".join(f"SELECT {place} WHERE EXISTS (SELECT FROM {name})" for place, name in enumerate(names)))
        full = [names[place] for (place,) in cursor.fetchall()]
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in full)] if full else []


def let_tests_empty() -> None:
    """Let `flush`, and so the end of a test with real commits, empty the history, too, and on PostgreSQL only what has rows."""
    SQLite.sql_flush = _with_the_key
    PostgreSQL.sql_flush = _what_is_there
