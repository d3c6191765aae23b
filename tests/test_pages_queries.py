"""No page asks the database more often because it shows more (performance.md D and E)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Category, Client
from contacts.models import Position
from portal.models import ContactAccess


def fill(brauer: Client, make_client, count: int, start: int = 0) -> None:
    """Add `count` contacts to `brauer` and `count` clients of their own categories with an invited primary contact."""
    for n in range(start, start + count):
        position = Position.objects.create(name=f"Position {n}")
        brauer.contacts.register(brauer, first_name="N", last_name=f"Person {n}", email=f"p{n}@brauer.example", position=position)
        client = make_client(f"Client {n}", category=Category.objects.create(name=f"Category {n}"), email=f"c{n}@client.example")
        contact = client.contacts.register(client, last_name=f"Primary {n}", email=f"k{n}@client.example")
        ContactAccess.objects.create(contact=contact)
        brauer.category = client.category
        brauer.save()


PAGES = {
    "/clients/": 14,
    "/clients/?q=client&kind=corporate&sort=-name": 14,
    "/clients/?view=not-invited": 14,
    "/clients/{client}/": 13,
    "/clients/{client}/history/": 13,
    "/clients/{client}/contacts/": 9,
    "/clients/{client}/edit/": 10,
    "/clients/{client}/contacts/add/": 7,
    "/clients/choose/": 4,
    "/clients/add/?kind=corporate": 7,
    "/clients/similar/?name=client": 6,
    "/contacts/": 6,
    "/contacts/{contact}/": 7,
    "/contacts/{contact}/edit/": 10,
    "/contacts/{contact}/social/": 7,
    "/contacts/{contact}/social/edit/": 9,
    "/contacts/{contact}/address/": 6,
    "/contacts/{contact}/address/edit/": 6,
    "/contacts/{contact}/preferences/": 8,
    "/contacts/{contact}/preferences/edit/": 9,
    "/contacts/{contact}/photo/change/": 8,
    "/search/?q=client": 6,
    "/companies/": 7,
    "/companies/?q=client&client=yes": 7,
    "/companies/{company}/": 7,
    "/companies/search/?q=client": 5,
    "/profile/": 5,
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_fifty_rows_asks_as_often_as_with_three(desk, brauer, make_client, page):
    fill(brauer, make_client, 3)
    url = page.format(client=brauer.pk, contact=brauer.contacts.first().pk, company=brauer.company.pk)
    desk.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get(url)
    fill(brauer, make_client, 47, start=3)
    with CaptureQueriesContext(connection) as many:
        assert desk.get(url).status_code == 200
    asked = [query["sql"] for query in many if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(many) <= len(few), "\n".join(asked)
    assert len(asked) <= PAGES[page], "\n".join(asked)


def test_the_rows_of_the_list_take_at_most_three_statements_and_all_counts_one(desk, brauer, make_client):
    fill(brauer, make_client, 10)
    with CaptureQueriesContext(connection) as asked:
        desk.get("/clients/")
    counting = [query["sql"] for query in asked if "COUNT(*)" in query["sql"]]
    rows = [query["sql"] for query in asked if '"clients_client"' in query["sql"] or '"contacts_contact"' in query["sql"]]
    assert len(counting) == 1
    assert len(rows) - len(counting) <= 3
