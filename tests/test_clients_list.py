"""The clients list: who is on it, filters and counts, what a row offers (S1, X1, X5, J1, J14, J22, J25, J29, C4, C5)."""

import re

import pytest
from django.urls import reverse

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Branch, Category, Client, ClientIndustry, CompanyType, Industry, Responsible
from portal.models import ContactAccess
from tests.doors import activated, invited

LIST = "/clients/"


@pytest.fixture
def some(make_client, headquarters):
    """Five clients of different kind, status, branch, country and category."""
    lisbon = Branch.objects.create(name="Lisbon", code="LIS")
    pharma = Category.objects.create(name="Pharma")
    make_client("Aalto Medical", country="FI", email="hello@aalto.example", category=pharma)
    make_client("Brauer Antriebe", legal_name="Brauer & Söhne GmbH", branch=lisbon)
    make_client("Elena Kovacs", kind="individual", first_name="Elena", last_name="Kovács", country="HU", email="elena@home.example")
    make_client("Delmare Shipping", status="potential", country="ES", branch=lisbon, email="x@delmare.example")
    make_client("Iberica Turismo", status="inactive", country="ES", email="x@iberica.example")
    return {"lisbon": lisbon, "pharma": pharma}


def names(page) -> list[str]:
    return [row.client.name for row in page.context["rows"]]


def test_the_list_shows_clients_in_use_by_name(desk, some):
    assert names(desk.get(LIST)) == ["Aalto Medical", "Brauer Antriebe", "Delmare Shipping", "Elena Kovacs"]


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("view=active", {"Aalto Medical", "Brauer Antriebe", "Elena Kovacs"}),
        ("view=corporate", {"Aalto Medical", "Brauer Antriebe", "Delmare Shipping"}),
        ("view=individual", {"Elena Kovacs"}),
        ("view=potential", {"Delmare Shipping"}),
        ("view=inactive", {"Iberica Turismo"}),
        ("view=not-invited", {"Aalto Medical", "Brauer Antriebe", "Delmare Shipping", "Elena Kovacs"}),
        ("kind=individual", {"Elena Kovacs"}),
        ("status=inactive", {"Iberica Turismo"}),
        ("status=inactive&status=potential", {"Iberica Turismo", "Delmare Shipping"}),
        ("country=ES", {"Delmare Shipping"}),
        ("branch={lisbon}", {"Brauer Antriebe", "Delmare Shipping"}),
        ("branch={lisbon}&status=potential", {"Delmare Shipping"}),
        ("branch={lisbon}&q=brauer", {"Brauer Antriebe"}),
        ("category={pharma}", {"Aalto Medical"}),
        ("q=brau", {"Brauer Antriebe"}),
        ("q=SOHNE", {"Brauer Antriebe"}),
        ("q=aalto.example", {"Aalto Medical"}),
        ("q=C-00002", {"Brauer Antriebe"}),
        ("q=medical aalto", {"Aalto Medical"}),
        ("q=nobody", set()),
        ("view=corporate&q=elena", set()),
    ],
)
def test_views_filters_and_words_combine_and_survive_in_the_address(desk, some, address, seen):
    page = desk.get(f"{LIST}?{address.format(**{name: record.pk for name, record in some.items()})}")
    assert set(names(page)) == seen
    assert len(seen) == int(re.search(r"\d+", page.context["listing"].count_text)[0])


