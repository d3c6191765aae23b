"""The first page of staff: each figure is what the list behind it holds, for whom it may show it (issue 6 part 5, XD33)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clientdesk.rights import Role
from contacts.models import CrmAction
from intake.models import ImportRun
from jobs.models import Job
from tests.working import brought


def figures(page) -> dict[str, tuple[int, str]]:
    """Return (number, address) of each figure, by group and label."""
    return {f"{group}: {one.figure.label}": (one.count, one.figure.url) for group, counted in page.context["groups"] for one in counted}


@pytest.fixture
def busy(ada, make_job, promise, tarik, make_quote, make_client, make_staff):
    """Jobs in every state and with every clock, a sent quote, actions, imports, and a restricted client with the same."""
    promise(60, priority="urgent")
    promise(600, priority="high")
    promise(300, priority="normal")
    promise(60, phase="request")
    hidden = make_client("Zobel", restricted_to_responsible=True, sales_person=make_staff("manager", "owner@desk.example"))
    for client in (ada.client, hidden):
        make_job("Over", client=client, priority="urgent")
        make_job("Risky", client=client, priority="normal")
        make_job("Today", client=client, priority="high")
        make_job("Asked", client=client, requested=True, priority="low")
        brought(make_job("Mine", client=client), "assigned", tarik)
        for status in ("resolved", "closed", "cancelled"):
            brought(make_job(status, client=client), status, tarik)
        due = {"client": client, "kind": "call", "assigned_to": tarik}
        for hours in (-3, 2, 30):
            CrmAction.objects.create(subject=f"Call {hours}", due_at=timezone.now() + timedelta(hours=hours), **due)
    quote = make_quote()
    quote.send("ada@brauer.example")
    for state in ("reading", "review", "done"):
        ImportRun.objects.create(state=state, filename=f"{state}.csv", sha256=state)


def test_each_figure_is_the_count_of_the_list_that_it_leads_to(busy, tarik, as_user, make_staff):
    boss = make_staff(Role.MANAGER)
    with time_machine.travel(timezone.now() + timedelta(hours=4), tick=False):
        for user in (tarik, boss):
            browser = as_user(user)
            found = figures(browser.get("/"))
            assert {"Jobs: Overdue", "Jobs: Due today", "CRM: My actions due"} <= set(found)
            for label, (count, url) in found.items() if user == tarik else [(one, found[one]) for one in found if "Imports" in one]:
                assert len(browser.get(url).context["rows"]) == count, (user.role, label)


def test_what_waits_is_counted_for_who_may_see_it(busy, tarik, as_user):
    start = Job.objects.filter(subject="Over").first().opened_at
    with time_machine.travel(start + timedelta(hours=4), tick=False):
        page = as_user(tarik).get("/")
    found = {label: count for label, (count, _url) in figures(page).items()}
    # What belongs to the restricted client is not his to see, though one of its jobs is assigned to him.
    found = {label: count for label, count in found.items() if label.startswith("Jobs") and label != "Jobs: Due today"}
    assert found == {
        **{"Jobs: Overdue": 1, "Jobs: At risk": 1, "Jobs: Requests to take up": 1, "Jobs: Resolved, to close": 1, "Jobs: My jobs": 1}
    }
    assert "Zobel" not in page.text


@pytest.mark.parametrize(("role", "imports"), [(Role.READER, False), (Role.DESK, False), (Role.MANAGER, True)])
def test_each_role_has_its_figures(make_staff, as_user, role, imports):
    page = as_user(make_staff(role)).get("/")
    assert page.status_code == 200
    assert ("Imports: Running" in figures(page)) == imports
    assert not any(label.endswith("My jobs") for label in figures(page))


def test_where_nothing_waits_the_page_says_so(desk):
    page = desk.get("/")
    assert "Nothing is to do." in page.text
    assert "Nothing is due." in page.text
    assert {count for count, _url in figures(page).values()} == {0}


def test_a_technician_starts_with_the_own_jobs_and_others_with_what_is_due_first(as_user, make_staff, make_job, promise, tarik):
    promise(60, priority="urgent")
    brought(make_job("His"), "assigned", tarik)
    make_job("Later", priority="low")
    make_job("First", priority="urgent")
    seen = {
        user.role if user != tarik else "technician": [job.subject for job in as_user(user).get("/").context["shortlists"][0].records]
        for user in (tarik, make_staff(Role.MANAGER))
    }
    assert seen["technician"] == ["His"]
    assert seen["manager"][0] == "First"


def test_the_page_costs_the_same_with_many_jobs_and_says_it_is_current(desk, make_job, settings):
    settings.MENU_COUNTS = {}
    make_job()
    desk.get("/")
    with CaptureQueriesContext(connection) as few:
        page = desk.get("/").text
    assert re.search(r'<a href="/" aria-current="page">', page)
    assert 'aria-current="page"' not in re.search(r'<nav class="nav".*?</nav>', desk.get("/profile/").text, re.S)[0]
    for number in range(20):
        make_job(f"Job {number}")
    with CaptureQueriesContext(connection) as many:
        desk.get("/")
    assert len(many) <= len(few) <= 9
