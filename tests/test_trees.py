"""Categories and company types stand beneath each other; who may use a category (S11, SD3, SD4)."""

import pytest
from django import forms

from clientdesk.rights import Role
from clientdesk.trees import TreeField, beneath, paths, walk
from clients.models import Category


@pytest.fixture
def tree(db) -> dict[str, Category]:
    made: dict[str, Category] = {}
    for position, (name, parent) in enumerate(
        [("Trade", ""), ("Health", ""), ("Hospitals", "Health"), ("University", "Hospitals"), ("Doctors", "Health")]
    ):
        made[name] = Category.objects.create(name=name, parent=made.get(parent), position=position)
    return made


def test_entries_stand_beneath_their_parents_in_one_statement_each(tree, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = [(entry.name, depth) for entry, depth in walk(Category.objects.all())]
        assert paths(Category)[tree["University"].pk] == "Health › Hospitals › University"
        assert beneath(Category.objects.all(), tree["Health"].pk) == {
            tree[name].pk for name in ("Health", "Hospitals", "University", "Doctors")
        }
    assert found == [("Trade", 0), ("Health", 0), ("Hospitals", 1), ("University", 2), ("Doctors", 1)]


def test_a_circle_neither_hangs_nor_hides_anybody(tree):
    Category.objects.filter(name="Health").update(parent=tree["University"])
    assert sorted(entry.name for entry, _depth in walk(Category.objects.all())) == sorted(tree)
    assert set(paths(Category)) == {entry.pk for entry in tree.values()}
    assert len(beneath(Category.objects.all(), tree["Health"].pk)) == 4


def test_a_select_offers_paths_in_the_order_of_the_tree(tree, django_assert_num_queries):
    class Form(forms.Form):
        category = TreeField(queryset=Category.objects.exclude(name="Health"), empty_label="Not given")

    with django_assert_num_queries(2):
        labels = [label for _value, label in Form().fields["category"].choices]
    assert labels == ["Not given", "Trade", "Health › Hospitals", "Health › Hospitals › University", "Health › Doctors"]


@pytest.mark.parametrize(
    ("roles", "named", "may"),
    [([], False, True), (["desk"], False, True), (["manager"], False, False), (["manager"], True, True), ([], True, True)],
)
def test_roles_and_people_decide_who_may_use_a_category(make_staff, roles, named, may):
    """SD4: the query and the question agree."""
    desk, other = make_staff(Role.DESK), make_staff(Role.DESK, "other@desk.example")
    category = Category.objects.create(name="Health", roles=roles)
    if named:
        category.users.add(desk)
    assert category.may_be_used_by(desk) is may
    assert (category in Category.objects.usable_by(desk)) is may
    assert (category in Category.objects.usable_by(other)) is (not named and may)


def test_a_deactivated_category_is_offered_only_where_it_is_on_the_record(make_staff):
    desk = make_staff(Role.DESK)
    gone, secret = (Category.objects.create(name=name, **about) for name, about in [("A", {"active": False}), ("B", {"roles": ["x"]})])
    assert list(Category.objects.usable_by(desk)) == []
    assert list(Category.objects.usable_by(desk, keep=gone.pk)) == [gone]
    assert list(Category.objects.usable_by(desk, keep=secret.pk)) == [secret]
