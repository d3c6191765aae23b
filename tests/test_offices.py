"""The offices of a corporate client: one headquarters, a tree, out of use rather than gone (C2, C3, invariants 4 and 5)."""

import re

import pytest
from django.core.exceptions import ValidationError

from clientdesk.rights import Role
from contacts.models import Contact, Department, Office


@pytest.fixture
def plant(brauer) -> Office:
    return brauer.offices.create(name="Leipzig plant", city="Leipzig")


@pytest.fixture
def elena(make_client):
    """A client that is one person."""
    return make_client("Elena", kind="individual", email="elena@post.example", first_name="Elena", last_name="Kovács")


def headquarters(client) -> list[str]:
    return [office.name for office in client.offices.filter(is_headquarters=True)]


def form(**changes) -> dict[str, str]:
    return {"name": "Vienna office", "parent": "", "email": "", "phone": "", "city": "", "country": ""} | changes


def edit(browser, office: Office, **changes):
    office.refresh_from_db()
    return browser.post(f"/offices/{office.pk}/edit/", form(name=office.name, version=office.version, **changes))


# --- look ------------------------------------------------------------------------------------------
def test_the_tab_shows_each_office_with_how_it_is_reached_and_who_is_there(desk, brauer, plant, ada):
    plant.email, plant.phone = "leipzig@brauer.example", "+493413231250"
    plant.save()
    lab = brauer.offices.create(name="Laboratory", parent=plant)
    ada.assign_offices([ada.default_office, lab], lab)
    brauer.departments.create(name="Purchasing", office=lab)
    page = desk.get(f"/clients/{brauer.pk}/offices/")
    assert [(office.name, depth) for office, depth in page.context["rows"]] == [
        ("Headquarters", 0),
        ("Leipzig plant", 0),
        ("Laboratory", 1),
    ]
    counts = {office.name: (office.contact_count, office.department_count) for office, _depth in page.context["rows"]}
    assert counts == {"Headquarters": (1, 0), "Leipzig plant": (0, 0), "Laboratory": (1, 1)}
    for shown in ("leipzig@brauer.example", "+49 341 3231250", "1 contact person ", "1 department", 'Offices <span class="n">3</span>'):
        assert shown in page.text


def test_the_headquarters_without_an_address_is_where_the_client_is(desk, brauer):
    brauer.street, brauer.city = "Lindenstraße 5", "Lübeck"
    brauer.save()
    page = desk.get(brauer.offices.get().get_absolute_url())
    assert "Lindenstraße 5" in page.text
    assert "The client's address" in page.text
    brauer.offices.update(city="Kiel")
    page = desk.get(brauer.offices.get().get_absolute_url())
    assert "Kiel" in page.text
    assert "Lindenstraße 5" not in page.text


def test_the_page_of_an_office_names_its_people_departments_and_offices(desk, brauer, plant, ada):
    ada.assign_offices([plant], plant)
    brauer.departments.create(name="Purchasing", office=plant)
    brauer.offices.create(name="Laboratory", parent=plant)
    page = desk.get(plant.get_absolute_url())
    for shown in ("Leipzig", "Ada Krämer", "Purchasing", "Laboratory"):
        assert shown in page.text


def test_many_offices_can_be_searched(desk, brauer):
    Office.objects.bulk_create(Office(client=brauer, name=f"Office {n}", name_key=f"office {n}", city=f"Town {n}") for n in range(20))
    page = desk.get(f"/clients/{brauer.pk}/offices/?q=town+13")
    assert [office.name for office, _depth in page.context["rows"]] == ["Office 13"]
    assert "No office in use matches" in desk.get(f"/clients/{brauer.pk}/offices/?q=nowhere").text


# --- add and change --------------------------------------------------------------------------------
def test_an_office_is_added_beneath_another(desk, brauer, plant):
    answer = desk.post(f"/clients/{brauer.pk}/offices/add/", form(parent=plant.pk, city="Wien", country="AT", phone="+4313231250"))
    vienna = Office.objects.get(name="Vienna office")
    assert answer.headers["Location"] == f"/clients/{brauer.pk}/offices/#office-{vienna.pk}"
    assert (vienna.client, vienna.parent, vienna.city, vienna.is_headquarters) == (brauer, plant, "Wien", False)


@pytest.mark.parametrize("name", ["Leipzig plant", "  leipzig   PLANT "])
def test_a_name_is_taken_once_in_a_client(desk, brauer, plant, make_client, name):
    page = desk.post(f"/clients/{brauer.pk}/offices/add/", form(name=name))
    assert page.status_code == 422
    assert page.context["form"].errors == {"name": ["This client has an office named “Leipzig plant” already. Choose another name."]}
    other = make_client("Other")
    assert desk.post(f"/clients/{other.pk}/offices/add/", form(name=name)).status_code == 303


