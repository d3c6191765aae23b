"""The report about jobs in the portal: the figures of the back office over what the contact sees, and a file that equals the screen."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from jobs.models import Job
from portal.rights import Right
from tests.doors import fresh_brakes  # noqa: F401
from tests.portal_people import EVERYTHING, let

REPORT, EXPORT = "portal:report", "portal:export_report"


def exported(browser, query: str) -> list[dict[str, str]]:
    answer = browser.get(f"{reverse(EXPORT)}?format=csv&{query}")
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


@pytest.fixture
def jobs(make_job, tarik, ada) -> list[Job]:
    """Three jobs of Ada, one of them closed after 36 hours and one urgent, and one that does not name her."""
    closed, urgent, _third = make_job("Closed one"), make_job("=1+1", priority="urgent"), make_job(requested=True)
    make_job("zzhidden", contact=None)
    closed.assign(tarik, tarik)
    closed.resolve(tarik)
    closed.close(tarik)
    Job.objects.filter(pk=closed.pk).update(closed_at=closed.created_at + timedelta(hours=36))
    return [closed, urgent]


def test_the_report_counts_what_the_contact_sees_and_the_file_has_the_same(portal, ada, jobs):
    page = portal.get(reverse(REPORT))
    figures = {str(label): (figure, unit) for label, figure, unit in page.context["figures"]}
    assert figures == {"Jobs": ("3", ""), "Still to do": ("2", ""), "Closed": ("1", ""), "Median time to close": ("36.0", "h")}
    assert page.context["chart"].highest.total == 3
    assert "SLA" not in page.text.partition("<main")[2]
    for query in ("", "priority=urgent", "status=closed", "q=closed", "since=2037-01-01"):
        rows = portal.get(f"{reverse(REPORT)}?{query}").context["rows"]
        assert [line["Number"] for line in exported(portal, query)] == [job.number for job in rows], query
    assert "zzhidden" not in page.text + str(exported(portal, ""))
    assert [line["Subject"] for line in exported(portal, "priority=urgent")] == ["'=1+1"]
    let(ada, level="default_office")
    assert portal.get(reverse(REPORT)).context["figures"][0][1] == "4"
    assert len(exported(portal, "")) == 4


@pytest.mark.parametrize("right", [Right.REPORTS_DOWNLOAD, Right.REPORTS_VIEW, Right.JOBS_VIEW])
def test_a_report_is_taken_along_by_who_may_see_jobs_and_reports_and_take_them(portal, ada, jobs, right):
    assert reverse(EXPORT) in portal.get(reverse(REPORT)).text
    let(ada, rights=EVERYTHING & ~int(right))
    assert portal.get(reverse(EXPORT)).status_code == 403
    page = portal.get(reverse(REPORT))
    assert page.status_code == (200 if right == Right.REPORTS_DOWNLOAD else 403)
    assert reverse(EXPORT) not in page.text


def test_the_report_and_its_file_speak_as_their_reader_does(portal, ada, jobs):
    type(ada).objects.update(language="de")
    assert "Noch zu erledigen" in portal.get(reverse(REPORT)).text
    assert {line["Betreff"]: line["Status"] for line in exported(portal, "")}["Closed one"] == "Abgeschlossen"
