"""The Job Queries report: figures, bars, filters, saved reports, and its file (J26, J27, XD33, S8)."""

import csv
import io
import itertools
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from clientdesk.rights import Role
from jobs.models import Job
from jobs.report.chart import BOTTOM, TOP, chart, scale
from jobs.report.figures import MOST_BARS, Month, bars, figures, middle, places_in_the_middle
from jobs.report.periods import PERIODS, days_of
from jobs.report.verdicts import by_month, median_time_to_close, with_verdict
from jobs.sla import State
from tests.working import brought

REPORT = "/reports/jobs/"
STATES = ["requested", "open", "assigned", "resolved", "closed", "cancelled"]
HOURS = timedelta(hours=1)


def subjects(browser, query: str) -> list[str]:
    return [row.job.subject for row in browser.get(f"{REPORT}?view=all&{query}").context["rows"]]


def figure(page, label: str) -> str:
    return next(figure for name, figure, _unit in page.context["figures"] if str(name) == label)


def said(page) -> str:
    return re.sub(r"\s+", " ", page.text)


# --- what is in it (J26, J27, XD33) ---------------------------------------------------------------
def test_the_report_of_a_client_holds_its_jobs_of_every_state_and_nobody_elses(desk, ada, make_job, tarik, make_client):
    for status in STATES:
        brought(make_job(status, requested=status == "requested"), status, tarik)
    make_job("Elsewhere", client=make_client("Nordlicht"))
    page = desk.get(f"{REPORT}?client={ada.client_id}")
    assert {row.job.subject for row in page.context["rows"]} == set(STATES)
    assert (figure(page, "Jobs"), figure(page, "Still to do")) == ("6", "3")
    assert "Client: <b>Brauer Antriebe</b>" in said(page)


def test_jobs_of_a_restricted_client_are_in_nobody_elses_report(make_staff, as_user, make_job, make_client):
    owner = make_staff("manager", "m@desk.example")
    make_job("Secret", client=make_client("Zobel", restricted_to_responsible=True, sales_person=owner))
    make_job("Seen")
    zobel, desk = Job.objects.get(subject="Secret").client_id, as_user(make_staff(Role.DESK))
    assert subjects(desk, "") == ["Seen"]
    assert figure(desk.get(f"{REPORT}?view=all"), "Jobs") == "1"
    page = desk.get(f"{REPORT}?client={zobel}")
    assert page.context["rows"] == []
    assert "was not found" in page.text
    assert "Zobel" not in page.text + desk.get("/jobs/clients/?client_words=zob").text
    assert subjects(as_user(owner), f"client={zobel}") == ["Secret"]