@pytest.fixture
def cared_for(some, make_staff):
    """The five clients with people, industries, types, categories beneath each other and portal states."""
    desk, other = User.objects.get(role=Role.DESK), make_staff(Role.MANAGER)
    aalto, brauer, delmare, _elena, _iberica = Client.objects.order_by("name_key")
    health = Category.objects.create(name="Health")
    Category.objects.filter(pk=some["pharma"].pk).update(parent=health)
    limited = CompanyType.objects.create(name="Limited")
    public = CompanyType.objects.create(name="Public limited", parent=limited)
    medicine = Industry.objects.create(name="Medicine")
    Client.objects.filter(pk=aalto.pk).update(sales_person=desk, company_type=public)
    Client.objects.filter(pk=brauer.pk).update(project_manager=desk, company_type=limited)
    Responsible.objects.create(client=delmare, user=desk)
    Responsible.objects.create(client=delmare, user=other)
    for client in (aalto, brauer):
        ClientIndustry.objects.create(client=client, industry=medicine)
    return {"desk": desk.pk, "other": other.pk, "health": health.pk, "limited": limited.pk, "public": public.pk, "medicine": medicine.pk}


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("person=me", {"Aalto Medical", "Brauer Antriebe", "Delmare Shipping"}),
        ("person={desk}", {"Aalto Medical", "Brauer Antriebe", "Delmare Shipping"}),
        ("person={other}", {"Delmare Shipping"}),
        ("person=me&status=potential", {"Delmare Shipping"}),
        ("category={health}", {"Aalto Medical"}),
        ("type={limited}", {"Aalto Medical", "Brauer Antriebe"}),
        ("type={public}", {"Aalto Medical"}),
        ("industry={medicine}", {"Aalto Medical", "Brauer Antriebe"}),
        ("industry={medicine}&country=FI&q=aalto", {"Aalto Medical"}),
        ("portal=not_invited", {"Aalto Medical", "Brauer Antriebe", "Delmare Shipping", "Elena Kovacs"}),
        ("portal=active", set()),
        ("person=99999", {"Aalto Medical", "Brauer Antriebe", "Delmare Shipping", "Elena Kovacs"}),
        ("portal=nonsense&industry=x&type=-1", {"Aalto Medical", "Brauer Antriebe", "Delmare Shipping", "Elena Kovacs"}),
    ],
)
def test_people_industries_types_and_the_portal_narrow_the_list(desk, cared_for, address, seen):
    page = desk.get(f"{LIST}?{address.format(**cared_for)}")
    assert set(names(page)) == seen


def test_me_is_the_first_person_offered(desk, cared_for):
    chips = {chip.name: chip for chip in desk.get(f"{LIST}?person=me").context["listing"].chips}
    assert [label for _, label, _ in chips["person"].options] == ["Me", "Desk Dahl", "Manager Dahl"]
    assert chips["person"].shown == "Me"


def test_a_tree_is_offered_by_paths_right_beneath_each_entry(desk, cared_for):
    chips = {chip.name: chip for chip in desk.get(LIST).context["listing"].chips}
    assert [label for _, label, _ in chips["category"].options] == ["Health", "Health › Pharma"]
    assert [label for _, label, _ in chips["type"].options] == ["Limited", "Limited › Public limited"]


def test_the_portal_filter_finds_what_the_column_says(desk, make_client):
    """Not what is stored counts but what the row shows."""
    state = {}
    for name in ("Has", "Invited", "Never", "Removed", "Nobody"):
        client = make_client(name, email=f"{name.lower()}@x.example")
        if name == "Nobody":
            continue
        contact = client.contacts.register(client, last_name=name, email=f"{name.lower()}@x.example")
        if name in ("Has", "Removed"):
            activated(contact)
        elif name == "Invited":
            invited(contact)
        state[name] = contact
    removed = ContactAccess.objects.get(contact=state["Removed"])
    removed.allowed = False
    removed.save()
    shown = {}
    for value in ("active", "invited", "not_invited", "none"):
        rows = desk.get(f"{LIST}?portal={value}").context["rows"]
        shown[value] = [(row.client.name, str(row.access.state) if row.access else "") for row in rows]
    assert shown == {
        "active": [("Has", "active")],
        "invited": [("Invited", "invited")],
        "not_invited": [("Never", "none"), ("Nobody", "")],
        "none": [("Removed", "blocked")],
    }
    both = desk.get(f"{LIST}?portal=active&portal=not_invited").context["rows"]
    assert [row.client.name for row in both] == ["Has", "Never", "Nobody"]


