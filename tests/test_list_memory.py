"""Lists remember: the last filters of a person, and the clients before and after the one that was opened (design.md 5.9)."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from clientdesk import list_memory
from clientdesk.models import ListMemory
from clients.models import Category, Client
from tests.conftest import PASSWORD

LIST = "/clients/"


@pytest.fixture
def five(make_client) -> list[Client]:
    """Four corporate clients and an individual, in the order of the list."""
    names = ("Aalto", "Brauer", "Cascade", "Delmare")
    return [*(make_client(name) for name in names), make_client("Elena", kind="individual", last_name="Elena")]


def beside(browser, client: Client):
    return browser.get(client.get_absolute_url()).context["beside"]


def steps(browser, client: Client) -> tuple[str, str, str]:
    """Return position, and the names before and after, of an opened client."""
    found = beside(browser, client)
    names = {record.get_absolute_url(): record.name for record in Client.objects.all()}
    return found.position, names.get(found.previous_url, ""), names.get(found.next_url, "")


def test_the_bare_address_leads_back_to_the_last_filters(desk, five):
    desk.get(f"{LIST}?kind=individual&sort=-name")
    page = desk.get(LIST, follow=True)
    assert page.redirect_chain == [(f"{LIST}?view=all&kind=individual&sort=-name", 302)]
    assert [row.client.name for row in page.context["rows"]] == ["Elena"]
    assert "Clear all" in page.text


def test_it_is_remembered_after_signing_in_again(make_staff, client, five):
    user = make_staff()
    for _time in range(2):
        client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
        page = client.get(LIST, follow=True)
        client.get(f"{LIST}?q=brau")
        client.post("/account/sign-out/")
    assert page.redirect_chain == [(f"{LIST}?view=all&q=brau", 302)]


@pytest.mark.parametrize("address", ["?view=all", "?view=nothing", "?unknown=1"])
def test_all_really_clears(desk, five, address):
    desk.get(f"{LIST}?q=brau")
    assert len(desk.get(LIST + address).context["rows"]) == 5
    page = desk.get(LIST, follow=True)
    assert not page.redirect_chain
    assert len(page.context["rows"]) == 5


def test_the_tab_all_and_the_link_clear_all_lead_to_the_whole_list(desk, five):
    page = desk.get(f"{LIST}?q=brau")
    assert page.context["views"][0]["url"] == page.context["listing"].clear_url == "?view=all"


def test_everybody_has_an_own_memory(desk, manager, five):
    desk.get(f"{LIST}?q=brau")
    assert len(manager.get(LIST).context["rows"]) == 5


def test_what_is_typed_with_script_is_remembered_too(desk, five):
    desk.get(f"{LIST}?view=all&q=brau", headers={"HX-Request": "true"})
    assert desk.get(LIST, follow=True).redirect_chain == [(f"{LIST}?view=all&q=brau", 302)]


def test_a_place_in_the_list_is_kept_for_coming_back_but_not_for_another_day(desk, five):
    many(five[0].branch, 60)
    second = desk.get(f"{LIST}?view=all").context["listing"].next_url
    there = desk.get(f"{LIST}{second}").context["rows"][0].client
    assert beside(desk, there).list_url == f"{LIST}{second}"
    page = desk.get(LIST, follow=True)
    assert page.redirect_chain == [(f"{LIST}?view=all", 302)]


def test_a_filter_whose_value_is_gone_is_left_out(desk, make_client):
    pharma = Category.objects.create(name="Pharma")
    make_client("Aalto")
    desk.get(f"{LIST}?category={pharma.pk}")
    pharma.delete()
    assert len(desk.get(LIST, follow=True).context["rows"]) == 1


def test_where_the_database_is_busy_the_list_is_shown_all_the_same(desk, five, monkeypatch):
    def refuse(*args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(list_memory, "_save", refuse)
    assert len(desk.get(f"{LIST}?q=aalto").context["rows"]) == 1
    assert not ListMemory.objects.exists()


def test_looking_at_the_same_place_again_writes_nothing(desk, five):
    desk.get(f"{LIST}?q=brau")
    with CaptureQueriesContext(connection) as asked:
        desk.get(f"{LIST}?q=brau")
    assert not [query for query in asked if query["sql"].startswith(("INSERT", "UPDATE"))]


def test_an_endless_address_is_not_remembered(desk, five):
    assert desk.get(f"{LIST}?after={'A' * 8000}").status_code == 200
    assert desk.get(f"{LIST}?" + "&".join(f"x{n}=1" for n in range(500))).status_code == 200
    assert not ListMemory.objects.exists()


# --- the clients before and after ---------------------------------------------------------------
def test_a_client_says_where_it_stands_in_the_list(desk, five):
    desk.get(f"{LIST}?kind=corporate")
    assert steps(desk, five[0]) == ("1 of 4", "", "Brauer")
    assert steps(desk, five[1]) == ("2 of 4", "Aalto", "Cascade")
    assert steps(desk, five[3]) == ("4 of 4", "Cascade", "")


def test_the_order_of_the_list_counts(desk, five):
    desk.get(f"{LIST}?sort=-name&kind=corporate")
    assert steps(desk, five[3]) == ("1 of 4", "", "Cascade")
    desk.get(f"{LIST}?sort=created&view=all")
    assert steps(desk, five[3]) == ("2 of 5", "Elena", "Cascade")


def test_walking_from_client_to_client_meets_each_once(desk, five):
    many(five[0].branch, 30)
    desk.get(f"{LIST}?sort=status")
    here, met = Client.objects.order_by("status", "name_key").first(), []
    while here:
        met.append(here.pk)
        found = beside(desk, here)
        here = next((client for client in Client.objects.all() if client.get_absolute_url() == found.next_url), None)
    assert met == list(Client.objects.order_by("status", "name_key", "pk").values_list("pk", flat=True))


def test_a_client_outside_of_the_list_has_no_neighbours(desk, five):
    desk.get(f"{LIST}?kind=corporate")
    assert beside(desk, five[4]) is None
    assert 'rel="next"' not in desk.get(five[4].get_absolute_url()).text


def test_a_list_of_one_has_no_neighbours(desk, brauer):
    assert beside(desk, brauer) is None


def test_a_hidden_client_is_not_among_the_neighbours(desk, five, make_staff):
    """XD33: neither its address nor that it counts."""
    five[1].restricted_to_responsible, five[1].sales_person = True, make_staff("manager")
    five[1].save()
    assert steps(desk, five[0]) == ("1 of 4", "", "Cascade")


def test_the_keys_find_their_links_on_every_tab(desk, five):
    for tab in ("", "contacts/", "history/"):
        html = desk.get(f"/clients/{five[1].pk}/{tab}").text.split("<main")[1]
        assert f'rel="prev" href="/clients/{five[0].pk}/"' in html
        assert f'rel="next" href="/clients/{five[2].pk}/"' in html


def test_positions_stop_at_a_thousand(desk, headquarters):
    many(headquarters, 1205)
    first, last = Client.objects.order_by("name_key")[2], Client.objects.order_by("-name_key").first()
    assert steps(desk, first)[0] == "3 of 1,000+"
    assert beside(desk, last).position == ""
    assert beside(desk, last).previous_url


def test_neighbours_cost_two_statements(desk, five):
    desk.get(f"{LIST}?kind=corporate&q=a")
    with CaptureQueriesContext(connection) as asked:
        desk.get(five[0].get_absolute_url())
    extra = [query["sql"] for query in asked if "listmemory" in query["sql"] or "capped" in query["sql"]]
    assert len(extra) == 2


def many(branch, count: int) -> None:
    """Add `count` clients at once."""
    Client.objects.bulk_create(
        Client(number=f"M{n}", name=f"Many {n:05}", name_key=f"many {n:05}", search_key="many", legal_name="x", branch=branch, country="DE")
        for n in range(count)
    )
