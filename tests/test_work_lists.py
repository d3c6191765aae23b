"""The orders of the lists of quotes, projects and jobs (JD3): page by page each record once, as the head of the column says."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet
from django.http import QueryDict

from clientdesk.models import User
from clientdesk.search_form import Memo
from clients.models import Client
from contacts.models import Contact, Department, Office
from jobs.listing import JOBS
from jobs.models import Job, JobType, Project, Quote
from jobs.models.quote import FOR_EVER
from jobs.models.times import Priority
from jobs.report.listing import REPORT
from jobs.report.table import TABLE as REPORTED
from jobs.table import TABLE as LIST
from jobs.timing import NEVER

COUNT = 120
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
# By list and sort: what its column is by.
ORDERS = {
    "quotes": {
        "number": lambda quote: quote.pk,
        "-client": lambda quote: (quote.client.name_key, quote.pk),
        "-status": lambda quote: (quote.status, quote.created_at, quote.pk),
        "total": lambda quote: (quote.total, quote.pk),
        "-expires": lambda quote: (quote.expires_on or FOR_EVER, quote.pk),
    },
    "projects": {
        "client": lambda project: (project.client.name_key, project.pk),
        "-deadline": lambda project: (project.deadline or NEVER, project.pk),
    },
    "jobs": {
        "-number": lambda job: job.pk,
        "client": lambda job: (job.client.name_key, job.pk),
        "-status": lambda job: (job.status, job.due_key, job.pk),
        "priority": lambda job: (-Priority.values.index(job.priority), -job.pk),
        "scheduled": lambda job: (job.scheduled_at or NEVER, job.pk),
        "-technician": lambda job: (job.assignee is not None, *named(job.assignee), job.pk),
        "job_type": lambda job: (job.job_type is None, key_of(job.job_type), job.pk),
        "-job_type": lambda job: (job.job_type is not None, key_of(job.job_type), job.pk),
        "-office": lambda job: (job.office.name_key, job.pk),
        "department": lambda job: (job.department is None, key_of(job.department), job.pk),
        "-contact": lambda job: (job.contact is not None, job.contact.sort_key if job.contact else "", job.pk),
        "city": lambda job: (job.city.lower(), job.pk),
        "-subject": lambda job: (job.subject.lower(), job.pk),
    },
    "reports/jobs": {
        "-priority": lambda job: (-Priority.values.index(job.priority), -job.pk),
        "technician": lambda job: (job.assignee is None, *named(job.assignee), job.pk),
        "-closed": lambda job: (job.closed_at or NEVER, job.pk),
    },
}

# What jobs point at, or at nothing.
POINTED_AT = ("assignee", "department", "job_type", "contact")


def key_of(entry) -> str:
    """By which an entry stands in order; what has none stands behind the others, whichever way it goes."""
    return entry.name_key if entry else ""


def named(person) -> tuple[str, str, str]:
    return (person.last_name, person.first_name, person.email_key) if person else ("", "", "")


def quotes(heads) -> list[Quote]:
    """Return quotes, many alike in amount, day and state."""
    return [
        Quote(
            **head,
            number=f"Q{number}",
            name=f"Quote {number}",
            status=("sent", "pending", "approved")[number % 3],
            total=Decimal(number * 7 % 40) / 4 - 2,
            expires_on=day if (day := date(2026, 1, 1) + timedelta(number % 5)) and number % 4 else None,
            expiry_key=day if number % 4 else FOR_EVER,
        )
        for number, head in heads
    ]


def projects(heads) -> list[Project]:
    """Return projects, many with the same deadline or none."""
    return [
        Project(**head, number=f"P{number}", name=f"Project {number}", deadline=moment(number), deadline_key=moment(number) or NEVER)
        for number, head in heads
    ]


def jobs(heads) -> list[Job]:
    """Return jobs, many alike in state, priority, time, place and people, or without them."""
    heads = list(heads)
    people, departments, types, contacts = ([None, *made] for made in around(heads[0][1]["office"]))
    return [
        Job(
            **head,
            number=f"J{number}",
            subject=("Pump", "attic", "Boiler")[number % 3],
            search_key=f"job {number}",
            status=("open", "requested", "cancelled")[number % 3],
            priority=Priority.values[number % 4],
            scheduled_at=moment(number),
            due_key=BEGIN + timedelta(hours=number % 7),
            assignee=people[number % len(people)],
            department=departments[number % len(departments)],
            job_type=types[number % len(types)],
            contact=contacts[number % len(contacts)],
            city=("Kiel", "", "aachen", "Bremen")[number % 4],
            closed_at=moment(number + 1),
        )
        for number, head in heads
    ]


def around(office) -> Iterator[list]:
    """Store what jobs of a crowd point at, and give each kind of it: technicians, departments, job types, contacts; none stands in the
    order in which it was made."""
    yield User.objects.bulk_create(
        User(email=f"{first}@desk.example", email_key=f"{first}@desk.example", role="desk", first_name=first, last_name=last)
        for first, last in (("zoe", "Berg"), ("adam", "Berg"), ("", ""), ("mo", "Adler"))
    )
    yield Department.objects.bulk_create(Department(client=office.client, name=name, name_key=name) for name in ("works", "bureau"))
    yield JobType.objects.bulk_create(JobType(name=name, name_key=name) for name in ("repair", "advice"))
    yield Contact.objects.bulk_create(
        Contact(client=office.client, default_office=office, last_name=name, sort_key=name) for name in ("kramer", "berg", "zorn")
    )


def moment(number: int) -> datetime | None:
    return BEGIN + timedelta(hours=number % 6) if number % 4 else None


@pytest.fixture
def crowd(make_client):
    """Return a function that stores many records of three clients, made by `make`, and gives them."""
    offices = []
    for name, place in (("Beta", "south"), ("alpha", "west"), ("Gamma", "north")):
        make_client(name).offices.update(name=place, name_key=place)
        offices.append(Office.objects.select_related("client").get(name_key=place))

    def store(make) -> QuerySet:
        heads = [(number, {"client": office.client, "office": office}) for number in range(COUNT) for office in (offices[number % 3],)]
        records = make(heads)
        type(records[0]).objects.bulk_create(records)
        return type(records[0]).objects.select_related("client", "office", *(POINTED_AT if make is jobs else ()))

    return store


@pytest.mark.parametrize(("listed", "make"), [("quotes", quotes), ("projects", projects), ("jobs", jobs), ("reports/jobs", jobs)])
def test_each_order_shows_every_record_once_on_its_pages_and_back_again(desk, crowd, listed, make):
    records = crowd(make)
    for sort, by in ORDERS[listed].items():
        address, found, page = f"?view=all&sort={sort}", [], None
        while address:
            page = desk.get(f"/{listed}/{address}")
            found += keys(page)
            address = page.context["listing"].next_url
        assert found == [record.pk for record in sorted(records, key=by, reverse=sort.startswith("-"))], sort
        back = desk.get(f"/{listed}/{page.context['listing'].previous_url}")
        assert keys(back) == found[50:100], sort


def test_jobs_keep_an_order_by_people_with_filters_in_groups_and_in_the_file(desk, crowd):
    records = [job for job in crowd(jobs) if job.priority in ("low", "high")]
    expected = sorted(records, key=ORDERS["jobs"]["-technician"], reverse=True)
    query, found = "view=all&q=job&priority=low&priority=high&sort=-technician", []
    address = f"?{query}"
    while address:
        page = desk.get(f"/jobs/{address}")
        found += keys(page)
        address = page.context["listing"].next_url
    assert found == [job.pk for job in expected]
    lines = b"".join(desk.get(f"/jobs/export/?{query}&format=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [job.number for job in expected]
    groups = desk.get(f"/jobs/?{query}&group=priority").context["groups"]
    firsts = [[job.pk for job in expected if job.priority == priority][:5] for priority in ("high", "low")]
    assert [[row.job.pk for row in group.rows] for group in groups] == firsts


def test_the_number_of_a_job_has_a_column_of_its_own_but_stands_once_in_the_file(desk, make_job):
    make_job("Pump")
    desk.post("/jobs/columns/", {"column": ["job", "number", "client"], "query": "view=all"})
    assert desk.get("/jobs/?view=all").context["columns"].names == ["client", "number"]
    lines = b"".join(desk.get("/jobs/export/?view=all&format=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines == ["Job number,Subject,Client", "J-00001,Pump,Brauer Antriebe"]


def keys(page) -> list[int]:
    return [(getattr(row, "job", None) or row.item).pk for row in page.context["rows"]]


@pytest.mark.parametrize("spec", [JOBS, REPORT], ids=["list", "report"])
def test_each_column_that_can_put_jobs_in_order_does_so_down_too_and_the_third_click_begins_anew(spec):
    started = spec.sorts[0].name
    names = [column.sort for column in spec.columns if column.sort != started]
    assert "" not in names
    for name in names:
        clicks = ["?view=all"]
        for _click in range(3):
            listing = spec.read(QueryDict(clicks[-1][1:]), memo=Memo())
            listing.columns = spec.columns
            clicks += [head.url for head in listing.heads if head.column.sort == name]
        assert clicks[1:] == [f"?view=all&sort={name}", f"?view=all&sort=-{name}", "?view=all"], name


@pytest.mark.parametrize("table", [LIST, REPORTED], ids=["list", "report"])
def test_by_no_order_does_anybody_come_upon_jobs_of_a_client_that_is_not_theirs(desk, manager, crowd, table):
    """XD33: on no page of any order, up or down, and not behind the place of a job that only others may see."""
    records = list(crowd(jobs))
    hidden = Client.objects.get(name="Beta")
    Client.objects.filter(pk=hidden.pk).update(restricted_to_responsible=True, sales_person=User.objects.get(role="manager"))
    theirs, stranger = {job.pk for job in records if job.client_id != hidden.pk}, User.objects.get(email="desk@desk.example")
    for sort in (f"{sign}{sort.name}" for sort in table.spec.sorts for sign in ("", "-")):
        address, found = f"?view=all&sort={sort}", []
        while address:
            listing = table.spec.read(QueryDict(address[1:]), reader=stranger, memo=Memo())
            seen = table.seen(stranger)
            rows = listing.fill(seen.filter(pk__in=listing.find(seen).keys) if listing.is_hard else listing.narrowed(seen))
            found += [job.pk for job in rows]
            address = listing.next_url
        assert (set(found), len(found)) == (theirs, len(theirs)), sort
    whole = manager.get(f"{table.list_url('view=all&sort=technician')}")
    assert set(keys(whole)) - theirs
    assert set(keys(desk.get(table.list_url(whole.context["listing"].next_url[1:])))) < theirs


def test_saving_puts_a_quote_and_a_project_where_they_belong_in_the_order(make_quote, make_project):
    quote, project = make_quote(expires_on=date(2027, 1, 1)), make_project(deadline=BEGIN)
    assert (quote.expiry_key, project.deadline_key) == (date(2027, 1, 1), BEGIN)
    quote.expires_on = project.deadline = None
    quote.save(update_fields=["expires_on"])
    project.save(update_fields=["deadline"])
    assert (Quote.objects.get().expiry_key, Project.objects.get().deadline_key) == (FOR_EVER, NEVER)


FORGED = {
    ("quotes", "total"): ('["1e9999","1"]', '["nan",1]', '["12345678901234",1]'),
    ("quotes", "expires"): ("[5,1]", '["2026-13-45",1]', '["9999-12-31T00:00",1]'),
    ("jobs", "priority"): ('["urgent",1]', "[99999999999999999999,1]"),
    ("jobs", "scheduled"): ("[5,1]", '["2026-13-45",1]'),
    ("jobs", "city"): ("[null,1]",),
}


def test_a_forged_place_is_the_first_page(desk, crowd):
    for make in (quotes, jobs):
        crowd(make)
    for (listed, sort), texts in FORGED.items():
        for place in (urlsafe_b64encode(text.encode()).decode() for text in texts):
            page = desk.get(f"/{listed}/?view=all&sort={sort}&after={place}")
            assert (page.status_code, len(page.context["rows"]), page.context["listing"].previous_url) == (200, 50, ""), (sort, place)