def test_everything_chosen_survives_in_the_address(desk, cared_for):
    address = (
        "view=corporate&q=aalto&kind=corporate&status=active&category={health}&country=FI&type={limited}"
        "&industry={medicine}&portal=not_invited&person=me&sort=-number"
    )
    listing = desk.get(f"{LIST}?{address.format(**cared_for)}").context["listing"]
    assert listing.query == address.format(**cared_for)
    assert listing.clear_url == "?view=corporate&sort=-number"


def test_each_view_counts_what_it_lists(desk, some):
    for view in desk.get(LIST).context["views"]:
        assert int(view["count"]) == len(names(desk.get(f"{LIST}{view['url']}")))


def test_a_filter_stays_while_paging_and_sorting(desk, headquarters):
    Client.objects.bulk_create(
        Client(
            number=str(n), name=f"A{n:03}", name_key=f"a{n:03}", search_key=f"a{n:03}", legal_name="x", country="DE", branch=headquarters
        )
        for n in range(60)
    )
    listing = desk.get(f"{LIST}?country=DE&q=a0&view=corporate&sort=-name").context["listing"]
    assert "country=DE" in listing.next_url
    assert "q=a0" in listing.next_url
    assert "view=corporate" in listing.next_url
    assert "sort=-name" in listing.next_url
    assert len(names(desk.get(f"{LIST}{listing.next_url}"))) == 10


def test_a_row_leads_to_the_client_and_names_its_primary_contact(desk, ada):
    ada.phone = "+49305550142"
    ada.save()
    html = desk.get(LIST).text
    assert f'href="/clients/{ada.client_id}/"' in html
    assert f'href="/contacts/{ada.pk}/"' in html
    assert "Ada Krämer" in html
    assert "ada@brauer.example" in html
    assert "+49 30 5550142" in html


def test_name_e_mail_phone_and_portal_state_of_the_primary_contact_stand_in_the_row(desk, ada):
    ada.phone = "+49305550142"
    ada.save()
    row = re.search(r"<tbody.*?</tr>", desk.get(LIST).text, re.S)[0]
    cells = [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td(?! class=\"pickcell).*?</td>", row, re.S)]
    assert cells[5:7] == ["Ada Krämer ada@brauer.example", "+49 30 5550142"]
    assert cells[7].startswith("Invite Ada Krämer")


def test_all_invite_buttons_of_a_page_share_one_form_that_works_without_script(desk, ada, make_client):
    other = make_client("Aalto Medical", email="hello@aalto.example")
    other.contacts.register(other, last_name="Lahtinen", email="petra@aalto.example")
    page = desk.get(f"{LIST}?q=brauer")
    form = re.search(r'<form id="invite-form".*?</form>', desk.get(f"{LIST}?view=all").text, re.S)[0]
    assert form.count("csrfmiddlewaretoken") == 1
    address = f"/clients/{ada.client_id}/invite/"
    assert f'type="submit" form="invite-form" formaction="{address}" hx-post="{address}"' in page.text
    back = re.search(r'<form id="invite-form" method="post">.*?name="next" value="([^"]+)"', page.text, re.S)[1]
    answer = desk.post(address, {"next": back})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LIST}?q=brauer")
    assert "Invite again" in desk.get(f"{LIST}?view=all").text


def test_a_reader_has_neither_the_form_nor_its_buttons(make_staff, as_user, ada):
    assert "invite-form" not in as_user(make_staff(Role.READER)).get(LIST).text


def test_why_somebody_is_not_invited_is_said_in_two_words_and_in_full_to_who_asks(desk, ada):
    ada.client.status = "potential"
    ada.client.save()
    html = desk.get(LIST).text
    assert '<span title="The portal of Brauer Antriebe GmbH is closed.">Portal closed</span>' in html
    assert '<span class="vh">: The portal of Brauer Antriebe GmbH is closed.</span>' in html


def test_the_first_shortcut_opens_the_contacts_and_says_whose(desk, brauer):
    html = desk.get(LIST).text
    assert re.search(rf'<a href="/clients/{brauer.pk}/contacts/" aria-label="Contacts of Brauer Antriebe"', html)


