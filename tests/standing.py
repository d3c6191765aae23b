"""A world that all tests of a file share: made once, as it was again for each of them, taken back after the last one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def standing(blocker) -> Iterator[None]:
    """Open the transaction in which such a world is made; `blocker` is pytest-django's `django_db_blocker`.

    A fixture of scope `module` makes the world inside and yields its keys. Each test then runs in a savepoint of its own, so what it
    does is taken back; records it must read anew by their keys, because what a test does to a Python object stays done.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
