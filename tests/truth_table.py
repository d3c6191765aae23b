"""The truth table of domain.md 8.4 in the database: clients A and B with their places and people, and the items of the table."""

import pytest

from jobs.models import Item, Job, Quote
from portal.models import ClientAccess, ContactAccess
from portal.rights import Right

# Item: office, department, contact, additional contact; then the levels at which Ada sees it.
TABLE = {
    "i1": ("H", "L", "ada", "", "1234"),
    "i2": ("H", "L", "dora", "", "234"),
    "i3": ("H", "M", "emil", "", "34"),
    "i4": ("P", "L", "ada", "", "24"),
    "i5": ("P", "L", "dora", "", "24"),
    "i6": ("P", "M", "emil", "", "4"),
    "i7": ("H", "M", "emil", "ada", "134"),
    "i8": ("R", "L", "ada", "", "2"),
    "i9": ("R", "M", "emil", "", ""),
    "i10": ("BH", "BL", "fred", "", ""),
    "i11": ("H", "", "", "", "34"),
}
ALL = int(Right.QUOTES_VIEW | Right.PROJECTS_VIEW | Right.JOBS_VIEW | Right.FILES_VIEW)


@pytest.fixture
def acme(make_client):
    """The clients A and B of the table with their offices, departments and people, by their names there; Ada has her access."""
    a, b = make_client("Acme A"), make_client("Acme B")
    found = {"a": a, "b": b, "H": a.offices.get(is_headquarters=True), "BH": b.offices.get(is_headquarters=True)}
    found |= {name: a.offices.create(name=name, client=a) for name in "PR"}
    found |= {name: a.departments.create(name=name, client=a) for name in "LM"}
    found["BL"] = b.departments.create(name="L", client=b)
    for first, client in (("ada", a), ("dora", a), ("emil", a), ("fred", b)):
        found[first] = client.contacts.register(client, first_name=first.title(), last_name="Krämer", email=f"{first}@acme.example")
    ada = found["ada"]
    ada.department = found["L"]
    ada.save()
    ada.offices.set([found["H"], found["P"]])
    ClientAccess.objects.create(client=a, rights=ALL)
    ContactAccess.of(ada).invite(None)
    found["access"] = ContactAccess.objects.get(contact=ada)
    found["access"].rights = ALL
    found["access"].save()
    return found


def table_items(acme: dict, model: type[Item]) -> None:
    """Make the items of the table; what names nobody exists as a job only."""
    for name, (office, department, contact, other, _levels) in TABLE.items():
        if not contact and model is not Job:
            continue
        owner = acme["b"] if office.startswith("B") else acme["a"]
        head = {"client": owner, "office": acme[office], "department": acme.get(department), "contact": acme.get(contact)}
        title = "subject" if model is Job else "name"
        item = model(**head, **{title: name}, number=name)
        if model is Quote:
            item.status = "sent"
        item.save()
        item.name_others([acme[other]] if other else [])
        # Named twice, she sees it once all the same.
        if name == "i1":
            item.links.create(contact=acme["ada"])
