"""Where a person was in each list, and the columns chosen for it: lists remember, across sign-ins (design.md 5.9).

Written by looking at a list, like the time of a visit; nothing else depends on it.
"""

from collections.abc import Generator
from contextlib import contextmanager

from django.db import OperationalError, connection
from django.http import QueryDict

from clientdesk.models import ListMemory, SavedView, User

LONGEST_QUERY = 4000
_PLACES = ("after", "before")


def recall(user: User, page: str) -> ListMemory:
    """Return what is remembered of `user` in the list `page`; an unsaved, blank memory where nothing is."""
    return ListMemory.objects.filter(user=user, page=page).first() or ListMemory(user=user, page=page)


def start_of(memory: ListMemory, views: list[SavedView]) -> str:
    """Return the query string of the list that `memory` keeps, from its first page on; a saved view that is not among `views` any more
    is left out, its filters stay."""
    query = QueryDict(memory.query, mutable=True)
    for name in _PLACES:
        query.pop(name, None)
    if query.get("saved") not in {str(view.pk) for view in views}:
        query.pop("saved", None)
    return query.urlencode()


def keep_place(memory: ListMemory, query: str) -> None:
    """Remember `query` as where the person is. Where the database is busy writing, the place is not kept: no page waits for that."""
    if memory.query == query or len(query) > LONGEST_QUERY:
        return
    memory.query = query
    try:
        with _impatient():
            _save(memory, "query")
    except OperationalError:
        return


def keep_columns(memory: ListMemory, columns: list[str]) -> None:
    """Remember the `columns` that the person chose; none means the list's own."""
    memory.columns = columns
    _save(memory, "columns")


def _save(memory: ListMemory, column: str) -> None:
    ListMemory.objects.bulk_create(
        [ListMemory(user_id=memory.user_id, page=memory.page, query=memory.query, columns=memory.columns)],
        update_conflicts=True,
        unique_fields=["user", "page"],
        update_fields=[column],
    )


@contextmanager
def _impatient() -> Generator[None]:
    """On SQLite, where an import may hold the one write lock, wait for a moment only."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        [before] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 100")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(before)}")
