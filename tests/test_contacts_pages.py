"""Contact persons: the tab, adding one, the contacts list and the contact's profile (X21 to X25, X30, X32 to X36, J18, J19, J22, J23)."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from clientdesk.models import User
from clientdesk.rights import Role
from clientdesk.words import tidy
from contacts.models import Contact, Position
from portal.models import ContactAccess

GRACE = {"first_name": "Grace", "last_name": "Hopper", "email": "grace@brauer.example"}


@pytest.fixture
def add(brauer) -> str:
    return f"/clients/{brauer.pk}/contacts/add/"


def cards(page) -> list[str]:
    return [contact.full_name for contact, _ in page.context["cards"]]


def test_the_tab_lists_this_clients_contacts_only_the_primary_one_first(desk, ada, make_client):
    ada.client.contacts.register(ada.client, first_name="Aaron", last_name="Abel")
    other = make_client("Grünwald Pharma")
    other.contacts.register(other, first_name="Julia", last_name="Stadler")
    page = desk.get(f"/clients/{ada.client_id}/contacts/")
    assert cards(page) == ["Ada Krämer", "Aaron Abel"]
    assert re.search(r'aria-current="page">Contact persons <span class="n">2</span>', page.text)


def test_a_card_shows_the_person_and_leads_to_the_profile(desk, ada):
    ada.phone = "+49305550142"
    ada.position = Position.objects.create(name="Head of purchasing")
    ada.save()
    for url in (f"/clients/{ada.client_id}/contacts/", f"/clients/{ada.client_id}/"):
        html = desk.get(url).text
        assert re.search(
            rf'<a class="btn sm reveal push" href="/contacts/{ada.pk}/" aria-label="Show profile of Ada Krämer">Show profile</a>', html
        )
        for shown in ("Ada Krämer", "Head of purchasing", 'href="mailto:ada@brauer.example"', "+49 30 5550142", "Primary"):
            assert shown in html


def test_the_opener_is_a_link_to_a_page_of_its_own(desk, brauer, add):
    assert re.search(rf'<a class="btn[^"]*" href="{add}" data-dialog>', desk.get(f"/clients/{brauer.pk}/contacts/").text)
    page = desk.get(add)
    assert "<html" in page.text
    assert "<h1" in page.text
    assert 'method="post"' in page.text


def test_add_saves_the_contact_and_shows_its_card(desk, brauer, add):
    position = Position.objects.create(name="Buyer")
    page = desk.post(add, GRACE | {"phone": "030 5550142", "position": position.pk})
    grace = Contact.objects.get()
    assert (page.status_code, page.headers["Location"]) == (303, f"/clients/{brauer.pk}/contacts/?added={grace.pk}#contact-{grace.pk}")
    assert (grace.full_name, grace.email, str(grace.phone), grace.position) == (
        "Grace Hopper",
        "grace@brauer.example",
        "+49305550142",
        position,
    )
    assert grace.is_primary
    assert grace.created_by.role == Role.DESK
    assert grace.default_office.is_headquarters
    html = desk.get(f"/clients/{brauer.pk}/contacts/").text
    assert "Grace Hopper was added." in html
    assert f'id="contact-{grace.pk}"' in html


def test_a_dialog_is_led_on_by_a_header(desk, brauer, add):
    page = desk.post(add, GRACE, headers={"HX-Request": "true"})
    assert page.status_code == 204
    pk = Contact.objects.get().pk
    assert page.headers["HX-Redirect"] == f"/clients/{brauer.pk}/contacts/?added={pk}#contact-{pk}"


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"last_name": ""}, "last_name", "Enter the last name of the person."),
        ({"email": ""}, "email", "Enter the e-mail address of the person"),
        ({"email": "grace"}, "email", "“grace” is no complete e-mail address"),
        ({"phone": "12"}, "phone", "“12” is no phone number"),
        ({"position": "999"}, "position", "This choice is not offered any more"),
        ({"first_name": "x" * 101}, "first_name", "Shorten it to 100"),
        ({"last_name": "a\x00"}, "last_name", "cannot be stored"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_is_wrong_is_said_in_the_same_form(desk, add, changed, field, said, headers):
    page = desk.post(add, GRACE | changed, headers=headers)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert said in page.context["form"].errors[field][0]
    assert "There is a problem" in page.text
    assert "data-dialog-form" in page.text
    assert not Contact.objects.exists()


def test_a_second_contact_may_take_over_as_primary(desk, ada, add):
    page = desk.get(add)
    assert "Gets the portal invitation and the invoices. Replaces Ada Krämer." in page.text
    desk.post(add, GRACE | {"make_primary": "on"})
    assert [contact.full_name for contact in Contact.objects.filter(is_primary=True)] == ["Grace Hopper"]


def test_the_first_contact_is_not_asked_to_be_primary(desk, add):
    assert "make_primary" not in desk.get(add).text


def test_the_same_person_twice_is_asked_for(desk, ada, add):
    again = {"first_name": "ADA", "last_name": " Krämer", "email": "ada@BRAUER.example"}
    page = desk.post(add, again)
    assert page.status_code == 422
    assert "is a contact person of this client already" in page.text
    assert f'href="/contacts/{ada.pk}/"' in page.text
    assert "Add this person a second time" in page.text
    assert Contact.objects.count() == 1
    assert desk.post(add, again | {"add_twin": "on"}).status_code == 303
    assert desk.post(add, again | {"email": "other@brauer.example"}).status_code == 303
    assert Contact.objects.count() == 3


def test_the_question_for_a_twin_stays_while_something_else_is_wrong(desk, ada, add):
    again = {"first_name": "Ada", "last_name": "Krämer", "email": ada.email}
    assert 'name="add_twin"' not in desk.post(add, again | {"last_name": ""}).text
    assert 'name="add_twin"' in desk.post(add, again | {"add_twin": "on", "phone": "12"}).text


def test_a_twin_is_looked_for_once_and_once_more_under_the_lock(desk, ada, add):
    with CaptureQueriesContext(connection) as asked:
        desk.post(add, GRACE)
    assert sum('"sort_key" = ' in query["sql"] and query["sql"].startswith("SELECT") for query in asked.captured_queries) == 2


def test_a_deactivated_position_is_not_offered_and_stays_on_old_records(desk, ada, add):
    gone = Position.objects.create(name="Telex operator", active=False)
    assert "Telex" not in desk.get(add).text
    ada.position = gone
    ada.save()
    assert "Telex" in desk.get(f"/contacts/{ada.pk}/edit/").text


def test_unlisted_fields_are_ignored(desk, brauer, make_client, add):
    other = make_client("Grünwald Pharma")
    desk.post(
        add,
        GRACE
        | {
            "client": other.pk,
            "active": "",
            "is_primary": "",
            "default_office": other.offices.get().pk,
            "notes": "x",
            "no_crm_emails": "on",
        },
    )
    grace = Contact.objects.get()
    assert (grace.client, grace.active, grace.notes, grace.no_crm_emails) == (brauer, True, "", False)
    assert grace.default_office == brauer.offices.get()


def test_four_hundred_contacts_are_paged_and_searched_with_the_primary_in_sight(desk, brauer):
    brauer.contacts.register(brauer, first_name="N0", last_name="Person 000")
    office = brauer.offices.get()
    people = [Contact(client=brauer, default_office=office, first_name=f"N{n}", last_name=f"Person {n:03}") for n in range(1, 400)]
    for person in people:
        person.fold()
    Contact.objects.bulk_create(people)
    last = Contact.objects.get(last_name="Person 399")
    last.make_primary()
    page = desk.get(f"/clients/{brauer.pk}/contacts/")
    assert cards(page)[:2] == ["N399 Person 399", "N0 Person 000"]
    assert len(cards(page)) == 61
    assert "400 contact persons" in page.text
    added = Contact.objects.get(last_name="Person 100")
    assert cards(desk.get(f"/clients/{brauer.pk}/contacts/?added={added.pk}"))[:3] == [
        "N100 Person 100",
        "N399 Person 399",
        "N0 Person 000",
    ]
    for odd in ("", "x", "-1", "9" * 30, "٣", "%00"):
        assert len(cards(desk.get(f"/clients/{brauer.pk}/contacts/?added={odd}"))) == 61
    onward = desk.get(f"/clients/{brauer.pk}/contacts/{page.context['listing'].next_url}")
    assert cards(onward)[0] == "N60 Person 060"
    found = desk.get(f"/clients/{brauer.pk}/contacts/?q=n77")
    assert cards(found) == ["N77 Person 077"]
    assert "No contact person matches" in desk.get(f"/clients/{brauer.pk}/contacts/?q=nobody").text


def test_the_profile_lies_in_the_contacts_area_and_shows_the_card(desk, ada):
    ada.position = Position.objects.create(name="Buyer")
    ada.phone = "+49305550142"
    ada.save()
    page = desk.get(f"/contacts/{ada.pk}/")
    assert [entry.label for entry in page.context["menu"] if entry.current] == ["Contacts"]
    assert re.search(r'href="/contacts/" aria-current="page"', page.text)
    card = re.search(r'<header class="header-card">.*?</header>', page.text, re.S)[0]
    for shown in (
        "Ada Krämer",
        "Primary contact",
        "Buyer",
        "Brauer Antriebe GmbH",
        f'href="/clients/{ada.client_id}/"',
        "ada@brauer.example",
        "+49 30 5550142",
        "Invite",
    ):
        assert shown in card
    edit = desk.get(f"/contacts/{ada.pk}/edit/").text
    assert "Ada Krämer" in re.search(r'<header class="header-card">.*?</header>', edit, re.S)[0]


def test_values_of_the_dialog_appear_in_the_main_data(desk, brauer, add):
    desk.post(add, GRACE | {"phone": "030 5550142"})
    html = desk.get(f"/contacts/{Contact.objects.get().pk}/").text
    for shown in ("Grace", "Hopper", "grace@brauer.example", "+49 30 5550142", "Not given"):
        assert shown in html


def test_only_required_fields_are_enough_to_save_the_main_data(desk, ada):
    page = desk.post(f"/contacts/{ada.pk}/edit/", {"last_name": "Krämer-Noor", "email": "ada@brauer.example", "version": ada.version})
    assert (page.status_code, page.headers["Location"]) == (303, f"/contacts/{ada.pk}/")
    ada.refresh_from_db()
    assert (ada.full_name, ada.sort_key, ada.search_key) == ("Krämer-Noor", "krämer-noor", "kramer-noor ada@brauer.example ada kramer")


def test_posted_dates_and_other_peoples_fields_are_ignored(desk, ada):
    created = ada.created_at
    desk.post(
        f"/contacts/{ada.pk}/edit/",
        {
            "last_name": "K",
            "email": "ada@brauer.example",
            "version": ada.version,
            "created_at": "2000-01-01",
            "updated_at": "2000-01-01",
            "is_primary": "",
            "client": 99,
        },
    )
    ada.refresh_from_db()
    assert (ada.created_at, ada.is_primary, ada.last_name) == (created, True, "K")


def test_without_the_right_to_change_no_form_is_rendered_and_a_post_is_refused(make_staff, as_user, ada):
    reader = as_user(make_staff(Role.READER))
    html = reader.get(f"/contacts/{ada.pk}/").text.split("<main")[1].split("</main")[0]
    assert "<form" not in html
    assert "/edit/" not in html
    assert reader.get(f"/contacts/{ada.pk}/edit/").status_code == 403
    for url in (f"/contacts/{ada.pk}/edit/", f"/contacts/{ada.pk}/make-primary/", f"/clients/{ada.client_id}/contacts/add/"):
        assert reader.post(url, GRACE | {"version": 1}).status_code == 403
    assert Contact.objects.get().last_name == "Krämer"


def test_the_address_of_somebody_who_is_kept_out_is_locked(desk, ada):
    """No link could be sent to confirm another one; of who may come in, tests/test_new_address.py tells."""
    user = User.objects.invite("ada@brauer.example")
    user.set_password("a long and quiet passphrase")
    user.save()
    ContactAccess.objects.create(contact=ada, user=user, allowed=False)
    page = desk.get(f"/contacts/{ada.pk}/edit/")
    assert "signs in to the portal with this address" in page.text
    desk.post(f"/contacts/{ada.pk}/edit/", {"last_name": "Noor", "email": "thief@brauer.example", "version": ada.version})
    ada.refresh_from_db()
    assert (ada.last_name, ada.email) == ("Noor", "ada@brauer.example")


def test_an_email_is_not_taken_away_but_may_be_missing(desk, ada):
    assert desk.post(f"/contacts/{ada.pk}/edit/", {"last_name": "K", "email": "", "version": ada.version}).status_code == 422
    bob = ada.client.contacts.register(ada.client, last_name="Noor")
    assert desk.post(f"/contacts/{bob.pk}/edit/", {"last_name": "Noor-K", "email": "", "version": bob.version}).status_code == 303


def test_make_primary_swaps_in_one_act(desk, ada):
    bob = ada.client.contacts.register(ada.client, first_name="Bob", last_name="Noor")
    page = desk.post(f"/contacts/{bob.pk}/make-primary/", follow=True)
    assert "Bob Noor is now the primary contact." in page.text
    assert list(Contact.objects.filter(is_primary=True)) == [bob]
    assert desk.get(f"/contacts/{ada.pk}/make-primary/").status_code == 405


@pytest.mark.parametrize("url", ["/contacts/999/", "/contacts/999/edit/", f"/contacts/{'9' * 30}/"])
def test_an_unknown_contact_is_not_found(desk, ada, url):
    assert desk.get(url).status_code == 404
    assert desk.post("/contacts/999/make-primary/").status_code == 404


def test_the_list_holds_contacts_of_all_clients_by_last_name(desk, ada, make_client):
    other = make_client("Grünwald Pharma")
    other.contacts.register(other, first_name="Zoe", last_name="Abel", email="zoe@gruenwald.example")
    page = desk.get("/contacts/")
    assert [row.contact.full_name for row in page.context["rows"]] == ["Zoe Abel", "Ada Krämer"]
    for shown in ("Brauer Antriebe", "Grünwald Pharma", "zoe@gruenwald.example", "2 contacts"):
        assert shown in page.text
    assert [row.contact.full_name for row in desk.get("/contacts/?q=kramer").context["rows"]] == ["Ada Krämer"]


def test_deactivated_contacts_are_on_no_list(desk, ada):
    bob = ada.client.contacts.register(ada.client, first_name="Bob", last_name="Noor")
    Contact.objects.filter(pk=bob.pk).update(active=False)
    for url in ("/contacts/", f"/clients/{ada.client_id}/contacts/", f"/clients/{ada.client_id}/"):
        assert "Bob Noor" not in desk.get(url).text
    assert "cannot be the primary contact" in desk.post(f"/contacts/{bob.pk}/make-primary/", follow=True).text


@pytest.mark.django_db(transaction=True)
def test_a_double_submit_makes_one_contact(brauer, make_staff):
    user = make_staff()
    start = Barrier(5)

    def post(n: int) -> int:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            start.wait()
            return browser.post(f"/clients/{brauer.pk}/contacts/add/", GRACE).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(post, range(5))) == [303, 422, 422, 422, 422]
    assert Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_swaps_leave_exactly_one_primary_contact(brauer, make_staff):
    user = make_staff()
    people = [brauer.contacts.register(brauer, last_name=f"Person {n}") for n in range(8)]
    start = Barrier(8)

    def post(contact: Contact) -> int:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            start.wait()
            return browser.post(f"/contacts/{contact.pk}/make-primary/").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, people)) == {303}
    assert Contact.objects.filter(is_primary=True).count() == 1


ODD_TEXTS = [
    'O\'Neil "Bob" & <b>',
    "\u0958" * 100,
    "ﷺ" * 100,
    "İ" * 100,
    "ß" * 100,
    "e\u0301" * 50,
    "\u202eabc",
    "a\u200bb",
    "a\u2028b\u2029c",
    "\ufeffx",
    "👩‍👩‍👧‍👦",
    "{{7*7}} {settings} {0.__class__} %s %(x)s",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE clients_client; --",
    "../../etc/passwd",
    "\x01\x1b[31m",
    "\x7f",
    "x\r\nBcc: y@z.example",
    "𝕬𝖇𝖈",
    "Ｆｕｌｌ",
    "123",
    "NULL",
]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_text_is_kept_and_shown_or_refused_but_never_an_error(desk, brauer, add, text):
    page = desk.post(add, {"first_name": text, "last_name": text, "email": "odd@brauer.example"})
    if page.status_code == 422:
        assert page.context["form"].errors
        return
    contact = Contact.objects.get()
    assert contact.last_name == tidy(text)
    for url in (contact.get_absolute_url(), f"/clients/{brauer.pk}/contacts/", "/contacts/", "/clients/"):
        assert escape(contact.last_name) in desk.get(url).text
    edit = f"/clients/{brauer.pk}/edit/"
    fields = {"kind": "corporate", "status": "active", "branch": brauer.branch_id, "version": 1, "email": "a@b.example"}
    assert desk.post(edit, fields | {"name": text, "legal_name": text, "notes": text, "city": text}).status_code in (303, 422)
    assert desk.get("/search/", {"q": text}).status_code == 200
