"""Custom fields (XD23): seven kinds, asked by company type and category, their values in JSON and in words."""

import pytest
from django import forms

from clientdesk.forms import DeskForm
from clients import custom
from clients.models import Category, Client, CompanyType, CustomField

Kind = CustomField.Kind
ODD_NAME = "<b>„Ölpreis“ {{7*7}}</b> \u05e9\u05dc\u05d5\u05dd"


@pytest.fixture
def make_field(db):
    """Return a function that makes a custom field of clients."""

    def make(kind: str = Kind.TEXT, key: str = "", **fields) -> CustomField:
        key = key or kind
        options = ["Gold", "Silver", ODD_NAME] if kind in (Kind.CHOICE, Kind.CHOICES) else []
        return CustomField.objects.create(
            **({"entity": "client", "key": key, "label": key.title(), "kind": kind, "options": options} | fields)
        )

    return make


class NamesOnly(custom.CustomFieldsMixin, DeskForm):
    """The smallest form with custom fields."""

    class Meta(DeskForm.Meta):
        model = Client
        fields = ("name", "category")


# kind, what is typed, what is stored, what is shown
ROUND_TRIPS = [
    (Kind.CHECKBOX, "on", True, "Yes"),
    (Kind.DATE, "2026-11-30", "2026-11-30", "30 November 2026"),
    (Kind.MOMENT, "2026-11-30T14:05", "2026-11-30T13:05:00Z", "30 November 2026, 14:05"),
    (Kind.NUMBER, "1234.50", "1234.5", "1,234.5"),
    (Kind.NUMBER, "-0", "0", "0"),
    (Kind.TEXT, f"  {ODD_NAME}  ", ODD_NAME, ODD_NAME),
    (Kind.CHOICE, "Gold", "Gold", "Gold"),
    (Kind.CHOICES, [ODD_NAME, "Gold"], ["Gold", ODD_NAME], f"Gold, {ODD_NAME}"),
]


@pytest.mark.parametrize(("kind", "typed", "stored", "shown"), ROUND_TRIPS)
def test_every_kind_survives_the_way_through_a_form(brauer, make_field, kind, typed, stored, shown):
    field = make_field(kind)
    form = NamesOnly({"name": brauer.name, f"custom_{kind}": typed, "version": "1"}, instance=brauer)

    assert form.is_valid(), form.errors
    form.save()

    brauer = Client.objects.get()
    assert brauer.custom == {kind: stored}
    assert custom.shown(field, brauer.custom[kind]) == shown
    again = NamesOnly(instance=brauer)
    # What a browser sends back unchanged is no change, and what the form carries says so too.
    sent = {name: again[name].value() for name in again.fields}
    assert not NamesOnly(sent, instance=brauer).has_changed()
    assert [row["label"] for row in NamesOnly(sent | {"version": "0"}, instance=brauer).versus() if row["differs"]] == []


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (Kind.DATE, "30.11.2026", "“30.11.2026” is no date."),
        (Kind.DATE, "0001-01-01", "Choose a year from 1000 to 2999."),
        (Kind.MOMENT, "soon", "“soon” is no date and time."),
        (Kind.MOMENT, "9999-12-31T23:59", "Choose a year from 1000 to 2999."),
        (Kind.NUMBER, "1,5", "“1,5” is no number. Write it as 1234.5."),
        (Kind.NUMBER, "sNaN", "“sNaN” is no number."),
        (Kind.NUMBER, "1e999", "This number is too long."),
        (Kind.NUMBER, "0.1234567", "This number is too exact."),
        (Kind.TEXT, "x" * 501, "This is 501 characters long. Shorten it to 500."),
        (Kind.TEXT, "a\0b", "cannot be stored"),
        (Kind.CHOICE, "Platinum", "This choice is not offered any more."),
        (Kind.CHOICES, ["Gold", "Platinum"], "This choice is not offered any more."),
    ],
)
def test_what_does_not_fit_its_kind_is_refused_with_a_sentence(brauer, make_field, kind, typed, sentence):
    make_field(kind)
    form = NamesOnly({"name": brauer.name, f"custom_{kind}": typed}, instance=brauer)
    assert sentence in str(form.errors[f"custom_{kind}"])