def test_a_deactivated_office_of_that_name_is_named_with_what_to_do(desk, brauer, plant):
    plant.deactivate()
    page = desk.post(f"/clients/{brauer.pk}/offices/add/", form(name="Leipzig plant"))
    assert "is a deactivated office of this client. Restore it, or choose another name." in page.text


def test_an_office_is_changed_unless_somebody_was_quicker(desk, plant):
    before = plant.version
    assert edit(desk, plant, city="Halle").status_code == 303
    plant.refresh_from_db()
    assert (plant.city, plant.version) == ("Halle", before + 1)
    assert desk.post(f"/offices/{plant.pk}/edit/", form(version=before)).status_code == 409


def test_an_office_belongs_to_one_of_its_own_client(desk, brauer, plant, make_client):
    """Invariant 6, posted by hand."""
    other = make_client("Other").offices.get()
    page = edit(desk, plant, parent=other.pk)
    assert page.context["form"].errors == {"parent": ["This is none of the client's offices in use. Choose another."]}
    with pytest.raises(ValidationError, match="another client"):
        Office(client=brauer, name="X", parent=other).full_clean()


def test_offices_do_not_belong_to_each_other_in_a_circle(desk, brauer, plant):
    lab = brauer.offices.create(name="Laboratory", parent=plant)
    for parent in (plant, lab):
        assert edit(desk, plant, parent=parent.pk).status_code == 422
        plant.parent = parent
        with pytest.raises(ValidationError, match="belongs to this office itself"):
            plant.full_clean()
    assert "Laboratory" not in re.search(r'<select[^>]*name="parent".*?</select>', desk.get(f"/offices/{plant.pk}/edit/").text, re.S)[0]


def test_the_headquarters_stands_at_the_top(desk, brauer, plant):
    first = brauer.offices.get(is_headquarters=True)
    assert 'name="parent"' not in desk.get(f"/offices/{first.pk}/edit/").text
    assert edit(desk, first, parent=plant.pk).status_code == 303
    first.refresh_from_db()
    assert first.parent is None
    first.parent = plant
    with pytest.raises(ValidationError, match="belongs to no other office"):
        first.full_clean()


# --- the headquarters ------------------------------------------------------------------------------
def test_another_office_becomes_the_headquarters(desk, brauer, plant):
    """Invariant 5. The former one keeps the address that was its client's, and the new one belongs to none."""
    first = brauer.offices.get(is_headquarters=True)
    brauer.street, brauer.city = "Lindenstraße 5", "Lübeck"
    brauer.save()
    plant.parent = first
    plant.save()
    page = desk.post(f"/offices/{plant.pk}/make-headquarters/", follow=True)
    assert "Leipzig plant is now the headquarters." in page.text
    assert headquarters(brauer) == ["Leipzig plant"]
    first.refresh_from_db()
    plant.refresh_from_db()
    assert (first.street, first.city, first.is_headquarters) == ("Lindenstraße 5", "Lübeck", False)
    assert (plant.parent, plant.city) == (None, "Leipzig")
    assert desk.post(f"/offices/{plant.pk}/make-headquarters/").status_code == 303
    assert headquarters(brauer) == ["Leipzig plant"]


def test_a_deactivated_office_does_not_become_the_headquarters(desk, brauer, plant):
    plant.deactivate()
    page = desk.post(f"/offices/{plant.pk}/make-headquarters/", follow=True)
    assert "is deactivated. Restore it before it becomes the headquarters." in page.text
    assert headquarters(brauer) == ["Headquarters"]


def test_the_headquarters_is_neither_deactivated_nor_deleted(desk, brauer):
    office = brauer.offices.get()
    sentence = "Headquarters is the headquarters. Make another office the headquarters first."
    assert sentence in desk.get(office.get_absolute_url()).text
    assert sentence in desk.post(f"/offices/{office.pk}/deactivate/", follow=True).text
    assert desk.post(f"/offices/{office.pk}/delete/").status_code == 422
    assert brauer.offices.get().active
    office.active = False
    with pytest.raises(ValidationError):
        office.full_clean()


# --- out of use, and gone --------------------------------------------------------------------------
def test_an_office_that_nothing_refers_to_is_deleted(desk, brauer, plant):
    assert "Nothing refers to Leipzig plant." in desk.get(f"/offices/{plant.pk}/delete/").text
    assert Office.objects.filter(pk=plant.pk).exists()
    assert desk.post(f"/offices/{plant.pk}/delete/").headers["Location"] == f"/clients/{brauer.pk}/offices/"
    assert not Office.objects.filter(pk=plant.pk).exists()


