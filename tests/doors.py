"""What the tests of the doors share: a dump of everything, links out of mails, a quick sign-in."""

import copy
import itertools
import json
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from clientdesk import outbox
from contacts.models import Contact
from portal.models import ContactAccess

PASSWORD = "a long and quiet passphrase"
NEW_PASSWORD = "seven green bicycles in the rain"
WRONG = "a wrong but equally long phrase"

# Written by looking at a page, not by acting on it.
_VOLATILE = {"sessions.Session", "clientdesk.Heartbeat"}


@pytest.fixture(autouse=True)
def fresh_brakes():
    """The counters live in the cache, which tests of one process share."""
    cache.clear()
    yield
    cache.clear()


class Writes:
    """Whether any statement since may have changed a row; where none did, a dump need not be compared with the one before."""

    # What only asks, and what opens and ends a part of a transaction. A session is no row that anybody looks at.
    ASKS = re.compile(r'\s*((SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET)\b|(INSERT INTO|UPDATE|DELETE FROM) "django_session")', re.IGNORECASE)

    def __init__(self) -> None:
        self.any = False

    def __bool__(self) -> bool:
        return self.any

    def __call__(self, execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        """Note one statement and let it pass; called by Django."""
        self.any = self.any or not self.ASKS.match(sql)
        return execute(sql, params, many, context)


@contextmanager
def taken_back(browser: Browser | None = None) -> Generator[Writes]:
    """Take back what the block does to the database, to what is counted, and to the cookies of `browser`: the next address of a walk meets
    the same world. Yields what tells whether anything was written."""
    cookies = copy.deepcopy(browser.cookies) if browser else None
    writes = Writes()
    with transaction.atomic(), connection.execute_wrapper(writes):
        yield writes
        transaction.set_rollback(True)
    if browser:
        browser.cookies = cookies
    cache.clear()


def chunks(found: list, count: int = 12) -> list:
    """Return `found` as cases of at most `count`, each called as its first one: who walks many addresses need not make a world for each."""
    return [pytest.param(list(some), id=some[0].name) for some in itertools.batched(found, count, strict=False)]


class _AsText(DjangoJSONEncoder):
    """Values of any type, such as phone numbers, as text."""

    def default(self, value: object) -> object:
        try:
            return super().default(value)
        except TypeError:
            return str(value)


def dump() -> str:
    """Return every row of every table as one text, so that two moments can be compared."""
    rows = {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.label not in _VOLATILE
    }
    return json.dumps(rows, cls=_AsText, sort_keys=True)


def delivered() -> list:
    """Let the worker's turn happen and return the mails that arrived since the last call."""
    before = len(mail.outbox)
    outbox.send_due()
    return mail.outbox[before:]


def links_in(message: mail.EmailMultiAlternatives) -> list[str]:
    """Return the addresses of one-time links in the text of `message`."""
    return re.findall(r"\S+/account/link/\S+", str(message.body))


def link_path(message: mail.EmailMultiAlternatives) -> str:
    """Return the path of the one link of `message`, which text and HTML share."""
    [link] = links_in(message)
    assert link.startswith(f"{settings.PUBLIC_BASE_URL}/account/link/")
    assert f'href="{link}"' in message.alternatives[0].content
    return urlsplit(link).path


def invited(contact: Contact) -> str:
    """Invite `contact`, let the mail leave, and return the path of its link."""
    ContactAccess.of(Contact.objects.get(pk=contact.pk)).invite(by=None)
    [message] = delivered()
    return link_path(message)


def choose(path: str, password: str = NEW_PASSWORD, browser: Browser | None = None):
    """Open the link `path` and choose `password`; return the answer to the POST."""
    browser = browser or Browser()
    browser.get(path)
    return browser.post(reverse("account:set_password"), {"password": password})


def activated(contact: Contact, password: str = PASSWORD) -> Browser:
    """Invite `contact`, choose a password, and return the browser in which it is signed in to the portal."""
    path = invited(contact)
    browser = Browser()
    assert choose(path, password, browser).headers["Location"] == reverse("portal:home")
    delivered()
    return browser


def sign_in(email: str, password: str = PASSWORD, browser: Browser | None = None, **headers):
    """Type address and password into the sign-in page and return the answer."""
    return (browser or Browser()).post(reverse("account_login"), {"login": email, "password": password}, **headers)


def is_in(browser: Browser, page: str = "portal:home") -> bool:
    """Say whether the browser gets `page`, and not the sign-in page."""
    return browser.get(reverse(page)).status_code == 200


def visible(answer) -> str:
    """Return what the person sees, without the token that differs on each page."""
    return "\n".join(line for line in answer.content.decode().splitlines() if "csrfmiddlewaretoken" not in line)
