"""A world that all tests of a file share: made once, as it was again for each of them, taken back after the last one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client as Browser

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Branch, Client
from tests.doors import activated, dump

# What is written by looking at a page.
_BY_LOOKING = ("django_session", "clientdesk_heartbeat")


@contextmanager
def standing(blocker) -> Iterator[None]:
    """Open the transaction in which such a world is made; `blocker` is pytest-django's `django_db_blocker`.

    A fixture of scope `module` makes the world inside and yields its keys. Each test then runs in a savepoint of its own, so what it
    does is taken back; records it must read anew by their keys, because what a test does to a Python object stays done.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def written() -> Iterator[list[str]]:
    """Give a list that fills with the statements that write, but for what every look at a page writes."""
    found: list[str] = []

    def watch(execute, sql, params, many, context):
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE") and not any(name in sql for name in _BY_LOOKING):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


@dataclass(frozen=True)
class House:
    """One client with its contact Ada, who is signed in to the portal, and a signed-in member of staff of each role."""

    sessions: dict[str, str]
    before: str

    def browser(self, who: str) -> Browser:
        """Return a browser of its own for the role `who`, or for the contact where `who` is empty; errors are answered with a page."""
        browser = Browser(raise_request_exception=False)
        browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return browser

    def is_as_before(self, statements: list[str]) -> bool:
        """Say whether nothing is another than when the house was made; `statements` (of `written`) were made since."""
        return not statements or dump() == self.before


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker) -> Iterator[House]:
    """The house that all tests of a file share."""
    with standing(django_db_blocker):
        branch = Branch.objects.create(name="Berlin", code="BER", legal_name="Nordwort GmbH", is_headquarters=True, is_default=True)
        client = Client(name="Brauer Antriebe", legal_name="Brauer Antriebe GmbH", email="info@brauer.example", country="DE", branch=branch)
        client.register(None)
        ada = client.contacts.register(client, first_name="Ada", last_name="Krämer", email="ada@brauer.example")
        browsers = {"": activated(ada)}
        for role in Role.values:
            browsers[role] = Browser()
            browsers[role].force_login(User.objects.invite(f"{role}@desk.example", role=role, first_name=role.title(), last_name="Dahl"))
        sessions = {who: browser.cookies[settings.SESSION_COOKIE_NAME].value for who, browser in browsers.items()}
        yield House(sessions, dump())
