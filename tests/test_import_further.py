"""Industries, sales data, people responsible, language as columns of an import (XD3, XD4, XD12, XD21)."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from clientdesk import history
from clientdesk.models import Change
from clientdesk.rights import Role
from clients.forms.people import tie
from clients.models import Client, ClientIndustry, Industry, Responsible
from intake import rejudging
from intake.exporting import rows as exported_rows
from intake.kinds import resource
from intake.known import same_text
from intake.models import ImportRun, Outcome, Verdict
from intake.several import LINKS
from intake.values import doubtful_values
from tests.importing import LABELS, csv_bytes, imported, planned, rows_of, world
from tests.oracle import assert_alike, both
from tests.undoing import records, undone

ROW = {"name": "Castell Optik", "legal_name": "Castell Optik AG"}
FULL = {
    "industries": "transport, logistics; Energy",
    "first_contact_on": "30 Nov 2025",
    "potential_annual_revenue": "12500.50",
    "sales_person": "sam@desk.example",
    "project_manager": "Sales, Sam",
    "responsible": "boss@desk.example, Sam Sales",
    "sales_notes": "Call on Mondays",
    "budget_codes": "A-1; B-2, A-1",
    "budget_code_required": "ja",
    "language": "Deutsch",
    "no_crm_emails": "x",
}


@pytest.fixture
def boss(make_staff):
    make_staff(Role.DESK, "sam@desk.example", first_name="Sam", last_name="Sales")
    return make_staff(Role.MANAGER, "boss@desk.example", first_name="Bo", last_name="Boss")


@pytest.fixture
def industries(headquarters) -> dict[str, Industry]:
    return {name: Industry.objects.create(name=name) for name in ("Energy", "Transport, logistics", "Law")}


def of(client: Client, key: str) -> list[str]:
    """Return what `client` has several of, by name."""
    links = LINKS[key]
    return sorted(str(getattr(link, links.name)) for link in getattr(client, links.reverse).select_related(links.name))


def test_a_new_client_gets_all_of_it_as_its_form_gives_it(industries, boss):
    run = imported(csv_bytes([ROW | FULL]), by=boss)
    assert run.counts[Outcome.CREATED] == 1, rows_of(run)[0].errors
    client = Client.objects.get()
    assert (client.first_contact_on, client.potential_annual_revenue) == (date(2025, 11, 30), Decimal("12500.50"))
    assert client.potential_annual_revenue_on == timezone.localdate()
    assert (str(client.sales_person), str(client.project_manager), client.language) == ("Sam Sales", "Sam Sales", "de")
    assert (client.budget_codes, client.budget_code_required, client.no_crm_emails) == ("A-1\nB-2", True, True)
    assert of(client, "industries") == ["Energy", "Transport, logistics"]
    assert of(client, "responsible") == ["Bo Boss", "Sam Sales"]
    told = [change.object_repr for change in history.whole_history_of(client) if change.content_type.model == "clientindustry"]
    assert sorted(told) == ["Energy", "Transport, logistics"]


@pytest.mark.parametrize("kind", ["corporate", "individual"])
def test_import_exports_own_importer_does_the_same_with_new_and_known_clients(industries, boss, make_client, kind):
    person = {"last_name": "Optik"} if kind == "individual" else {}
    known = make_client("Castell", kind=kind, potential_annual_revenue=1, potential_annual_revenue_on=date(2020, 1, 1), **person)
    ClientIndustry.objects.create(client=known, industry=industries["Law"])
    Responsible.objects.create(client=known, user=boss)
    same = make_client("Brauer", kind=kind, potential_annual_revenue="12500.5", **person)
    new = {"last_name": "Neu"} if kind == "individual" else {"legal_name": "Castell Optik AG"}
    records_ = [{"name": "Neu"} | new | FULL, {"name": known.name} | FULL, {"name": same.name, "potential_annual_revenue": "12500.50"}]
    stock, ours = both(records_, boss, kind)
    assert_alike(stock, ours)
    assert ours[1] == {}
    assert of(Client.objects.get(pk=known.pk), "industries") == ["Energy", "Transport, logistics"]


def test_a_change_of_rows_alone_counts_the_version_up_and_is_told_once(industries, boss, make_client):
    client = make_client("Castell")
    ClientIndustry.objects.create(client=client, industry=industries["Law"])
    before = Change.objects.count()
    [row] = rows_of(imported(csv_bytes([{"name": "Castell", "industries": "Energy"}], ("name", "industries")), by=boss, mode="update"))
    assert (row.outcome, row.changes) == (Outcome.UPDATED, {"industries": [[industries["Law"].pk], [industries["Energy"].pk]]})
    assert [(change.object_repr, change.action) for change in Change.objects.order_by("pk")[before:]] == [("Law", 2), ("Energy", 0)]
    client.refresh_from_db()
    assert (client.version, of(client, "industries")) == (2, ["Energy"])


def test_an_undo_gives_all_of_it_back(industries, boss, make_client):
    client = make_client("Castell", sales_notes="old", potential_annual_revenue="3")
    ClientIndustry.objects.create(client=client, industry=industries["Law"])
    before = records(world())
    run = imported(csv_bytes([{"name": "Castell"} | FULL, ROW | FULL]), by=boss)
    assert (run.counts[Outcome.CREATED], run.counts[Outcome.UPDATED]) == (1, 1)
    undone(run, boss)
    after = records(world())
    assert {name: after[name] for name in ("clients", "companies", "places")} == {
        name: before[name] for name in ("clients", "companies", "places")
    }


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("industries", "Energy, Moon", "“Moon” is no industry. Use one of: Energy, Law, Transport, logistics."),
        ("sales_person", "Nobody", "“Nobody” is no member of staff. Use one of: Bo Boss, Sam Sales."),
        ("sales_person", "Sam Sale", "“Sam Sale” is no member of staff. Use “Sam Sales”."),
        ("first_contact_on", "30.02.2026", "“30.02.2026” is no day of the calendar. Correct it."),
        ("potential_annual_revenue", "a lot", "“a lot” is no number. Write it as 1234.5."),
        ("language", "Klingon", "“Klingon” is no language. Choose a word from the drop-down list of the template."),
        ("budget_code_required", "perhaps", "“perhaps” is neither yes nor no. Use one of: Yes, No."),
    ],
)
def test_a_wrong_cell_is_refused_with_what_it_says_and_what_to_do(industries, boss, key, text, said):
    [row] = rows_of(planned(csv_bytes([ROW | {key: text}]), by=boss))
    assert (row.verdict, row.errors) == (Verdict.ERROR, {key: [said]})


def test_who_has_left_stays_and_is_given_to_nobody_anew(industries, boss, make_staff, make_client):
    left = make_staff(Role.DESK, "left@desk.example", first_name="Lea", last_name="Left", is_active=False)
    make_client("Castell", sales_person=left)
    texts = [{"name": "Castell", "sales_person": "Lea Left", "city": "Ulm"}, ROW | {"sales_person": "left@desk.example"}]
    first, second = rows_of(planned(csv_bytes(texts), by=boss))
    assert first.changes == {"city": ["", "Ulm"]}
    assert second.errors == {"sales_person": ["“Lea Left” is deactivated. Choose an active member of staff."]}


def test_days_and_amounts_that_can_be_read_in_two_ways_are_asked_per_column(industries, boss):
    rows = [ROW | {"first_contact_on": "03/04/2026", "potential_annual_revenue": "1.500"}]
    run = planned(csv_bytes(rows), by=boss)
    assert run.state == ImportRun.State.MATCHING
    run.delete()
    options = {"dates": {"first_contact_on": "mdy"}, "decimals": {"potential_annual_revenue": ","}}
    [row] = rows_of(planned(csv_bytes(rows), by=boss, options=options))
    assert row.values["first_contact_on"] == "2026-03-04"
    assert row.values["potential_annual_revenue"] == "1500.00"


def test_what_was_given_elsewhere_since_the_export_is_kept_or_a_question(industries, boss, make_client):
    """What a client has several of stands in rows of their own: their history tells what the file once held."""
    clients = [make_client(name) for name in ("Castell", "Delmare")]
    for client in clients:
        ClientIndustry.objects.create(client=client, industry=industries["Law"])
    source = resource("corporate")
    source.prepare(boss)
    columns = source.columns()
    exported = exported_rows("corporate", columns, Client, [client.pk for client in clients], timezone.now())
    for client in clients:
        tie(client, "client_industries", "industry", [industries["Energy"]])
        client.save()
    cells = [dict(zip([column.key for column in columns], row, strict=False)) | {"id": row[-2], "mark": row[-1]} for row in exported]
    assert cells[0]["industries"] == "Law"
    cells[1]["industries"] = "Transport, logistics"
    marks = {"id": "ClientDesk ID", "mark": "ClientDesk version"}
    kept, asked = rows_of(planned(csv_bytes(cells, more=marks), by=boss))
    assert (kept.verdict, asked.verdict) == (Verdict.UNCHANGED, Verdict.ERROR)
    assert "“Energy” stays. The file still holds “Law”." in kept.warnings["industries"][0]
    assert "“Energy”" in asked.errors["industries"][0]
    assert "“Transport, logistics”" in asked.errors["industries"][0]


def test_the_columns_are_in_the_template_with_help_and_lists(industries, boss):
    source = resource("corporate")
    source.prepare(boss)
    assert LABELS.keys() >= FULL.keys()
    assert source.fields["sales_person"].allowed == ["Bo Boss", "Sam Sales"]
    assert source.fields["budget_code_required"].allowed == ["Yes", "No"]
    assert all(source.fields[key].help for key in FULL)


def test_unknown_industries_and_owners_of_another_product_are_matched_by_value(industries, boss):
    """As HubSpot writes them: said once each, then read so in every row."""
    head = "Record ID,Company name,Company owner,Company Domain Name,Lifecycle Stage,Industry"
    rows = [f"{number},C {number},Nobody Here,c{number}.example,Lead,Enrgy" for number in range(2)]
    run = planned("\n".join([head, *rows]).encode(), by=boss)
    told = {column.key: [(value.text, value.rows, value.suggestion) for value in column.values] for column in doubtful_values(run)}
    assert told == {"industries": [("Enrgy", 2, "Energy")], "sales_person": [("Nobody Here", 2, "")]}
    for key, text, meant in (("industries", "Enrgy", "Energy"), ("sales_person", "Nobody Here", "Sam Sales")):
        rejudging.rejudge(run, rejudging.replace(run, key, {same_text(text): meant}))
    assert [(row.verdict, row.values["industries"]) for row in rows_of(run)] == [(Verdict.NEW, [industries["Energy"].pk])] * 2
