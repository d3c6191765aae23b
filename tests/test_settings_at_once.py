"""Two administrators in the same settings list at once: one default, one headquarters, one order, no lost entry (V33, XD36)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser
from django.urls import reverse

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Branch, Category, Client, Industry
from tests.test_versions import form_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def together(make_staff, headquarters) -> Callable[[list[tuple[str, dict]]], list[int]]:
    """Return a function that posts to all addresses at the same moment, each as its own session, and gives the statuses in order."""
    boss = make_staff(Role.ADMINISTRATOR)

    def post_all(posts: list[tuple[str, dict]]) -> list[int]:
        start = Barrier(len(posts))

        def post(one: tuple[str, dict]) -> int:
            try:
                browser = Browser()
                browser.force_login(User.objects.get(pk=boss.pk))
                start.wait()
                return browser.post(*one).status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(posts)) as pool:
            return list(pool.map(post, posts))

    return post_all


def edit(name: str, entry, **typed) -> tuple[str, dict]:
    """Return address and content of the edit form of `entry` with `typed` in it."""
    boss = User.objects.get(role=Role.ADMINISTRATOR)
    browser = Browser()
    browser.force_login(boss)
    address = reverse("settings:edit", args=[name, entry.pk])
    return address, form_of(browser.get(address)) | typed


def test_two_that_become_the_default_at_once_leave_one(together):
    former, *wanted = [Industry.objects.create(name=f"Industry {number}", is_default=number == 0) for number in range(5)]
    assert former.is_default
    answers = together([edit("industries", entry, is_default="on") for entry in wanted])
    assert set(answers) == {303}
    assert Industry.objects.filter(is_default=True).count() == 1
    assert Industry.objects.get(is_default=True) in wanted


def test_two_that_become_the_headquarters_at_once_leave_one(together, headquarters):
    wanted = [Branch.objects.create(name=name, code=name) for name in ("Lisbon", "Wien")]
    assert set(together([edit("branches", branch, is_headquarters="on") for branch in wanted])) == {303}
    assert Branch.objects.get(is_headquarters=True) in wanted


def test_two_put_beneath_each_other_at_once_make_no_circle(together):
    first, second = (Category.objects.create(name=name) for name in ("First", "Second"))
    answers = together([edit("categories", first, parent=second.pk), edit("categories", second, parent=first.pk)])
    assert sorted(answers) in ([303, 409], [303, 422])
    assert Category.objects.filter(parent=None).count() == 1


def test_entries_moved_at_once_keep_one_order(together):
    entries = [Industry.objects.create(name=f"Industry {number}") for number in range(6)]
    way = [(reverse("settings:move", args=["industries", entry.pk]), {"way": "up"}) for entry in entries[1:]]
    assert set(together(way)) == {303}
    places = list(Industry.objects.values_list("position", flat=True))
    assert sorted(places) == [10, 20, 30, 40, 50, 60]


def test_an_entry_that_is_chosen_while_it_is_deleted_is_either_gone_or_chosen(together, brauer):
    category = Category.objects.create(name="Fragile")
    browser = Browser()
    browser.force_login(User.objects.get(role=Role.ADMINISTRATOR))
    address = reverse("clients:edit", args=[brauer.pk])
    chosen = (address, form_of(browser.get(address)) | {"category": category.pk})
    deleted, saved = together([(reverse("settings:delete", args=["categories", category.pk]), {}), chosen])
    assert (deleted, saved) in {(303, 422), (422, 303)}
    assert Category.objects.exists() is (saved == 303)
    assert (Client.objects.get().category_id is None) is (saved == 422)
