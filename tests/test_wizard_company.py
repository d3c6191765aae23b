"""The wizard from an existing company (S5, S20, SD1): its record is taken over, only category and e-mail are asked."""

import pytest

from clients.models import Category, Client, Company, CustomField
from intake.models import ClientDraft
from tests.doors import dump, fresh_brakes  # noqa: F401
from tests.wizarding import START, errors, paper

pytestmark = pytest.mark.usefixtures("wizard_lists")
MAIL = "office@zander.example"


@pytest.fixture
def zander(wizard_lists) -> Company:
    return Company.objects.create(
        registered_name="Zander & Töchter KG",
        country="AT",
        company_type=wizard_lists.gmbh,
        tax_number="ATU12345675",
        registration_number="FN 123",
    )


def begin(walk, company: Company) -> None:
    walk.start(way="company")
    walk.next("company", company=company.pk, category=walk.world.small.pk, email=MAIL)


def test_a_company_becomes_a_client_with_what_the_registry_knows(walk, zander):
    """SD1, S19: one company, one client, nothing but the category asked."""
    begin(walk, zander)
    assert walk.titles == ["Company & category", "Review"]
    page = walk.browser.get(walk.url("review"))
    assert all(
        words in page.text for words in ("Zander &amp; Töchter KG", "Zander Töchter KG", "Austria", "GmbH", "ATU12345675", "CONT-0001")
    )
    client = walk.made()
    assert (client.name, client.legal_name, client.kind, client.country) == ("Zander Töchter KG", "Zander & Töchter KG", "corporate", "AT")
    assert (client.company_type, client.category, client.tax_number) == (walk.world.gmbh, walk.world.small, "ATU12345675")
    assert (client.number, client.email, client.branch) == ("CONT-0001", MAIL, walk.world.branch)
    zander.refresh_from_db()
    assert (client.company, zander.registration_number) == (zander, "FN 123")
    assert Company.objects.count() == 1
    assert client.offices.get().is_headquarters


def test_a_name_that_is_taken_is_numbered(walk, zander, make_client):
    make_client("Zander Töchter KG")
    make_client("ZANDER töchter KG 2")
    begin(walk, zander)
    assert walk.made().name == "Zander Töchter KG 3"


@pytest.mark.parametrize("registered", ["&&&", "x" * 200, "<b>{{7*7}}</b>", "شركة النور", "'; DROP TABLE"])
def test_any_registered_name_gives_a_name(walk, registered):
    company = Company.objects.create(registered_name=registered)
    begin(walk, company)
    client = walk.made()
    assert client.legal_name == registered
    assert 1 <= len(client.name) <= 100


def test_documents_and_fields_of_the_category_are_asked_all_the_same(walk, zander):
    """SD2, SD3."""
    CustomField.objects.create(entity="client", key="tier", label="Tier", required=True)
    walk.start(way="company")
    walk.next("company", company=zander.pk, category=walk.world.key_account.pk, email=MAIL)
    assert walk.titles == ["Company & category", "More data", "Documents", "Review"]
    walk.next("more", custom_tier="Gold")
    walk.next("documents", document0=paper())
    client = walk.made()
    assert client.custom == {"tier": "Gold"}
    assert client.documents.get().requirement == "Trade licence"