@pytest.mark.parametrize("user", ["contacts", "departments", "offices"])
def test_an_office_in_use_stays_with_the_reason_and_deactivation_is_offered(desk, brauer, plant, ada, user):
    """Invariant 5."""
    if user == "contacts":
        ada.assign_offices([ada.default_office, plant], ada.default_office)
    elif user == "departments":
        brauer.departments.create(name="Purchasing", office=plant)
    else:
        brauer.offices.create(name="Laboratory", parent=plant)
    reason = f"“Leipzig plant” cannot be deleted: {user} refer to it."
    assert reason in desk.get(plant.get_absolute_url()).text
    page = desk.post(f"/offices/{plant.pk}/delete/")
    assert page.status_code == 422
    assert reason in page.text
    assert f'formaction="/offices/{plant.pk}/deactivate/"' in page.text
    page = desk.post(f"/offices/{plant.pk}/deactivate/", follow=True)
    assert f'action="/offices/{plant.pk}/restore/"' in page.text
    plant.refresh_from_db()
    assert not plant.active
    assert "Deactivated offices" in desk.get(f"/clients/{brauer.pk}/offices/").text
    desk.post(f"/offices/{plant.pk}/restore/")
    plant.refresh_from_db()
    assert plant.active


def test_whoever_may_only_read_sees_no_button_and_is_refused(as_user, make_staff, brauer, plant):
    reader = as_user(make_staff(Role.READER))
    for page in (f"/clients/{brauer.pk}/offices/", plant.get_absolute_url()):
        main = reader.get(page).text.partition("<main")[2]
        assert not re.search(r"Make headquarters|Deactivate|Delete|Add office|/edit/", main)
    for verb in ("edit", "make-headquarters", "deactivate", "restore", "delete"):
        assert reader.post(f"/offices/{plant.pk}/{verb}/").status_code == 403


# --- individuals -----------------------------------------------------------------------------------
def test_an_individual_has_neither_tabs_nor_pages_of_offices_and_departments(desk, elena):
    """C3."""
    page = desk.get(elena.get_absolute_url())
    assert "/offices/" not in page.text
    assert "/departments/" not in page.text
    assert "/offices/" not in desk.get(elena.contacts.get().get_absolute_url()).text
    office = elena.offices.get()
    for address in ("offices/", "offices/add/", "departments/", "departments/add/"):
        assert desk.get(f"/clients/{elena.pk}/{address}").status_code == 404
    for address in ("", "edit/", "delete/"):
        assert desk.get(f"/offices/{office.pk}/{address}").status_code == 404


@pytest.mark.parametrize(("several", "sentence"), [("offices", "has no further offices"), ("departments", "has no departments")])
def test_what_is_posted_for_an_individual_is_refused_with_a_sentence(desk, elena, several, sentence):
    """C3: the client may have become an individual since the form was opened."""
    page = desk.post(f"/clients/{elena.pk}/{several}/add/", {"name": "Purchasing"})
    assert page.status_code == 422
    assert f"Elena is an individual and {sentence}." in page.text
    assert (elena.offices.count(), elena.departments.count()) == (1, 0)
    contact = elena.contacts.get()
    desk.post(
        f"/contacts/{contact.pk}/edit/", {"last_name": "K", "department": "Purchasing", "version": contact.version, "email": contact.email}
    )
    assert not Department.objects.exists()
    assert desk.post(f"/contacts/{contact.pk}/offices/", {"version": contact.version}).status_code == 404


@pytest.mark.parametrize("active", [True, False])
def test_a_client_with_departments_does_not_become_an_individual(brauer, active):
    """Invariant 4: deactivated ones count, too."""
    brauer.departments.create(name="Purchasing", active=active)
    brauer.kind = "individual"
    with pytest.raises(ValidationError, match="has departments"):
        brauer.full_clean()
    brauer.departments.all().delete()
    brauer.full_clean()


# --- history ---------------------------------------------------------------------------------------
def test_the_history_of_the_client_tells_of_offices(desk, brauer):
    desk.post(f"/clients/{brauer.pk}/offices/add/", form())
    office = Office.objects.get(name="Vienna office")
    desk.post(f"/offices/{office.pk}/make-headquarters/")
    page = desk.get(f"/clients/{brauer.pk}/history/")
    assert "Vienna office" in page.text
    assert "Headquarters" in page.text


def test_one_contact_in_two_offices_is_counted_in_both(desk, ada, plant):
    ada.assign_offices([ada.default_office, plant], plant)
    assert [office.contact_count for office in ada.client.offices.with_contact_count()] == [1, 1]
    Contact.objects.update(active=False)
    assert [office.contact_count for office in ada.client.offices.with_contact_count()] == [0, 0]
