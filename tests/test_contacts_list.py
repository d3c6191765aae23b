"""The list of the contacts of all clients (X30, XD15, XD34): views, filters, columns, memory, file."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientdesk.models import SavedView, User
from clientdesk.rights import Role
from clients.models import Branch, Category, CustomField
from contacts.models import Contact, Position, SocialAccount, SocialNetwork
from portal.models import ContactAccess
from tests.doors import activated, fresh_brakes, invited  # noqa: F401 - a fixture

LIST = "/contacts/"


@pytest.fixture
def six(ada, make_client) -> dict[str, Contact]:
    """Six contacts of two clients, each of its own kind."""
    lisbon = Branch.objects.create(name="Lisbon", code="LIS")
    pharma = Category.objects.create(name="Pharma")
    other = make_client("Grünwald Pharma", email="info@gruenwald.example", branch=lisbon, category=Category.objects.create(name="Drugs"))
    Category.objects.filter(name="Drugs").update(parent=pharma)
    register = other.contacts.register
    found = {"Ada": ada}
    for first, more in {
        "Bea": {"email": "bea@gruenwald.example", "position": Position.objects.create(name="Buyer")},
        "Cem": {"email": ""},
        "Dan": {"email": "dan@gruenwald.example", "no_crm_emails": True},
        "Eve": {"email": "eve@gruenwald.example"},
        "Fay": {"email": "fay@gruenwald.example"},
    }.items():
        found[first] = register(other, first_name=first, last_name=f"{first}son", **more)
    invited(found["Dan"])
    activated(found["Eve"])
    found["Fay"].deactivate()
    return found


def names(page) -> list[str]:
    return [row.contact.first_name for row in page.context["rows"]]


def rows(browser, query: str = "view=active") -> list[list[str]]:
    content = b"".join(browser.get(f"{LIST}export/?{query}&format=csv").streaming_content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";" if b";" in content.splitlines()[0] else ","))


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("view=active", "Bea Cem Dan Eve Ada"),
        ("view=primary", "Bea Ada"),
        ("view=not-invited", "Bea Cem Ada"),
        ("view=no-email", "Cem"),
        ("view=deactivated", "Fay"),
        ("q=gruenwald", "Bea Dan Eve"),
        ("q=ada+kramer", "Ada"),
        ("branch=Lisbon", "Bea Cem Dan Eve"),
        ("category=Pharma", "Bea Cem Dan Eve"),
        ("category=Drugs", "Bea Cem Dan Eve"),
        ("position=Buyer", "Bea"),
        ("state=deactivated", "Fay"),
        ("state=active&state=deactivated", "Bea Cem Dan Eve Fay Ada"),
        ("primary=yes", "Bea Ada"),
        ("no_email=yes", "Cem"),
        ("no_crm=yes", "Dan"),
        ("portal=active", "Eve"),
        ("portal=invited", "Dan"),
        ("portal=not_invited", "Bea Cem Ada"),
        ("portal=not_invited&portal=active", "Bea Cem Eve Ada"),
        ("view=not-invited&branch=Lisbon&position=Buyer", "Bea"),
        ("portal=none", ""),
        ("branch=987654&position=x&portal=gone&primary=no", "Bea Cem Dan Eve Ada"),
        ("sort=created", "Eve Dan Cem Bea Ada"),
        ("sort=-name", "Ada Eve Dan Cem Bea"),
    ],
)
def test_views_filters_words_and_orders(desk, six, query, seen):
    """X30, XD34."""
    for model in (Branch, Category, Position):
        for entry in model.objects.all():
            query = query.replace(f"={entry.name}", f"={entry.pk}")
    page = desk.get(f"{LIST}?{query}" if "view" in query else f"{LIST}?view=active&{query}")
    assert names(page) == seen.split()


def test_each_view_counts_what_it_lists(desk, six):
    page = desk.get(f"{LIST}?view=active")
    assert [tab["count"] for tab in page.context["views"]] == ["5", "2", "3", "1", "1"]
    for tab in page.context["views"]:
        assert str(len(desk.get(f"{LIST}{tab['url']}").context["rows"])) == tab["count"]


def test_a_row_leads_to_contact_and_client_and_offers_the_invitation(desk, six):
    page = desk.get(f"{LIST}?q=bea")
    bea = six["Bea"]
    assert f'href="/contacts/{bea.pk}/"' in page.text
    assert f'href="/clients/{bea.client_id}/"' in page.text
    assert f'formaction="/contacts/{bea.pk}/invite/"' in page.text


def test_erasing_starts_from_a_row_one_at_a_time_and_only_for_who_may(desk, make_staff, as_user, six):
    """XD34."""
    erase = f'href="/contacts/{six["Bea"].pk}/erase/"'
    assert erase not in desk.get(f"{LIST}?q=bea").text
    assert erase in as_user(make_staff(Role.ADMINISTRATOR)).get(f"{LIST}?q=bea").text


# --- columns -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("prefix", "handle", "link"),
    [
        ("https://www.linkedin.com/in/", "bea son", "https://www.linkedin.com/in/bea%20son"),
        ("https://www.linkedin.com/in/", "javascript:alert(1)", "https://www.linkedin.com/in/javascript%3Aalert%281%29"),
        ("", "beason", ""),
    ],
)
def test_the_preferred_medium_is_a_column_with_a_safe_link(desk, six, prefix, handle, link):
    """XD15, XD16."""
    network = SocialNetwork.objects.create(name="LinkedIn", prefix=prefix)
    other = SocialNetwork.objects.create(name="Telex", prefix="https://telex.example/")
    SocialAccount.objects.create(contact=six["Bea"], network=network, handle=handle, preferred=True)
    SocialAccount.objects.create(contact=six["Bea"], network=other, handle="second")
    assert "LinkedIn" not in desk.get(f"{LIST}?q=bea").text
    desk.post(f"{LIST}columns/", {"column": ["medium"]})
    page = desk.get(f"{LIST}?q=bea")
    assert f"LinkedIn: {handle}" in page.text
    assert "second" not in page.text
    assert (f'href="{link}"' in page.text) is bool(link)
    assert rows(desk, "q=bea")[1][-1] == (link or f"LinkedIn: {handle}")


def test_every_column_says_what_the_contact_has(desk, six):
    CustomField.objects.create(entity="contact", key="telex", label="Telex", kind="text")
    bea = six["Bea"]
    bea.custom, bea.language, bea.mobile, bea.external_id = {"telex": "4711"}, "de", "+491715550142", "B-7"
    bea.save()
    desk.post(f"{LIST}columns/", {"column": [column.name for column in desk.get(f"{LIST}?q=bea").context["columns"].all]})
    page = desk.get(f"{LIST}?q=bea")
    cells = {cell.name: cell.words for cell in page.context["rows"][0].cells}
    assert cells["branch"] == "Lisbon"
    assert cells["category"] == "Drugs"
    assert cells["office"] == "Headquarters"
    assert cells["position"] == "Buyer"
    assert cells["custom:telex"] == "4711"
    assert cells["mobile"] == "+49 171 5550142"
    assert cells["external_id"] == "B-7"
    assert cells["language"]


def test_more_columns_and_more_rows_cost_no_more_statements(desk, six):
    every = [column.name for column in desk.get(f"{LIST}?view=active").context["columns"].all]
    desk.post(f"{LIST}columns/", {"column": every})
    desk.get(f"{LIST}?view=active")
    with CaptureQueriesContext(connection) as few:
        desk.get(f"{LIST}?view=active")
    client = six["Bea"].client
    for n in range(40):
        client.contacts.register(client, last_name=f"N{n}", position=Position.objects.create(name=f"P{n}"))
    with CaptureQueriesContext(connection) as many:
        assert len(desk.get(f"{LIST}?view=active").context["rows"]) == 45
    assert len(many) <= len(few)


# --- memory, saved views, neighbours ----------------------------------------------------------------
def test_the_bare_address_leads_back_to_where_one_was(desk, six):
    desk.get(f"{LIST}?view=primary&q=gruenwald")
    assert desk.get(LIST).headers["Location"] == f"{LIST}?view=primary&q=gruenwald"
    assert "clients" not in desk.get("/clients/?view=all").headers.get("Location", "")


def test_a_contact_says_where_it_stands_in_the_list(desk, six):
    desk.get(f"{LIST}?view=active&q=gruenwald")
    html = desk.get(f"/contacts/{six['Dan'].pk}/").text
    assert "2 of 3" in html
    assert f'rel="prev" href="/contacts/{six["Bea"].pk}/"' in html
    assert f'rel="next" href="/contacts/{six["Eve"].pk}/"' in html
    assert f'href="{LIST}?view=active&amp;q=gruenwald"' in html
    assert " of 3" not in desk.get(f"/contacts/{six['Ada'].pk}/").text


def test_views_are_saved_shared_and_kept_apart_from_those_of_clients(desk, manager, six):
    manager.post(f"{LIST}views/save/?view=no-email", {"name": "Without", "shared": "on"})
    view = SavedView.objects.get(page="contacts")
    assert names(desk.get(f"{LIST}?saved={view.pk}")) == ["Cem"]
    assert f"saved={view.pk}" not in desk.get("/clients/?view=all").text
    assert desk.get(f"/clients/?saved={view.pk}").status_code == 404
    assert desk.post(f"{LIST}views/{view.pk}/delete/").status_code == 404
    assert manager.post(f"/clients/views/{view.pk}/delete/").status_code == 404
    page = manager.post(f"{LIST}views/{view.pk}/delete/", follow=True)
    undo = re.search(r'action="(/contacts/views/restore/[^"]+)"', page.text)
    assert undo
    other = undo[1].replace("/contacts/", "/clients/").replace("&amp;", "&")
    assert "cannot be brought back" in manager.post(other, follow=True).text
    manager.post(undo[1].replace("&amp;", "&"))
    assert SavedView.objects.get(page="contacts").name == "Without"


# --- the file ---------------------------------------------------------------------------------------
def test_the_file_holds_what_is_shown(desk, six):
    found = rows(desk, "view=primary&sort=-name")
    assert found[0][:3] == ["First name", "Last name", "Client"]
    assert [row[0] for row in found[1:]] == ["Ada", "Bea"]


def test_picked_rows_alone_are_exported(desk, six):
    found = rows(desk, f"query=view%3Dactive&pick={six['Cem'].pk}&pick={six['Fay'].pk}&pick=987654")
    assert [row[0] for row in found[1:]] == ["Cem"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_what_looks_like_a_formula_leaves_as_text(desk, six, text):
    Contact.objects.filter(pk=six["Cem"].pk).update(last_name=text)
    [row] = [row for row in rows(desk) if row[0] == "Cem"]
    assert row[1][0] == "'"


def test_a_contact_of_a_restricted_client_is_in_no_list_count_or_file(desk, six, make_staff):
    client = six["Bea"].client
    client.restricted_to_responsible, client.sales_person = True, make_staff(Role.READER)
    client.save()
    page = desk.get(f"{LIST}?view=active")
    assert names(page) == ["Ada"]
    assert [tab["count"] for tab in page.context["views"]] == ["1", "1", "1", "0", "0"]
    assert len(rows(desk)) == 2
    assert "Beason" not in page.text


def test_a_reader_exports_but_changes_nothing(make_staff, as_user, six):
    reader = as_user(make_staff(Role.READER))
    html = reader.get(f"{LIST}?view=active").text
    assert "Export" in html
    for action in ("position", "deactivate", "no_crm"):
        assert f'name="action" value="{action}"' not in html
        assert reader.post(f"{LIST}bulk/", {"action": action, "pick": six["Bea"].pk}).status_code == 403


def test_states_of_the_column_and_of_the_filter_agree(desk, six):
    page = desk.get(f"{LIST}?view=active")
    said = {row.contact.first_name: row.access.state for row in page.context["rows"]}
    assert (said["Eve"], said["Dan"], said["Bea"]) == ("active", "invited", "none")
    assert ContactAccess.objects.count() == 2
    assert User.objects.staff().exists()