def test_a_client_without_contact_offers_to_add_one(desk, brauer):
    assert f'href="/clients/{brauer.pk}/contacts/add/"' in desk.get(LIST).text


def test_heads_say_how_the_list_is_sorted_and_turn_it(desk, brauer):
    assert head(desk, "view=all", "name") == ("ascending", "?view=all&amp;sort=-name")
    assert head(desk, "view=all&sort=-name", "name") == ("descending", "?view=all")


def test_the_third_click_on_a_head_returns_to_the_order_of_the_start(desk, brauer):
    assert head(desk, "view=all", "number") == ("", "?view=all&amp;sort=number")
    assert head(desk, "view=all&sort=number", "number") == ("ascending", "?view=all&amp;sort=-number")
    assert head(desk, "view=all&sort=-number", "number") == ("descending", "?view=all")


def head(browser, address: str, sort: str) -> tuple[str, str]:
    """Return the direction and the link of a head of the list."""
    found = re.search(
        rf'<th scope="col"[^>]*?(?: aria-sort="(\w+)")?>\s*<a id="sort-{sort}" href="([^"]+)">', browser.get(f"{LIST}?{address}").text
    )
    return found[1] or "", found[2]


def test_managers_see_both_ways_to_add_clients_and_readers_none(make_staff, as_user, some):
    manager = as_user(make_staff(Role.MANAGER)).get(LIST).text
    assert f'href="{reverse("intake:upload")}"' in manager
    assert manager.count('href="/clients/choose/"') == 2  # the button and the menu of new things lead to the same page (X5)
    reader = as_user(make_staff(Role.READER)).get(LIST).text
    assert "/clients/choose/" not in reader
    assert "/import/" not in reader


@pytest.mark.parametrize(("role", "offered"), [(Role.DESK, True), (Role.MANAGER, True), (Role.ADMINISTRATOR, True), (Role.READER, False)])
def test_the_menu_of_new_things_is_on_every_page_for_who_may_add(make_staff, as_user, ada, role, offered):
    browser = as_user(make_staff(role))
    for url in (LIST, "/contacts/", ada.get_absolute_url(), ada.client.get_absolute_url(), "/search/?q=a", "/profile/"):
        page = browser.get(url)
        assert page.status_code == 200
        assert bool(page.context["new_menu"]) is offered
        assert ('id="new-menu"' in page.text) is offered


def test_an_empty_house_invites_to_add_the_first_client(desk):
    html = desk.get(LIST).text
    assert "Add your first client" in html


def test_a_filter_without_result_offers_to_clear_it(desk, brauer):
    page = desk.get(f"{LIST}?q=nobody&country=DE")
    assert "No client matches" in page.text
    assert 'href="?view=all"' in page.text


def test_script_gets_only_the_results_and_history_the_whole_page(desk, brauer):
    part = desk.get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert 'id="results"' in part.text
    assert "HX-Request" in part.headers["Vary"]
    assert "1 client" in part.text
    whole = desk.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.text


def test_an_odd_name_is_shown_as_text(desk, make_client):
    make_client("Acme", legal_name='<script>alert(1)</script> & "x"', email="a@acme.example", notes="<b>")
    html = desk.get(f"{LIST}?q=acme").text + desk.get(f"/clients/{Client.objects.get().pk}/").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;" in html


def test_chips_show_what_is_chosen_and_hold_every_choice(desk, some):
    page = desk.get(f"{LIST}?branch={some['lisbon'].pk}")
    chips = {chip.name: chip for chip in page.context["listing"].chips}
    # A filter without any choice is left out.
    assert list(chips) == ["kind", "status", "branch", "category", "country", "portal", "person", "jobs"]
    assert chips["branch"].shown == "Lisbon"
    assert [label for _, label, _ in chips["branch"].options] == ["Berlin", "Lisbon"]
    assert "Branch: <b>Lisbon</b>" in page.text
