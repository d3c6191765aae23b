"""A client as it stood at the end of a day (issue 3, point 7): built from the history, honest where that says nothing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from clientdesk import history
from clientdesk.history import keeping
from clientdesk.models import Change, User
from clientdesk.rights import Role
from clients import merging
from clients.models import Category, Client, ClientIndustry, Industry


def backdate(changes, moment: datetime) -> None:
    with transaction.atomic(), keeping.opened():
        Change.objects.filter(pk__in=list(changes.values_list("pk", flat=True))).update(timestamp=moment)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def past(brauer):
    """Brauer was added on 2 March, renamed on 5 March, given a category on 9 March; all else is of today."""
    Client.objects.filter(pk=brauer.pk).update(created_at=at(2))
    brauer.refresh_from_db()
    backdate(history.changes_of(brauer), at(2))
    brauer.legal_name = "Brauer AG"
    brauer.more_emails = [{"address": "a@b.example", "cc": True}]
    brauer.save()
    backdate(history.changes_of(brauer)[:1], at(5))
    brauer.category = Category.objects.create(name="Key account")
    brauer.legal_name = "Brauer SE"
    brauer.custom = {"tier": "Gold"}
    brauer.save()
    backdate(history.changes_of(brauer)[:1], at(9))
    return Client.objects.get(pk=brauer.pk)


def values(client: Client, day: date) -> dict[str, str]:
    return {field.label: field.then for field in history.as_of(client, day).fields}


@pytest.mark.parametrize(
    ("day", "legal_name", "category", "emails"),
    [
        (2, "Brauer Antriebe GmbH", "", ""),
        (4, "Brauer Antriebe GmbH", "", ""),
        (5, "Brauer AG", "", "a@b.example (gets copies)"),
        (8, "Brauer AG", "", "a@b.example (gets copies)"),
        (9, "Brauer SE", "Key account", "a@b.example (gets copies)"),
        (30, "Brauer SE", "Key account", "a@b.example (gets copies)"),
    ],
)
def test_each_day_has_the_values_that_stood_at_its_end(past, day, legal_name, category, emails):
    found = values(past, date(2026, 3, day))
    assert (found["Legal name"], found["Category"], found["More e-mail addresses"]) == (legal_name, category, emails)
    assert found["Name"] == "Brauer Antriebe"


def test_today_differs_in_nothing(past):
    found = history.as_of(past, timezone.localdate())
    assert found.differing == []
    assert len(found.same) > 30


def test_what_differs_is_told_beside_the_value_of_today(desk, past):
    page = desk.get(reverse("clients:as_of", args=[past.pk]), {"on": "2026-03-05"})
    assert {field.label: (field.then, field.now) for field in page.context["past"].differing} == {
        "Legal name": ("Brauer AG", "Brauer SE"),
        "Category": ("", "Key account"),
        "Custom fields": ("", "tier: Gold"),
    }
    assert f"Different on {date_format(date(2026, 3, 5))}" in page.text


def test_before_it_was_added_there_is_a_sentence(desk, past):
    page = desk.get(reverse("clients:as_of", args=[past.pk]), {"on": "2026-03-01"})
    before, added = date_format(date(2026, 3, 1)), date_format(date(2026, 3, 2))
    assert f"This client did not exist on {before}. It was added on {added}." in page.text


def test_a_day_ends_at_midnight_of_the_time_zone_that_pages_show(past):
    """The same change lies on 5 March in Berlin and on 4 March in New York."""
    with timezone.override("Europe/Berlin"):
        assert values(past, date(2026, 3, 4))["Legal name"] == "Brauer Antriebe GmbH"
    backdate(history.changes_of(past)[1:2], datetime(2026, 3, 5, 3, tzinfo=UTC))
    with timezone.override("America/New_York"):
        assert values(past, date(2026, 3, 4))["Legal name"] == "Brauer AG"
    with timezone.override("Europe/Berlin"):
        assert values(past, date(2026, 3, 4))["Legal name"] == "Brauer Antriebe GmbH"


@pytest.mark.parametrize("on", ["tomorrow", "2026-02-30", "9999-12-31", "0001-01-01", "<b>", "2026-03-05T", "٢٠٢٦-٠٣-٠٥"])
def test_what_is_no_day_of_the_past_is_refused_with_a_sentence(desk, brauer, on):
    page = desk.get(reverse("clients:as_of", args=[brauer.pk]), {"on": on})
    if on == "2026-03-05T":
        assert page.status_code == 200
        return
    assert page.status_code == 422
    assert "is no day of the past. Choose a day up to today." in page.text
    assert "<b>”" not in page.text


def test_a_value_that_was_changed_without_a_record_is_marked(past):
    Client.objects.filter(pk=past.pk).update(legal_name="Written past the history")
    past.refresh_from_db()
    field = next(one for one in history.as_of(past, date(2026, 3, 20)).fields if one.label == "Legal name")
    assert field.unsure
    before = next(one for one in history.as_of(past, date(2026, 3, 6)).fields if one.label == "Legal name")
    assert (before.then, before.unsure) == ("Brauer AG", False)


def test_a_client_that_was_loaded_without_history_says_so(desk, headquarters):
    old = Client(name="Loaded", name_key="loaded", legal_name="Loaded Ltd", branch=headquarters, number="X-1", created_at=at(1))
    Client.objects.bulk_create([old])
    Client.objects.filter(pk=old.pk).update(created_at=at(1))
    old = Client.objects.get(pk=old.pk)
    old.notes = "New"
    old.save()
    page = desk.get(reverse("clients:as_of", args=[old.pk]), {"on": "2026-03-05"})
    assert "The history of this client begins on" in page.text
    assert "may have been others on this day" in page.text
    assert values(old, date(2026, 3, 5))["Notes"] == ""
    today = desk.get(reverse("clients:as_of", args=[old.pk]), {"on": timezone.localdate().isoformat()})
    assert "it was loaded without one" in today.text


def test_industries_of_the_day_are_told(brauer):
    Client.objects.filter(pk=brauer.pk).update(created_at=at(2))
    backdate(history.changes_of(brauer), at(2))
    gone = ClientIndustry.objects.create(client=brauer, industry=Industry.objects.create(name="Energy"))
    backdate(Change.objects.filter(object_id=gone.pk, content_type__model="clientindustry"), at(3))
    gone.delete()
    ClientIndustry.objects.create(client=brauer, industry=Industry.objects.create(name="Medical technology"))
    field = next(one for one in history.as_of(brauer, date(2026, 3, 4)).fields if one.label == "Industry")
    assert (field.then, field.now, field.differs) == ("Energy", "Medical technology", True)


def test_departments_of_the_day_are_told(brauer):
    Client.objects.filter(pk=brauer.pk).update(created_at=at(2))
    backdate(history.changes_of(brauer), at(2))
    gone = brauer.departments.create(name="Purchasing")
    backdate(Change.objects.filter(object_id=gone.pk, content_type__model="department"), at(3))
    gone.delete()
    brauer.departments.create(name="Research")
    field = next(one for one in history.as_of(brauer, date(2026, 3, 4)).fields if one.label == "Department")
    assert (field.then, field.now, field.differs) == ("Purchasing", "Research", True)


def test_a_department_of_the_day_has_the_name_of_the_day(brauer):
    none = timezone.now()
    department = brauer.departments.create(name="Labs")
    labs = timezone.now()
    department.name = "Research"
    department.save()
    assert departments(brauer, labs) == ("Labs", "Research")
    assert departments(brauer, none) == ("", "Research")


def departments(client: Client, moment: datetime) -> tuple[str, str]:
    """Return the names of the departments that `client` had at `moment` and has now."""
    found = history.as_of(client, timezone.localdate(), moment).fields
    return next((field.then, field.now) for field in found if field.label == "Department")


def test_what_came_with_a_merge_was_not_there_before_and_what_left_with_its_undo_was(manager, brauer, make_client):
    """Between merge and undo the two were one: each day tells what the client had on it, on both sides."""
    other = make_client("Brauer 2")
    brauer.departments.create(name="Research")
    other.departments.create(name="Purchasing")
    apart, by = timezone.now(), User.objects.get(role=Role.MANAGER)
    made = merging.merge(brauer.pk, other.pk, by, {}, {one.pk: str(one.version) for one in (brauer, other)})
    assert departments(brauer, apart) == ("Research", "Purchasing, Research")
    together = timezone.now()
    merging.undo(made.pk, by)
    other = Client.objects.get(pk=other.pk)
    assert departments(brauer, together) == ("Purchasing, Research", "Research")
    assert departments(brauer, apart) == ("Research", "Research")
    assert departments(other, apart) == ("Purchasing", "Purchasing")


def test_the_number_of_queries_does_not_grow_with_the_history(past, django_assert_max_num_queries):
    for number in range(40):
        past.notes = str(number)
        past.save()
    # Two of them for jobs, which are a part of the client's history, too.
    with django_assert_max_num_queries(14):
        assert values(past, date(2026, 3, 5))["Notes"] == ""


def test_walking_back_to_every_day_undoes_every_change(past):
    """As-of is the inverse of the history: the end of each day is what the record was then."""
    seen = {}
    for number in range(1, 15):
        past.notes = f"Note {number}"
        past.budget_codes = "x" * (number % 3)
        past.save()
        backdate(history.changes_of(past)[:1], at(10) + timedelta(days=number))
        seen[(at(10) + timedelta(days=number)).date()] = (past.notes, past.budget_codes)
    for day, (notes, codes) in seen.items():
        found = values(past, day)
        assert (found["Notes"], found["Budget codes"]) == (notes, codes)
