"""The registry of companies: one for each corporate client, and able to exist before it (decision 6, S19, S20, invariant 22)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk.models import Change, User
from clientdesk.rights import Role
from clients.models import Client, Company, CompanyType
from contacts.models import Office
from tests.doors import dump
from tests.test_versions import form_of

HOSTILE = ["<b>x</b>", "{{7*7}}", 'a "quoted" \\ name', "شركة الأمل", "漢字" * 60]


@pytest.fixture
def free(db) -> Company:
    """A company that is no client."""
    return Company.objects.create(registered_name="Nordlicht AG", country="DE", registration_number="HRB 77", tax_number="DE136695976")


def names(page) -> list[str]:
    return [company.registered_name for company in page.context["rows"]]


# --- one company for each corporate client ------------------------------------------------------
def test_a_corporate_client_registers_exactly_one_company_with_its_own_facts(make_client):
    kind = CompanyType.objects.create(name="GmbH", fits="both")
    client = make_client(legal_name="Brauer Antriebe GmbH", company_type=kind, tax_number="DE136695976")

    [company] = Company.objects.all()
    assert company.client == client
    assert (company.registered_name, company.company_type, company.country) == ("Brauer Antriebe GmbH", kind, "DE")
    assert company.tax_number == "DE136695976"


def test_an_individual_registers_none(make_client):
    make_client("Anna Lund", kind="individual", first_name="Anna", last_name="Lund")
    assert not Company.objects.exists()


def test_a_registration_that_fails_leaves_neither_client_nor_company(make_client, headquarters, monkeypatch):
    """Invariant 22: one act."""

    def fails(*_args, **_kwargs) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(Office.objects), "add_headquarters", fails)
    with pytest.raises(RuntimeError):
        make_client()
    assert not Client.objects.exists()
    assert not Company.objects.exists()


def test_an_existing_company_is_taken_over_and_never_twice(make_client, headquarters, free):
    """S20, SD1."""
    first, second = (
        Client(name=name, legal_name=f"{name} AG", country="DE", tax_number="DE136695976", branch=headquarters)
        for name in ("Nord", "Licht")
    )
    first.register(None, company=free)
    with pytest.raises(ValidationError, match="belongs to another client already"):
        second.register(None, company=Company(pk=free.pk, registered_name="as it was read before"))

    company = Company.objects.get()
    assert company.client == first
    assert (company.registration_number, company.registered_name) == ("HRB 77", "Nord AG")
    assert [client.name for client in Client.objects.all()] == ["Nord"]
    assert second.pk is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_company_at_once_one_gets_it(headquarters, free):
    start = Barrier(2)

    def take(name: str) -> bool:
        try:
            client = Client(name=name, legal_name=name, branch=headquarters)
            company = Company.objects.get(pk=free.pk)
            start.wait()
            client.register(None, company=company)
        except ValidationError:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, ["One", "Two"])) == [False, True]
    assert Client.objects.count() == 1
    assert Company.objects.get().client == Client.objects.get()


def test_a_changed_client_takes_its_company_along(desk, brauer):
    kind = CompanyType.objects.create(name="AG")
    brauer.legal_name, brauer.country, brauer.company_type, brauer.tax_number = "Brauer AG", "AT", kind, "ATU12345675"
    brauer.save()

    company = Company.objects.get()
    assert (company.registered_name, company.country, company.company_type, company.tax_number) == ("Brauer AG", "AT", kind, "ATU12345675")


def test_what_the_registry_alone_knows_outlives_a_change_of_the_client(brauer):
    Company.objects.update(registration_number="HRB 1")
    brauer.legal_name = "Brauer AG"
    brauer.save()
    assert Company.objects.get().registration_number == "HRB 1"


def test_a_client_that_becomes_an_individual_leaves_its_company_behind_and_takes_one_again_as_corporate(brauer):
    """Invariants 4 and 22."""
    brauer.kind = Client.Kind.INDIVIDUAL
    brauer.save()
    assert [company.client for company in Company.objects.all()] == [None]

    brauer.kind = Client.Kind.CORPORATE
    brauer.save()
    assert Company.objects.filter(client=brauer).count() == 1


def test_a_save_that_touches_nothing_of_it_leaves_the_company_alone(brauer):
    version = Company.objects.get().version
    brauer.notes = "Rings before noon."
    brauer.save()
    assert Company.objects.get().version == version


# --- the list ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Brauer Antriebe GmbH", "Nordlicht AG"]),
        ("client=no", ["Nordlicht AG"]),
        ("client=yes", ["Brauer Antriebe GmbH"]),
        ("client=maybe", ["Brauer Antriebe GmbH", "Nordlicht AG"]),
        ("q=nordlicht", ["Nordlicht AG"]),
        ("q=hrb 77", ["Nordlicht AG"]),
        ("q=DE136695976", ["Nordlicht AG"]),
        ("country=DE&q=brauer", ["Brauer Antriebe GmbH"]),
        ("country=FR", []),
        ("sort=-name", ["Nordlicht AG", "Brauer Antriebe GmbH"]),
    ],
)
def test_the_list_is_searched_and_filtered(desk, brauer, free, query, found):
    assert names(desk.get(f"/companies/?{query}")) == found


def test_the_list_is_filtered_by_company_type(desk, brauer, free):
    free.company_type = CompanyType.objects.create(name="AG")
    free.save()
    assert names(desk.get(f"/companies/?type={free.company_type_id}")) == ["Nordlicht AG"]


def test_the_list_asks_as_often_for_fifty_rows_as_for_two(desk, brauer, free):
    desk.get("/companies/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/companies/")
    for n in range(48):
        Company.objects.create(registered_name=f"Company {n}", country="DE", company_type=CompanyType.objects.create(name=f"Type {n}"))
    with CaptureQueriesContext(connection) as many:
        assert len(names(desk.get("/companies/"))) == 50
    assert len(many) == len(few)


def test_an_empty_registry_says_how_it_fills(desk, make_staff, as_user):
    assert "Every corporate client is registered here by itself" in desk.get("/companies/").text
    assert "/companies/add/" not in as_user(make_staff(Role.READER)).get("/companies/").text


def test_the_search_box_finds_companies_without_client_only(desk, brauer, free):
    """A company with a client is found as its client, not a second time."""
    groups = {group.label: [hit.title for hit in group.found] for group in desk.get("/search/?q=nordlicht").context["groups"]}
    assert groups == {"Companies": ["Nordlicht AG"]}
    assert "Companies" not in {group.label for group in desk.get("/search/?q=brauer").context["groups"]}


def test_the_menu_leads_to_the_list_below_the_clients(desk):
    menu = [entry.label for entry in desk.get("/companies/").context["menu"]]
    assert menu.index("Companies") == menu.index("Clients") + 1


# --- one company ---------------------------------------------------------------------------------
def test_a_company_is_added_and_shown(desk):
    sent = {"registered_name": " Nordlicht  AG ", "country": "DE", "registration_number": "HRB 77", "tax_number": ""}
    page = desk.post("/companies/add/", sent, follow=True)
    company = Company.objects.get()
    assert page.redirect_chain == [(f"/companies/{company.pk}/", 303)]
    assert company.registered_name == "Nordlicht AG"
    assert company.created_by.role == Role.DESK
    assert "Nordlicht AG was added" in page.text
    assert "This company is no client yet" in page.text


def test_a_company_without_name_is_refused(desk):
    page = desk.post("/companies/add/", {"registered_name": " "})
    assert page.status_code == 422
    assert "Enter the name under which the company is registered." in page.text
    assert not Company.objects.exists()


@pytest.mark.parametrize("typed", ["Nordlicht AG", "nordlicht  ag", "ＮＯＲＤＬＩＣＨＴ AG"])
def test_the_same_company_is_not_added_twice(desk, free, typed):
    page = desk.post("/companies/add/", {"registered_name": typed, "country": "DE"})
    assert page.status_code == 422
    assert "“Nordlicht AG” is in the registry already." in page.text
    assert f'href="/companies/{free.pk}/"' in page.text
    assert Company.objects.count() == 1


def test_a_company_of_the_same_name_in_another_country_is_another_one(desk, free):
    assert desk.post("/companies/add/", {"registered_name": "Nordlicht AG", "country": "CH"}).status_code == 303


def test_what_is_registered_already_is_shown_while_typing(desk, brauer, free):
    assert "Nordlicht AG" in desk.get("/companies/search/?registered_name=nordl", headers={"HX-Request": "true"}).text
    assert "client Brauer Antriebe" in desk.get("/companies/search/?registered_name=brauer ant").text
    assert "notice" not in desk.get("/companies/search/?registered_name=no", headers={"HX-Request": "true"}).text


def test_a_company_without_client_is_changed_in_every_detail(desk, free):
    url = f"/companies/{free.pk}/edit/"
    sent = form_of(desk.get(url)) | {"registered_name": "Nordlicht SE", "country": "AT", "tax_number": "ATU12345675"}
    assert desk.post(url, sent).headers["Location"] == f"/companies/{free.pk}/"
    free.refresh_from_db()
    assert (free.registered_name, free.country, free.tax_number, free.version) == ("Nordlicht SE", "AT", "ATU12345675", 2)
    assert Change.objects.filter(object_id=free.pk, changes__has_key="registered_name").count() == 2


def test_what_follows_the_client_is_changed_at_the_client_only(desk, brauer):
    company = Company.objects.get()
    url = f"/companies/{company.pk}/edit/"
    page = desk.get(url)
    assert f'href="/clients/{brauer.pk}/edit/"' in page.text
    sent = form_of(page) | {"registered_name": "Mine", "country": "FR", "tax_number": "1", "registration_number": "HRB 9"}
    assert desk.post(url, sent).status_code == 303
    company.refresh_from_db()
    assert (company.registered_name, company.country, company.tax_number) == ("Brauer Antriebe GmbH", "DE", "")
    assert company.registration_number == "HRB 9"


def test_a_company_cannot_be_given_to_a_client_by_its_form(desk, brauer, free):
    """Trial V12: what is not on the form is not taken."""
    url = f"/companies/{free.pk}/edit/"
    sent = form_of(desk.get(url)) | {"registration_number": "HRB 8", "client": brauer.pk, "client_id": brauer.pk, "created_by": 1}
    desk.post(url, sent)
    free.refresh_from_db()
    assert (free.registration_number, free.client, free.created_by) == ("HRB 8", None, None)


def test_the_client_made_of_it_stands_on_the_page_and_the_other_way_round(desk, brauer):
    company = Company.objects.get()
    assert f'href="/clients/{brauer.pk}/"' in desk.get(f"/companies/{company.pk}/").text
    assert f'href="/companies/{company.pk}/"' in desk.get(f"/clients/{brauer.pk}/").text


def test_a_client_is_created_from_a_company_that_has_none(desk, free, brauer, make_staff, as_user):
    """S20, SD1: the button leads into the guided creation with the company chosen."""
    address = f"/clients/new/?company={free.pk}"
    assert f'href="{address}"' in desk.get(f"/companies/{free.pk}/").text
    assert desk.get(address).status_code == 200
    assert "/clients/new/?company" not in desk.get(f"/companies/{brauer.company.pk}/").text
    assert "/clients/new/?company" not in as_user(make_staff(Role.READER)).get(f"/companies/{free.pk}/").text


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_shown_as_it_is(desk, db, name):
    company = Company.objects.create(registered_name=name, country="DE")
    for address in ("/companies/", f"/companies/{company.pk}/", f"/companies/{company.pk}/edit/", f"/search/?q={name[:20]}"):
        page = desk.get(address)
        assert page.status_code == 200
        assert "<b>x</b>" not in page.text.replace("<b>x</b> added", "")
        assert "49" not in page.text.partition("<h1")[2].partition("</h1>")[0]


@pytest.mark.parametrize("address", ["/companies/999999/", "/companies/999999/edit/"])
def test_an_unknown_company_is_missing(desk, address):
    assert desk.get(address).status_code == 404
    assert desk.post(address).status_code in (404, 405)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_company_at_once_one_row_is_left_and_a_sentence(make_staff):
    """Trial V32, E03."""
    user, start = make_staff(), Barrier(2)

    def post(_n: int) -> tuple[int, str]:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            start.wait()
            page = browser.post("/companies/add/", {"registered_name": "Nordlicht AG", "country": "DE"})
            return page.status_code, page.content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(post, range(2)))
    assert [status for status, _ in answers] == [303, 422]
    assert "in the registry already" in answers[1][1]
    assert Company.objects.count() == 1


def test_looking_changes_nothing(desk, brauer, free):
    before = dump()
    for address in ("/companies/", f"/companies/{free.pk}/", f"/companies/{free.pk}/edit/", "/companies/add/", "/companies/search/?q=nord"):
        assert desk.get(address).status_code == 200
    assert dump() == before
