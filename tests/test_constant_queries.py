"""A dozen rows or two thousand: lists, searches and profile tabs ask the database no more often (performance.md D)."""

from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientdesk import lists, page_keys, stretches
from clientdesk.models import Change, User
from clients.models import Client, Company
from contacts.models import Contact, CrmAction
from jobs.models import Job, Project, Quote

# More than what is ever counted or shown at once.
FEW, MANY = 12, 2_000
# A primary contact who is not among the first sixty is fetched by itself, once.
ONCE_MORE = {"/clients/{client}/contacts/": 1}
PAGES = (
    "/",
    "/clients/?view=all",
    "/clients/?view=not-invited&sort=-number",
    "/clients/?view=all&sort=created",
    "/clients/?q=crowd&kind=corporate&country=DE&portal=not_invited",
    "/clients/?q=cr&person=me",
    "/contacts/?view=active",
    "/contacts/?q=crowd",
    "/companies/",
    "/companies/?q=crowd&client=no&country=DE",
    "/companies/search/?q=crowd",
    "/search/?q=crowd",
    "/crm/?view=everybody",
    "/crm/?view=everybody&q=brauer&kind=call",
    "/crm/calendar/?day=2026-11-25",
    "/crm/add/?q=crowd",
    "/crm/add/?contact={contact}",
    "/crm/mail/?contact={contact}",
    "/contacts/{contact}/crm/",
    "/clients/{client}/crm/",
    "/jobs/?view=all",
    "/jobs/?view=all&q=crowd&priority=normal&client={client}&sort=technician",
    "/jobs/?view=all&group=client&sort=department",
    "/reports/jobs/?view=all&client={client}&sort=-contact",
    "/reports/jobs/?view=all&q=crowd&contact={contact}&client={client}",
    "/jobs/add/?client={client}",
    "/jobs/board/",
    "/jobs/calendar/?day=2026-11-25",
    "/jobs/calendar/?view=month&day=2026-11-25",
    "/quotes/?view=all",
    "/quotes/?view=all&q=crowd&origin=staff&client={client}",
    "/quotes/add/?client={client}",
    "/projects/?view=all&q=crowd",
    "/projects/add/?client={client}",
    "/clients/{client}/work/",
    "/clients/{client}/sla/",
    "/clients/{client}/sla/edit/",
    "/clients/similar/?name=crowd",
    *(
        f"/clients/{{client}}/{tab}"
        for tab in (
            "",
            "history/",
            "contacts/",
            "edit/",
            "identification/",
            "addresses/",
            "preferences/",
            "documents/",
            "offices/",
            "departments/",
            "contacts/add/",
            "portal-rights/",
        )
    ),
    *(
        f"/contacts/{{contact}}/{tab}"
        for tab in ("", "edit/", "social/", "social/edit/", "address/", "account/", "preferences/", "history/")
    ),
    "/companies/{company}/",
    "/contacts/{contact}/reach/jobs/?view=all",
    "/contacts/{contact}/why/?item=J1",
    "/jobs/{job}/who-sees/",
)


def crowd(brauer: Client, start: int, end: int) -> None:
    """Make the clients, the companies, the contacts and changes of `brauer` from number `start` on to `end` at once."""
    numbers = range(start, end)
    keys = {n: {"search_key": f"crowd {n:05}", "name_key": f"crowd {n:05}"} for n in numbers}
    Client.objects.bulk_create(
        Client(number=f"N{n}", name=f"Crowd {n:05}", legal_name="x", branch=brauer.branch, country="DE", **keys[n]) for n in numbers
    )
    Company.objects.bulk_create(Company(registered_name=f"Crowd {n:05}", country="DE", **keys[n]) for n in numbers)
    office = brauer.offices.get(is_headquarters=True)
    Contact.objects.bulk_create(
        Contact(client=brauer, default_office=office, last_name=f"Crowd {n:05}", search_key=f"crowd {n:05}", sort_key=f"crowd {n:05}")
        for n in numbers
    )
    ada, moment = brauer.contacts.order_by("pk").first(), datetime(2026, 11, 25, 12, tzinfo=UTC)
    about = {"client": brauer, "contact": ada, "kind": "call", "due_at": moment, "sort_at": moment, "assigned_to": User.objects.first()}
    CrmAction.objects.bulk_create(CrmAction(subject=f"Call {n}", **about) for n in numbers)
    work = {"client": brauer, "office": office, "contact": ada, "assignee": User.objects.first(), "status": "open", "scheduled_at": moment}
    Job.objects.bulk_create(Job(number=f"J{n}", subject=f"Crowd {n}", search_key=f"crowd {n}", due_key=moment, **work) for n in numbers)
    named = {"client": brauer, "office": office, "contact": ada}
    for model, letter in ((Quote, "Q"), (Project, "P")):
        model.objects.bulk_create(model(number=f"{letter}{n}", name=f"Crowd {n}", search_key=f"crowd {n}", **named) for n in numbers)
    kind = ContentType.objects.get_for_model(Client)
    Change.objects.bulk_create(
        Change(
            content_type=kind,
            object_pk=str(brauer.pk),
            object_id=brauer.pk,
            object_repr="Brauer",
            action=Change.Action.UPDATE,
            changes={"city": [f"{n}", f"{n + 1}"]},
        )
        for n in numbers
    )


@pytest.fixture
def asked(desk, brauer, ada):
    """Return a function that gives the number of statements of each page, once all were asked before."""
    places = {"client": brauer.pk, "contact": ada.pk, "company": brauer.company.pk}

    def ask() -> dict[str, int]:
        found = {}
        places["job"] = Job.objects.order_by("pk").values_list("pk", flat=True)[0]
        for _round in range(2):
            for page in PAGES:
                url = page.format(**places)
                with CaptureQueriesContext(connection) as statements:
                    assert desk.get(url).status_code == 200, url
                found[page] = sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN")) for query in statements)
        return found

    return ask


def test_two_thousand_rows_are_asked_for_no_more_often_than_a_dozen(asked, brauer, settings, monkeypatch):
    settings.MENU_COUNTS = {}  # remembered for a while, so that it is on one page and not on the next
    # However slow the machine: what was counted just now is not forgotten on one page and known on the next.
    for module, seconds in ((lists, "FULL_FOR"), (page_keys, "REMEMBERED_FOR"), (stretches, "_READY_FOR")):
        monkeypatch.setattr(module, seconds, 10_000.0)
    crowd(brauer, 0, FEW)
    few = asked()
    crowd(brauer, FEW, MANY)
    assert {page: (few[page], found) for page, found in asked().items() if found > few[page] + ONCE_MORE.get(page, 0)} == {}
