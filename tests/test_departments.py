"""The departments of a corporate client, and the field of a contact that finds or adds one by its name (C2, C10, X40, invariant 6)."""

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Contact, Department
from contacts.place_forms import DepartmentForm, OfficeForm
from tests.test_versions import form_of, hidden_of


@pytest.fixture
def purchasing(brauer) -> Department:
    return brauer.departments.create(name="Purchasing", email="purchasing@brauer.example", phone="+493023125010", city="Kiel")


def form(**changes) -> dict[str, str]:
    return {"name": "Research", "office": "", "email": "", "phone": "", "city": "", "country": ""} | changes


def person(**changes) -> dict[str, str]:
    return {"first_name": "Grace", "last_name": "Holm", "email": "grace@brauer.example"} | changes


def save(browser, contact: Contact, **changes):
    contact.refresh_from_db()
    own = {"first_name": contact.first_name, "last_name": contact.last_name, "email": contact.email, "version": contact.version}
    return browser.post(f"/contacts/{contact.pk}/edit/", own | changes)


# --- the tab ---------------------------------------------------------------------------------------
def test_the_tab_lists_each_department_with_its_own_contact_details(desk, brauer, purchasing, ada):
    """C2."""
    purchasing.office = brauer.offices.get()
    purchasing.save()
    save(desk, ada, department="Purchasing")
    page = desk.get(f"/clients/{brauer.pk}/departments/")
    for shown in ("Purchasing", "purchasing@brauer.example", "+49 30 23125010", "Headquarters", '<td class="num">1</td>'):
        assert shown in page.text
    assert 'Departments <span class="n">1</span>' in page.text
    page = desk.get(purchasing.get_absolute_url())
    for shown in ("Kiel", "purchasing@brauer.example", "Ada Krämer"):
        assert shown in page.text


def test_a_department_without_an_address_is_where_its_office_is(desk, brauer, purchasing):
    plant = brauer.offices.create(name="Leipzig plant", city="Leipzig")
    purchasing.city, purchasing.office = "", plant
    purchasing.save()
    page = desk.get(purchasing.get_absolute_url())
    assert "Leipzig" in page.text
    assert "The address of the office" in page.text


def test_saving_a_new_department_returns_to_the_client(desk, brauer):
    """C10."""
    answer = desk.post(f"/clients/{brauer.pk}/departments/add/", form(email="r@brauer.example", office=brauer.offices.get().pk))
    made = Department.objects.get()
    assert answer.headers["Location"] == f"/clients/{brauer.pk}/departments/#department-{made.pk}"
    assert (made.client, made.name, made.email, made.office.name) == (brauer, "Research", "r@brauer.example", "Headquarters")
    assert made.created_by is not None


@pytest.mark.parametrize("name", ["Purchasing", " PURCHASING  ", "ｐurchasing"])
def test_a_name_is_taken_once_in_a_client(desk, brauer, purchasing, make_client, name):
    """C10: by key, whatever its case, spaces and signs."""
    page = desk.post(f"/clients/{brauer.pk}/departments/add/", form(name=name))
    assert page.status_code == 422
    assert page.context["form"].errors == {"name": ["This client has a department named “Purchasing” already. Choose another name."]}
    assert desk.post(f"/clients/{make_client('Other').pk}/departments/add/", form(name=name)).status_code == 303


def test_a_department_is_renamed_moved_and_refused_a_name_that_is_taken(desk, brauer, purchasing):
    brauer.departments.create(name="Research")
    address = f"/departments/{purchasing.pk}/edit/"
    assert desk.post(address, form(version=purchasing.version)).status_code == 422
    assert desk.post(address, form(name="purchasing", version=purchasing.version)).status_code == 303
    purchasing.refresh_from_db()
    assert (purchasing.name, purchasing.email) == ("purchasing", "")


def test_the_office_of_a_department_is_one_of_its_client(desk, brauer, purchasing, make_client):
    """Invariant 6, posted by hand."""
    other = make_client("Other").offices.get()
    page = desk.post(f"/clients/{brauer.pk}/departments/add/", form(office=other.pk))
    assert page.context["form"].errors == {"office": ["This is none of the client's offices in use. Choose another."]}
    purchasing.office = other
    with pytest.raises(ValidationError, match="another client"):
        purchasing.full_clean()


def test_a_department_with_people_is_deactivated_and_one_without_is_deleted(desk, brauer, purchasing, ada):
    """Invariant 5."""
    save(desk, ada, department="Purchasing")
    page = desk.post(f"/departments/{purchasing.pk}/delete/")
    assert page.status_code == 422
    assert "“Purchasing” cannot be deleted: contacts refer to it." in page.text
    assert f'formaction="/departments/{purchasing.pk}/deactivate/"' in page.text
    desk.post(f"/departments/{purchasing.pk}/deactivate/")
    assert "Deactivated departments" in desk.get(f"/clients/{brauer.pk}/departments/").text
    desk.post(f"/departments/{purchasing.pk}/restore/")
    save(desk, ada, department="")
    assert desk.post(f"/departments/{purchasing.pk}/delete/").status_code == 303
    assert not Department.objects.exists()