@pytest.mark.parametrize("kind", Kind.values)
def test_a_required_field_says_so_and_a_blank_one_leaves_no_trace(brauer, make_field, kind):
    field = make_field(kind, required=True)
    form = NamesOnly({"name": brauer.name}, instance=brauer)
    assert "“" in form.errors[f"custom_{kind}"][0]

    CustomField.objects.filter(pk=field.pk).update(required=False)
    form = NamesOnly({"name": brauer.name, "version": "1"}, instance=brauer)
    assert form.is_valid(), form.errors
    assert form.save().custom == {}


def test_a_field_is_asked_where_company_type_and_category_are_those_or_beneath(make_field, django_assert_num_queries):
    top = Category.objects.create(name="Health")
    beneath = Category.objects.create(name="Hospitals", parent=Category.objects.create(name="Care", parent=top))
    other = Category.objects.create(name="Trade")
    company, person = (CompanyType.objects.create(name=name) for name in ("Company", "Person"))
    for key, about in {
        "always": {},
        "health": {"category": top},
        "company": {"company_type": company},
        "both": {"category": top, "company_type": company},
        "gone": {"active": False},
        "contacts": {"entity": "contact"},
    }.items():
        make_field(key=key, **about)

    def keys(*about):
        return [field.key for field in custom.asked("client", *about)]

    assert keys() == ["always"]
    assert keys(company, beneath) == ["always", "both", "company", "health"]
    assert keys(person, top.pk) == ["always", "health"]
    assert keys(company.pk, other) == ["always", "company"]
    with django_assert_num_queries(3):
        keys(company, beneath)


def test_another_category_asks_its_own_fields_and_keeps_the_values_of_the_former(brauer, make_field):
    health, trade = (Category.objects.create(name=name) for name in ("Health", "Trade"))
    make_field(key="beds", category=health)
    make_field(key="shops", category=trade, required=True)
    brauer.category, brauer.custom = health, {"beds": "12"}

    form = NamesOnly({"name": brauer.name, "category": str(trade.pk), "version": "1"}, instance=brauer)
    assert form.custom_names == ["custom_shops"]
    assert not form.is_valid()

    form = NamesOnly({"name": brauer.name, "category": str(trade.pk), "custom_shops": "3", "version": "1"}, instance=brauer)
    assert form.is_valid()
    assert form.save().custom == {"beds": "12", "shops": "3"}
    assert custom.facts(brauer, None, trade) == [("Beds", "12"), ("Shops", "3")]


@pytest.mark.parametrize(("kind", "value"), [(Kind.CHOICE, "Bronze"), (Kind.CHOICES, ["Bronze", "Gold"])])
def test_an_option_that_is_gone_stays_where_it_was_chosen(brauer, make_field, kind, value):
    make_field(kind)
    brauer.custom = {kind: value}
    form = NamesOnly({"name": brauer.name, f"custom_{kind}": value, "version": "1"}, instance=brauer)
    assert "Bronze (no longer offered)" in dict(form.fields[f"custom_{kind}"].choices).values()
    assert form.is_valid(), form.errors
    assert not form.has_changed()
    assert isinstance(form.fields[f"custom_{kind}"], forms.ChoiceField)


def test_the_history_gets_label_and_words_in_one_statement(make_field, django_assert_num_queries):
    make_field(Kind.CHECKBOX, label="Newsletter")
    with django_assert_num_queries(1):
        words = custom.wording(Client)
        assert words("checkbox", True) == ("Newsletter", "Yes")
        assert words("forgotten", [1]) == ("forgotten", "[1]")
    assert custom.words_of(Client, "checkbox", None) == ("Newsletter", "")


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("odd", ["x", 7, True, ["a"], {"a": 1}, "9999-99-99", "NaN"])
def test_a_value_of_the_wrong_kind_is_shown_all_the_same(make_field, kind, odd):
    assert custom.shown(make_field(kind), odd)
