"""Reminders by mail: sent once, in time, and not for what is done, cancelled, somebody else's or hidden (X70)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from clientdesk.models import OutgoingMail, User
from clientdesk.rights import Role
from contacts.crm.reminders import queue_due
from contacts.models import CrmAction
from tests.doors import delivered

HOUR = timedelta(hours=1)


@pytest.fixture
def action(ada, make_staff) -> CrmAction:
    """A call of tomorrow of which somebody is to be reminded now."""
    now, person = timezone.now(), make_staff(Role.DESK, time_zone="Asia/Tokyo")
    return CrmAction.objects.create(
        client=ada.client, contact=ada, kind="call", subject="Call Ada", due_at=now + HOUR, reminder_at=now, assigned_to=person
    )


def test_the_person_in_charge_is_reminded_once_with_what_when_and_whom(action, settings):
    assert (queue_due(), queue_due()) == (1, 0)
    [message] = delivered()
    assert message.to == ["desk@desk.example"]
    assert message.subject == "Reminder: Call Ada"
    assert "Ada Krämer" in message.body
    assert f"{settings.PUBLIC_BASE_URL}/crm/{action.pk}/" in message.body
    assert timezone.localtime(action.due_at, __import__("zoneinfo").ZoneInfo("Asia/Tokyo")).strftime("%H:%M JST") in message.body


def test_a_reminder_that_is_not_due_yet_waits(action):
    CrmAction.objects.filter(pk=action.pk).update(reminder_at=timezone.now() + HOUR)
    assert queue_due() == 0


@pytest.mark.parametrize("fate", ["complete", "cancel", "deactivated"])
def test_nobody_is_reminded_of_what_is_over_or_without_a_person(action, fate):
    if fate == "deactivated":
        User.objects.filter(pk=action.assigned_to_id).update(is_active=False)
    else:
        getattr(action, fate)()
    assert queue_due() == 0


@pytest.mark.parametrize("fate", ["complete", "cancel", "postpone", "deactivated", "another", "restricted"])
def test_what_happened_before_the_mail_left_stops_it(action, fate, make_staff):
    queue_due()
    if fate == "deactivated":
        User.objects.filter(pk=action.assigned_to_id).update(is_active=False)
    elif fate == "another":
        action.assigned_to = make_staff(Role.MANAGER)
        action.save()
    elif fate == "restricted":
        action.client.sales_person, action.client.restricted_to_responsible = make_staff(Role.MANAGER), True
        action.client.save()
    elif fate == "postpone":
        action.postpone(timezone.now() + 99 * HOUR)
    else:
        getattr(action, fate)()
    assert delivered() == []
    assert OutgoingMail.objects.get().state == "dropped"


def test_a_postponed_action_reminds_again(action):
    queue_due()
    delivered()
    action.postpone(action.due_at + HOUR)
    CrmAction.objects.filter(pk=action.pk).update(reminder_at=timezone.now())
    assert queue_due() == 1
    assert len(delivered()) == 1


def test_another_time_of_the_reminder_typed_into_the_form_lets_it_be_sent_again(action, desk):
    queue_due()
    page = desk.get(f"/crm/{action.pk}/edit/")
    form = page.context["form"]
    body = {bound.html_name: bound.value() or "" for bound in form}
    soon = (timezone.localtime() + 2 * HOUR).strftime("%Y-%m-%dT%H:%M")
    assert desk.post(f"/crm/{action.pk}/edit/", body | {"reminder_at": soon}).status_code == 303
    action.refresh_from_db()
    assert action.reminded_at is None


@pytest.fixture
def desk(action, as_user):
    return as_user(action.assigned_to)


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_look_at_once_remind_once(action):
    """On SQLite and PostgreSQL."""
    start = Barrier(2)

    def look(_n: int) -> int:
        try:
            start.wait()
            return queue_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(look, range(2))) == [0, 1]
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_who_complete_at_once_are_both_told_it_is_done(action):
    start = Barrier(2)

    def press(_n: int) -> bool:
        try:
            own = CrmAction.objects.get(pk=action.pk)
            start.wait()
            return own.complete()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]
    action.refresh_from_db()
    assert (action.status, action.version) == ("done", 2)


@pytest.mark.django_db(transaction=True)
def test_the_worker_looks_for_reminders_by_itself(action):
    call_command("worker", once=True)
    assert OutgoingMail.objects.get().state == "sent"
