"""The calendar page and the calendar address: days, first weekday, secrets (X70; V8)."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from clientdesk.rights import Role
from contacts.crm.grid import week_of, weeks_of_month
from contacts.models import CalendarFeed, CrmAction
from tests.doors import dump

NOON = timezone.make_aware(datetime(2026, 11, 25, 12))


@pytest.fixture
def me(make_staff):
    return make_staff(Role.DESK)


@pytest.fixture
def plan(ada, me):
    """Return a function that plans an action of mine."""

    def make(subject: str = "Call Ada", **fields) -> CrmAction:
        known = {"client": ada.client, "contact": ada, "kind": "call", "due_at": NOON, "assigned_to": me}
        return CrmAction.objects.create(subject=subject, **(known | fields))

    return make


# --- the page -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "start", "count"),
    [(1, date(2026, 10, 26), 6), (7, date(2026, 11, 1), 5), (6, date(2026, 10, 31), 5)],
    ids=["Monday", "Sunday", "Saturday"],
)
def test_a_month_begins_with_the_first_weekday_of_the_person(first, start, count):
    weeks = weeks_of_month(date(2026, 11, 25), first)
    assert (weeks[0][0].day, len(weeks)) == (start, count)
    assert week_of(date(2026, 11, 25), first)[0].day.isoweekday() == first


def test_the_month_shows_my_actions_on_their_days_and_leads_to_the_list_of_a_day(me, as_user, plan, make_staff):
    plan()
    plan("Done call").complete()
    CrmAction.objects.filter(subject="Done call").update(sort_at=NOON)
    plan("Not mine", assigned_to=make_staff(Role.MANAGER))
    for n in range(3):
        plan(f"Another {n}")
    browser = as_user(me)
    page = browser.get("/crm/calendar/?day=2026-11-01")
    [day] = [day for week in page.context["weeks"] for day in week if day.day == date(2026, 11, 25)]
    assert [action.subject for action in day.actions] == ["Call Ada", "Done call", "Another 0", "Another 1", "Another 2"]
    assert "2 more" in page.text
    assert "Not mine" not in page.text
    assert 'href="/crm/?view=mine&amp;day=2026-11-25"' in page.text
    listed = browser.get("/crm/?view=mine&day=2026-11-25")
    assert len(listed.context["rows"]) == 5
    assert "Only the actions of 25 November 2026." in listed.text
    assert browser.get("/crm/?view=mine&day=2026-11-26").context["rows"] == []


def test_the_week_shows_all_of_a_day_and_leads_on(me, as_user, plan):
    for n in range(5):
        plan(f"Call {n}")
    page = as_user(me).get("/crm/calendar/?view=week&day=2026-11-25")
    assert all(f"Call {n}" in page.text for n in range(5))
    assert 'href="?view=week&amp;day=2026-11-18"' in page.text
    assert 'href="?view=week&amp;day=2026-12-02"' in page.text


@pytest.mark.parametrize("query", ["day=x", "day=2026-13-45", "day=0001-01-01", "day=9999-12-31", "view=year", "day=2026-11-25T10:00"])
def test_no_address_of_the_calendar_or_of_a_day_is_an_error(me, as_user, query):
    assert as_user(me).get(f"/crm/calendar/?{query}").status_code == 200
    assert as_user(me).get(f"/crm/?{query}").status_code == 200


def test_days_are_those_of_the_users_time_zone(me, as_user, plan):
    me.time_zone, me.first_weekday = "Pacific/Auckland", 7
    me.save()
    plan(due_at=timezone.make_aware(datetime(2026, 11, 25, 20)))
    page = as_user(me).get("/crm/calendar/?day=2026-11-25")
    assert page.context["weeks"][0][0].day == date(2026, 11, 1)
    assert [day.day for week in page.context["weeks"] for day in week if day.actions] == [date(2026, 11, 26)]


# --- the address ----------------------------------------------------------------------------------
def make_address(browser) -> str:
    """Make a calendar address and return its path; it is shown once."""
    browser.post(reverse("crm:new_feed"))
    address = browser.get(reverse("crm:feed")).context["address"]
    assert browser.get(reverse("crm:feed")).context["address"] == "", "shown once"
    return address[address.index("/account/") :]


def test_the_address_needs_no_session_and_holds_my_actions_only(me, as_user, plan, make_staff, make_client):
    action, done = plan(end_at=NOON + timedelta(hours=2)), plan("Was done")
    done.complete()
    plan("Was cancelled").cancel()
    plan("Not mine", assigned_to=make_staff(Role.MANAGER))
    CrmAction.objects.create(client=action.client, kind="memo", subject="A memo", assigned_to=me)
    hidden = make_client("Zobelgeheim", sales_person=make_staff(Role.MANAGER, "o@desk.example"), restricted_to_responsible=True)
    plan("Hidden", client=hidden, contact=None)

    answer = Browser().get(make_address(as_user(me)))

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["Call: Call Ada", "✓ Call: Was done"]
    assert (events[0]["dtstart"].dt, events[0]["dtend"].dt) == (NOON, NOON + timedelta(hours=2))
    assert str(events[0]["uid"]).startswith(f"crm-action-{action.pk}@")
    assert "Ada Krämer, Brauer Antriebe" in str(events[0]["description"])


def test_only_a_hash_of_it_is_stored_and_reading_changes_nothing(me, as_user):
    path = make_address(as_user(me))
    token = path.split("/")[3]
    assert len(token) >= 43
    assert token not in dump()
    before = dump()
    assert Browser().get(path).status_code == 200
    assert dump() == before


@pytest.mark.parametrize("fate", ["renewed", "revoked", "deactivated", "no staff"])
def test_an_address_dies(me, as_user, fate):
    browser = as_user(me)
    path = make_address(browser)
    if fate == "renewed":
        assert Browser().get(make_address(browser)).status_code == 200
    elif fate == "revoked":
        browser.post(reverse("crm:revoke_feed"))
        assert CalendarFeed.objects.count() == 0
    else:
        me.is_active, me.role = fate != "deactivated", "" if fate == "no staff" else me.role
        me.save()
    assert Browser().get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "ä", "1"])
def test_an_unknown_address_is_404(db, token):
    assert Browser().get(f"/account/calendar/{token}/clientdesk.ics").status_code == 404


@pytest.mark.parametrize("subject", ["a\r\nEND:VEVENT\r\nBEGIN:VEVENT", "x;y,z\\n", "🎉" * 60, "BEGIN:VCALENDAR"])
def test_what_a_subject_holds_stays_one_event(me, as_user, plan, subject):
    CrmAction.objects.filter(pk=plan().pk).update(subject=subject, body=subject)
    events = Calendar.from_ical(Browser().get(make_address(as_user(me))).content).walk("VEVENT")
    assert len(events) == 1


def test_one_action_is_a_calendar_file(me, as_user, plan, ada):
    browser = as_user(me)
    answer = browser.get(reverse("crm:event", args=[plan().pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 1
    memo = CrmAction.objects.create(client=ada.client, kind="memo", subject="A memo")
    assert browser.get(reverse("crm:event", args=[memo.pk])).status_code == 404