def test_filters_combine(desk, ada, make_job, tarik, make_client):
    berg = ada.client.contacts.register(ada.client, last_name="Berg", email="berg@brauer.example")
    with time_machine.travel("2026-03-10T12:00+01:00"):
        make_job("March", priority="urgent")
    with time_machine.travel("2026-11-25T12:00+01:00"):
        make_job("For Berg", contact=berg)
        make_job("For both", others=[berg])
        brought(make_job("Over", priority="urgent"), "closed", tarik)
        make_job("Elsewhere", client=make_client("Nordlicht"), priority="urgent")
        ours = f"client={ada.client_id}"
        cases = {
            f"{ours}&priority=urgent": {"March", "Over"},
            f"{ours}&contact={berg.pk}": {"For Berg", "For both"},
            f"contact={berg.pk}": {"March", "For Berg", "For both", "Over", "Elsewhere"},
            f"{ours}&status=closed&priority=urgent": {"Over"},
            f"{ours}&technician={tarik.pk}": {"Over"},
            f"{ours}&since=2026-03-10&until=2026-03-10": {"March"},
            f"{ours}&since=2026-03-11": {"For Berg", "For both", "Over"},
            f"{ours}&period=this-month&q=for": {"For Berg", "For both"},
            "period=last-month": set(),
            "client=x&period=never&since=31.12.2026&sla=x&contact=-1": {"March", "For Berg", "For both", "Over", "Elsewhere"},
        }
        assert {query: set(subjects(desk, query)) for query in cases} == cases


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("this-month", date(2026, 11, 1), date(2026, 11, 30)),
        ("last-month", date(2026, 10, 1), date(2026, 10, 31)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("12-months", date(2025, 12, 1), date(2026, 11, 30)),
        ("this-year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last-year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_periods_move_with_today(name, first, last):
    assert days_of(name, date(2026, 11, 25)) == (first, last)


# --- one client by typed words --------------------------------------------------------------------
def test_a_client_is_found_by_typing_and_without_script_by_its_words(desk, brauer, make_client, make_job):
    make_client("Brauhaus", email="info@haus.example")
    found = desk.get("/jobs/clients/?client_words=brau", headers={"HX-Request": "true"}).text
    assert found.count('name="client_found"') == 2
    ticked = desk.get(f"{REPORT}?view=all&client=999&client_words=brau&client_found={brauer.pk}")
    assert ticked.headers["Location"] == f"{REPORT}?view=all&client={brauer.pk}"
    one = desk.get(f"{REPORT}?view=all&priority=low&client_words=brauer")
    assert one.headers["Location"] == f"{REPORT}?view=all&priority=low&client={brauer.pk}"
    many = desk.get("/jobs/?view=all&client_words=brau").text
    assert f'href="/jobs/?view=all&amp;client={brauer.pk}"' in many
    assert "Nothing has “zzz”" in desk.get(f"{REPORT}?client_words=zzz").text


# --- what the database judges is what each job says -----------------------------------------------
def test_the_database_judges_each_clock_as_the_job_itself_does(ada, tarik):
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    moments = {"": None, "past": now - 2 * HOURS, "now": now, "later": now + HOURS}
    office = ada.client.offices.get()
    jobs = [
        Job(
            **{"number": f"X{number}", "client": ada.client, "office": office, "subject": f"{status} {due} {stopped}"},
            **{"status": status, "assignee": tarik, "opened_at": None if phase == "request" else now - 9 * HOURS},
            **{f"{phase}_due_at": moments[due], f"{phase}_risk_at": moments[due], f"{phase}_stopped_at": moments[stopped]},
        )
        for number, (status, phase, due, stopped) in enumerate(
            (status, phase, due, stopped) for status in STATES for phase in ("request", "open") for due in moments for stopped in moments
        )
    ]
    Job.objects.bulk_create(jobs)
    words = {State.NONE: "without", State.BREACHED: "late", State.MET: "within", State.RUNNING: "within", State.AT_RISK: "within"}
    with time_machine.travel(now, tick=False):
        judged = {job.pk: job.verdict for job in with_verdict(Job.objects.all())}
        assert judged == {job.pk: words[job.sla_state] for job in Job.objects.all()}
        [month] = by_month(Job.objects.all())
        kept = [(words[job.sla_state], job.stopped_at) for job in Job.objects.all()]
    assert (month.total, month.late) == (len(jobs), sum(word == "late" for word, _stopped in kept))
    assert month.waiting == sum(word == "within" and stopped is None for word, stopped in kept)


def test_a_job_belongs_to_the_month_of_our_own_time_zone(ada):
    at = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    Job.objects.bulk_create([Job(number="X", client=ada.client, office=ada.client.offices.get(), subject="x")])
    Job.objects.update(created_at=at)
    assert [month.first for month in by_month(Job.objects.all())] == [date(2026, 11, 1)]


@pytest.mark.parametrize(("hours", "found"), [([], None), ([5], 5), ([1, 9], 5), ([1, 2, 30], 2), ([1, 2, 4, 30], 3)])
def test_the_median_time_to_close(ada, tarik, hours, found):
    now = timezone.now()
    Job.objects.bulk_create(
        Job(number=f"X{n}", client=ada.client, office=ada.client.offices.get(), subject="x", status="closed", assignee=tarik, closed_at=end)
        for n, end in enumerate(now + hour * HOURS for hour in hours)
    )
    Job.objects.update(created_at=now)
    median = median_time_to_close(Job.objects.all(), len(hours))
    assert median == (found and found * HOURS)
    assert middle(sorted(hour * HOURS for hour in hours)[places_in_the_middle(len(hours))]) == median


# --- figures and bars, from plain values ----------------------------------------------------------
@st.composite
def months(draw) -> list[Month]:
    firsts = draw(st.sets(st.integers(1980 * 12, 2040 * 12), max_size=8))
    found = []
    for number in firsts:
        waiting, met, late, without = (draw(st.integers(0, 300)) for _one in range(4))
        total = waiting + met + late + without
        found.append(Month(date(number // 12, number % 12 + 1, 1), total, late, without, waiting, closed=draw(st.integers(0, total))))
    return found


@settings(deadline=None, max_examples=60)
@given(months(), st.sampled_from([None, *PERIODS]))
def test_the_bars_hold_every_job_once_in_a_row_without_gaps_and_few_enough(counted, period):
    asked = days_of(period, date(2026, 11, 25)) if period else None
    drawn = bars(counted, asked)
    assert sum(bar.total for bar in drawn) == sum(month.total for month in counted) == figures(counted).total
    assert sum(bar.late for bar in drawn) == sum(month.late for month in counted)
    assert len(drawn) <= MOST_BARS
    assert all(month.first >= drawn[0].first for month in counted)
    numbers = [bar.first.year * 12 + bar.first.month for bar in drawn]
    assert all(after - before == drawn[0].months for before, after in itertools.pairwise(numbers))


@settings(deadline=None, max_examples=60)
@given(months())
def test_what_is_drawn_stays_within_the_chart_and_is_as_high_as_its_number(counted):
    drawn = chart(bars(counted), str)
    for column in drawn.columns if drawn else []:
        unit = (BOTTOM - TOP) / drawn.lines[-1].value
        tops = [float(part.y) for part in column.parts]
        assert all(TOP - 0.1 <= top <= BOTTOM for top in tops)
        assert BOTTOM - min(tops, default=BOTTOM) == pytest.approx(column.bar.total * unit, abs=0.1)


@pytest.mark.parametrize(
    ("most", "marks"), [(0, [0, 1]), (1, [0, 1]), (4, [0, 1, 2, 3, 4]), (18, [0, 5, 10, 15, 20]), (23, [0, 5, 10, 15, 20, 25])]
)
def test_the_scale_has_few_round_lines(most, marks):
    assert scale(most) == marks
    assert all(scale(n)[-1] >= n and len(scale(n)) <= 7 for n in range(1, 3000, 7))


def test_the_share_within_is_of_what_was_decided():
    found = figures([Month(date(2026, 1, 1), 10, late=1, without=2, waiting=4), Month(date(2026, 2, 1), 1, waiting=1)])
    assert (found.decided, found.within) == (4, 0.75)
    assert figures([]).within is None


# --- the page -------------------------------------------------------------------------------------
def test_the_chart_has_words_and_a_table_with_the_same_numbers(desk, make_job, promise):
    promise(240)
    with time_machine.travel("2026-10-05T08:00+02:00"):
        make_job("Late")
        make_job("No clock", priority="low")
    with time_machine.travel("2026-11-25T08:00+01:00"):
        make_job("In time")
        page = desk.get(f"{REPORT}?view=all&period=quarter")
    text = said(page)
    assert '<svg class="chart" viewBox="0 0 1100 196" role="img" aria-label="Jobs by month, within SLA and late.' in text
    cells = re.findall(r'<tr><th scope="row">([^<]+)</th>' + r'<td class="num">(\d+)</td>' * 4, text)
    assert "<title>Oct. 2026: 0 within SLA, 1 late</title>" in text
    assert [cell[1:] for cell in cells] == [("0", "1", "1", "2"), ("1", "0", "0", "1"), ("0", "0", "0", "0")]
    assert figure(page, "Answered within SLA") == "0.0%"
    assert "style=" not in text


def test_its_file_is_what_the_screen_shows_on_all_its_pages(desk, ada, make_job, tarik, promise, make_client):
    promise(60, priority="urgent")
    for status in STATES:
        brought(make_job(status, requested=status == "requested", priority="urgent"), status, tarik)
    make_job("Elsewhere", client=make_client("Nordlicht"))
    office = ada.client.offices.get()
    Job.objects.bulk_create(Job(number=f"X{n}", client=ada.client, office=office, subject=f"=X{n}", priority="urgent") for n in range(60))
    query = f"view=all&client={ada.client_id}&priority=urgent&sort=-created"
    shown, url = [], f"?{query}"
    while url:
        page = desk.get(f"{REPORT}{url}")
        shown += [(row.job.number, [cell.words for cell in row.cells[1:5]]) for row in page.context["rows"]]
        url = page.context["listing"].next_url
    file = b"".join(desk.get(f"{REPORT}export/?{query}&format=csv").streaming_content).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(file))
    assert head[:6] == ["Job number", "Subject", "Client", "Logged", "Status", "Priority"]
    assert [line[0] for line in lines] == [number for number, _cells in shown]
    assert len(lines) == int(figure(page, "Jobs")) == 66
    assert [[line[2], *line[4:6]] for line in lines] == [[client, status, priority] for _n, (client, _at, status, priority) in shown]
    assert not any(line[1].startswith("=") for line in lines)


def test_a_report_is_saved_with_its_client_and_period(desk, ada, make_job):
    make_job()
    saved = desk.post(f"{REPORT}views/save/?client={ada.client_id}&period=12-months", {"name": "Brauer, one year"})
    page = desk.get(saved.headers["Location"])
    assert ("Brauer, one year", "1") in [(tab["label"], tab["count"]) for tab in page.context["views"]]
    assert page.context["listing"].form.chosen == {"client": str(ada.client_id), "period": "12-months"}


def test_who_may_not_export_or_log_sees_no_way_to_it(make_staff, as_user, make_job):
    make_job()
    page = as_user(make_staff(Role.READER)).get(f"{REPORT}?view=all").text
    assert "Log a job" not in page
    assert reverse("job_report:export") in page


def test_the_whole_report_takes_two_statements_more_than_a_list(desk, make_job):
    make_job()
    for page in ("/jobs/?view=all", f"{REPORT}?view=all"):
        desk.get(page)
    with CaptureQueriesContext(connection) as plain:
        desk.get("/jobs/?view=all")
    with CaptureQueriesContext(connection) as report:
        desk.get(f"{REPORT}?view=all")
    assert len(report) <= len(plain) + 2
