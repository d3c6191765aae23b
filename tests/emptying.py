"""Emptying a database that keeps its history: the trigger of SQLite refuses a DELETE, and on SQLite a flush is one."""

from django.db.backends.sqlite3.base import DatabaseOperations

_KEY = "clientdesk_history_key"
_made = DatabaseOperations.sql_flush


def _with_the_key(self: DatabaseOperations, style: object, tables: list[str], **how: bool) -> list[str]:
    found = _made(self, style, tables, **how)
    return [f"INSERT INTO {_KEY} (opened) VALUES (2)", *found, f"DELETE FROM {_KEY}"] if "clientdesk_change" in tables else found


def let_tests_empty() -> None:
    """Let `flush`, and so the end of a test with real commits, empty the history, too."""
    DatabaseOperations.sql_flush = _with_the_key
