"""What forms offer of a settings list: not what is deactivated, except where it is chosen; the default first; trees by their paths
(X14, X41, XD18, S11)."""

import pytest
from django.urls import reverse

from clientdesk.rights import Role
from clients.models import Branch, Category, Client, CompanyType, Industry, LeadSource
from contacts.models import Contact, Position

# field, model, page of a client
OF_CLIENT = [
    ("branch", Branch, "clients:edit_identification"),
    ("category", Category, "clients:edit_identification"),
    ("company_type", CompanyType, "clients:edit_identification"),
    ("industries", Industry, "clients:edit_identification"),
    ("lead_source", LeadSource, "clients:edit_identification"),
    ("branch", Branch, "clients:edit"),
    ("category", Category, "clients:edit"),
    ("company_type", CompanyType, "clients:edit"),
]


def offered(browser, address: str, field: str) -> set[str]:
    """Return the keys that the field of the form at `address` offers."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return {str(key) for key, _label in answer.context["form"].fields[field].choices} - {""}


def entry(model, name: str, **more):
    return model.objects.create(name=name, **({"code": name} if model is Branch else {}), **more)


def put(client: Client, field: str, value) -> None:
    if field == "industries":
        client.industries.set([value])
    else:
        setattr(client, field, value)
        client.save()


@pytest.mark.parametrize(("field", "model", "page"), OF_CLIENT)
def test_a_deactivated_entry_is_offered_only_to_the_client_that_has_it(manager, make_client, field, model, page):
    old, new = make_client("Old"), make_client("New", email="new@brauer.example")
    gone, used = entry(model, "Gone"), entry(model, "Used")
    put(old, field, gone)
    gone.deactivate()

    assert {str(gone.pk), str(used.pk)} <= offered(manager, reverse(page, args=[old.pk]), field)
    assert str(gone.pk) not in offered(manager, reverse(page, args=[new.pk]), field)
    assert "Gone" in manager.get(reverse("clients:identification", args=[old.pk])).content.decode()


def test_a_deactivated_position_is_offered_only_to_the_contact_that_has_it(desk, ada):
    """X41."""
    gone, used = entry(Position, "Gone"), entry(Position, "Used")
    Contact.objects.filter(pk=ada.pk).update(position=gone)
    other = ada.client.contacts.register(ada.client, last_name="Byron", email="b@brauer.example")
    gone.deactivate()
    assert offered(desk, reverse("contacts:edit", args=[ada.pk]), "position") == {str(gone.pk), str(used.pk)}
    assert offered(desk, reverse("contacts:edit", args=[other.pk]), "position") == {str(used.pk)}
    assert offered(desk, reverse("contacts:add", args=[ada.client.pk]), "position") == {str(used.pk)}


def test_preferred_entries_stand_first_and_then_the_order_of_the_list(desk, ada):
    for name, about in {"B": {"position": 10}, "A": {"position": 20}, "C": {"preferred": True, "position": 30}}.items():
        entry(Position, name, **about)
    choices = desk.get(reverse("contacts:edit", args=[ada.pk])).context["form"].fields["position"].choices
    assert [label for key, label in choices if key] == ["C", "B", "A"]


@pytest.mark.parametrize("page", ["clients:edit", "clients:edit_identification"])
def test_a_category_is_offered_by_its_path_and_only_to_those_who_may_use_it(make_staff, as_user, brauer, page):
    """SD3, SD4."""
    top = entry(Category, "Health")
    entry(Category, "Hospitals", parent=top)
    entry(Category, "Key accounts", roles=["manager"])
    labels = {}
    for role in (Role.DESK, Role.MANAGER):
        form = as_user(make_staff(role)).get(reverse(page, args=[brauer.pk])).context["form"]
        labels[role] = [label for key, label in form.fields["category"].choices if key]
    assert labels[Role.DESK] == ["Health", "Health › Hospitals"]
    assert labels[Role.MANAGER] == [*labels[Role.DESK], "Key accounts"]


def test_the_wizard_begins_with_the_defaults(desk, headquarters):
    """XD18."""
    kind = entry(CompanyType, "Limited", is_default=True, fits="both")
    entry(CompanyType, "Other")
    category = entry(Category, "Health", is_default=True)
    entry(Category, "Trade")
    answer = desk.post(reverse("wizard:start"), follow=True)
    form = answer.context["form"]
    assert (form["company_type"].value(), form["category"].value()) == (f"{kind.pk}:corporate", str(category.pk))
