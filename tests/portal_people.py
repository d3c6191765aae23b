"""What tests of the portal share: Ada with every right, in whose browser the pages are asked for."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client as Browser
from django.utils import timezone

from contacts.models import Contact
from jobs.models import Quote
from portal.models import ClientAccess, ContactAccess
from portal.rights import Right
from tests.doors import PASSWORD

EVERYTHING = int(sum(Right, Right(0)))


def let(contact: Contact, rights: int = EVERYTHING, clients: int = EVERYTHING, **fields) -> None:
    """Give `contact` the `rights`, its client those of `clients`, and its access the `fields`."""
    ContactAccess.objects.filter(contact=contact).update(rights=rights, **fields)
    ClientAccess.objects.update_or_create(client=contact.client, defaults={"rights": clients})


def inside(contact: Contact, **fields) -> Browser:
    """Return a browser in which `contact` is in the portal with every right, as after its invitation, without the way through mails and
    forms that `tests.doors.activated` walks; its access has the `fields`."""
    ContactAccess.of(contact).invite(by=None)
    user = ContactAccess.objects.get(contact=contact).user
    user.links.all().delete()
    user.choose_password(make_password(PASSWORD))
    let(contact, accepted_at=timezone.now(), **fields)
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def portal(ada) -> Browser:
    """The browser of Ada, who has every right, decides quotes and sees what names her in her default office."""
    return inside(ada, may_decide_quotes=True)


@pytest.fixture
def sent_quote(make_quote):
    """Return a function that makes a quote which waits for the client's decision."""

    def make(*args, **fields) -> Quote:
        quote = make_quote(*args, **fields)
        quote.send("ada@brauer.example")
        return quote

    return make
