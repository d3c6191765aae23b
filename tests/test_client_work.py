"""The work for a client where the client is: shortcuts and jobs in the list, overview, counts and dates (J22, J25, J26, X35, XD17)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clientdesk.rights import Role
from jobs.models import Project, Quote
from tests.working import brought

LIST = "/clients/?view=all"
NOON = "2026-11-25T12:00+01:00"


def seen(page) -> str:
    return re.sub(r"\s+", " ", page.text)


@pytest.mark.parametrize(("role", "labels"), [(Role.DESK, 3), (Role.READER, 2)])
def test_each_row_has_the_shortcuts_in_this_order_named_after_its_client(make_staff, as_user, brauer, role, labels):
    page = as_user(make_staff(role)).get(LIST).text
    shortcuts = re.search(r'<span class="quick">(.*?)</span></td>', page, re.S)[1]
    wanted = [
        (f"/clients/{brauer.pk}/contacts/", "Contacts of Brauer Antriebe"),
        (f"/reports/jobs/?client={brauer.pk}", "Job queries report of Brauer Antriebe"),
        (f"/jobs/add/?client={brauer.pk}", "Log a job for Brauer Antriebe"),
    ]
    assert re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', shortcuts) == wanted[:labels]


def test_the_list_counts_the_jobs_to_do_and_leads_to_exactly_those(desk, ada, make_job, tarik):
    make_job("One", requested=True)
    brought(make_job("Two"), "assigned", tarik)
    for status in ("resolved", "closed", "cancelled"):
        brought(make_job(), status, tarik)
    link = re.search(r'href="(/jobs/[^"]+)">(\d+)<span class="vh"> jobs to do for Brauer', desk.get(LIST).text)
    assert link[2] == "2"
    assert {row.job.subject for row in desk.get(link[1].replace("&amp;", "&")).context["rows"]} == {"One", "Two"}


def test_clients_are_filtered_by_their_jobs(desk, ada, make_job, make_client, promise, tarik):
    promise(60, priority="urgent")
    with time_machine.travel(NOON, tick=False) as now:
        make_job(priority="urgent")
        make_job(client=make_client("Delmare"))
        brought(make_job(client=make_client("Nordlicht")), "closed", tarik)
        now.shift(timedelta(hours=2))
        for wanted, names in {
            "todo": ["Brauer Antriebe", "Delmare"],
            "overdue": ["Brauer Antriebe"],
            "none": ["Nordlicht"],
            "todo&q=delmare": ["Delmare"],
            "x": ["Brauer Antriebe", "Delmare", "Nordlicht"],
        }.items():
            assert [row.client.name for row in desk.get(f"{LIST}&jobs={wanted}").context["rows"]] == names, wanted


def test_the_overview_shows_what_is_to_do_first_due_first_and_the_latest_that_is_done(desk, ada, make_job, promise, tarik):
    promise(60, priority="urgent")
    with time_machine.travel(NOON, tick=False) as now:
        make_job("Later")
        make_job("Overdue pump", priority="urgent")
        brought(make_job("Old boiler"), "closed", tarik)
        now.shift(timedelta(hours=2))
        page = desk.get(ada.client.get_absolute_url())
    assert [job.subject for job in page.context["todo"]] == ["Overdue pump", "Later"]
    assert [job.subject for job in page.context["latest"]] == ["Old boiler"]
    figures = {str(label): (figure, note) for label, figure, note in page.context["figures"]}
    assert figures["Jobs to do"] == (2, "1 overdue")
    assert "Overdue</span>" in seen(page)
    assert f'href="/reports/jobs/?client={ada.client_id}"' in page.text


def test_an_overview_without_jobs_says_so(desk, brauer):
    assert "No jobs yet." in desk.get(brauer.get_absolute_url()).text


def test_a_deactivated_client_keeps_its_jobs_which_go_on_and_is_there_with_them_when_it_is_restored(desk, ada, make_job, tarik):
    """Invariant 19."""
    brought(make_job("Over"), "closed", tarik)
    waiting = make_job("Waiting")
    ada.client.deactivate()
    report = f"/reports/jobs/?client={ada.client_id}"
    assert {row.job.subject for row in desk.get(report).context["rows"]} == {"Over", "Waiting"}
    assert "Brauer Antriebe" not in {row.client.name for row in desk.get("/clients/?view=active").context["rows"]}
    waiting.assign(tarik, tarik)
    assert desk.get(waiting.get_absolute_url()).status_code == 200
    ada.client.restore()
    link = re.search(r'href="(/jobs/[^"]+)">(\d+)<span class="vh"> jobs to do for Brauer', desk.get("/clients/?view=active").text)
    assert link[2] == "1"


def test_quotes_and_projects_are_counted_with_their_first_and_last_days(desk, ada):
    """X35, XD17: of the client and of the person, and they move when one is added."""
    client, office = ada.client, ada.client.offices.get()
    berg = client.contacts.register(client, last_name="Berg", email="berg@brauer.example")
    places = {"client": client, "office": office}
    Quote.objects.bulk_create(Quote(number=f"Q{n}", name="x", contact=who, **places) for n, who in enumerate([ada, ada, berg]))
    for number, day in ((0, 3), (1, 9), (2, 20)):
        Quote.objects.filter(number=f"Q{number}").update(created_at=datetime(2026, 3, day, 12, tzinfo=UTC))
    Project.objects.bulk_create([Project(number="P1", name="x", contact=berg, **places)])
    Project.objects.update(created_at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    counted = {fact.label: fact.value for fact in desk.get(f"/clients/{client.pk}/identification/").context["counts"]}
    assert (counted["Quotes"], counted["First quote"], counted["Last quote"]) == (3, "3 March 2026", "20 March 2026")
    assert (counted["Projects"], counted["First project"], counted["Last project"]) == (1, "1 May 2026", "1 May 2026")
    of_ada = {fact.label: fact.value for fact in desk.get(f"/contacts/{ada.pk}/").context["work"]}
    assert (of_ada["Quotes"], of_ada["Last quote"], of_ada["Projects"], of_ada["First project"]) == (2, "9 March 2026", 0, None)
