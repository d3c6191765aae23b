"""The profile of a client: overview, edit, deactivate and restore (S3, X18, X19, X21, J1, J15, C19)."""

import re
from html import unescape

import pytest

from clientdesk.rights import Role
from clients.models import Branch, Category, Client, Company
from contacts.models import Office

ALL = {
    "name": "Brauer Antriebe",
    "legal_name": "Brauer Antriebe GmbH",
    "kind": "corporate",
    "status": "active",
    "email": "info@brauer.example",
    "country": "DE",
}


def posted(client: Client, **changes) -> dict[str, object]:
    """Return what the edit form of `client` sends, with `changes`."""
    fields = {
        name: getattr(client, name) or ""
        for name in (
            *("name", "legal_name", "kind", "status", "email", "website", "tax_number", "external_id"),
            *("street", "street2", "postal_code", "city", "province", "country", "notes", "version"),
        )
    }
    return fields | {"phone": str(client.phone or ""), "branch": client.branch_id, "category": client.category_id or ""} | changes


def confirmed(page) -> dict[str, str]:
    """Return what the page sends that says beforehand what else will happen."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text.partition("<main")[2])
    return {name: unescape(value) for name, value in inputs if name != "csrfmiddlewaretoken"}


TABS = (
    "identification",
    "addresses",
    "offices",
    "departments",
    "contacts",
    "work",
    "portal-rights",
    "sla",
    "preferences",
    "crm",
    "documents",
    "history",
)


def test_the_profile_shows_card_tabs_and_key_data(desk, ada):
    client = ada.client
    client.phone, client.city, client.website = "+49305550100", "Berlin", "https://www.brauer.example"
    client.save()
    html = desk.get(client.get_absolute_url()).text
    for shown in (
        "Brauer Antriebe GmbH",
        "C-00001",
        "Corporate",
        "Active",
        "+49 30 5550100",
        "Berlin",
        "Germany",
        "https://www.brauer.example",
    ):
        assert shown in html
    tabs = re.search(r'<nav class="tabs".*?</nav>', html, re.S)[0]
    names = ("", *(f"{tab}/" for tab in TABS))
    assert re.findall(r'href="([^"]+)"', tabs) == [f"/clients/{client.pk}/{name}" for name in names]
    assert re.search(r'<a href="/clients/\d+/" aria-current="page">Overview', tabs)
    assert "Contact persons" in tabs


def test_an_address_stands_in_lines_as_on_an_envelope(desk, brauer):
    brauer.street, brauer.street2, brauer.postal_code, brauer.city, brauer.province = "Holm <3>", "", "24937", "Flensburg", "Holstein"
    brauer.save()
    assert "<dd>Holm &lt;3&gt;<br>24937 Flensburg, Holstein</dd>" in desk.get(brauer.get_absolute_url()).text


def test_what_is_not_known_is_said_and_can_be_added(desk, brauer):
    html = desk.get(brauer.get_absolute_url()).text
    assert "Not given" in html
    assert f'href="/clients/{brauer.pk}/edit/#id_phone"' in html


def test_a_company_without_contact_calls_for_one_and_an_individual_does_not(desk, brauer, make_client):
    assert "has no contact person yet" in desk.get(brauer.get_absolute_url()).text
    elena = make_client("Elena Kovacs", kind="individual", last_name="Kovács")
    assert "has no contact person yet" not in desk.get(elena.get_absolute_url()).text
    brauer.contacts.register(brauer, last_name="Noor")
    assert "has no contact person yet" not in desk.get(brauer.get_absolute_url()).text


def test_the_overview_shows_six_contacts_and_leads_to_all(desk, brauer):
    for n in range(9):
        brauer.contacts.register(brauer, first_name="N", last_name=f"Person {n}")
    page = desk.get(brauer.get_absolute_url())
    assert [contact.last_name for contact, _ in page.context["cards"]] == [f"Person {n}" for n in range(6)]
    assert "All 9 contact persons" in page.text


@pytest.mark.parametrize(
    "url", ["/clients/999/", "/clients/999/edit/", "/clients/999/history/", "/clients/999/contacts/", "/clients/999/contacts/add/"]
)
def test_an_unknown_client_is_not_found(desk, headquarters, url):
    assert desk.get(url).status_code == 404
    assert desk.get(url.replace("999", "9" * 30)).status_code == 404


def test_readers_look_but_cannot_change(make_staff, as_user, ada):
    reader, client = as_user(make_staff(Role.READER)), ada.client
    html = reader.get(client.get_absolute_url()).text
    for absent in ("/edit/", "/contacts/add/", "/deactivate/", "Add contact person"):
        assert absent not in html
    assert reader.get(f"/clients/{client.pk}/edit/").status_code == 403
    for gesture in ("edit", "deactivate", "restore"):
        assert reader.post(f"/clients/{client.pk}/{gesture}/", posted(client, name="Hacked")).status_code == 403
    client.refresh_from_db()
    assert (client.name, client.status) == ("Brauer Antriebe", "active")


def test_every_detail_can_be_changed(desk, brauer):
    category = Category.objects.create(name="Pharma")
    lisbon = Branch.objects.create(name="Lisbon", code="LIS")
    page = desk.post(
        f"/clients/{brauer.pk}/edit/",
        posted(
            brauer,
            name="Brauer Neu",
            legal_name="Brauer <Neu> AG",
            status="potential",
            email=" New@Brauer.EXAMPLE ",
            phone="030 5550142",
            website="www.brauer.example",
            branch=lisbon.pk,
            category=category.pk,
            tax_number="DE 136 695 976",
            external_id="B-7",
            street="Hauptstraße 1",
            postal_code="10115",
            city="Berlin",
            notes="Two\r\nlines",
        ),
    )
    assert (page.status_code, page.headers["Location"]) == (303, f"/clients/{brauer.pk}/")
    brauer.refresh_from_db()
    assert (brauer.name, brauer.name_key, brauer.legal_name, brauer.status) == ("Brauer Neu", "brauer neu", "Brauer <Neu> AG", "potential")
    assert (brauer.email, str(brauer.phone), brauer.website) == ("New@brauer.example", "+49305550142", "https://www.brauer.example")
    assert (brauer.branch, brauer.category, brauer.external_id, brauer.notes) == (lisbon, category, "B-7", "Two\nlines")
    assert brauer.number == "C-00001"
    assert brauer.version == 2


def test_the_edit_page_has_every_field_of_the_add_page(desk, brauer):
    html = desk.get(f"/clients/{brauer.pk}/edit/").text
    for field in ("name", "legal_name", "email", "country", "branch", "kind"):
        assert f'name="{field}"' in html


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "Enter a name for the client."),
        ({"name": "GRÜNWALD pharma"}, "name", "exists already"),
        ({"email": ""}, "email", "Enter the e-mail address"),
        ({"phone": "12"}, "phone", "“12” is no phone number"),
        ({"phone": "nonsense"}, "phone", "“nonsense” is no phone number"),
        ({"website": "javascript:alert(1)"}, "website", "“javascript:alert(1)” is no web address"),
        ({"website": "ftp://x.example"}, "website", "“ftp://x.example” is no web address"),
        ({"website": "http://["}, "website", "“http://[” is no web address"),
        ({"external_id": " gp-1 "}, None, ""),
        ({"external_id": "GP-1"}, "external_id", "Another client has this external ID."),
        ({"status": "gone"}, "status", "This choice is not offered any more"),
        ({"notes": "x" * 10_001}, "notes", "Shorten it to 10000"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_saved(desk, brauer, make_client, changes, field, said):
    make_client("Grünwald Pharma", external_id="GP-1")
    page = desk.post(f"/clients/{brauer.pk}/edit/", posted(brauer, **changes))
    if field is None:
        assert page.status_code == 303
        return
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert said in page.context["form"].errors[field][0]
    assert '<h1 class="grow">Edit Brauer Antriebe</h1>' in page.text
    brauer.refresh_from_db()
    assert (brauer.name, brauer.version) == ("Brauer Antriebe", 1)


def test_two_clients_may_have_no_external_id(desk, brauer, make_client):
    make_client("Grünwald Pharma")
    assert desk.post(f"/clients/{brauer.pk}/edit/", posted(brauer, city="Bonn")).status_code == 303
    brauer.refresh_from_db()
    assert brauer.external_id is None


def test_a_deactivated_branch_stays_on_its_client_and_is_offered_to_no_other(desk, brauer, make_client):
    closed = Branch.objects.create(name="Closed", code="CLO")
    old = make_client("Old Client", branch=closed)
    closed.active = False
    closed.save()
    assert "Closed" in desk.get(f"/clients/{old.pk}/edit/").text
    assert "Closed" not in desk.get(f"/clients/{brauer.pk}/edit/").text
    assert desk.post(f"/clients/{brauer.pk}/edit/", posted(brauer, branch=closed.pk)).status_code == 422
    assert desk.post(f"/clients/{old.pk}/edit/", posted(old, city="Bonn")).status_code == 303


def test_a_blank_email_of_an_import_may_stay_blank(desk, make_client):
    client = make_client(email="")
    assert desk.post(f"/clients/{client.pk}/edit/", posted(client, city="Bonn")).status_code == 303


def test_an_unchanged_form_changes_nothing(desk, brauer):
    page = desk.post(f"/clients/{brauer.pk}/edit/", posted(brauer), follow=True)
    assert "Nothing was changed." in page.text
    brauer.refresh_from_db()
    assert brauer.version == 1


def test_a_client_with_several_contacts_or_offices_cannot_become_an_individual(desk, brauer):
    edit = f"/clients/{brauer.pk}/edit/"
    brauer.contacts.register(brauer, last_name="A")
    second = brauer.contacts.register(brauer, last_name="B")
    page = desk.post(edit, posted(brauer, kind="individual"))
    assert page.status_code == 422
    assert "several contact persons" in page.context["form"].errors["kind"][0]
    second.delete()
    plant = Office.objects.create(client=brauer, name="Plant")
    page = desk.post(edit, posted(brauer, kind="individual"))
    assert "several offices" in page.context["form"].errors["kind"][0]
    plant.delete()
    page = desk.post(edit, posted(brauer, kind="individual"))
    assert "“Brauer Antriebe GmbH” stays in the registry of companies, without a client." in page.text
    brauer.refresh_from_db()
    assert not brauer.is_individual
    assert desk.post(edit, confirmed(page)).status_code == 303
    brauer.refresh_from_db()
    assert brauer.is_individual
    assert brauer.contacts.count() == 1


def test_a_change_of_kind_creates_no_contact_and_keeps_the_registry_in_step(desk, brauer, make_client):
    """XD3, invariants 4 and 22."""
    brauer_edit = f"/clients/{brauer.pk}/edit/"
    desk.post(brauer_edit, confirmed(desk.post(brauer_edit, posted(brauer, kind="individual"))))
    brauer.refresh_from_db()
    assert brauer.is_individual
    assert not brauer.contacts.exists()
    assert [(company.registered_name, company.client) for company in Company.objects.all()] == [("Brauer Antriebe GmbH", None)]
    elena = make_client("Elena Kovacs", kind="individual", last_name="Kovács")
    page = desk.post(f"/clients/{elena.pk}/edit/", posted(elena, kind="corporate"))
    assert "is entered in the registry of companies." in page.text
    desk.post(f"/clients/{elena.pk}/edit/", confirmed(page))
    assert elena.contacts.count() == 1
    assert Company.objects.get(client=elena).registered_name == "Elena Kovacs GmbH"


@pytest.mark.parametrize("before", ["active", "potential"])
def test_a_deactivated_client_leaves_the_list_and_comes_back_as_it_was(desk, make_client, before):
    client = make_client(status=before)
    page = desk.post(f"/clients/{client.pk}/deactivate/", follow=True)
    assert page.redirect_chain == [(f"/clients/{client.pk}/", 303)]
    assert "was deactivated" in page.text
    assert "Restore client" in page.text
    assert client.name not in desk.get("/clients/").text.split("<table")[-1]
    assert client.name in desk.get("/clients/?view=inactive").text
    assert client.name in desk.get("/clients/?status=inactive").text
    page = desk.post(f"/clients/{client.pk}/restore/", follow=True)
    assert "was restored" in page.text
    client.refresh_from_db()
    assert client.status == before


@pytest.mark.parametrize("gesture", ["deactivate", "restore"])
def test_a_gesture_needs_a_post_and_twice_is_once(desk, brauer, gesture):
    url = f"/clients/{brauer.pk}/{gesture}/"
    assert desk.get(url).status_code == 405
    desk.post(url)
    version = Client.objects.get().version
    desk.post(url)
    assert Client.objects.get().version == version


def test_long_and_right_to_left_names_and_missing_mail_are_shown(desk, make_client):
    for name, email in [("W" * 100, ""), ("شركة النور للتجارة", "info@alnoor.example")]:
        client = make_client(name, legal_name=name, email=email)
        assert name in desk.get(client.get_absolute_url()).text
    assert "W" * 100 in desk.get("/clients/").text
