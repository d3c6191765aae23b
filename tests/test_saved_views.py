"""Saved views of the clients list: own and shared ones, renamed, overwritten, deleted with Undo; and the columns a person chose (S1)."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk.models import SavedView, User
from clientdesk.rights import Role
from clients.models import Client, CustomField, LeadSource
from tests.doors import dump

LIST, SAVE, COLUMNS = "/clients/", "/clients/views/save/", "/clients/columns/"


@pytest.fixture
def three(make_client) -> list[Client]:
    return [
        make_client("Aalto", country="FI"),
        make_client("Brauer"),
        make_client("Elena", kind="individual", last_name="Elena"),
    ]


def save(browser, name: str, query: str = "", **more) -> SavedView:
    """Save the view `name` in the browser and return it."""
    answer = browser.post(f"{SAVE}?{query}", {"name": name} | more)
    assert answer.status_code == 303, answer.context["form"].errors
    return SavedView.objects.latest("pk")


def names(page) -> list[str]:
    return [row.client.name for row in page.context["rows"]]


def tabs(page) -> dict[str, str]:
    """Return the count of each saved tab by name."""
    return {tab["label"]: tab["count"] for tab in page.context["views"] if tab.get("saved")}


def said(page) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def test_a_view_keeps_filters_order_and_columns_under_a_name(desk, three):
    desk.post(COLUMNS, {"column": ["number", "city"]})
    view = save(desk, "  Finland ", "country=FI&sort=-name&after=abc&unknown=1&q=")
    assert (view.name, view.query, view.columns) == ("Finland", "view=all&country=FI&sort=-name", ["number", "city"])
    page = desk.get(f"{LIST}?saved={view.pk}")
    assert names(page) == ["Aalto"]
    assert tabs(page) == {"Finland": "1"}
    assert [tab["label"] for tab in page.context["views"] if tab["current"]] == ["Finland"]


def test_saving_leads_to_the_new_tab(desk, three):
    page = desk.post(f"{SAVE}?kind=individual", {"name": "People"}, follow=True)
    view = SavedView.objects.get()
    assert page.redirect_chain == [(f"{LIST}?saved={view.pk}", 303)]
    assert names(page) == ["Elena"]
    assert said(page) == "The view “People” was saved."


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "This field is required"),
        ("   ", ""),
        ("x" * 61, "60"),
        ("people", "You have a view named “people” already. Choose another name."),
        ("ＰＥＯＰＬＥ ", "already. Choose another name."),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_a_sentence(desk, three, name, sentence):
    save(desk, "People")
    page = desk.post(f"{SAVE}?kind=individual", {"name": name})
    assert page.status_code == 422
    assert page.context["form"].errors["name"]
    if "already" in sentence:
        assert sentence in page.text
    assert SavedView.objects.count() == 1


def test_somebody_elses_name_may_be_used_again(desk, manager, three):
    save(desk, "People")
    save(manager, "People")
    assert SavedView.objects.count() == 2


def test_an_own_view_is_nobody_elses(desk, manager, three):
    """V8: the same answer as for a view that does not exist."""
    view = save(desk, "Mine", "kind=individual")
    before = dump()
    for address in (f"{LIST}?saved={view.pk}", f"/clients/views/{view.pk}/rename/", f"/clients/export/?saved={view.pk}"):
        assert manager.get(address).status_code == manager.get(address.replace(str(view.pk), "99999")).status_code == 404
    for act in ("rename", "overwrite", "delete"):
        assert manager.post(f"/clients/views/{view.pk}/{act}/", {"name": "Taken", "version": 1}).status_code == 404
    assert dump() == before
    assert tabs(manager.get(LIST)) == {}


def test_sharing_needs_its_right(desk, manager, make_staff, as_user, three):
    assert 'name="shared"' not in desk.get(SAVE).text
    assert not save(desk, "Posted by hand", shared="on").shared
    assert 'name="shared"' in manager.get(SAVE).text
    shared = save(manager, "For all", "kind=individual", shared="on")
    assert shared.shared
    for role in (Role.READER, Role.ADMINISTRATOR):
        page = as_user(make_staff(role)).get(f"{LIST}?saved={shared.pk}")
        assert names(page) == ["Elena"]
        assert tabs(page) == {"For all": "1"}


def test_a_shared_view_shows_each_reader_what_that_reader_may_see(desk, manager, three, make_staff):
    """XD33, and “Me” is who looks."""
    owner = User.objects.get(role=Role.MANAGER)
    three[0].restricted_to_responsible, three[0].sales_person = True, owner
    three[0].save()
    view = save(manager, "Mine", "person=me&kind=corporate", shared="on")
    assert names(manager.get(f"{LIST}?saved={view.pk}")) == ["Aalto"]
    page = desk.get(f"{LIST}?saved={view.pk}")
    assert (names(page), tabs(page)) == ([], {"Mine": "0"})


def test_a_shared_view_is_changed_by_its_owner_and_by_who_may_share(desk, manager, make_staff, as_user, three):
    view = save(manager, "For all", shared="on")
    assert desk.post(f"/clients/views/{view.pk}/rename/", {"name": "x", "version": 1}).status_code == 404
    assert "Rename view" not in desk.get(f"{LIST}?saved={view.pk}").text
    administrator = as_user(make_staff(Role.ADMINISTRATOR))
    assert administrator.post(f"/clients/views/{view.pk}/rename/", {"name": "Everybody", "shared": "on", "version": 1}).status_code == 303
    view.refresh_from_db()
    assert (view.name, view.shared, view.owner.role) == ("Everybody", True, Role.MANAGER)


def test_who_lost_the_right_to_share_changes_nothing_that_all_staff_see(manager, three):
    """V10, by every way: save to it, rename, columns, bring it back; it can be kept for oneself, or deleted."""
    view = save(manager, "For all", "kind=individual", shared="on")
    User.objects.filter(pk=view.owner_id).update(role=Role.DESK)
    url, open_view = f"/clients/views/{view.pk}", f"{LIST}?saved={view.pk}&view=all&kind=corporate"
    assert "Save to “For all”" not in manager.get(open_view).text
    assert manager.post(f"{url}/overwrite/", {"query": "kind=corporate", "version": 1}).status_code == 403
    page = manager.post(f"{url}/rename/", {"name": "Mine", "shared": "on", "version": 1})
    assert "Untick the box to keep this one for yourself." in page.text
    manager.post(COLUMNS, {"column": ["city"], "saved": view.pk})
    kept = SavedView.objects.get()
    assert (kept.name, kept.query, kept.columns, kept.shared) == (view.name, view.query, view.columns, True)
    page = manager.post(f"{url}/delete/", follow=True)
    manager.post(unescape(re.search(r'action="(/clients/views/restore/[^"]+)"', page.text)[1]))
    assert not SavedView.objects.get().shared


def test_an_open_view_that_was_changed_can_be_saved_or_left(desk, three):
    view = save(desk, "People", "kind=individual")
    page = desk.get(f"{LIST}?saved={view.pk}&view=all&kind=corporate")
    assert "Filters or order differ from what is saved" in page.text
    assert names(page) == ["Aalto", "Brauer"]
    assert "differ from what is saved" not in desk.get(f"{LIST}?saved={view.pk}").text
    desk.post(f"/clients/views/{view.pk}/overwrite/", {"query": "saved=1&kind=corporate&sort=-name", "version": view.version})
    view.refresh_from_db()
    assert (view.query, view.version) == ("view=all&kind=corporate&sort=-name", 2)


def test_a_view_that_somebody_saved_meanwhile_is_not_overwritten(desk, three):
    """V31: the same person in two tabs, too."""
    view = save(desk, "People", "kind=individual")
    overwrite = f"/clients/views/{view.pk}/overwrite/"
    desk.post(overwrite, {"query": "country=FI", "version": 1})
    page = desk.post(overwrite, {"query": "country=DE", "version": 1})
    assert page.status_code == 409
    assert "Nothing of yours is saved yet" in page.text
    view.refresh_from_db()
    assert view.query == "view=all&country=FI"
    fields = dict(re.findall(r'name="(version|query)" value="([^"]*)"', unescape(page.text)))
    desk.post(overwrite, fields)
    view.refresh_from_db()
    assert view.query == "view=all&country=DE"


def test_a_stale_rename_is_a_conflict(desk, three):
    view = save(desk, "People")
    rename = f"/clients/views/{view.pk}/rename/"
    desk.post(rename, {"name": "Persons", "version": 1})
    assert desk.post(rename, {"name": "Individuals", "version": 1}).status_code == 409
    view.refresh_from_db()
    assert view.name == "Persons"


def test_a_deleted_view_can_be_brought_back_by_its_notice(desk, three):
    view = save(desk, "People", "kind=individual")
    page = desk.post(f"/clients/views/{view.pk}/delete/", follow=True)
    assert said(page).endswith("The view “People” was deleted.")
    assert tabs(page) == {}
    undo = re.search(r'<form method="post" action="(/clients/views/restore/[^"]+)"', page.text)[1].replace("&amp;", "&")
    back = desk.post(undo, follow=True)
    assert tabs(back) == {"People": "1"}
    assert names(back) == ["Elena"]
    assert "is there already" in said(desk.post(undo, follow=True))
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("forged", ["", "?view=", "?view=abc", "?view=eyJuYW1lIjoieCJ9:1abc:sig"])
def test_only_our_own_notice_brings_a_view_back(desk, forged):
    page = desk.post(f"/clients/views/restore/{forged}", follow=True)
    assert "cannot be brought back" in said(page)
    assert not SavedView.objects.exists()


def test_a_notice_is_worth_nothing_to_others(desk, manager, three):
    view = save(desk, "People")
    page = desk.post(f"/clients/views/{view.pk}/delete/", follow=True)
    undo = re.search(r'action="(/clients/views/restore/[^"]+)"', page.text)[1]
    assert "cannot be brought back" in said(manager.post(unescape(undo), follow=True))
    assert not SavedView.objects.exists()


def test_where_a_person_was_in_a_view_that_is_gone_its_filters_stay(desk, three):
    view = save(desk, "People", "kind=individual")
    desk.get(f"{LIST}?saved={view.pk}")
    assert desk.get(LIST, follow=True).redirect_chain == [(f"{LIST}?saved={view.pk}&view=all&kind=individual", 302)]
    view.delete()
    page = desk.get(LIST, follow=True)
    assert page.redirect_chain == [(f"{LIST}?view=all&kind=individual", 302)]
    assert names(page) == ["Elena"]


def test_views_are_counted_in_the_one_statement_of_all_counts(desk, three):
    for n in range(12):
        save(desk, f"View {n}", ["kind=individual", "country=FI", "category=1", "person=me&status=active"][n % 4])
    # The count in the menu is a statement of its own.
    with CaptureQueriesContext(connection) as asked:
        page = desk.get(f"{LIST}?view=all")
    assert len([query for query in asked if "COUNT(*)" in query["sql"] and "crmaction" not in query["sql"]]) == 1
    assert len(tabs(page)) == 12


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{7*7}}", "שלום עולם", "x" * 60, "“quoted” & 'so'"])
def test_any_name_is_shown_as_it_is(desk, three, name):
    save(desk, name)
    page = desk.get(f"{LIST}?view=all")
    assert list(tabs(page)) == [name]
    assert "<script>alert" not in page.text


@pytest.mark.django_db(transaction=True)
def test_saving_the_same_view_twice_at_once_gives_one(make_staff, headquarters):
    """V32, E03."""
    user, start = make_staff(), Barrier(4)

    def post(_n: int) -> int:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            start.wait()
            return browser.post(f"{SAVE}?kind=individual", {"name": "People"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(post, range(4))) == [303, 422, 422, 422]
    assert SavedView.objects.count() == 1


# --- columns ------------------------------------------------------------------------------------
def heads(page) -> list[str]:
    return [str(head.column.label) for head in page.context["listing"].heads]


STANDARD = ["Client", "Number", "Status", "Category", "Branch", "Country", "Primary contact", "Phone", "Portal", "Jobs to do", "Shortcuts"]


def test_columns_are_chosen_per_person_in_the_order_of_the_list(desk, manager, three):
    assert heads(desk.get(f"{LIST}?view=all")) == STANDARD
    desk.post(COLUMNS, {"column": ["portal", "city", "number", "nonsense", "client"]})
    assert heads(desk.get(f"{LIST}?view=all")) == ["Client", "Number", "City", "Portal", "Shortcuts"]
    assert heads(manager.get(f"{LIST}?view=all")) == STANDARD
    desk.post(COLUMNS, {"standard": "1", "column": ["city"]})
    assert heads(desk.get(f"{LIST}?view=all")) == STANDARD


def test_choosing_columns_returns_to_the_same_place(desk, three):
    answer = desk.post(COLUMNS, {"column": "city", "next": f"{LIST}?view=all&q=a"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LIST}?view=all&q=a")
    for foreign in ("https://evil.example/", "//evil.example", ""):
        assert desk.post(COLUMNS, {"column": "city", "next": foreign}).headers["Location"] == LIST


def test_nothing_but_unknown_columns_is_refused(desk, three):
    page = desk.post(COLUMNS, {"column": "nonsense"}, follow=True)
    assert said(page) == "Choose at least one column."
    assert heads(page) == STANDARD


def test_every_column_says_what_the_client_has(desk, make_client, make_staff):
    person = make_staff(Role.MANAGER)
    CustomField.objects.create(entity="client", key="rating", label="Rating", kind="number")
    CustomField.objects.create(entity="client", key="old", label="Old", active=False)
    make_client(
        "Aalto",
        city="Espoo",
        tax_number="FI12345671",
        external_id="X-9",
        contract_number="R-7",
        lead_source=LeadSource.objects.create(name="Fair"),
        sales_person=person,
        custom={"rating": "4.5", "old": "x"},
    )
    wanted = ["kind", "city", "external_id", "tax_number", "contract_number", "lead_source", "sales_person", "custom:rating", "custom:old"]
    desk.post(COLUMNS, {"column": wanted})
    page = desk.get(f"{LIST}?view=all")
    [row] = page.context["rows"]
    assert {cell.name: cell.words for cell in row.cells if cell.name in wanted} == {
        "kind": "Corporate",
        "city": "Espoo",
        "external_id": "X-9",
        "tax_number": "FI12345671",
        "contract_number": "R-7",
        "lead_source": "Fair",
        "sales_person": "Manager Dahl",
        "custom:rating": "4.5",
    }
    assert "Rating" in heads(page)


def test_more_columns_and_more_rows_cost_no_more_statements(desk, make_client):
    CustomField.objects.create(entity="client", key="rating", label="Rating", kind="text")
    make_client("First", custom={"rating": "A"})
    every = [str(name) for name in re.findall(r'name="column" value="([^"]+)"', desk.get(LIST).text)]
    desk.post(COLUMNS, {"column": every})
    asked = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"{LIST}?view=all").status_code == 200
        asked.append(len(queries))
        for n in range(len(asked) * 40, len(asked) * 40 + 40):
            make_client(f"Client {n}", custom={"rating": "B"}, lead_source=LeadSource.objects.create(name=f"Source {n}"))
    assert asked[0] == asked[1]


def test_columns_of_an_own_open_view_belong_to_the_view(desk, manager, three):
    view = save(manager, "For all", shared="on")
    manager.post(COLUMNS, {"column": "city", "saved": view.pk, "next": f"{LIST}?saved={view.pk}"})
    assert heads(manager.get(f"{LIST}?saved={view.pk}")) == ["Client", "City", "Shortcuts"]
    assert heads(desk.get(f"{LIST}?saved={view.pk}")) == ["Client", "City", "Shortcuts"]
    assert heads(manager.get(f"{LIST}?view=all")) == STANDARD
    answer = desk.post(COLUMNS, {"column": "number", "saved": view.pk, "next": f"{LIST}?saved={view.pk}&view=all&q=a"})
    assert answer.headers["Location"] == f"{LIST}?view=all&q=a"
    assert heads(desk.get(answer.headers["Location"])) == ["Client", "Number", "Shortcuts"]
    view.refresh_from_db()
    assert view.columns == ["city"]
