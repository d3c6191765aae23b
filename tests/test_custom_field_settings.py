"""Settings, Custom fields: added, changed, ordered, deactivated, deleted; what is settled and why (XD23)."""

import pytest
from django.urls import reverse

from clientdesk.rights import Role
from clients.models import Category, CompanyType, CustomField
from tests.doors import dump

LIST, ADD = "settings:custom_fields", "settings:add_custom_field"
ODD = "<b>„Öl“ {{7*7}}</b> \u05e9\u05dc\u05d5\u05dd"


@pytest.fixture
def office(make_staff, as_user, headquarters):
    """A browser of an administrator."""
    return as_user(make_staff(Role.ADMINISTRATOR))


def url(gesture: str, field: CustomField) -> str:
    return reverse(f"settings:{gesture}_custom_field", args=[field.pk])


def add(office, label: str = "Size", kind: str = "text", **typed):
    fields = {"entity": "client", "label": label, "kind": kind, "options": "", "place": "identification"} | typed
    return office.post(reverse(ADD), fields)


def edited(office, field: CustomField, **typed):
    form = office.get(url("edit", field)).context["form"]
    sent = {key: form[key].value() for key in form.fields if not form.fields[key].disabled}
    return office.post(url("edit", field), {key: value for key, value in (sent | typed).items() if value not in (None, False)})


@pytest.mark.parametrize("kind", CustomField.Kind.values)
def test_a_field_of_each_kind_is_added_at_the_end(office, kind):
    with_options = kind in ("choice", "choices")
    answer = add(office, ODD, kind, options=f"Gold\r\nSilver\r\n{ODD}" if with_options else "ignored", place="sales", required="on")
    field = CustomField.objects.get()
    assert answer.status_code == 303
    assert (field.label, field.kind, field.place, field.required) == (ODD, kind, "sales", True)
    assert field.options == (["Gold", "Silver", ODD] if with_options else [])
    add(office, "Second")
    assert [found.label for found in CustomField.objects.of("client")] == [ODD, "Second"]
    page = office.get(reverse(LIST)).content.decode()
    assert "<b>„Öl" not in page
    assert "&lt;b&gt;„Öl“ {{7*7}}&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("label", "key"),
    [("Größe in m²", "groe_in_m2"), ("שלום", "field"), ("2nd phone", "field_2nd_phone"), ("contains", "field_contains"), ("a -- b", "a_b")],
)
def test_the_key_is_made_once_and_never_changes(office, label, key):
    add(office, label)
    field = CustomField.objects.get()
    assert field.key == key
    edited(office, field, label="Another label")
    field.refresh_from_db()
    assert (field.label, field.key) == ("Another label", key)
    add(office, label)
    assert CustomField.objects.exclude(pk=field.pk).get().key == f"{key}_2"
    # A client and a contact may have a field of the same label and key.
    add(office, label, entity="contact")
    assert CustomField.objects.get(entity="contact").key == key


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"label": ""}, "label"),
        ({"label": " SIZE "}, "label"),
        ({"label": "x" * 61}, "label"),
        ({"kind": "picture"}, "kind"),
        ({"entity": ""}, "entity"),
        ({"entity": "branch"}, "entity"),
        ({"kind": "choice"}, "options"),
        ({"kind": "choices", "options": "A\na"}, "options"),
        ({"category": "999"}, "category"),
        ({"company_type": "x"}, "company_type"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(office, typed, wrong):
    add(office)
    before = dump()
    answer = add(office, **({"label": "New"} | typed))
    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors
    assert dump() == before


def test_a_double_submit_makes_one_field(office):
    """V32."""
    assert [add(office).status_code, add(office).status_code] == [303, 422]
    assert CustomField.objects.count() == 1


def test_the_kind_changes_only_while_no_record_holds_a_value(office, brauer):
    add(office)
    field = CustomField.objects.get()
    assert edited(office, field, kind="number").status_code == 303
    brauer.custom = {"size": "12"}
    brauer.save()
    before = dump()

    answer = edited(office, field, kind="date")

    assert answer.status_code == 422
    assert "“Size” holds values already, so it stays a field of the kind “Number”." in str(answer.context["form"].errors["kind"])
    assert dump() == before


def test_an_option_may_go_and_the_entity_stays(office):
    add(office, "Level", "choice", options="Gold\nSilver")
    field = CustomField.objects.get()
    assert edited(office, field, options="Gold", entity="contact").status_code == 303
    field.refresh_from_db()
    assert (field.options, field.entity) == (["Gold"], "client")
    version = field.version
    edited(office, field)
    assert CustomField.objects.get().version == version


def test_only_for_a_category_or_a_company_type_is_shown_by_path(office):
    top = Category.objects.create(name="Health")
    low = Category.objects.create(name="Hospitals", parent=top)
    kind = CompanyType.objects.create(name="Limited", active=False)
    assert kind not in office.get(reverse(ADD)).context["form"].fields["company_type"].queryset
    add(office, category=low.pk)
    assert "Category Health › Hospitals" in office.get(reverse(LIST)).content.decode()


def test_fields_move_among_those_of_their_entity(office):
    for label in ("First", "Second"):
        add(office, label)
    add(office, "Other", entity="contact")
    second = CustomField.objects.get(label="Second")
    page = office.post(url("move", second), {"way": "up"}, follow=True).content.decode()
    assert [field.label for field in CustomField.objects.of("client")] == ["Second", "First"]
    assert 'aria-label="Move Second up" autofocus' in page


def test_deactivate_keeps_values_and_delete_needs_that_there_are_none(office, brauer):
    add(office)
    field = CustomField.objects.get()
    brauer.custom = {"size": "L"}
    brauer.save()

    assert "Size was deactivated and is asked no more." in office.post(url("deactivate", field), follow=True).content.decode()
    answer = office.post(url("delete", field))
    assert answer.status_code == 422
    assert "“Size” cannot be deleted: clients hold values of it." in answer.content.decode()
    assert "Size was restored." in office.post(url("restore", field), follow=True).content.decode()
    brauer.refresh_from_db()
    assert brauer.custom == {"size": "L"}
    brauer.custom = {}
    brauer.save()
    assert office.post(url("delete", field)).status_code == 303
    assert not CustomField.objects.exists()


def test_two_editors_get_a_conflict(office):
    """V31."""
    add(office)
    field = CustomField.objects.get()
    form = office.get(url("edit", field)).context["form"]
    sent = {key: value for key in form.fields if key not in ("entity", "options") and (value := form[key].value()) not in (None, False)}
    edited(office, field, label="Mine")
    answer = office.post(url("edit", field), sent | {"label": "Theirs"})
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert "Theirs" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.READER, Role.DESK, Role.MANAGER])
def test_only_administrators_define_fields(role, office, make_staff, as_user):
    add(office)
    field = CustomField.objects.get()
    browser = as_user(make_staff(role))
    before = dump()
    asked = [browser.get(reverse(name)) for name in (LIST, ADD)] + [add(browser, "New")]
    asked += [browser.get(url(gesture, field)) for gesture in ("edit", "delete")]
    asked += [browser.post(url(gesture, field)) for gesture in ("edit", "deactivate", "restore", "move", "delete")]
    assert {answer.status_code for answer in asked} == {403}
    assert dump() == before
