"""Requests and jobs in the portal: asked for at the right office, once, followed and cancelled (8.4, JD7, XD24, XD30; trial B04, E03)."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clientdesk import brakes
from jobs.models import Document, Job, Quote
from portal.rights import Right
from tests.doors import delivered, fresh_brakes  # noqa: F401
from tests.portal_people import EVERYTHING, let
from tests.working import brought

LEVELS = {
    "only_related": {"Headquarters"},
    "default_office": {"Headquarters"},
    "department": {"Headquarters", "Plant"},
    "all_selected_offices": {"Headquarters", "Plant"},
}


@pytest.fixture
def places(ada):
    """Ada belongs to the headquarters, her default office, and to the plant; there is a depot, too. She is in Purchasing."""
    client = ada.client
    plant, _depot = (client.offices.create(name=name, client=client) for name in ("Plant", "Depot"))
    ada.offices.add(plant)
    ada.department = client.departments.create(name="Purchasing", client=client)
    ada.save()
    return {office.name: office for office in client.offices.all()}


def ask_job(browser, **more):
    posted = {"subject": "Pump leaks", "description": "Since Monday", "priority": "high", "key": str(uuid4())}
    return browser.post(reverse("portal:request_job"), posted | more)


def test_a_requested_job_is_the_contacts_waits_for_staff_and_tells_both(portal, ada, places, make_staff, promise):
    promise(60, phase="request", priority="high")
    ada.client.project_manager = make_staff(email="manager@desk.example")
    ada.client.save()

    answer = ask_job(portal, city="Potsdam", attachments=SimpleUploadedFile("leak.jpg", b"a picture"))

    job = Job.objects.get()
    assert answer.headers["Location"] == reverse("portal:job", args=[job.pk])
    assert (job.status, job.contact, job.office, job.department) == ("requested", ada, places["Headquarters"], ada.department)
    assert (job.city, job.country, job.created_by.email) == ("Potsdam", "DE", ada.email)
    assert job.request_due_at is not None
    file = Document.objects.get()
    assert (file.job, file.filename, file.visible_in_portal, file.from_portal) == (job, "leak.jpg", True, True)
    mails = {mail.to[0]: mail for mail in delivered()}
    assert f"requests {job.number}" in mails["manager@desk.example"].subject
    assert f"/portal/jobs/{job.pk}/" in mails[ada.email].body
    assert "leak.jpg" in portal.get(reverse("portal:job", args=[job.pk])).content.decode()


def test_a_requested_quote_starts_requested_without_amounts_and_tells_both(portal, ada, places, make_staff):
    """XD24: who is sales person and project manager in one is told once; what the contact reads says nothing internal (X8)."""
    ada.client.sales_person = ada.client.project_manager = make_staff(email="seller@desk.example")
    ada.client.name, ada.client.cc_contact_emails = "zzinternal", True
    ada.client.save()
    posted = {"name": "Manual in Swedish", "client_notes": "40 pages", "wanted_on": "2027-01-15", "key": str(uuid4())}
    portal.post(reverse("portal:request_quote"), posted)
    quote = Quote.objects.get()
    assert (quote.status, quote.origin, quote.contact, quote.department) == ("requested", "portal", ada, ada.department)
    # The end of that day where Ada is.
    assert quote.deadline.isoformat() == "2027-01-15T22:59:00+00:00"
    staff, theirs = sorted(delivered(), key=lambda mail: mail.to, reverse=True)
    assert (staff.to, theirs.to, theirs.cc) == (["seller@desk.example"], [ada.email], [])
    assert f"requests {quote.number}" in staff.subject
    assert "40 pages" in staff.body
    assert f"/portal/quotes/{quote.pk}/" in theirs.body
    assert "We prepare a quote" in theirs.body
    assert "zzinternal" not in theirs.message().as_string()


def test_a_request_begins_with_the_details_of_a_former_quote_that_the_contact_sees(portal, make_quote, make_client):
    former = make_quote("Manual", client_notes="40 pages")
    former.send("ada@brauer.example")
    other = make_client("Other")
    foreign = make_quote("zzforeign", client=other, contact=other.contacts.register(other, last_name="F", email="f@foreign.example"))
    url = reverse("portal:request_quote")
    assert "40 pages" in portal.get(f"{url}?like={former.pk}").content.decode()
    for key in (foreign.pk, 987_654, "x", "9" * 30):
        answer = portal.get(f"{url}?like={key}")
        assert answer.status_code == 200
        assert "zzforeign" not in answer.content.decode()


@pytest.mark.parametrize("level", LEVELS)
def test_an_office_is_offered_and_taken_by_the_access_level(portal, ada, places, level):
    let(ada, level=level)
    form = portal.get(reverse("portal:request_job")).context["form"]
    offered = {str(office) for office in form.fields["office"].queryset} if "office" in form.fields else {"Headquarters"}
    assert offered == LEVELS[level]
    for name, office in places.items():
        Job.objects.all().delete()
        answer = ask_job(portal, office=office.pk)
        if name in LEVELS[level]:
            assert Job.objects.get().office == office
        elif len(LEVELS[level]) == 1:
            assert str(Job.objects.get().office) == "Headquarters"
        else:
            assert answer.status_code == 422
            assert not Job.objects.exists()


def test_a_button_pressed_twice_asks_once_and_says_so(portal):
    key = str(uuid4())
    first, second = ask_job(portal, key=key), ask_job(portal, key=key, subject="Altered")
    job = Job.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == reverse("portal:job", args=[job.pk])
    assert f"You sent this request already, as {job.number}." in portal.get(second.headers["Location"]).content.decode()
    ask_job(portal)
    assert Job.objects.count() == 2


def test_a_key_of_somebody_elses_request_tells_nothing_of_it(portal, make_client, make_job):
    other = make_client("Other")
    theirs = other.contacts.register(other, last_name="Foreign", email="eve@foreign.example")
    job = make_job(client=other, contact=theirs, key=uuid4())
    answer = ask_job(portal, key=str(job.key))
    assert answer.status_code == 422
    assert job.number not in answer.content.decode()


def test_what_is_not_on_the_form_is_not_taken(portal, ada, tarik, make_client):
    other = make_client("Other")
    theirs = other.contacts.register(other, last_name="Foreign", email="eve@foreign.example")
    ask_job(
        portal,
        **{"client": other.pk, "contact": theirs.pk, "assignee": tarik.pk, "status": "closed", "internal_notes": "x"},
        **{"department": 987_654, "number": "J-9", "created_by": tarik.pk, "project": 1},
    )
    job = Job.objects.get()
    assert (job.client, job.contact, job.assignee, job.status) == (ada.client, ada, None, "requested")
    assert (job.internal_notes, job.created_by.email) == ("", ada.email)


def test_files_are_handed_in_by_who_may(portal, ada, make_job):
    job = make_job()
    url = reverse("portal:add_job_file", args=[job.pk])
    portal.post(url, {"attachments": [SimpleUploadedFile("one.txt", b"1"), SimpleUploadedFile("two.txt", b"2")]})
    assert set(Document.objects.values_list("filename", "from_portal")) == {("one.txt", True), ("two.txt", True)}
    assert portal.post(url, {"attachments": SimpleUploadedFile("one.txt", b"1")}).status_code == 422
    assert portal.post(url, {}).status_code == 422

    let(ada, rights=EVERYTHING & ~int(Right.FILES_ADD))
    assert portal.post(url, {"attachments": SimpleUploadedFile("three.txt", b"3")}).status_code == 403
    ask_job(portal, attachments=SimpleUploadedFile("four.txt", b"4"))
    assert Document.objects.count() == 2


def test_a_contact_that_asks_without_end_is_told_to_wait(portal, make_job, monkeypatch):
    """ASVS 2.4.1: each request is a mail to our staff, and each file takes room."""
    monkeypatch.setattr(brakes, "REQUESTS", brakes.Window("portal-request", 2, 3600))
    job = make_job()
    before = Job.objects.count()
    assert [ask_job(portal).status_code for _ in range(3)] == [303, 303, 422]
    late = portal.post(reverse("portal:add_job_file", args=[job.pk]), {"attachments": SimpleUploadedFile("a.txt", b"a")})
    assert "You sent us 2 requests and files within an hour." in late.text
    assert (Job.objects.count(), Document.objects.count()) == (before + 2, 0)


def test_too_many_files_leave_no_request(portal):
    answer = ask_job(portal, attachments=[SimpleUploadedFile(f"{number}.txt", b"x") for number in range(11)])
    assert answer.status_code == 422
    assert "These are 11 files. Choose at most 10." in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("status", ["requested", "open", "assigned", "resolved", "closed", "cancelled"])
def test_a_job_is_cancelled_while_it_is_not_done(portal, make_job, tarik, status):
    job = brought(make_job(requested=status == "requested"), status, tarik)
    url, can = reverse("portal:cancel_job", args=[job.pk]), status in ("requested", "open", "assigned")
    assert (url in portal.get(reverse("portal:job", args=[job.pk])).content.decode()) == can

    page = portal.post(url, {"reason": "Repaired it"}, follow=True).content.decode()

    found = Job.objects.get()
    assert found.status == ("cancelled" if can else status)
    assert (f"{job.number} was cancelled." in page) == can
    assert ("Only a request, an open or an assigned job can be cancelled." in page) != can
    assert ("Repaired it" in page) == can


def test_without_the_right_nothing_is_cancelled(portal, ada, make_job):
    job = make_job()
    let(ada, rights=EVERYTHING & ~int(Right.JOBS_CANCEL))
    assert portal.post(reverse("portal:cancel_job", args=[job.pk]), {}).status_code == 403
    assert Job.objects.get().status == "open"


def test_the_timeline_keeps_what_staff_wrote_for_themselves(portal, make_job, tarik):
    job = make_job()
    job.assign(tarik, tarik)
    job.resolve(tarik, "zzinternal remark")
    job.events.create(origin="resolved", to="resolved", actor=tarik, note="zzhidden note")
    job.events.create(origin="resolved", to="resolved", actor=tarik, note="Bring the key", visible_in_portal=True)
    page = portal.get(reverse("portal:job", args=[job.pk])).content.decode()
    assert "zz" not in page
    for said in ("Bring the key", "Resolved", "Assigned", "Open"):
        assert said in page


@pytest.mark.parametrize("shown", [False, True])
def test_the_sla_time_of_a_job_is_told_only_where_the_setting_says_so(portal, make_job, promise, settings, shown):
    """8.5: a setting, off where nobody says otherwise."""
    promise(60)
    job = make_job()
    Job.objects.update(open_due_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    if shown:
        settings.PORTAL_SHOWS_SLA = True
    page = portal.get(f"/portal/jobs/{job.pk}/").text
    assert ("2026" in page.partition("<dt>Due</dt>")[2].partition("<dt>")[0]) is shown
    assert ("<strong>Late</strong>" in page) is shown


def test_jobs_stand_behind_a_tab_for_each_status_with_its_count(portal, make_job, tarik):
    for status in ("open", "open", "assigned", "cancelled"):
        brought(make_job(status), status, tarik)
    page = portal.get(reverse("portal:jobs"))
    assert {tab["label"]: tab["count"] for tab in page.context["views"] if tab["count"] != "0"} == {
        "All": "4",
        "Open": "2",
        "Assigned": "1",
        "Cancelled": "1",
    }
    assert [job.subject for job in portal.get(f"{reverse('portal:jobs')}?view=assigned").context["rows"]] == ["assigned"]


def test_a_contact_who_left_its_office_cannot_ask(portal, ada, places):
    ada.client.offices.filter(pk=ada.default_office_id).update(active=False)
    answer = ask_job(portal)
    assert answer.status_code == 422
    assert "You have no office of your company to ask for." in answer.content.decode()
