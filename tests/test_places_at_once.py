"""Two people at once at the places of one client: one headquarters, one department of a name, no circle (invariants 4 to 6)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser

from clientdesk.models import User
from clients.models import Client
from contacts.models import Contact, Department, Office
from tests.test_client_profile import confirmed, posted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once(make_staff) -> Callable[..., list]:
    """Return a function that posts (address, body) each in a browser and a thread of its own, and gives the answers in their order."""
    user = make_staff("manager")

    def post_all(*posts: tuple[str, dict]) -> list:
        start = Barrier(len(posts))

        def post(one: tuple[str, dict]):
            try:
                browser = Browser()
                browser.force_login(User.objects.get(pk=user.pk))
                start.wait()
                return browser.post(*one)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(posts)) as pool:
            return list(pool.map(post, posts))

    return post_all


def test_many_offices_made_headquarters_at_once_leave_exactly_one(at_once, brauer):
    """Invariant 5."""
    offices = [brauer.offices.create(name=f"Office {n}") for n in range(8)]
    answers = at_once(*((f"/offices/{office.pk}/make-headquarters/", {}) for office in offices))
    assert {answer.status_code for answer in answers} == {303}
    assert brauer.offices.filter(is_headquarters=True).count() == 1


def test_an_office_deactivated_while_it_becomes_the_headquarters_is_one_or_the_other(at_once, brauer):
    office = brauer.offices.create(name="Plant")
    at_once((f"/offices/{office.pk}/make-headquarters/", {}), (f"/offices/{office.pk}/deactivate/", {}))
    assert brauer.offices.get(is_headquarters=True).active


def test_a_department_typed_by_two_at_once_is_one(at_once, brauer):
    """X40."""
    people = [brauer.contacts.register(brauer, last_name=f"Person {n}") for n in range(3)]
    edits = ((f"/contacts/{one.pk}/edit/", {"last_name": one.last_name, "department": "Lab", "version": one.version}) for one in people)
    new = {"last_name": "New", "email": "new@brauer.example", "department": " lab"}
    answers = at_once(*edits, (f"/clients/{brauer.pk}/contacts/add/", new))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert set(Contact.objects.values_list("department", flat=True)) == {Department.objects.get().pk}


def test_a_department_added_by_two_at_once_is_one_and_the_second_reads_why(at_once, brauer):
    """C10."""
    answers = at_once(*[(f"/clients/{brauer.pk}/departments/add/", {"name": name}) for name in ("Purchasing", "PURCHASING")])
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    # At its own name, whether the form refuses it or, where both had passed that, the database.
    [(place, [said])] = refused.context["form"].errors.items()
    assert (place, said[:29]) == ("name", "This client has a department ")
    assert Department.objects.count() == 1


def test_two_offices_put_beneath_each_other_at_once_make_no_circle(at_once, brauer):
    one, two = (brauer.offices.create(name=name) for name in ("One", "Two"))
    at_once(
        (f"/offices/{one.pk}/edit/", {"name": "One", "parent": two.pk, "version": one.version}),
        (f"/offices/{two.pk}/edit/", {"name": "Two", "parent": one.pk, "version": two.version}),
    )
    assert Office.objects.exclude(parent=None).count() == 1


def test_a_client_that_becomes_an_individual_while_a_department_is_added_is_one_or_the_other(at_once, brauer, make_staff):
    """Invariant 4."""
    browser = Browser()
    browser.force_login(make_staff("administrator"))
    asked = browser.post(f"/clients/{brauer.pk}/edit/", posted(brauer, kind="individual"))
    at_once((f"/clients/{brauer.pk}/edit/", confirmed(asked)), (f"/clients/{brauer.pk}/departments/add/", {"name": "Purchasing"}))
    brauer = Client.objects.get(pk=brauer.pk)
    assert brauer.is_individual is not brauer.departments.exists()


def test_an_office_deleted_while_somebody_chooses_it_is_chosen_or_gone(at_once, brauer):
    office = brauer.offices.create(name="Plant")
    brauer.offices.create(name="Store")
    ada = brauer.contacts.register(brauer, last_name="Krämer")
    chosen = {"offices": [office.pk], "default_office": office.pk, "version": ada.version}
    answers = at_once((f"/contacts/{ada.pk}/offices/", chosen), (f"/offices/{office.pk}/delete/", {}))
    assert {answer.status_code for answer in answers} <= {303, 422}
    ada = Contact.objects.get(pk=ada.pk)
    assert Office.objects.filter(pk=office.pk).exists() is (ada.default_office_id == office.pk)
    assert [link.office_id for link in ada.contact_offices.all()] == [ada.default_office_id]
