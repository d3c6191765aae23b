"""The work for a client where the client is: shortcuts and jobs in the list, overview, counts and dates (J22, J25, J26, X35, XD17)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse

from clientdesk.rights import Role
from jobs import files
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


def test_the_invoices_of_a_client_stand_with_its_projects_the_newest_first(desk, ada, make_project, make_job, make_client):
    """XD1: of projects and of jobs, each once."""
    other = make_client("Cobalt")
    stranger = other.contacts.register(other, last_name="Else", email="else@cobalt.example")
    for number, item in enumerate((make_project(), make_job(), make_job(client=other, contact=stranger))):
        files.add(item, ContentFile(b"x", f"R-{number}.pdf"), by=None, kind="invoice", number=f"R-{number}", amount="119", currency="EUR")
    files.add(make_project(), ContentFile(b"x", "Note.pdf"), by=None)
    page = desk.get(f"/clients/{ada.client_id}/work/")
    assert [invoice.number for invoice in page.context["invoices"]] == ["R-1", "R-0"]
    assert f'href="{reverse("jobs:file", args=[page.context["invoices"][0].pk])}"' in page.text
    assert "€119.00" in page.text


# What leads to the work with a client, and the least right that shows it (XD1).
WAYS = {
    "clients:identification": None, "clients:edit": "desk", "jobs:client_work": None, "crm:of_client": None, "clients:documents": None,
    "quotes:add": "desk", "projects:add": "desk", "crm:add": "desk", "jobs:add": "desk", "job_report:list": None,
    "clients:dossier": "manager",
}  # fmt: skip


@pytest.mark.parametrize("role", [Role.READER, Role.DESK, Role.MANAGER, Role.ADMINISTRATOR])
def test_the_page_of_a_client_leads_to_all_that_is_done_with_it_as_far_as_the_role_goes(make_staff, as_user, brauer, ada, role):
    """XD1; a company's personal data are those of its people, a person's are its own."""
    page = as_user(make_staff(role)).get(brauer.get_absolute_url()).text
    for name, least in WAYS.items():
        address = reverse(name, args=[] if name.endswith((":add", "report:list")) else [brauer.pk])
        link = f'href="{address}?client={brauer.pk}"' if name.endswith((":add", "report:list")) else f'href="{address}"'
        shown = least is None or list(Role).index(role) >= list(Role).index(Role(least))
        assert (link in page) == shown, name


def test_personal_data_are_erased_from_the_page_of_the_client(make_staff, as_user, brauer, ada, make_client):
    office = as_user(make_staff(Role.ADMINISTRATOR))
    person = make_client("Elena", kind="individual", last_name="K")
    assert f'href="{reverse("clients:erase", args=[person.pk])}"' in office.get(person.get_absolute_url()).text
    dossier, erase = reverse("clients:dossier", args=[brauer.pk]), reverse("contacts:erase", args=[ada.pk])
    assert f'href="{erase}"' in office.get(dossier).text
    assert f'href="{erase}"' not in as_user(make_staff(Role.MANAGER)).get(dossier).text
    # Of what was erased nothing new is made.
    type(person).objects.filter(pk=person.pk).update(erased_at=datetime(2026, 1, 2, tzinfo=UTC))
    page = office.get(person.get_absolute_url()).text
    assert "Erase personal data" not in page
    assert not any(reverse(name) in page.partition("<main")[2] for name in ("quotes:add", "projects:add", "crm:add"))
