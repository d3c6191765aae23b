"""No page asks the database more often because it shows more (performance.md D and E)."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clientdesk.models import User
from clients.models import Category, Client
from contacts.models import CrmAction, Position
from portal.models import ContactAccess


def fill(brauer: Client, make_client, count: int, start: int = 0) -> None:
    """Add `count` contacts to `brauer` and `count` clients of their own categories with an invited primary contact."""
    due, person = timezone.now() + timedelta(minutes=5), User.objects.get()
    for n in range(start, start + count):
        position = Position.objects.create(name=f"Position {n}")
        brauer.contacts.register(brauer, first_name="N", last_name=f"Person {n}", email=f"p{n}@brauer.example", position=position)
        client = make_client(f"Client {n}", category=Category.objects.create(name=f"Category {n}"), email=f"c{n}@client.example")
        for _one in range(2):
            fields = {"contact": brauer.contacts.last(), "kind": "call", "due_at": due, "assigned_to": person}
            CrmAction.objects.create(client=brauer, subject=f"Call {n}", **fields)
        CrmAction.objects.last().complete()
        contact = client.contacts.register(client, last_name=f"Primary {n}", email=f"k{n}@client.example")
        ContactAccess.objects.create(contact=contact)
        office = brauer.offices.create(name=f"Office {n}", parent=brauer.offices.order_by("pk").last())
        brauer.departments.create(name=f"Department {n}", office=office)
        brauer.category = client.category
        brauer.save()


PAGES = {
    "/clients/?view=active": 10,
    "/clients/?q=client&kind=corporate&sort=-name": 12,
    "/clients/?view=not-invited": 10,
    "/clients/{client}/": 16,
    "/clients/{client}/history/": 15,
    "/clients/{client}/contacts/": 9,
    "/clients/{client}/edit/": 10,
    "/clients/{client}/contacts/add/": 10,
    "/clients/{client}/offices/": 7,
    "/clients/{client}/departments/": 7,
    "/offices/{office}/": 11,
    "/departments/{department}/": 8,
    "/offices/{office}/edit/": 7,
    "/departments/{department}/edit/": 7,
    "/clients/choose/": 4,
    "/clients/add/?kind=corporate": 7,
    "/clients/similar/?name=client": 6,
    "/contacts/?view=active": 12,
    "/contacts/?q=person&portal=invited&sort=-created": 12,
    "/contacts/{contact}/": 15,
    "/contacts/{contact}/edit/": 14,
    "/contacts/{contact}/offices/": 13,
    "/contacts/{contact}/social/": 9,
    "/contacts/{contact}/social/edit/": 11,
    "/contacts/{contact}/address/": 8,
    "/contacts/{contact}/address/edit/": 8,
    "/contacts/{contact}/preferences/": 10,
    "/contacts/{contact}/preferences/edit/": 11,
    "/contacts/{contact}/photo/change/": 10,
    "/search/?q=client": 10,
    "/crm/": 6,
    "/crm/?view=everybody&person=1": 7,
    "/crm/calendar/": 5,
    "/crm/{action}/": 5,
    "/crm/{action}/edit/": 7,
    "/contacts/{contact}/crm/": 11,
    "/clients/{client}/crm/": 8,
    "/crm/mail/?client={client}": 8,
    "/companies/": 7,
    "/companies/?q=client&client=yes": 7,
    "/companies/{company}/": 7,
    "/companies/search/?q=client": 5,
    "/profile/": 5,
}


def asked(desk, url: str) -> list[str]:
    """Return the statements of an answer that is given again: the first time a list remembers where the person is."""
    desk.get(url)
    with CaptureQueriesContext(connection) as found:
        assert desk.get(url).status_code == 200, url
    return [query["sql"] for query in found if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]


def test_pages_with_fifty_rows_ask_as_often_as_with_three(desk, brauer, make_client, settings):
    settings.MENU_COUNTS = {}  # remembered for a while, so that it is on one page and not on the next
    fill(brauer, make_client, 3)
    keys = {"office": brauer.offices.get(name="Office 0").pk, "department": brauer.departments.get(name="Department 0").pk}
    keys |= {
        "client": brauer.pk,
        "contact": brauer.contacts.first().pk,
        "company": brauer.company.pk,
        "action": CrmAction.objects.first().pk,
    }
    urls = {page: page.format(**keys) for page in PAGES}
    few = {page: len(asked(desk, url)) for page, url in urls.items()}
    fill(brauer, make_client, 47, start=3)
    many = {page: len(asked(desk, url)) for page, url in urls.items()}
    assert {page: (few[page], count) for page, count in many.items() if count > few[page]} == {}
    assert {page: count for page, count in many.items() if count > PAGES[page]} == {}


def test_the_rows_of_the_list_take_at_most_three_statements_and_all_counts_one(desk, brauer, make_client):
    fill(brauer, make_client, 10)
    desk.get("/profile/")  # what the menu counts is counted already
    with CaptureQueriesContext(connection) as asked:
        desk.get("/clients/")
    counting = [query["sql"] for query in asked if "COUNT(*)" in query["sql"]]
    rows = [query["sql"] for query in asked if '"clients_client"' in query["sql"] or '"contacts_contact"' in query["sql"]]
    assert len(counting) == 1
    assert len(rows) - len(counting) <= 3
