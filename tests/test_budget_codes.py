"""Budget codes of clients on quotes, projects, jobs and requests: offered where there are some, demanded where the client does (XD4)."""

import pytest
from django.urls import reverse

from clients.models import Client
from jobs.models import Job, Project, Quote
from tests.test_job_pages import filled

MODELS = {"quote": Quote, "project": Project, "job": Job}
TITLE = {"quote": "name", "project": "name", "job": "subject"}
# Who asks on which page for what.
PAGES = [("desk", "quote"), ("desk", "project"), ("desk", "job"), ("portal", "quote"), ("portal", "job")]


@pytest.fixture
def ask(request, ada):
    """Return a function that gets or posts the page on which new work is asked for."""

    def asked(who: str, kind: str, posted: dict | None = None):
        browser = request.getfixturevalue(who)
        named = reverse(f"portal:request_{kind}") if who == "portal" else f"{reverse(f'{kind}s:add')}?client={ada.client_id}"
        page = browser.get(named)
        return page if posted is None else browser.post(named, filled(page) | {TITLE[kind]: "New pump"} | posted)

    return asked


def demand(codes: str, required: bool = True) -> None:
    Client.objects.update(budget_codes=codes, budget_code_required=required)


@pytest.mark.parametrize(("who", "kind"), PAGES)
def test_work_without_a_code_is_refused_where_the_client_demands_one_and_keeps_the_code_that_is_chosen(ask, who, kind):
    assert "budget_code" not in ask(who, kind).context["form"].fields
    demand("4711\nMarketing  2026\n4711")
    offered = [value for value, _label in ask(who, kind).context["form"].fields["budget_code"].choices]
    assert offered == ["", "4711", "Marketing 2026"]
    refused = ask(who, kind, {"budget_code": ""})
    assert refused.status_code == 422
    assert "Give the budget code: nothing is ordered for Brauer Antriebe GmbH without one." in refused.text
    assert "is no budget code of the client any more" in ask(who, kind, {"budget_code": "0815"}).text
    assert not MODELS[kind].objects.exists()
    ask(who, kind, {"budget_code": "Marketing 2026"})
    assert MODELS[kind].objects.get().budget_code == "Marketing 2026"


def test_a_client_that_demands_a_code_without_a_list_gets_it_as_text_and_one_that_only_has_some_may_leave_it_out(ask):
    demand("", required=True)
    assert ask("desk", "quote", {"budget_code": " "}).status_code == 422
    ask("desk", "quote", {"budget_code": " 12  A "})
    assert Quote.objects.get().budget_code == "12 A"
    demand("4711", required=False)
    ask("desk", "project", {"budget_code": ""})
    assert Project.objects.get().budget_code == ""


def test_a_code_that_the_client_dropped_stays_on_its_quote_and_goes_along_with_its_project(desk, make_quote):
    demand("4711")
    quote = make_quote(budget_code="old")
    edit = reverse("quotes:edit", args=[quote.pk])
    posted = filled(desk.get(edit))
    assert posted["budget_code"] == "old"
    assert desk.post(edit, posted | {"budget_code": ""}).status_code == 422
    desk.post(edit, posted | {"name": "Renamed"})
    assert (Quote.objects.get().name, Quote.objects.get().budget_code) == ("Renamed", "old")
    assert quote.approve(None).budget_code == "old"
    assert "<dd>old</dd>" in desk.get(quote.get_absolute_url()).text
