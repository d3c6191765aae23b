"""What tests of quotes and projects share: functions that make one, and one that brings a quote to a status."""

from decimal import Decimal

import pytest

from clientdesk.models import User
from jobs.models import Project, Quote, QuoteLine

LINES = [("Translation, 1,200 words", "1200", "0.12", "19")]


@pytest.fixture
def make_quote(ada):
    """Return a function that makes a pending quote of Brauer Antriebe."""

    def make(name: str = "Manual of the pump", *, others=(), lines=LINES, **fields) -> Quote:
        client = fields.pop("client", ada.client)
        known = {"office": client.offices.get(is_headquarters=True), "contact": ada if client == ada.client else None}
        quote = Quote(client=client, name=name, **(known | fields))
        quote.full_clean(exclude=["number", "contact"])
        quote.make(None, others, [line_of(*line) for line in lines])
        return quote

    return make


@pytest.fixture
def make_project(ada):
    """Return a function that opens a project of Brauer Antriebe."""

    def make(name: str = "Manual of the pump", *, others=(), **fields) -> Project:
        client = fields.pop("client", ada.client)
        known = {"office": client.offices.get(is_headquarters=True), "contact": ada if client == ada.client else None}
        project = Project(client=client, name=name, **(known | fields))
        project.full_clean(exclude=["number", "contact"])
        project.make(None, others)
        return project

    return make


def line_of(text: str, quantity: str, price: str, rate: str) -> QuoteLine:
    """Return a line that is not saved yet."""
    return QuoteLine(text=text, quantity=Decimal(quantity), unit_price=Decimal(price), tax_rate=Decimal(rate))


def quote_in(quote: Quote, status: str) -> Quote:
    """Put `quote` into `status` and return it as it is stored."""
    Quote.objects.filter(pk=quote.pk).update(status=status)
    return Quote.objects.get(pk=quote.pk)


def act(quote: Quote, gesture: str, by: User) -> None:
    """Do `gesture` with `quote`, whatever it asks for."""
    asked = {
        "send": ["ada@brauer.example"],
        "accept": [by, "Ada"],
        "decline": [by, "Ada", "Too dear"],
        "approve": [by],
        "reject": [by, "No"],
    }
    getattr(quote, gesture)(*asked.get(gesture, []))
