"""The settings lists: every list with add, change, order, default, deactivate, restore, delete, and who may (X14, XD18, XD36, S11, SD3)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientdesk.models import Change
from clientdesk.rights import Role
from clients.models import Branch, Category, CompanyType, Industry, LeadSource
from clients.settings_list import settings_lists
from contacts.models import MailTemplate, Position, SocialNetwork
from jobs.models import JobType
from tests.doors import dump

MODELS = {
    "branches": Branch,
    "categories": Category,
    "company-types": CompanyType,
    "industries": Industry,
    "lead-sources": LeadSource,
    "positions": Position,
    "social-networks": SocialNetwork,
    "crm-templates": MailTemplate,
    "job-types": JobType,
}
ODD = "<b>„Öl & Gas“ {{7*7}}</b> \u05e9\u05dc\u05d5\u05dd " + "x" * 40
LETTER = {"subject": "News", "text": "Hello {first_name}"}
every_list = pytest.mark.parametrize("name", MODELS)


@pytest.fixture
def office(make_staff, as_user, headquarters):
    """A browser of an administrator; one branch is there from the start."""
    return as_user(make_staff(Role.ADMINISTRATOR))


def url(gesture: str, name: str, *more: object) -> str:
    return reverse(f"settings:{gesture}", args=[name, *more])


def filled(of: str, **fields) -> dict[str, object]:
    """Return what the form of the list `of` needs at least, changed by `fields`; what is True is ticked."""
    needed = {"name": "Alpha"}
    if of == "branches":
        needed["code"] = str(fields.get("name", "Alpha"))[:10].upper()
    if of == "company-types":
        needed["fits"] = "corporate"
    if of == "crm-templates":
        needed |= LETTER
    return {key: "on" if value is True else value for key, value in (needed | fields).items() if value is not False}


def make(name: str, *labels: str, **fields) -> list:
    """Add an entry for each of `labels` in this order."""
    model = MODELS[name]
    more = {"code": None} if name == "branches" else {}
    fields |= LETTER if name == "crm-templates" else {}
    start = model.objects.count() * 10
    return [
        model.objects.create(name=label, position=start + place * 10, **(fields | ({"code": label[:20]} if more else {})))
        for place, label in enumerate(labels, 1)
    ]


def edited(office, of: str, entry, **fields):
    """Post the edit form of `entry` as a browser would, with `fields` changed."""
    page = office.get(url("edit", of, entry.pk)).context["form"]
    sent = {key: page[key].value() for key in page.fields if not page.fields[key].disabled}
    sent = {key: value for key, value in (sent | fields).items() if value not in (None, False)}
    return office.post(url("edit", of, entry.pk), sent)


def names(name: str, **only) -> list[str]:
    return [entry.name for entry in MODELS[name].objects.filter(**only)]


def test_the_lists_are_those_of_the_issue_and_the_index_leads_to_each(office):
    page = office.get(reverse("settings:index")).content.decode()
    assert set(settings_lists()) == set(MODELS)
    for name in MODELS:
        assert f'href="{url("list", name)}"' in page
    assert reverse("settings:custom_fields") in page
    assert office.get(url("list", "nonsense")).status_code == 404


@every_list
def test_an_entry_is_added_at_the_end_and_shown_as_it_was_typed(office, name):
    make(name, "First")
    answer = office.post(url("add", name), filled(name, name=f"  {ODD} ", preferred=True) | ({"code": "ODD"} if name == "branches" else {}))

    entry = MODELS[name].objects.get(name=ODD)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{url('list', name)}#entry-{entry.pk}"
    page = office.get(url("list", name)).content.decode()
    assert "<b>„Öl" not in page
    assert "&lt;b&gt;„Öl &amp; Gas“ {{7*7}}&lt;/b&gt;" in page
    assert entry.preferred
    assert Change.objects.filter(object_id=entry.pk, content_type__model=MODELS[name]._meta.model_name, action=0).exists()


@every_list
def test_a_name_is_there_once_and_the_error_leads_to_who_has_it(office, name):
    """V32: a double submit makes one entry."""
    office.post(url("add", name), filled(name))
    entry = MODELS[name].objects.get(name="Alpha")
    before = dump()

    answers = [
        office.post(url("add", name), filled(name)),
        office.post(url("add", name), filled(name, name=" ALPHA  ") | ({"code": "B"} if name == "branches" else {})),
    ]

    for answer in answers:
        assert answer.status_code == 422
        assert "exists already." in answer.content.decode()
        assert url("edit", name, entry.pk) in answer.content.decode()
    assert dump() == before


@every_list
@pytest.mark.parametrize("typed", ["", "   ", "x" * 101, "a\0b"])
def test_a_name_that_cannot_be_is_refused(office, name, typed):
    before = dump()
    answer = office.post(url("add", name), filled(name, name=typed) | ({"code": "B"} if name == "branches" else {}))
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]
    assert dump() == before


@every_list
def test_the_default_goes_over_in_one_act(office, name):
    """At most one default: setting one clears the other."""
    first, second = make(name, "First", "Second")
    MODELS[name].objects.filter(is_default=True).update(is_default=False)
    assert edited(office, name, first, is_default=True).status_code == 303
    assert edited(office, name, second, is_default=True).status_code == 303
    assert names(name, is_default=True) == ["Second"]
    assert office.post(url("add", name), filled(name, name="Third", is_default=True)).status_code == 303
    assert names(name, is_default=True) == ["Third"]
    first.refresh_from_db()
    changes = Change.objects.filter(object_id=first.pk, content_type__model=MODELS[name]._meta.model_name).order_by("-id")
    assert changes[0].changes == {"is_default": ["True", "False"]} or "is_default" in changes[0].changes


@every_list
def test_two_editors_get_a_conflict_and_nothing_is_lost(office, name):
    """V31."""
    [entry] = make(name, "First")
    form = office.get(url("edit", name, entry.pk)).context["form"]
    sent = {key: value for key in form.fields if (value := form[key].value()) not in (None, False)}
    assert edited(office, name, entry, name="Mine").status_code == 303

    answer = office.post(url("edit", name, entry.pk), sent | {"name": "Theirs"})

    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert "Theirs" in answer.content.decode()
    assert "Mine" in names(name)


@every_list
def test_entries_move_one_place_and_the_pressed_button_has_the_focus(office, name):
    MODELS[name].objects.update(active=False)
    first, second, third = make(name, "First", "Second", "Third")
    MODELS[name].objects.filter(active=True).update(position=0)  # as equal places come from an import

    answer = office.post(url("move", name, third.pk), {"way": "up"}, follow=True)
    assert names(name, active=True) == ["First", "Third", "Second"]
    assert re.search(r'aria-label="Move Third up" autofocus', answer.content.decode())
    office.post(url("move", name, first.pk), {"way": "down"})
    assert names(name, active=True) == ["Third", "First", "Second"]

    before = [(entry.name, entry.position, entry.version) for entry in MODELS[name].objects.all()]
    office.post(url("move", name, third.pk), {"way": "up"})
    office.post(url("move", name, second.pk), {"way": "down"})
    assert [(entry.name, entry.position, entry.version) for entry in MODELS[name].objects.all()] == before
    # Whoever edits an entry meanwhile is not disturbed.
    assert {version for _name, _position, version in before} == {1}


@every_list
def test_deactivate_takes_it_from_the_offer_and_restore_brings_it_back(office, name):
    first, _second = make(name, "First", "Second")
    edited(office, name, first, is_default=True)

    page = office.post(url("deactivate", name, first.pk), follow=True).content.decode()

    assert "First was deactivated. Where it was chosen it stays." in page
    assert page.count(url("restore", name, first.pk)) == 2
    first.refresh_from_db()
    assert (first.active, first.is_default) == (False, False)
    form = office.get(url("edit", name, first.pk)).context["form"]
    assert form.fields["is_default"].disabled
    assert "deactivated" in office.post(url("add", name), filled(name, name="FIRST")).content.decode()
    assert "First was restored." in office.post(url("restore", name, first.pk), follow=True).content.decode()
    assert "First" in names(name, active=True)


def in_use(of: str, entry, client, contact) -> str | None:
    """Let a record refer to `entry`; return the word of who does, or None where nothing can yet."""
    match of:
        case "branches":
            client.branch = entry
        case "categories":
            client.category = entry
        case "company-types":
            client.company_type = entry
        case "lead-sources":
            client.lead_source = entry
        case "industries":
            client.industries.add(entry)
        case "positions":
            contact.position = entry
            contact.save()
            return "contacts"
        case _:
            return None
    client.save()
    return "companies and clients" if of == "company-types" else "clients"


@every_list
def test_delete_needs_that_nothing_refers_to_it_and_says_who_does(office, name, ada):
    used, free = make(name, "Used", "Free")
    word = in_use(name, used, ada.client, ada)

    assert "Deleted it is gone for good" in office.get(url("delete", name, free.pk)).content.decode()
    assert office.post(url("delete", name, free.pk)).headers["Location"] == url("list", name)
    assert "Free" not in names(name)
    if word:
        before = dump()
        answer = office.post(url("delete", name, used.pk))
        assert answer.status_code == 422
        assert f"“Used” cannot be deleted: {word} refer to it." in answer.content.decode()
        assert url("deactivate", name, used.pk) in answer.content.decode()
        assert dump() == before


@every_list
@pytest.mark.parametrize("role", [Role.READER, Role.DESK, Role.MANAGER])
def test_only_administrators_open_settings(name, role, make_staff, as_user, headquarters):
    [entry] = make(name, "First")
    browser = as_user(make_staff(role))
    before = dump()
    asked = [browser.get(url(gesture, name)) for gesture in ("list", "add")]
    asked += [browser.get(url(gesture, name, entry.pk)) for gesture in ("edit", "delete")]
    asked += [browser.post(url("add", name), filled(name, name="New"))]
    asked += [browser.post(url(gesture, name, entry.pk)) for gesture in ("edit", "deactivate", "restore", "move", "delete")]
    assert {answer.status_code for answer in asked} == {403}
    assert f'href="{reverse("settings:index")}"' not in browser.get(reverse("clients:list")).content.decode()
    assert dump() == before


@every_list
def test_a_list_costs_the_same_with_ten_entries_and_with_a_hundred(office, name):
    """Query counts do not grow with rows; a long list has a search."""

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(url("list", name)).status_code == 200
        return len(captured)

    make(name, *(f"Entry {number}" for number in range(5)))
    make(name, "Gone", active=False)
    # The count in the menu is remembered for a while.
    cost()
    few = cost()
    make(name, *(f"Later {number}" for number in range(90)))
    assert cost() == few
    page = office.get(url("list", name), {"q": "later 7"}).content.decode()
    assert "Later 77" in page
    assert "Entry 3" not in page
    assert "Nothing in use matches" in office.get(url("list", name), {"q": "zzz"}).content.decode()
