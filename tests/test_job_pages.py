"""The pages of jobs: log, look, change, gestures, list, SLA times, business hours (J8, J16, J17, J28, JD3, JD10, S8)."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from clientdesk.rights import Role
from jobs.machine import GESTURES
from jobs.models import BusinessCalendar, Job, SlaTarget
from jobs.sla_forms import DurationField, HoursField
from tests.working import brought

NOON = "2026-11-25T12:00+01:00"
MATRIX = [f"{phase}-{priority}" for phase in ("request", "open") for priority in ("low", "normal", "high", "urgent")]
MONDAY_TO_FRIDAY = {f"day{number}": "09:00-17:00" for number in range(5)}


def add_url(client) -> str:
    return f"{reverse('jobs:add')}?client={client.pk}"


def filled(page) -> dict[str, str]:
    """Return what the form of `page` would send as it is shown."""
    form = page.context["form"]
    shown = {bound.html_name: bound.field.prepare_value(bound.initial) for bound in form}
    return {name: value if isinstance(value, list) else str(value) for name, value in shown.items() if value not in (None, "")}


def url(name: str, job: Job) -> str:
    return reverse(f"jobs:{name}", args=[job.pk])


# --- log a job (J8, J28) --------------------------------------------------------------------------
def test_the_client_its_primary_contact_address_and_phone_are_filled_in(desk, ada):
    client = ada.client
    client.street, client.postal_code, client.city = "Werkstraße 5", "24937", "Flensburg"
    client.save()
    ada.phone = "+49305550142"
    ada.save()
    shown = filled(desk.get(add_url(client)))
    assert {shown["contact"], shown["office"]} == {str(ada.pk), str(client.offices.get().pk)}
    assert (shown["street"], shown["postal_code"], shown["city"], shown["country"]) == ("Werkstraße 5", "24937", "Flensburg", "DE")
    assert "0142" in shown["contact_phone"]


def test_a_job_is_logged_for_a_client_without_contact_or_portal(desk, brauer, tarik):
    posted = filled(desk.get(add_url(brauer))) | {"subject": "  Replace  the pump "}
    answer = desk.post(add_url(brauer), posted)
    job = Job.objects.get()
    assert answer.headers["Location"] == job.get_absolute_url()
    assert (job.subject, job.status, job.contact, job.created_by.role) == ("Replace the pump", "open", None, "desk")
    page = desk.get(job.get_absolute_url()).text
    assert "J-00001" in page
    assert "was logged." in page


def test_pressed_twice_one_job_is_logged(desk, brauer):
    posted = filled(desk.get(add_url(brauer))) | {"subject": "Replace the pump"}
    desk.post(add_url(brauer), posted)
    again = desk.post(add_url(brauer), posted)
    assert again.status_code == 422
    assert "This job was logged already." in again.text
    assert Job.objects.count() == 1


def test_with_technician_and_others_it_is_assigned_and_names_them(desk, ada, tarik):
    berg = ada.client.contacts.register(ada.client, last_name="Berg", email="berg@brauer.example")
    more = {"subject": "Pump", "assignee": tarik.pk, "scheduled_at": "2026-12-01T09:00", "others": [berg.pk, ada.pk]}
    desk.post(add_url(ada.client), filled(desk.get(add_url(ada.client))) | more)
    job = Job.objects.get()
    assert (job.status, job.assignee) == ("assigned", tarik)
    assert [link.contact for link in job.job_contacts.all()] == [berg]


@pytest.mark.parametrize("asked", ["999999", "x", "9" * 30, "-1", "restricted"])
def test_an_unknown_or_forbidden_client_is_left_out_and_that_is_said(desk, make_client, make_staff, asked):
    hidden = make_client("Zobel", restricted_to_responsible=True, sales_person=make_staff("manager", "m@desk.example"))
    page = desk.get(reverse("jobs:add"), {"client": hidden.pk if asked == "restricted" else asked})
    assert page.status_code == 200
    assert "was not found, so it is left out" in page.text
    assert "Zobel" not in page.text
    assert desk.post(add_url(hidden), {"subject": "x"}).status_code == 422
    assert not Job.objects.exists()


def test_an_individual_has_no_places_to_choose(desk, make_client):
    client = make_client("Elena", kind="individual", first_name="Elena", last_name="Kovács", email="e@k.example")
    shown = desk.get(add_url(client)).context["form"].fields
    assert not {"office", "department", "others"} & set(shown)
    desk.post(add_url(client), filled(desk.get(add_url(client))) | {"subject": "Pump"})
    assert Job.objects.get().office == client.offices.get()


def test_the_times_that_will_apply_stand_beside_the_form(desk, brauer, promise):
    promise(60, priority="urgent")
    with time_machine.travel(NOON, tick=False):
        page = desk.get(add_url(brauer))
        due = {one.priority: one.due for one in page.context["promised"]}
        assert due["urgent"] == timezone.now() + timedelta(hours=1)
    assert due["low"] is None
    assert "No SLA time" in page.text


@pytest.mark.parametrize("name", ["office", "department", "contact", "others", "assignee"])
def test_what_is_not_the_clients_own_is_refused_also_when_posted_by_hand(desk, brauer, make_client, make_staff, name):
    other = make_client("Nordlicht")
    kinds = {
        "office": other.offices.get,
        "department": lambda: other.departments.create(name="Sales"),
        "contact": lambda: other.contacts.register(other, last_name="Berg", email="b@n.example"),
        "assignee": lambda: make_staff("reader"),
    }
    alien = kinds["contact" if name == "others" else name]()
    answer = desk.post(add_url(brauer), filled(desk.get(add_url(brauer))) | {"subject": "Pump", name: alien.pk})
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_a_technician_who_may_not_see_the_client_is_refused(as_user, make_client, make_staff, tarik):
    owner = make_staff("manager", "m@desk.example")
    client = make_client("Zobel", restricted_to_responsible=True, sales_person=owner)
    browser = as_user(owner)
    answer = browser.post(add_url(client), filled(browser.get(add_url(client))) | {"subject": "Pump", "assignee": tarik.pk})
    assert "may not see this client" in answer.text


# --- rights ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("role", "may"), [(Role.READER, False), (Role.DESK, True), (Role.MANAGER, True)])
def test_who_may_log_change_and_close(make_staff, as_user, make_job, tarik, role, may):
    browser, job = as_user(make_staff(role)), brought(make_job(), "resolved", tarik)
    page = browser.get(job.get_absolute_url()).text
    assert ("Close job" in page, "Edit" in page) == (may, may)
    assert ('aria-label="Log a job for' in browser.get(reverse("clients:list") + "?view=all").text) == may
    assert browser.get(add_url(job.client)).status_code == (200 if may else 403)
    assert browser.get(url("edit", job)).status_code == (200 if may else 403)
    assert browser.post(url("close", job)).status_code == (303 if may else 403)
    assert Job.objects.get().status == ("closed" if may else "resolved")


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 403), (Role.ADMINISTRATOR, 200)])
def test_only_administrators_set_times_and_hours_for_all(make_staff, as_user, headquarters, role, status):
    browser = as_user(make_staff(role))
    for page in (reverse("jobs:system_times"), reverse("jobs:calendars"), reverse("jobs:edit_calendar", args=[headquarters.pk])):
        assert browser.get(page).status_code == status


# --- one job --------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", ["requested", "open", "assigned", "resolved", "closed", "cancelled"])
def test_a_job_offers_the_gestures_of_its_state_and_each_answers(desk, make_job, tarik, status):
    job = brought(make_job(requested=status == "requested"), status, tarik)
    page = desk.get(job.get_absolute_url()).text
    offered = {name for name in GESTURES if f'"{url(name, job)}"' in page}
    assert offered == {gesture.name for gesture in job.gestures}
    assert (f'"{url("edit", job)}"' in page) == (status != "closed")
    assert {desk.get(url(name, job)).status_code for name in offered} <= {200}


def test_a_job_is_assigned_resolved_and_closed_on_its_pages(desk, make_job, tarik):
    job = make_job()
    assert desk.post(url("assign", job), {}).status_code == 422
    desk.post(url("assign", job), {"assignee": tarik.pk, "scheduled_at": "2026-12-01T09:00"})
    desk.post(url("resolve", job), {"note": "New <seal>"})
    desk.post(url("edit", job), filled(desk.get(url("edit", job))) | {"subject": "Mend the pump"})
    assert Job.objects.get().subject == "Mend the pump"
    page = desk.post(url("close", job), follow=True).text
    assert "New &lt;seal&gt;" in page
    assert "It cannot be changed any more." in page
    assert [event.to for event in job.events.all()] == ["open", "assigned", "resolved", "closed"]
    assert desk.get(url("edit", job)).status_code == 404


def test_a_gesture_that_comes_too_late_is_refused_in_words(desk, make_job, tarik):
    job = brought(make_job(), "cancelled", tarik)
    page = desk.post(url("assign", job), {"assignee": tarik.pk}, follow=True).text
    assert "J-00001 is cancelled. Only an open job can be assigned." in page


def test_two_at_once_nothing_is_overwritten(desk, make_job):
    job = make_job()
    posted = filled(desk.get(url("edit", job)))
    other = Job.objects.get()
    other.subject = "Theirs"
    other.save()
    stale = desk.post(url("edit", job), posted | {"subject": "Mine"})
    assert stale.status_code == 409
    assert "Theirs" in stale.text
    assert "Mine" in stale.text
    assert Job.objects.get().subject == "Theirs"


def test_another_priority_moves_the_due_time_and_others_are_told(desk, make_job, promise, ada):
    promise(600)
    promise(60, priority="urgent")
    berg = ada.client.contacts.register(ada.client, last_name="Berg", email="berg@brauer.example")
    with time_machine.travel(NOON, tick=False):
        job = make_job()
        page = desk.get(url("edit", job))
        assert [one.due for one in page.context["promised"]][::2] == [
            job.opened_at + timedelta(hours=1),
            job.opened_at + timedelta(hours=10),
        ]
        assert "With another priority its clock counts anew" in page.text
        desk.post(url("edit", job), filled(page) | {"priority": "urgent", "others": [berg.pk]})
        job = Job.objects.get()
        assert job.due_at == timezone.now() + timedelta(hours=1)
    assert [link.contact for link in job.job_contacts.all()] == [berg]


# --- the list -------------------------------------------------------------------------------------
def test_the_list_shows_what_is_due_first_by_state_and_filter_and_its_file_is_the_same(desk, make_job, promise, tarik, make_client):
    promise(60, priority="urgent")
    promise(600)
    later, first = make_job("Later"), make_job("First", priority="urgent")
    closed = brought(make_job("Over"), "closed", tarik)
    make_job("Elsewhere", client=make_client("Nordlicht"), priority="low")
    listed = reverse("jobs:list")

    def names(query: str) -> list[str]:
        return [row.job.subject for row in desk.get(f"{listed}?{query}").context["rows"]]

    assert names("view=unfinished") == ["First", "Later", "Elsewhere"]
    assert names("view=closed") == ["Over"]
    assert names("view=all&sort=-due")[-1] == "First"
    assert names("view=all&q=j-00001") == ["Later"]
    assert names("view=all&priority=urgent&priority=low") == ["First", "Elsewhere"]
    assert names(f"view=all&technician={tarik.pk}") == ["Over"]
    assert names(f"view=all&client={later.client_id}") == ["First", "Later", "Over"]
    file = b"".join(desk.get(f"{reverse('jobs:export')}?view=all&client={later.client_id}&format=csv").streaming_content).decode()
    assert [re.search(r"J-\d+", line)[0] for line in file.splitlines()[1:]] == [first.number, later.number, closed.number]
    counts = {tab["label"]: tab["count"] for tab in desk.get(f"{listed}?view=all").context["views"]}
    assert (counts["To do"], counts["Closed"], counts["All"]) == ("3", "1", "4")


def test_chosen_columns_stand_in_the_list_and_in_its_workbook(desk, make_job, ada):
    """JD3."""
    make_job("Pump", city="Kiel", client_reference="PO-7")
    desk.post(reverse("jobs:columns"), {"column": ["city", "contact", "office"]})
    page = desk.get(f"{reverse('jobs:list')}?view=all")
    assert [str(head.column.label) for head in page.context["listing"].heads] == ["Job", "Office", "Contact person", "Town"]
    file = b"".join(desk.get(f"{reverse('jobs:export')}?view=all&format=xlsx").streaming_content)
    rows = [list(row) for row in load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True)]
    assert rows == [
        ["Job number", "Subject", "Office", "Contact person", "Town"],
        ["J-00001", "Pump", "Headquarters", "Ada Krämer", "Kiel"],
    ]


def test_overdue_jobs_are_filtered(desk, make_job, promise):
    promise(240)
    with time_machine.travel(NOON, tick=False) as now:
        make_job("Old")
        now.shift(timedelta(hours=5))
        make_job("New")
        page = desk.get(f"{reverse('jobs:list')}?view=all&clock=breached")
        assert [row.job.subject for row in page.context["rows"]] == ["Old"]
        assert "Overdue" in page.text


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("status", [("Open", 6), ("Assigned", 1)]),
        ("priority", [("Urgent", 1), ("Normal", 6)]),
        ("technician", [("Nobody yet", 6), ("Tarik Dahl", 1)]),
        ("client", [("Brauer Antriebe", 6), ("Nordlicht", 1)]),
    ],
)
def test_jobs_are_grouped_by_a_column_with_the_first_of_each_group(desk, ada, make_job, make_client, tarik, by, groups):
    """JD3."""
    for number in range(5):
        make_job(f"Job {number}")
    make_job("Urgent", priority="urgent", client=make_client("Nordlicht"))
    brought(make_job("His"), "assigned", tarik)
    page = desk.get(f"{reverse('jobs:list')}?view=unfinished&group={by}")
    found = page.context["groups"]
    assert [(group.label, group.count) for group in found] == groups
    for group in found:
        all_of_it = [row.job.subject for row in desk.get(f"{reverse('jobs:list')}{group.url}").context["rows"]]
        assert len(all_of_it) == group.count
        assert [row.job.subject for row in group.rows] == all_of_it[:5]
    assert page.text.count("All of ") == sum(group.count > 5 for group in found)
    assert "groups" not in desk.get(f"{reverse('jobs:list')}?view=unfinished&group=nonsense").context


# --- SLA times (J16, J17) -------------------------------------------------------------------------
def matrix(browser, page: str, **times: str) -> dict[str, str]:
    shown = {name: browser.get(page).context["form"][name].value() for name in ("seen",)}
    return shown | dict.fromkeys(MATRIX, "") | {name.replace("_", "-"): text for name, text in times.items()}


def test_a_client_inherits_what_is_left_blank_and_sees_it_beforehand(desk, brauer, promise):
    promise(240, priority="high")
    edit = reverse("jobs:edit_client_times", args=[brauer.pk])
    assert 'placeholder="4 h"' in desk.get(edit).text
    assert desk.post(edit, matrix(desk, edit, open_urgent="90 min", request_low="2 days")).status_code == 303
    page = re.sub(r"\s+", " ", desk.get(reverse("jobs:client_times", args=[brauer.pk])).text)
    assert "1 h 30 min</td>" in page
    assert SlaTarget.objects.of(brauer).minutes() == {("open", "urgent"): 90, ("request", "low"): 2 * 24 * 60}
    assert '4 h <span class="muted small">default</span>' in page


def test_which_jobs_move_is_said_before_they_move(desk, make_job, promise, brauer):
    promise(600)
    with time_machine.travel(NOON, tick=False):
        job, edit = make_job(), reverse("jobs:edit_client_times", args=[brauer.pk])
        posted = matrix(desk, edit, open_normal="1 h")
        asked = desk.post(edit, posted)
        assert asked.status_code == 200
        assert "1 job will be due at another time" in re.sub(r"\s+", " ", asked.text)
        assert job.number in asked.text
        assert not SlaTarget.objects.filter(client=brauer).exists()
        assert "1 job is due at another time now." in desk.post(edit, posted | {"confirm": "1"}, follow=True).text
        assert Job.objects.get(pk=job.pk).due_at == timezone.now() + timedelta(hours=1)


def test_times_that_somebody_changed_meanwhile_are_not_overwritten(desk, brauer, promise):
    edit = reverse("jobs:edit_client_times", args=[brauer.pk])
    posted = matrix(desk, edit, open_normal="1 h")
    promise(90, client=brauer)
    answer = desk.post(edit, posted)
    assert answer.status_code == 409
    assert "Somebody changed these times meanwhile" in answer.text
    assert SlaTarget.objects.of(brauer).minutes() == {("open", "normal"): 90}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("4", "is no duration"), ("0 h", "is no time at all"), ("400 days", "is more than a year"), ("<b>", "is no duration")],
)
def test_a_time_that_is_none_is_refused_in_words(text, sentence):
    with pytest.raises(ValidationError, match=re.escape(f"“{text}” {sentence}")):
        DurationField().clean(text)


def test_the_defaults_move_the_jobs_of_all_clients_but_those_with_times_of_their_own(make_staff, as_user, make_job, promise, make_client):
    admin, other = as_user(make_staff("administrator")), make_client("Nordlicht")
    promise(600)
    promise(60, client=other)
    with time_machine.travel(NOON, tick=False):
        job, own = make_job(), make_job(client=other)
        page = reverse("jobs:system_times")
        admin.post(page, matrix(admin, page, open_normal="2 h") | {"confirm": "1"})
        assert Job.objects.get(pk=job.pk).due_at == timezone.now() + timedelta(hours=2)
        assert Job.objects.get(pk=own.pk).due_at == timezone.now() + timedelta(hours=1)


# --- business hours (JD10) ------------------------------------------------------------------------
def test_business_hours_of_a_branch_are_set_and_removed_and_running_clocks_follow(make_staff, as_user, make_job, promise, headquarters):
    admin = as_user(make_staff("administrator"))
    edit = reverse("jobs:edit_calendar", args=[headquarters.pk])
    promise(480)
    with time_machine.travel(NOON, tick=False):
        job, start = make_job(), timezone.now()
        days = {"time_zone": "Europe/Berlin", "days_off": "2026-11-26\n"} | MONDAY_TO_FRIDAY
        assert admin.post(edit, days).status_code == 303
        assert Job.objects.get(pk=job.pk).due_at == start + timedelta(days=2)
        assert BusinessCalendar.objects.get().week[5:] == [None, None]
        admin.post(reverse("jobs:remove_calendar", args=[headquarters.pk]))
        assert Job.objects.get(pk=job.pk).due_at == start + timedelta(hours=8)


@pytest.mark.parametrize("text", ["9", "09:00", "17:00-09:00", "09:00-25:00", "a-b", "09:00-17:00-18:00", "09:61-10:00", "-1:00-2:00"])
def test_hours_that_are_none_are_refused_in_words(text):
    with pytest.raises(ValidationError, match=r"are no hours|ends before it begins"):
        HoursField().clean(text)


@pytest.mark.parametrize(("text", "found"), [("9-17", [540, 1020]), ("00:00-24:00", [0, 1440]), (" 8:30 – 12:00 ", [510, 720]), ("", None)])
def test_hours_are_read_as_people_write_them(text, found):
    assert HoursField().clean(text) == found
