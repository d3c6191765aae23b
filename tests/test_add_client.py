"""Adding a client in the browser (X1 to X17, domain.md decision 19)."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser

from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Branch, Client, StaffBranch
from contacts.models import Contact

ADD = "/clients/add/?kind=corporate"
COMPANY = {"name": "Brauer Antriebe", "legal_name": "Brauer & Söhne GmbH", "email": "info@brauer.example", "country": "DE"}
PERSON = {
    "individual": "on",
    "name": "Elena Kovacs",
    "first_name": "Elena",
    "last_name": "Kovács",
    "email": "elena@home.example",
    "country": "HU",
}


@pytest.fixture(autouse=True)
def branch(headquarters):
    return headquarters


def errors(page) -> dict[str, list[str]]:
    return {name: [re.sub("<[^>]+>", "", message) for message in found] for name, found in page.context["form"].errors.items()}


def test_the_page_has_exactly_the_six_fields_and_the_names_of_a_person(desk):
    """X6: a page of its own address."""
    page = desk.get(ADD)
    assert page.status_code == 200
    assert "<html" in page.text
    fields = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([a-z_]+)"', page.text.split("<main")[1]))
    assert fields - {"csrfmiddlewaretoken", "first_name", "last_name"} == {"name", "legal_name", "email", "country", "branch", "individual"}


def test_the_page_recommends_the_import_above_three_clients(desk, manager):
    """X2: a hint, with a link for who may import."""
    page, more = (browser.get(ADD).text.split("<main")[1] for browser in (desk, manager))
    assert "Add up to three clients here" in page
    assert 'href="/import/"' not in page
    assert 'href="/import/"' in more


def test_readers_are_refused(make_staff, as_user):
    reader = as_user(make_staff(Role.READER))
    assert reader.get(ADD).status_code == 403
    assert reader.post(ADD, COMPANY).status_code == 403
    assert not Client.objects.exists()


def test_continue_leads_to_the_profile_of_the_new_client(desk):
    page = desk.post(ADD, COMPANY)
    client = Client.objects.get()
    assert (page.status_code, page.headers["Location"]) == (303, f"/clients/{client.pk}/")
    assert (client.name, client.legal_name, client.kind, client.branch.name) == (
        "Brauer Antriebe",
        "Brauer & Söhne GmbH",
        "corporate",
        "Berlin",
    )
    assert client.created_by.role == Role.DESK
    assert client.offices.get().is_headquarters
    assert not client.contacts.exists()
    assert "was added" in desk.get(page.headers["Location"]).text


def test_save_and_add_another_returns_to_an_empty_page(desk):
    page = desk.post(ADD, COMPANY | {"another": "1"}, follow=True)
    assert page.redirect_chain == [(ADD, 303)]
    assert f'<a href="/clients/{Client.objects.get().pk}/">Open the profile</a>' in page.text
    assert not page.context["form"].is_bound


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Enter a name for the client."),
        ("legal_name", "", "Enter the legal name of the client."),
        ("legal_name", "   ", "Enter the legal name of the client."),
        ("email", "", "Enter the e-mail address of the main contact"),
        ("email", "info@brauer", "“info@brauer” is no complete e-mail address"),
        ("email", "root@localhost", "“root@localhost” is no complete e-mail address"),
        ("email", "root@[127.0.0.1]", "“root@[127.0.0.1]” is no complete e-mail address"),
        ("email", "a@b.test, c@d.test", "is no complete e-mail address"),
        ("email", "a@b.test\nBcc: x@y.test", "is no complete e-mail address"),
        ("email", "x" * 250 + "@b.test", "Shorten it to 254"),
        ("country", "XX", "This choice is not offered any more"),
        ("branch", "999", "This choice is not offered any more"),
        ("name", "Acme & Sons", "“&”"),
        ("name", "A/B", "“/”"),
        ("name", "Acme!", "“!”"),
        ("name", "-Acme", "must start with a letter or a digit"),
        ("name", "A" * 101, "Shorten it to 100"),
        ("name", "a\x00b", "cannot be stored"),
        ("legal_name", "L" * 201, "Shorten it to 200"),
        ("legal_name", "L" * 100_000, "Shorten it to 200"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(desk, field, typed, said):
    page = desk.post(ADD, COMPANY | {field: typed})
    assert page.status_code == 422
    assert list(errors(page)) == [field]
    assert said in errors(page)[field][0]
    assert "Error: " in page.text
    assert page.text.count(f'href="#id_{field}"') == 1
    assert not Client.objects.exists()


def test_every_missing_required_field_has_its_own_sentence(desk):
    """J2: three are required, and the others are marked as optional."""
    labels = re.findall(r'<label[^>]* for="id_(\w+)"[^>]*>(.*?)</label>', desk.get(ADD).text, re.S)
    optional = {name for name, label in labels if "(optional)" in label}
    assert optional & {"name", "legal_name", "email"} == set()
    assert {"country", "first_name"} <= optional
    page = desk.post(ADD, {})
    assert set(errors(page)) == {"name", "legal_name", "email"}
    assert len({said for [said] in errors(page).values()}) == 3
    assert "There are 3 problems" in page.text


@pytest.mark.parametrize("name", ["Müller 24", "Acme_2.0-x", "株式会社", "ООО Ромашка", "शर्मा", "شركة النور", "É", "U\u0308ber"])
def test_names_of_every_script_are_accepted(desk, name):
    assert desk.post(ADD, COMPANY | {"name": name}).status_code == 303


@pytest.mark.parametrize(
    "again", ["Brauer Antriebe", "brauer antriebe", "  BRAUER   Antriebe ", "Ｂrauer Antriebe", "Brauer\u00a0Antriebe"]
)
def test_a_duplicate_name_is_refused_and_links_the_client_that_has_it(desk, again):
    desk.post(ADD, COMPANY)
    page = desk.post(ADD, COMPANY | {"name": again})
    client = Client.objects.get()
    assert page.status_code == 422
    assert errors(page)["name"] == [f"A client named “Brauer Antriebe” exists already ({client.number}). Open it"]
    assert f'<a href="/clients/{client.pk}/">Open it</a>' in page.text


def test_typed_text_is_tidied_and_a_legal_name_holds_anything(desk):
    """X10: escaped wherever it is shown, and two clients may share it."""
    legal = '  Acme & Sons   "GmbH" <b> '
    page = desk.post(ADD, COMPANY | {"name": " Acme  One ", "legal_name": legal, "email": " Info@ACME.Example "}, follow=True)
    client = Client.objects.get()
    assert (client.name, client.legal_name, client.email) == ("Acme One", 'Acme & Sons "GmbH" <b>', "Info@acme.example")
    for text in (page.text, desk.get("/clients/?view=all&column=legal_name").text, desk.get(f"/clients/{client.pk}/history/").text):
        assert '"GmbH" <b>' not in text
    assert "Acme &amp; Sons &quot;GmbH&quot; &lt;b&gt;" in page.text
    assert desk.post(ADD, COMPANY | {"name": "Acme Two", "legal_name": legal, "despite": client.pk}).status_code == 303
    assert Client.objects.filter(legal_name=client.legal_name).count() == 2


def test_a_name_may_be_the_legal_name(desk):
    assert desk.post(ADD, COMPANY | {"legal_name": COMPANY["name"]}).status_code == 303


def test_only_countries_of_iso_3166_are_offered_and_taken(desk):
    """X13."""
    offered = {value for value, _name in desk.get(ADD).context["form"].fields["country"].choices if value}
    assert {"DE", "PT", "TW", "AX"} <= offered
    assert all(re.fullmatch("[A-Z]{2}", code) for code in offered)
    assert 240 < len(offered) < 255
    for code in ("XX", "de", "DEU", "Germany", "ZZ", "EU"):
        assert desk.post(ADD, COMPANY | {"country": code}).status_code == 422, code
    assert not Client.objects.exists()


def test_country_and_branch_may_stay_blank(desk, branch):
    """X13, X14."""
    desk.post(ADD, COMPANY | {"country": "", "branch": ""})
    client = Client.objects.get()
    assert (client.country, client.branch) == ("", branch)


def test_only_active_branches_are_offered_and_the_default_is_preselected(desk, branch):
    closed = Branch.objects.create(name="Closed", code="CLO", active=False)
    open_one = Branch.objects.create(name="Lisbon", code="LIS")
    html = desk.get(ADD).text
    assert f'<option value="{branch.pk}" selected>Berlin</option>' in html
    assert "Closed" not in html
    assert desk.post(ADD, COMPANY | {"branch": closed.pk}).status_code == 422
    assert desk.post(ADD, COMPANY | {"branch": open_one.pk}).status_code == 303
    assert Client.objects.get().branch == open_one


def test_a_house_without_branch_says_so(desk, branch):
    branch.delete()
    page = desk.post(ADD, COMPANY)
    assert page.status_code == 422
    assert "There is no active branch" in errors(page)["branch"][0]


def test_the_box_makes_a_person_of_the_client_whose_contact_shows_no_office(desk):
    """X15."""
    shown = {}
    for typed in (COMPANY, PERSON):
        desk.post(ADD, typed)
        client = Client.objects.latest("pk")
        contact = client.contacts.first() or client.contacts.register(client, last_name="Noor")
        shown[client.kind] = desk.get(contact.get_absolute_url()).text.split("<main")[1]
    assert "<dt>Offices</dt>" in shown["corporate"]
    assert "<dt>Offices</dt>" not in shown["individual"]


def test_an_individual_gets_its_contact_in_the_same_act(desk):
    """X16."""
    page = desk.post(ADD, PERSON)
    client = Client.objects.get()
    contact = Contact.objects.get()
    assert page.headers["Location"] == f"/clients/{client.pk}/"
    assert (client.kind, client.name, client.legal_name) == ("individual", "Elena Kovacs", "Elena Kovács")
    assert (contact.first_name, contact.last_name, contact.email, contact.country) == ("Elena", "Kovács", "elena@home.example", "HU")
    assert contact.is_primary
    assert contact.client == client
    assert contact.created_by == client.created_by


def test_for_an_individual_a_posted_legal_name_does_not_count(desk):
    desk.post(ADD, PERSON | {"legal_name": "Something else"})
    assert Client.objects.get().legal_name == "Elena Kovács"


def test_names_of_a_person_do_not_count_for_a_company(desk):
    desk.post(ADD, COMPANY | {"first_name": "Elena", "last_name": "Kovács"})
    assert Client.objects.get().legal_name == "Brauer & Söhne GmbH"
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"last_name": ""}, "last_name", "Enter the last name of the person."),
        ({"last_name": " "}, "last_name", "Enter the last name of the person."),
        ({"first_name": "x" * 100, "last_name": "y" * 100}, "last_name", "201 characters together"),
        ({"email": "nobody"}, "email", "no complete e-mail address"),
    ],
)
def test_a_wrong_person_leaves_neither_client_nor_contact(desk, changed, field, said):
    page = desk.post(ADD, PERSON | changed)
    assert page.status_code == 422
    assert said in errors(page)[field][0]
    assert not Client.objects.exists()
    assert not Contact.objects.exists()


def test_a_first_name_may_be_blank(desk):
    desk.post(ADD, PERSON | {"first_name": ""})
    assert Client.objects.get().legal_name == Contact.objects.get().full_name == "Kovács"


def test_a_blank_name_of_a_person_is_proposed_without_special_characters(desk):
    page = desk.post(ADD, PERSON | {"name": "", "last_name": "O'Neil (junior)"})
    assert page.status_code == 422
    assert "“Elena O Neil junior” is proposed" in errors(page)["name"][0]
    assert 'value="Elena O Neil junior"' in page.text
    assert not Client.objects.exists()


def test_a_failing_contact_leaves_no_client(desk, monkeypatch):
    monkeypatch.setattr(Contact, "save", lambda self, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.post(ADD, PERSON)
    assert not Client.objects.exists()


def test_unlisted_fields_are_ignored(desk):
    desk.post(
        ADD,
        COMPANY
        | {"number": "X-1", "status": "inactive", "version": "9", "name_key": "x", "notes": "x", "created_by": "1", "kind": "individual"},
    )
    client = Client.objects.get()
    assert (client.number, client.status, client.version, client.notes, client.kind) == ("C-00001", "active", 1, "", "corporate")


def test_signs_that_turn_the_text_do_not_reach_the_record(desk):
    desk.post(ADD, COMPANY | {"name": "Acme\u202e", "legal_name": "\u202eabc\u2066 GmbH"})
    assert Client.objects.values_list("name", "legal_name").get() == ("Acme", "abc GmbH")


def test_similar_clients_are_named_while_typing(desk, make_client):
    make_client("Brauer Antriebe", email="info@brauer.example")
    make_client("Grünwald Pharma", email="x@gruenwald.example")
    part = {"headers": {"HX-Request": "true"}}
    assert "Brauer Antriebe" in desk.get("/clients/similar/?name=brauer", **part).text
    assert "Grünwald Pharma" in desk.get("/clients/similar/?name=&legal_name=GRUNWALD", **part).text
    assert "Brauer Antriebe" in desk.get("/clients/similar/?name=zzz&email=new@brauer.example", **part).text
    for nothing in ("name=", "name=br", "name=zzz", "email=a@gmail.com", "email=%00@", "name=%00", "email=@", "email=a@."):
        assert "Brauer" not in desk.get(f"/clients/similar/?{nothing}", **part).text
    assert "<html" in desk.get("/clients/similar/?name=brauer").text


@pytest.mark.parametrize("blind", [["clean"], ["clean", "constraints"]])
@pytest.mark.parametrize("page", ["add", "edit"])
def test_a_name_taken_between_look_and_save_is_refused_in_the_same_words(desk, make_client, monkeypatch, page, blind):
    brauer, other = make_client("Brauer Antriebe"), make_client("Other")
    monkeypatch.setattr(Client, "clean", Client.fold)
    if "constraints" in blind:
        monkeypatch.setattr(DeskForm, "validate_constraints", lambda form: None)
    if page == "add":
        answer = desk.post(ADD, COMPANY)
    else:
        answer = desk.post(
            f"/clients/{other.pk}/edit/", COMPANY | {"kind": "corporate", "status": "active", "branch": other.branch_id, "version": 1}
        )
    assert answer.status_code == 422
    assert errors(answer) == {"name": [f"A client named “Brauer Antriebe” exists already ({brauer.number}). Open it"]}
    assert f'href="/clients/{brauer.pk}/">Open it</a>' in answer.text
    other.refresh_from_db()
    assert (other.name, Client.objects.count()) == ("Other", 2)


@pytest.mark.django_db(transaction=True)
def test_a_race_of_two_posts_gives_one_client_and_one_form_error(make_staff, branch):
    user = make_staff()
    start = Barrier(4)

    def post(n: int) -> tuple[int, str]:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            start.wait()
            page = browser.post(ADD, COMPANY | {"name": ("Brauer Antriebe", "BRAUER antriebe")[n % 2]})
            return page.status_code, page.text
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(post, range(4)))
    assert sorted(status for status, _ in answers) == [303, 422, 422, 422]
    client = Client.objects.get()
    assert all(f'href="/clients/{client.pk}/"' in text for status, text in answers if status == 422)
    assert (client.offices.count(), client.number) == (1, "C-00001")


# --- the chooser --------------------------------------------------------------------------------
CHOOSE = "/clients/choose/"


@pytest.mark.parametrize("page", ["/clients/", "/contacts/", "/companies/", "/search/?q=a", "/profile/"])
def test_clients_stand_in_the_side_menu_of_every_page_and_adding_one_is_near(desk, page):
    """C6."""
    text = desk.get(page).text
    side = re.search(r'<nav class="nav".*?</nav>', text, re.S)[0]
    assert re.search(r'href="/clients/"[^>]*>.*?Clients<', side, re.S)
    assert f'href="{CHOOSE}"' in text


@pytest.mark.parametrize("address", ["/clients/add/", "/clients/add/?kind=", "/clients/add/?kind=other"])
def test_nobody_gets_to_the_form_without_having_decided_the_kind(desk, address):
    """C1."""
    assert desk.get(address, follow=True).redirect_chain == [(CHOOSE, 302)]


def test_the_two_kinds_lead_to_two_forms(desk):
    """C7, C8: a person is asked for first and last name from the start."""
    links = re.findall(r'<a href="(/clients/add/\?kind=\w+)">([^<]+)<', desk.get(CHOOSE).text)
    assert links == [("/clients/add/?kind=corporate", "Corporate client"), ("/clients/add/?kind=individual", "Individual client")]
    ticked = [bool(desk.get(url).context["form"]["individual"].value()) for url, _label in links]
    assert ticked == [False, True]


def test_the_other_ways_are_offered_to_who_may_go_them(desk, manager):
    """S4, X1: guided creation, from a company, and the import for who may import."""
    page, more = desk.get(CHOOSE).text, manager.get(CHOOSE).text
    for url in ("/clients/new/", "/companies/"):
        assert f'href="{url}"' in page
    for kind in ("corporate", "individual"):
        assert f'href="/import/?kind={kind}"' not in page.split("<main")[1]
        assert f'href="/import/?kind={kind}"' in more.split("<main")[1]


def test_readers_are_not_asked(make_staff, as_user):
    assert as_user(make_staff(Role.READER)).get(CHOOSE).status_code == 403


def test_after_save_and_add_another_the_kind_stays(desk):
    page = desk.post("/clients/add/?kind=individual", PERSON | {"another": "1"}, follow=True)
    assert page.redirect_chain == [("/clients/add/?kind=individual", 303)]
    assert page.context["form"]["individual"].value()


def test_the_branch_of_the_person_is_preselected(make_staff, as_user, branch):
    """X14, XD36."""
    lisbon = Branch.objects.create(name="Lisbon", code="LIS")
    user = make_staff()
    StaffBranch.objects.create(user=user, branch=lisbon)
    browser = as_user(user)
    assert f'<option value="{lisbon.pk}" selected>Lisbon</option>' in browser.get(ADD).text
    browser.post(ADD, COMPANY | {"branch": ""})
    lisbon.active = False
    lisbon.save()
    assert f'<option value="{branch.pk}" selected>Berlin</option>' in browser.get(ADD).text
    assert Client.objects.get().branch == lisbon
