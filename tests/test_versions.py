"""Nobody overwrites another's change without seeing it (house.md, no silent overwrite; trial V31, E01)."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser

from clientdesk.models import Change, User
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact


def form_of(page) -> dict[str, str]:
    """Return what the form of `page` would send, as a browser would."""
    return {bound.html_name: bound.value() for bound in page.context["form"] if bound.value() not in (None, False)}


def hidden_of(page) -> dict[str, str | list[str]]:
    """Return what the button Keep mine of a conflict page sends; a name that stands there several times has a list."""
    tags = re.findall(r'<input type="hidden"[^>]*? name="([^"]+)"(?: value="([^"]*)")?', page.text.split("<main")[1])
    found: dict[str, list[str]] = {}
    for name, value in tags:
        found.setdefault(name, []).append(html.unescape(value))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items() if name != "csrfmiddlewaretoken"}


FORMS = {
    "client": ("/clients/{client}/edit/", {"legal_name": "Mine"}, {"legal_name": "Theirs"}, Client, "legal_name"),
    "contact": ("/contacts/{contact}/edit/", {"first_name": "Mine"}, {"first_name": "Theirs"}, Contact, "first_name"),
    "own profile": ("/profile/", {"first_name": "Mine"}, {"first_name": "Theirs"}, User, "first_name"),
}


@pytest.fixture(params=FORMS)
def edited(request, ada, make_staff, as_user):
    """A form opened by two people (or in two tabs): its address, both changes, the record's model and field, two browsers."""
    address, mine, theirs, model, field = FORMS[request.param]
    user = make_staff()
    url = address.format(client=ada.client_id, contact=ada.pk)
    one, two = as_user(user), as_user(user if model is User else make_staff(Role.MANAGER))
    pk = {Client: ada.client_id, Contact: ada.pk, User: user.pk}[model]
    return {"url": url, "mine": mine, "theirs": theirs, "read": lambda: getattr(model.objects.get(pk=pk), field), "one": one, "two": two}


def test_the_second_save_shows_both_values_and_saves_nothing(edited):
    opened = form_of(edited["one"].get(edited["url"]))
    also = form_of(edited["two"].get(edited["url"]))
    assert edited["two"].post(edited["url"], also | edited["theirs"]).status_code == 303
    page = edited["one"].post(edited["url"], opened | edited["mine"])
    assert page.status_code == 409
    assert edited["read"]() == "Theirs"
    differing = [row for row in page.context["rows"] if row["differs"]]
    assert [(row["mine"], row["theirs"]) for row in differing] == [("Mine", "Theirs")]
    assert "Nothing of yours is saved yet" in page.text


def test_keep_mine_saves_what_was_typed(edited):
    opened = form_of(edited["one"].get(edited["url"]))
    edited["two"].post(edited["url"], opened | edited["theirs"])
    page = edited["one"].post(edited["url"], opened | edited["mine"])
    assert edited["one"].post(edited["url"], hidden_of(page)).status_code == 303
    assert edited["read"]() == "Mine"


def test_take_theirs_is_a_link_to_the_fresh_form(edited):
    opened = form_of(edited["one"].get(edited["url"]))
    edited["two"].post(edited["url"], opened | edited["theirs"])
    page = edited["one"].post(edited["url"], opened | edited["mine"])
    assert f'href="{edited["url"]}"' in page.text
    fresh = form_of(edited["one"].get(edited["url"]))
    assert "Theirs" in fresh.values()
    assert edited["one"].post(edited["url"], fresh | edited["mine"]).status_code == 303


@pytest.mark.parametrize("version", ["", "0", "999", "abc", "1 ", None])
def test_a_missing_or_foreign_version_saves_nothing(edited, version):
    opened = form_of(edited["one"].get(edited["url"]))
    sent = opened | edited["mine"] | ({} if version is None else {"version": version})
    if version is None:
        del sent["version"]
    assert edited["one"].post(edited["url"], sent).status_code == 409
    assert edited["read"]() != "Mine"


def test_a_refused_save_keeps_the_version_so_that_it_can_be_mended(desk, brauer):
    url = f"/clients/{brauer.pk}/edit/"
    opened = form_of(desk.get(url))
    page = desk.post(url, opened | {"name": ""})
    assert page.status_code == 422
    assert desk.post(url, form_of(page) | {"name": "Brauer Neu"}).status_code == 303


def test_a_gesture_in_between_is_seen_by_the_open_form(desk, brauer):
    url = f"/clients/{brauer.pk}/edit/"
    opened = form_of(desk.get(url))
    desk.post(f"/clients/{brauer.pk}/deactivate/")
    page = desk.post(url, opened | {"legal_name": "Mine"})
    assert page.status_code == 409
    assert ("Not changed by you", "Inactive") in [(row["mine"], row["theirs"]) for row in page.context["rows"]]


def test_keep_mine_leaves_alone_what_only_the_other_changed(brauer, make_staff, as_user):
    one, two = as_user(make_staff()), as_user(make_staff(Role.MANAGER))
    url = f"/clients/{brauer.pk}/edit/"
    opened = form_of(one.get(url))
    theirs = {"legal_name": "Theirs AG", "phone": "030 5550142", "status": "potential", "notes": "New\r\nnote", "country": ""}
    assert two.post(url, opened | theirs).status_code == 303
    page = one.post(url, opened | {"city": "Bonn", "status": "active"})
    assert page.status_code == 409
    assert [row["label"] for row in page.context["rows"] if row["differs"]] == ["City"]
    assert one.post(url, hidden_of(page)).status_code == 303
    brauer.refresh_from_db()
    assert (brauer.city, brauer.legal_name, str(brauer.phone), brauer.status) == ("Bonn", "Theirs AG", "+49305550142", "potential")
    assert (brauer.notes, brauer.country) == ("New\nnote", "")


@pytest.mark.parametrize("seen", ["", "[]", "{", '{"legal_name": 1}', "x" * 10_000, None])
def test_what_a_form_says_it_showed_can_be_nonsense(desk, brauer, seen):
    url = f"/clients/{brauer.pk}/edit/"
    opened = form_of(desk.get(url))
    brauer.save()
    sent = opened | {"legal_name": "Mine", "seen": seen or ""}
    if seen is None:
        del sent["seen"]
    assert desk.post(url, sent).status_code == 409


def test_the_page_says_who_saved_meanwhile(ada, make_staff, as_user):
    one, two = as_user(make_staff()), as_user(make_staff(Role.MANAGER, first_name="Ingrid"))
    url = f"/clients/{ada.client_id}/edit/"
    opened = form_of(one.get(url))
    two.post(url, opened | {"legal_name": "Theirs"})
    assert "<strong>Ingrid Dahl</strong> changed Brauer Antriebe" in one.post(url, opened | {"legal_name": "Mine"}).text


@pytest.mark.django_db(transaction=True)
def test_of_parallel_saves_one_wins_and_the_others_see_a_conflict(brauer, make_staff):
    user = make_staff()
    browser = Browser()
    browser.force_login(user)
    url = f"/clients/{brauer.pk}/edit/"
    opened = form_of(browser.get(url))
    start = Barrier(3)

    def post(n: int) -> int:
        try:
            own = Browser()
            own.force_login(User.objects.get(pk=user.pk))
            start.wait()
            return own.post(url, opened | {"legal_name": f"Save {n}"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(post, range(3))) == [303, 409, 409]
    assert Client.objects.get().version == 2
    assert Change.objects.filter(object_id=brauer.pk, changes__has_key="legal_name", action=Change.Action.UPDATE).count() == 1
