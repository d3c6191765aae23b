"""The search box and the signed-in person's own pages (X3, X31, XD1)."""

import pytest
from django.urls import reverse

from clientdesk.models import User
from clientdesk.rights import Role


def titles(page) -> set[str]:
    return {hit.title for group in page.context["groups"] for hit in group.found}


@pytest.fixture
def people(ada, make_client):
    pharma = make_client("Grünwald Pharma", legal_name="Grünwald Pharma AG", email="office@gruenwald.example")
    pharma.contacts.register(pharma, first_name="Anna", last_name="Müller-Lüdenscheidt", email="anna@gruenwald.example")
    make_client("Alte Firma", status="inactive", email="x@alt.example")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("müller", {"Anna Müller-Lüdenscheidt"}),
        ("muller anna", {"Anna Müller-Lüdenscheidt"}),
        ("anna muller", {"Anna Müller-Lüdenscheidt"}),
        ("ANNA", {"Anna Müller-Lüdenscheidt"}),
        ("denscheid", {"Anna Müller-Lüdenscheidt"}),
        ("gruenwald.example", {"Grünwald Pharma", "Anna Müller-Lüdenscheidt"}),
        ("grunwald", {"Grünwald Pharma"}),
        ("GRÜNWALD AG", {"Grünwald Pharma"}),
        ("C-00001", {"Brauer Antriebe"}),
        ("firma", {"Alte Firma"}),
        ("a%", set()),
        ("nobody here", set()),
    ],
)
def test_parts_of_names_are_found_in_any_order_and_case_and_without_accents(desk, people, typed, found):
    page = desk.get("/search/", {"q": typed})
    assert titles(page) == found
    shown = page.text.replace("<mark>", "").replace("</mark>", "")
    assert all(title in shown for title in found)


@pytest.mark.parametrize("typed", ["株式", "会社", "会", "社", "式会社", "東京", "京", "東京 会社", "とう", "acme", "ac"])
def test_one_or_two_signs_of_a_script_without_spaces_are_found_wherever_they_stand(desk, ada, make_client, typed):
    make_client("株式会社東京とうふAcme Ac", legal_name="x", email="x@tokyo.example")
    assert titles(desk.get("/search/", {"q": typed})) == {"株式会社東京とうふAcme Ac"}


@pytest.mark.parametrize(("typed", "found"), [("ив", True), ("ва", False), ("вано", True)])
def test_two_letters_match_at_the_start_of_a_word_in_any_alphabet(desk, ada, make_client, typed, found):
    make_client("Иванов", legal_name="x", email="x@ivanov.example")
    assert titles(desk.get("/search/", {"q": typed})) == ({"Иванов"} if found else set())


def test_hits_lead_to_the_records_grouped_by_kind(desk, people, ada):
    page = desk.get("/search/?q=brauer")
    assert [group.label for group in page.context["groups"]] == ["Clients", "Contacts"]
    assert f'href="/clients/{ada.client_id}/"' in page.text
    assert f'href="/contacts/{ada.pk}/"' in page.text


def test_a_long_group_leads_to_its_list(desk, brauer):
    for n in range(12):
        brauer.contacts.register(brauer, first_name="N", last_name=f"Person {n}")
    page = desk.get("/search/?q=person")
    assert len(titles(page)) == 10
    assert 'href="/contacts/?q=person"' in page.text


@pytest.mark.parametrize(
    ("typed", "said"), [("", "What are you looking for?"), ("%20", "What are you looking for?"), ("zzz", "Nothing found")]
)
def test_an_empty_result_says_what_to_do(desk, people, typed, said):
    assert said in desk.get(f"/search/?q={typed}").text


def test_typed_text_is_shown_as_text(desk, people):
    html = desk.get("/search/", {"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in html


def test_the_field_is_on_every_page_and_keeps_what_was_typed(desk, people):
    assert 'action="/search/"' in desk.get("/clients/").text
    assert 'value="anna"' in desk.get("/search/?q=anna").text


def test_readers_search_and_strangers_sign_in(make_staff, as_user, people, client):
    assert titles(as_user(make_staff(Role.READER)).get("/search/?q=anna"))
    page = client.get("/search/?q=anna")
    assert page.status_code == 302
    assert page.headers["Location"] == f"{reverse('account_login')}?next=/search/%3Fq%3Danna"


def test_a_person_changes_own_name_theme_and_keys_and_nothing_else(make_staff, as_user):
    user = make_staff(Role.READER)
    browser = as_user(user)
    version = browser.get("/profile/").context["form"]["version"].value()
    sent = {
        "first_name": "Ingrid",
        "last_name": "Dahl",
        "theme": "dark",
        "version": version,
        "role": "administrator",
        "email": "x@y.example",
        "technician": "on",
    }
    page = browser.post("/profile/", sent, follow=True)
    user.refresh_from_db()
    assert (user.first_name, user.theme, user.keys_on) == ("Ingrid", "dark", False)
    assert (user.role, user.email, user.technician) == (Role.READER, "reader@desk.example", False)
    assert 'data-theme="dark"' in page.text
    assert 'data-keys="off"' in page.text


@pytest.mark.parametrize(
    ("sent", "theme", "back"),
    [
        ({"theme": "dark", "next": "/contacts/?q=a"}, "dark", "/contacts/?q=a"),
        ({"theme": "", "next": "/clients/"}, "", "/clients/"),
        ({"theme": "pink"}, "light", "/profile/"),
        ({"theme": "dark", "next": "https://evil.example/"}, "dark", "/profile/"),
        ({"theme": "dark", "next": "//evil.example"}, "dark", "/profile/"),
        ({"theme": "dark", "next": "/\\evil.example"}, "dark", "/profile/"),
    ],
)
def test_the_theme_of_the_menu_is_kept_and_leads_back(make_staff, as_user, sent, theme, back):
    user = make_staff(theme="light")
    page = as_user(user).post("/profile/theme/", sent)
    assert page.headers["Location"] == back
    assert User.objects.get(pk=user.pk).theme == theme


def test_the_theme_is_not_changed_by_a_get(desk):
    assert desk.get("/profile/theme/?theme=dark").status_code == 405