@pytest.mark.parametrize("text", ["zander", "TOCHTER kg", "FN 123", "atu123"])
def test_companies_are_searched_with_and_without_script(walk, zander, make_client, text):
    """S20; a company that has a client is not offered."""
    make_client("Zander Zwei", legal_name="Zander Zwei FN 123 ATU123 Töchter KG")
    Company.objects.create(registered_name="Other")
    walk.start(way="company")
    part = walk.browser.get(f"{START}companies/", {"q": text}, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "<html" in walk.browser.get(f"{START}companies/", {"q": text}).text
    answer = walk.post("company", q=text, category=walk.world.small.pk, email=MAIL, search="1")
    page = walk.browser.get(answer.headers["Location"])
    for found in (part, page):
        assert found.text.count('type="radio"') == 1
        assert "Zander &amp; Töchter KG" in found.text
    assert f'value="{MAIL}"' in page.text


def test_a_chosen_company_stays_chosen_while_another_is_searched(walk, zander):
    walk.start(way="company")
    walk.post("company", q="nothing like it", company=zander.pk, search="1")
    assert f'value="{zander.pk}" id="company-{zander.pk}" checked' in walk.browser.get(walk.url("company")).text
    part = walk.browser.get(f"{START}companies/", {"q": "zzz", "company": zander.pk}, headers={"HX-Request": "true"})
    assert "checked" in part.text
    assert "No company without a client matches “zzz”." in part.text


def test_the_page_of_a_company_leads_into_a_draft_with_that_company(walk, zander):
    page = walk.browser.get(START, {"company": zander.pk})
    assert "From the company “Zander &amp; Töchter KG”" in page.text
    assert not ClientDraft.objects.exists()
    page = walk.start(company=zander.pk, way="")
    assert "checked" in page.text
    assert walk.browser.get(START).text.count("Zander &amp; Töchter KG") == 3


@pytest.mark.parametrize("hostile", ["999999", "x", "-1", "1" * 40, "٣"])
def test_an_unknown_company_is_404(walk, hostile):
    assert walk.browser.get(START, {"company": hostile}).status_code == 404
    assert walk.browser.post(START, {"company": hostile}).status_code == 404
    walk.start(way="company")
    answer = walk.post("company", company=hostile, category=walk.world.small.pk, email=MAIL)
    assert answer.status_code == 422
    assert errors(answer)["company"] == ["This company is not in the registry any more. Choose another."]
    assert walk.browser.get(f"{START}companies/", {"company": hostile, "q": "\x00"}).status_code == 200


def test_a_company_that_has_a_client_is_refused_with_a_sentence_or_not_known(walk, make_client, make_staff):
    """XD33: the company of a client that one may not see does not exist."""
    client = make_client()
    page = walk.browser.get(START, {"company": client.company.pk})
    assert "Brauer Antriebe GmbH is a client already." in page.text
    assert f'href="/clients/{client.pk}/"' in page.text
    before = dump()
    assert walk.browser.post(START, {"company": client.company.pk}).status_code == 422
    assert dump() == before
    Client.objects.update(restricted_to_responsible=True, sales_person=make_staff("manager"))
    assert walk.browser.get(START, {"company": client.company.pk}).status_code == 404
    assert walk.browser.post(START, {"company": client.company.pk}).status_code == 404


def test_a_company_that_got_a_client_meanwhile_leads_back_with_a_sentence(walk, zander):
    """V33."""
    begin(walk, zander)
    first = walk.pk
    begin(walk, zander)
    walk.made()
    walk.pk = first
    answer = walk.finish()
    assert answer.headers["Location"] == f"{walk.url('company')}?check=1&to=review"
    page = walk.browser.get(answer.headers["Location"])
    assert "has become a client meanwhile. Choose another company." in page.text
    assert Client.objects.count() == 1


def test_only_category_and_mail_and_company_are_required(walk, zander):
    walk.start(way="company")
    answer = walk.post("company", company="", category="", email="")
    assert set(errors(answer)) == {"company", "category", "email"}
    assert 'href="#id_company"' in answer.text
    assert 'id="id_company"' in answer.text
    for step in ("identification", "contacts", "type"):
        assert walk.browser.get(walk.url(step)).headers["Location"] == walk.url("company")


def test_an_empty_registry_says_so(walk):
    page = walk.start(way="company")
    assert "Every company of the registry has a client." in page.text


def test_without_a_category_there_is_no_way_from_a_company_either(walk, zander):
    """S2."""
    Category.objects.update(active=False)
    assert "Create client</button>" not in walk.browser.get(START, {"company": zander.pk}).text
    assert walk.browser.post(START, {"company": zander.pk}).status_code == 422
