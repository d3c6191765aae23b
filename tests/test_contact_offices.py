"""The button Change of a contact's Main data: its offices and the default one (X37, X38, invariant 6); the office of a new contact (S5)."""

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Contact, Office
from tests.test_versions import form_of, hidden_of


@pytest.fixture
def plant(brauer) -> Office:
    return brauer.offices.create(name="Leipzig plant", city="Leipzig")


@pytest.fixture
def vienna(brauer) -> Office:
    return brauer.offices.create(name="Vienna office")


def address(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/offices/"


def change(browser, contact: Contact, offices: list, default: object = ""):
    contact.refresh_from_db()
    keys = [getattr(office, "pk", office) for office in offices]
    body = {"offices": keys, "default_office": getattr(default, "pk", default), "version": contact.version}
    return browser.post(address(contact), body)


def offices_of(contact: Contact) -> tuple[list[str], str]:
    contact = Contact.objects.get(pk=contact.pk)
    return sorted(office.name for office in contact.offices.all()), contact.default_office.name


# --- the button ------------------------------------------------------------------------------------
def test_the_button_is_there_as_soon_as_there_is_something_to_choose(desk, ada, make_client):
    """X37: only with two active offices or more, never for an individual."""
    assert address(ada) not in desk.get(ada.get_absolute_url()).text
    assert desk.get(address(ada)).status_code == 404
    plant = ada.client.offices.create(name="Plant")
    assert f'href="{address(ada)}"' in desk.get(ada.get_absolute_url()).text
    assert desk.get(address(ada)).status_code == 200
    plant.deactivate()
    assert address(ada) not in desk.get(ada.get_absolute_url()).text
    elena = make_client("Elena", kind="individual", email="elena@post.example", first_name="Elena", last_name="K").contacts.get()
    assert address(elena) not in desk.get(elena.get_absolute_url()).text
    assert desk.get(address(elena)).status_code == 404


def test_the_page_shows_what_holds_now(desk, ada, plant, vienna):
    ada.assign_offices([ada.default_office, vienna], vienna)
    page = desk.get(address(ada))
    rows = [(office.name, box.data["selected"], radio.data["selected"]) for box, radio, office in page.context["form"].rows()]
    assert rows == [("Headquarters", True, False), ("Leipzig plant", False, False), ("Vienna office", True, True)]


# --- the choice ------------------------------------------------------------------------------------
def test_one_or_many_offices_with_a_default(desk, ada, plant, vienna):
    """X38."""
    assert change(desk, ada, [plant, vienna], plant).headers["Location"] == ada.get_absolute_url()
    assert offices_of(ada) == (["Leipzig plant", "Vienna office"], "Leipzig plant")
    assert change(desk, ada, [vienna], vienna).status_code == 303
    assert offices_of(ada) == (["Vienna office"], "Vienna office")
    page = desk.get(ada.get_absolute_url()).text
    assert "Vienna office" in page
    assert "Leipzig plant" not in page


@pytest.mark.parametrize(
    ("offices", "default", "field", "sentence"),
    [
        ("PV", "H", "default_office", "“Headquarters” is the default office but not ticked. Tick it, or choose another default office."),
        ("", "H", "offices", "Tick at least one office."),
        ("HP", "", "default_office", "Choose the default office."),
        ("HX", "H", "offices", "This is none of the client's offices in use. Choose another."),
        ("HP", "X", "default_office", "This is none of the client's offices in use. Choose another."),
        ("HD", "H", "offices", "This is none of the client's offices in use. Choose another."),
    ],
    ids=["default unticked", "none ticked", "no default", "office of another client", "default of another client", "deactivated office"],
)
def test_what_cannot_be_is_told_and_nothing_changes(desk, ada, plant, vienna, make_client, offices, default, field, sentence):
    """X38, invariant 6; also posted by hand."""
    closed = ada.client.offices.create(name="Closed", active=False)
    known = {"H": ada.default_office, "P": plant, "V": vienna, "X": make_client("Other").offices.get(), "D": closed, "": ""}
    page = change(desk, ada, [known[name] for name in offices], known[default])
    assert page.status_code == 422
    assert page.context["form"].errors == {field: [sentence]}
    assert offices_of(ada) == (["Headquarters"], "Headquarters")


@pytest.mark.parametrize("nonsense", ["x", "99999999999999999999999", "-1", "1; DROP"])
def test_nonsense_is_refused(desk, ada, plant, nonsense):
    assert change(desk, ada, [nonsense], plant).status_code == 422
    assert change(desk, ada, [plant], nonsense).status_code == 422
    assert offices_of(ada) == (["Headquarters"], "Headquarters")


def test_a_deactivated_office_stays_with_who_has_it(desk, ada, plant, vienna):
    ada.assign_offices([ada.default_office, plant], plant)
    plant.refresh_from_db()
    plant.deactivate()
    assert change(desk, ada, [plant, vienna], plant).status_code == 303
    assert offices_of(ada) == (["Leipzig plant", "Vienna office"], "Leipzig plant")


def test_the_verb_refuses_what_the_form_refuses(ada, plant, make_client):
    """Invariant 6."""
    other = make_client("Other").offices.get()
    for offices, default in (([plant, other], plant), ([plant], ada.default_office), ([other], other)):
        with pytest.raises(ValidationError):
            Contact.objects.get(pk=ada.pk).assign_offices(offices, default)
        assert offices_of(ada) == (["Headquarters"], "Headquarters")


# --- two people ------------------------------------------------------------------------------------
@pytest.mark.parametrize("with_default", [True, False])
def test_of_two_who_change_the_offices_the_second_reads_both(desk, ada, plant, vienna, with_default):
    """Trial E01: also where only the ticks differ, which are no column of the contact."""
    first = ada.default_office
    opened = form_of(desk.get(address(ada)))
    assert change(desk, ada, [first, plant], plant if with_default else first).status_code == 303
    page = desk.post(address(ada), opened | {"offices": [first.pk, vienna.pk]})
    assert page.status_code == 409
    assert "Headquarters, Leipzig plant" in page.text
    assert "Headquarters, Vienna office" in page.text
    assert offices_of(ada)[0] == ["Headquarters", "Leipzig plant"]


def test_the_history_of_the_contact_tells_of_its_offices(desk, ada, plant):
    change(desk, ada, [plant], plant)
    page = desk.get(f"/contacts/{ada.pk}/history/").text
    assert "Leipzig plant" in page
    assert "Headquarters" in page


def test_keep_mine_saves_the_ticks(desk, ada, plant, vienna):
    first = ada.default_office
    opened = form_of(desk.get(address(ada)))
    change(desk, ada, [first, plant], first)
    page = desk.post(address(ada), opened | {"offices": [first.pk, vienna.pk]})
    assert desk.post(address(ada), hidden_of(page)).status_code == 303
    assert offices_of(ada)[0] == ["Headquarters", "Vienna office"]


# --- a new contact ---------------------------------------------------------------------------------
GRACE = {"first_name": "Grace", "last_name": "Holm", "email": "grace@brauer.example"}


def test_a_new_contact_gets_the_office_that_was_chosen(desk, brauer, plant):
    """S5: the default first."""
    form = desk.get(f"/clients/{brauer.pk}/contacts/add/").context["form"]
    assert [label for _key, label in form.fields["default_office"].choices] == ["Headquarters", "Leipzig plant"]
    assert form.initial["default_office"] == brauer.offices.get(is_headquarters=True).pk
    assert desk.post(f"/clients/{brauer.pk}/contacts/add/", GRACE | {"default_office": plant.pk}).status_code == 303
    assert offices_of(Contact.objects.get()) == (["Leipzig plant"], "Leipzig plant")


def test_with_one_office_nothing_is_asked(desk, brauer):
    assert "default_office" not in desk.get(f"/clients/{brauer.pk}/contacts/add/").text
    assert desk.post(f"/clients/{brauer.pk}/contacts/add/", GRACE).status_code == 303
    assert offices_of(Contact.objects.get()) == (["Headquarters"], "Headquarters")


def test_a_new_contact_gets_no_office_of_another_client(desk, brauer, plant, make_client):
    other = make_client("Other").offices.get()
    page = desk.post(f"/clients/{brauer.pk}/contacts/add/", GRACE | {"default_office": other.pk})
    assert page.context["form"].errors == {"default_office": ["This is none of the client's offices in use. Choose another."]}
    assert not Contact.objects.exists()
