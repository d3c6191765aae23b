"""Custom fields through the pages of a contact: added, shown, changed, checked, told by the history (XD23)."""

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientdesk.models import Change
from clients.models import Category, CustomField
from contacts.models import Contact, Position
from tests.doors import dump

Kind = CustomField.Kind
ODD = "<b>„Ölpreis“ {{7*7}}</b> \u05e9\u05dc\u05d5\u05dd"


def field(kind: str, **about) -> CustomField:
    options = ["Gold", "Silver", ODD] if kind in (Kind.CHOICE, Kind.CHOICES) else []
    key = about.pop("key", kind)
    return CustomField.objects.create(**({"entity": "contact", "key": key, "label": key.title(), "kind": kind, "options": options} | about))


def edit_url(contact: Contact) -> str:
    return reverse("contacts:edit", args=[contact.pk])


def sent(browser, contact: Contact, **typed) -> dict[str, object]:
    """Return what the edit form of `contact` sends, with `typed` in it."""
    form = browser.get(edit_url(contact)).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, False)} | typed


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "shown"),
    [
        (Kind.CHECKBOX, "on", True, "Yes"),
        (Kind.DATE, "2026-11-30", "2026-11-30", "30 November 2026"),
        (Kind.MOMENT, "2026-07-01T14:05", "2026-07-01T12:05:00Z", "1 July 2026, 14:05"),
        (Kind.NUMBER, "0012.50", "12.5", "12.5"),
        (Kind.TEXT, ODD, ODD, "&lt;b&gt;„Ölpreis“ {{7*7}}&lt;/b&gt;"),
        (Kind.CHOICE, ODD, ODD, "&lt;b&gt;„Ölpreis“ {{7*7}}&lt;/b&gt;"),
        (Kind.CHOICES, ["Silver", "Gold"], ["Gold", "Silver"], "Gold, Silver"),
    ],
)
def test_each_kind_is_typed_kept_shown_and_found_in_the_form_again(desk, ada, kind, typed, stored, shown):
    field(kind)

    answer = desk.post(edit_url(ada), sent(desk, ada, **{f"custom_{kind}": typed}))

    assert answer.status_code == 303, answer.context["form"].errors
    assert Contact.objects.get(pk=ada.pk).custom == {kind: stored}
    page = desk.get(ada.get_absolute_url()).content.decode()
    assert shown in page
    assert "<b>„Ölpreis" not in page
    updates = Change.objects.filter(object_id=ada.pk, content_type__model="contact", action=Change.Action.UPDATE)
    assert updates.filter(changes__has_key="custom").count() == 1
    # Sent again as it is, nothing is changed.
    version = Contact.objects.get(pk=ada.pk).version
    assert "Nothing was changed." in desk.post(edit_url(ada), sent(desk, ada), follow=True).content.decode()
    assert Contact.objects.get(pk=ada.pk).version == version


def test_a_required_field_is_asked_when_a_person_is_added_and_nobody_is_made_without_it(desk, brauer):
    field(Kind.TEXT, key="badge", required=True)
    field(Kind.TEXT, key="hobby")
    address = reverse("contacts:add", args=[brauer.pk])
    page = desk.get(address).content.decode()
    assert "custom_badge" in page
    assert "custom_hobby" not in page
    typed = {"last_name": "Lovelace", "email": "ada@brauer.example"}
    before = dump()

    answer = desk.post(address, typed)
    assert answer.status_code == 422
    assert "Fill in “Badge”." in answer.content.decode()
    assert dump() == before
    assert desk.post(address, typed | {"custom_badge": "B-7"}).status_code == 303
    assert Contact.objects.get().custom == {"badge": "B-7"}


@pytest.mark.parametrize("typed", ["Bronze", "gold", ["Bronze"]])
def test_an_option_that_is_not_offered_is_refused(desk, ada, typed):
    field(Kind.CHOICE)
    before = dump()
    answer = desk.post(edit_url(ada), sent(desk, ada, custom_choice=typed))
    assert answer.status_code == 422
    assert "This choice is not offered any more." in answer.content.decode()
    assert dump() == before


def test_the_category_of_the_client_decides_also_for_those_beneath(desk, ada):
    health = Category.objects.create(name="Health")
    ada.client.category = Category.objects.create(name="Hospitals", parent=health)
    ada.client.save()
    field(Kind.TEXT, key="ward", category=health)
    field(Kind.TEXT, key="shop", category=Category.objects.create(name="Trade"))
    page = desk.get(edit_url(ada)).content.decode()
    assert "custom_ward" in page
    assert "custom_shop" not in page
    # What is not asked cannot be brought in from outside.
    desk.post(edit_url(ada), sent(desk, ada, custom_shop="x", custom_ward="7", custom="{}"))
    assert Contact.objects.get(pk=ada.pk).custom == {"ward": "7"}


def test_a_deactivated_field_is_asked_no_more_and_its_values_stay(desk, ada):
    hobby = field(Kind.TEXT, key="hobby")
    desk.post(edit_url(ada), sent(desk, ada, custom_hobby="Chess"))
    hobby.active = False
    hobby.save()
    assert "custom_hobby" not in desk.get(edit_url(ada)).content.decode()
    assert desk.post(edit_url(ada), sent(desk, ada, notes="New.")).status_code == 303
    assert Contact.objects.get(pk=ada.pk).custom == {"hobby": "Chess"}
    assert "Chess" in desk.get(ada.get_absolute_url()).content.decode()


def test_two_editors_see_the_values_of_both_and_only_what_was_touched_counts(desk, manager, ada):
    """V31."""
    field(Kind.CHOICES, key="interests")
    field(Kind.DATE, key="since")
    opened = sent(desk, ada, custom_interests=["Gold"])
    manager.post(edit_url(ada), sent(manager, ada, custom_since="2020-02-03"))

    answer = desk.post(edit_url(ada), opened)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "2020-02-03" in page
    assert "Not changed by you" in page
    keep = {bound["name"]: bound["value"] for bound in _hidden(page) if bound["name"] != "csrfmiddlewaretoken"}
    assert desk.post(edit_url(ada), keep).status_code == 303
    assert Contact.objects.get(pk=ada.pk).custom == {"interests": ["Gold"], "since": "2020-02-03"}


def _hidden(page: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    class Inputs(HTMLParser):
        def handle_starttag(self, tag, attrs):
            fields = dict(attrs)
            if tag == "input" and fields.get("type") == "hidden":
                found.append({"name": fields["name"], "value": fields.get("value", "")})

    Inputs().feed(page)
    return found


def test_more_fields_cost_no_more_statements(desk, ada):
    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url).status_code == 200
        return len(captured)

    field(Kind.TEXT, key="first", category=Category.objects.create(name="Health"))
    pages = (edit_url(ada), ada.get_absolute_url())
    # The count in the menu is remembered for a while.
    cost(pages[0])
    before = [cost(page) for page in pages]
    for number in range(20):
        field(Kind.TEXT, key=f"f{number}")
    assert [cost(page) for page in pages] == before


def test_the_default_position_is_chosen_beforehand(desk, brauer):
    """XD18."""
    position = Position.objects.create(name="Purchasing", is_default=True)
    form = desk.get(reverse("contacts:add", args=[brauer.pk])).context["form"]
    assert form["position"].value() == position.pk
