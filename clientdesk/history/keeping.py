"""The one key to the history: a trigger of the database refuses to change or delete its entries (V36, B11) unless this opened it.

PostgreSQL asks a setting of the transaction, SQLite a table with one row, which nobody else can see before the commit. Entries can
then be changed, never deleted. Only the erasure of personal data and the demo's invented past may open it.
"""

from collections.abc import Generator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def opened() -> Generator[None]:
    """Let entries be changed by a queryset's `update` inside the block; the caller is in a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("The history opens inside a transaction only.")
    _set(True)
    yield
    # After an error the transaction is rolled back, and with it what was set.
    _set(False)


def _set(is_open: bool) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('clientdesk.history', %s, true)", ["open" if is_open else ""])
        else:
            cursor.execute("DELETE FROM clientdesk_history_key")
            if is_open:
                cursor.execute("INSERT INTO clientdesk_history_key (opened) VALUES (1)")