# --- the field of a contact -------------------------------------------------------------------------
def test_the_field_offers_the_departments_in_use_of_this_client_only(desk, brauer, purchasing, ada, make_client):
    """X40."""
    make_client("Other").departments.create(name="Secret lab")
    brauer.departments.create(name="Old", active=False)
    for address in (f"/clients/{brauer.pk}/contacts/add/", f"/contacts/{ada.pk}/edit/"):
        page = desk.get(address).text
        assert '<option value="Purchasing">' in page
        assert "Secret lab" not in page
        assert '<option value="Old">' not in page


@pytest.mark.parametrize("typed", ["Purchasing", " purchasing "])
def test_a_name_that_is_there_is_that_department(desk, brauer, purchasing, ada, typed):
    assert save(desk, ada, department=typed).status_code == 303
    assert desk.post(f"/clients/{brauer.pk}/contacts/add/", person(department=typed)).status_code == 303
    assert set(Contact.objects.values_list("department", flat=True)) == {purchasing.pk}
    assert Department.objects.count() == 1


def test_a_new_name_is_a_new_department(desk, brauer, ada):
    """X40, type-ahead with “add new”; it needs no script."""
    assert save(desk, ada, department="Research  lab").status_code == 303
    assert desk.post(f"/clients/{brauer.pk}/contacts/add/", person(department="Sales")).status_code == 303
    found = dict(Contact.objects.values_list("last_name", "department__name"))
    assert found == {"Krämer": "Research lab", "Holm": "Sales"}
    assert set(Department.objects.values_list("client", flat=True)) == {brauer.pk}
    assert all(department.created_by for department in Department.objects.all())


def test_the_name_of_another_clients_department_makes_one_of_this_client(desk, ada, make_client):
    """X40."""
    theirs = make_client("Other").departments.create(name="Laboratory")
    save(desk, ada, department="Laboratory")
    ada.refresh_from_db()
    assert ada.department != theirs
    assert ada.department.client == ada.client
    ada.department = theirs
    with pytest.raises(ValidationError, match="another client"):
        ada.full_clean()


def test_a_form_that_is_refused_adds_no_department(desk, brauer, ada):
    assert desk.post(f"/clients/{brauer.pk}/contacts/add/", person(department="Sales", email="")).status_code == 422
    assert save(desk, ada, department="Sales", last_name="").status_code == 422
    assert not Department.objects.exists()


def test_a_name_that_is_too_long_is_told_at_the_field(desk, ada):
    page = save(desk, ada, department="x" * 121)
    assert page.status_code == 422
    assert page.context["form"].errors == {"department": ["This is 121 characters long. Shorten it to 120."]}


def test_a_deactivated_department_is_refused_by_name_but_stays_on_who_has_it(desk, purchasing, ada, brauer):
    save(desk, ada, department="Purchasing")
    purchasing.refresh_from_db()
    purchasing.deactivate()
    assert save(desk, ada, department="Purchasing", first_name="Adele").status_code == 303
    ada.refresh_from_db()
    assert (ada.first_name, ada.department) == ("Adele", purchasing)
    page = desk.post(f"/clients/{brauer.pk}/contacts/add/", person(department="purchasing"))
    assert page.status_code == 422
    sentence = "“Purchasing” is a deactivated department of this client. Restore it, or choose another name."
    assert page.context["form"].errors == {"department": [sentence]}


def test_two_who_change_the_department_read_both_names(desk, purchasing, ada):
    """Trial E01: the conflict shows names, and Keep mine adds what was typed."""
    address = f"/contacts/{ada.pk}/edit/"
    opened = form_of(desk.get(address))
    save(desk, ada, department="Purchasing")
    page = desk.post(address, opened | {"department": "Research"})
    assert page.status_code == 409
    assert [(row["mine"], row["theirs"]) for row in page.context["rows"] if row["differs"]] == [("Research", "Purchasing")]
    assert not Department.objects.filter(name="Research").exists()
    assert desk.post(address, hidden_of(page)).status_code == 303
    ada.refresh_from_db()
    assert ada.department.name == "Research"


def test_the_page_of_a_contact_links_its_department(desk, purchasing, ada):
    save(desk, ada, department="Purchasing")
    assert f'href="{purchasing.get_absolute_url()}"' in desk.get(ada.get_absolute_url()).text


# --- history ---------------------------------------------------------------------------------------
def test_the_history_of_client_and_contact_tells_of_departments(desk, brauer, ada):
    save(desk, ada, department="Research")
    assert "Research" in desk.get(f"/clients/{brauer.pk}/history/").text
    assert "Research" in desk.get(f"/contacts/{ada.pk}/history/").text


@pytest.mark.parametrize(("make", "kind"), [(DepartmentForm, "a department"), (OfficeForm, "an office")])
def test_a_place_that_the_database_alone_refuses_is_refused_at_its_name(brauer, make, kind, monkeypatch):
    """In the very instant: both had looked before either saved."""
    model = make.Meta.model
    typed = make({"name": "Purchasing"}, instance=model(client=brauer))
    assert typed.is_valid()
    model.objects.bulk_create([model(client=brauer, name="Purchasing", name_key="purchasing")])
    monkeypatch.setattr(model, "clean", lambda self: None)
    assert typed.save_or_refuse() is None
    assert typed.errors == {"name": [f"This client has {kind} of this name already."]}
