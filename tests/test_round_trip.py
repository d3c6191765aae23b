"""A list is exported for editing, edited, and imported again: what was not edited stays, what was edited twice is a question."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from auditlog.context import set_actor
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from clientdesk.models import Merge, User
from clientdesk.rights import Role
from clients.models import Branch, Category, Client, ClientIndustry, CustomField, Industry, Responsible
from intake import planning, round_trip
from intake.client_verdicts import ClientJudge
from intake.models import ImportRun, Verdict
from tests.editing import column, edited
from tests.importing import LABELS, imported, planned, rows_of, world

EXPORT = "/import/export/corporate/"


@pytest.fixture
def boss(client, make_staff):
    """A manager who is signed in, as `client`."""
    staff = make_staff(Role.MANAGER)
    client.force_login(staff)
    return staff


@pytest.fixture
def pair(boss, make_client) -> list[Client]:
    return [make_client("Aalto", country="FI", city="Espoo", external_id="A-1"), make_client("Brauer", city="Stuttgart")]


def exported(browser, query: str = "view=all") -> bytes:
    """Return the workbook that the list gives for editing."""
    answer = browser.get(f"{EXPORT}?{query}")
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer.getvalue()


def typed(**texts: str) -> Callable:
    """Return a change that types `texts` (by column key) into the row of Aalto."""

    def change(sheet) -> None:
        for key, text in texts.items():
            cell = sheet.cell(2, column(sheet, LABELS[key]))
            cell.value, cell.data_type = text or None, "s" if text else "n"

    return change


def verdicts(run: ImportRun) -> list[str]:
    return [row.verdict for row in rows_of(run)]


def said(run: ImportRun, line: int = 2) -> str:
    row = run.rows.get(line=line)
    return " ".join(sentence for found in (row.errors, row.warnings) for texts in (found or {}).values() for sentence in texts)


def move_on(client: Client, by=None, **values) -> None:
    """Change `client` here, after the export."""
    for key, value in values.items():
        setattr(client, key, value)
    client.save()


def test_the_file_has_the_columns_of_the_import_and_two_hidden_ones(client, pair):
    sheet = load_workbook(io.BytesIO(exported(client))).active
    heads = [cell.value for cell in sheet[1]]
    assert heads == [*LABELS.values(), "ClientDesk ID", "ClientDesk version"]
    letters = ["A", *map(get_column_letter, (len(heads) - 1, len(heads)))]
    assert [sheet.column_dimensions[letter].hidden for letter in letters] == [False, True, True]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None} <= {"s", "inlineStr"}
    assert [cell.value for cell in sheet[2]][:3] == ["Aalto", "Aalto GmbH", "A-1"]


@pytest.mark.parametrize(("query", "names"), [("view=all&q=aalto", ["Aalto"]), ("view=all&sort=-name", ["Brauer", "Aalto"])])
def test_filters_and_order_are_those_of_the_list(client, pair, make_client, query, names):
    make_client("Elena", kind="individual", last_name="Elena", email="elena@home.example")
    sheet = load_workbook(io.BytesIO(exported(client, query))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == names


def test_picked_rows_alone_are_exported(client, pair):
    sheet = load_workbook(io.BytesIO(exported(client, f"query=view%3Dall&pick={pair[1].pk}"))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Brauer"]


def test_a_list_without_such_clients_leads_back_with_a_sentence(client, boss, make_client):
    make_client("Elena", kind="individual", last_name="Elena", email="elena@home.example")
    page = client.get(f"{EXPORT}?view=all", follow=True)
    assert "There is nothing to edit here: “Corporate clients” only." in page.text


def test_more_rows_than_an_import_takes_are_refused_at_once(client, pair, settings):
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"rows_sheet": 2}
    page = client.get(f"{EXPORT}?view=all", follow=True)
    assert "more than 2 rows could not be imported again" in page.text


def test_a_hidden_client_is_in_no_file(client, pair, make_staff):
    move_on(pair[0], restricted_to_responsible=True, sales_person=make_staff(Role.MANAGER, "other@desk.example"))
    sheet = load_workbook(io.BytesIO(exported(client))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Brauer"]


def test_whoever_may_not_import_is_not_offered_it(client, make_staff, pair):
    client.force_login(make_staff(Role.DESK))
    assert EXPORT not in client.get("/clients/?view=all").text
    client.force_login(make_staff(Role.MANAGER, "second@desk.example"))
    assert f"{EXPORT}?view=all" in client.get("/clients/?view=all").text


def full(make_client) -> Client:
    """A client with something in every column."""
    for key, kind in (
        ("rating", "number"),
        ("since", "date"),
        ("called", "moment"),
        ("vip", "checkbox"),
        ("tags", "choices"),
        ("memo", "text"),
    ):
        CustomField.objects.create(entity="client", key=key, label=key.title(), kind=kind, options=["a", "b"])
    branch = Branch.objects.create(name="Paris", code="PAR", legal_name="Nordwort SARL", country="FR")
    person = User.objects.get()
    client = make_client(
        "Voll", external_id="007", status="potential", phone="+49711555012", website="https://voll.example", branch=branch,
        category=Category.objects.create(name="Key account"), tax_number="DE136695976", street="Weg 1", street2="Hof", postal_code="01067",
        city="Dresden", province="Sachsen", mobile="+491715550120", fax="+49711555013", contract_number="0001",
        notes="eins\nzwei\n\n  drei",
        custom={"rating": "4.50", "since": "2020-02-29", "called": "2026-01-02T10:00:33Z", "vip": True, "tags": ["a", "b"], "memo": "=1+1"},
        first_contact_on=date(2019, 5, 6), potential_annual_revenue="12500.5", potential_annual_revenue_on=date(2020, 1, 1),
        sales_person=person, project_manager=person, sales_notes="a\nb", budget_codes="A,1\nB", budget_code_required=True, language="de",
        post_street="Postfach 7", post_street2="x", post_postal_code="01067", post_city="Bonn", post_province="NRW", post_country="DE",
        more_emails=[{"address": "a@b.example", "cc": True}, {"address": "c@d.example", "cc": False}],
        more_phones=[{"number": "+4930901820", "note": "Office (2nd; left)"}, {"number": "+4930901821", "note": ""}],
        more_websites=[{"url": "https://a.example/b;c"}, {"url": "https://d.example"}],
        more_tax_numbers=[{"kind": "National", "number": "12; 3"}], restricted_to_responsible=True, sms_enabled=True,
    )  # fmt: skip
    for name in ("Energy", "Transport, logistics"):
        ClientIndustry.objects.create(client=client, industry=Industry.objects.create(name=name))
    Responsible.objects.create(client=client, user=person)
    return client


def test_an_unchanged_file_changes_nothing_whatever_is_in_it(client, boss, make_client):
    """D03: every column, custom fields too."""
    full(make_client)
    content = exported(client)
    before = world()
    run = imported(content, "c.xlsx", boss)
    assert (run.counts, verdicts(run)) == ({"unchanged": 1}, ["unchanged"])
    assert run.rows.get().errors is run.rows.get().warnings is None
    assert world() == before


def test_each_single_cell_can_be_edited_alone(client, boss, make_client):
    full(make_client)
    run = planned(exported(client), "c.xlsx", boss)
    (row,) = planning.rows_of(run, run.rows.all())
    judge = ClientJudge(run)
    for key, text in (
        ("city", "Meißen"), ("phone", "+49 711 555099"), ("Since", "2021-03-01"), ("Vip", "No"), ("industries", "Energy"),
        ("first_contact_on", "2019-05-07"), ("responsible", ""), ("use_billing_address", "No"), ("post_street", ""),
        ("more_emails", "a@b.example"), ("more_phones", ""), ("more_websites", "https://d.example"), ("more_tax_numbers", "12"),
        ("restricted_to_responsible", "No"), ("sms_enabled", "No"), ("cc_contact_emails", "Yes"),
    ):  # fmt: skip
        cells = list(row.cells)
        cells[run.headers.index(LABELS.get(key, key))] = text
        (one,) = judge.weigh([row._replace(cells=cells)])
        assert (one.base, len(one.changes)) == ("changed", 1), (key, one.errors, one.changes)


def test_a_renamed_client_is_found_by_its_id(client, boss, pair):
    run = imported(edited(exported(client), typed(name="Aalto Oy", external_id="A-2")), "c.xlsx", boss)
    pair[0].refresh_from_db()
    assert (pair[0].name, pair[0].external_id, run.counts["updated"]) == ("Aalto Oy", "A-2", 1)


def test_an_edited_cell_is_a_change_and_an_emptied_one_clears(client, boss, pair):
    run = imported(edited(exported(client), typed(city="Turku", country="")), "c.xlsx", boss)
    pair[0].refresh_from_db()
    assert (pair[0].city, pair[0].country, verdicts(run)) == ("Turku", "", ["changed", "unchanged"])


def test_what_a_record_must_have_cannot_be_emptied(client, boss, pair):
    run = planned(edited(exported(client), typed(number="", legal_name="")), "c.xlsx", boss)
    assert sorted(run.rows.get(line=2).errors) == ["legal_name", "number"]
    assert "Type “C-00001” again" in said(run)


def test_what_changed_only_here_stays(client, boss, pair):
    content = edited(exported(client), typed(street="Katu 1"))
    move_on(pair[0], city="Vantaa", country="")
    run = imported(content, "c.xlsx", boss)
    pair[0].refresh_from_db()
    assert (pair[0].city, pair[0].country, pair[0].street) == ("Vantaa", "", "Katu 1")
    assert "“Vantaa” stays. The file still holds “Espoo”." in said(run)


def test_what_changed_in_both_places_is_a_question_that_names_both(client, boss, pair):
    content = edited(exported(client), typed(city="Turku"))
    move_on(pair[0], city="Vantaa")
    run = planned(content, "c.xlsx", boss)
    row = run.rows.get(line=2)
    assert (row.verdict, list(row.errors)) == ("error", ["city"])
    assert "the file says “Turku”" in said(run)
    assert "“Vantaa”" in said(run)


def conflicting(client, boss, pair) -> ImportRun:
    content = edited(exported(client), typed(city="Turku"))
    move_on(pair[0], city="Vantaa")
    return planned(content, "c.xlsx", boss)


@pytest.mark.parametrize(("gesture", "city"), [("file", "Turku"), ("here", "Vantaa"), ("", "Oulu")])
def test_a_conflict_is_settled_in_the_review(client, boss, pair, gesture, city):
    run = conflicting(client, boss, pair)
    place = run.headers.index(LABELS["city"])
    page = client.get(reverse("intake:review", args=[run.pk]))
    assert "Use the file’s value" in page.text
    posted = {f"cell-{place}": "Turku" if gesture else "Oulu"} | ({gesture: str(place)} if gesture else {})
    client.post(reverse("intake:edit_row", args=[run.pk, 2]), posted)
    row = run.rows.get(line=2)
    assert row.errors is None
    wanted = Verdict.UNCHANGED if gesture == "here" else Verdict.CHANGED
    assert (row.verdict, (row.changes or {}).get("city")) == (wanted, None if gesture == "here" else ["Vantaa", city])


def test_the_same_edit_in_both_places_is_no_question(client, boss, pair):
    content = edited(exported(client), typed(city="Turku"))
    move_on(pair[0], city="Turku")
    assert verdicts(planned(content, "c.xlsx", boss)) == ["unchanged", "unchanged"]


def test_a_change_that_was_taken_back_here_is_none(client, boss, pair):
    content = edited(exported(client), typed(city="Turku"))
    move_on(pair[0], city="Vantaa")
    move_on(pair[0], city="Espoo")
    assert run_changes(planned(content, "c.xlsx", boss)) == {"city": ["Espoo", "Turku"]}


def run_changes(run: ImportRun) -> dict | None:
    return run.rows.get(line=2).changes


def test_a_conflict_of_a_custom_field_and_of_a_phone(client, boss, make_client):
    full(make_client)

    def change(sheet) -> None:
        for label, text in (("Memo", "new"), (LABELS["phone"], "+49 711 55501"), ("Rating", "5")):
            cell = sheet.cell(2, column(sheet, label))
            cell.value, cell.data_type = text, "s"

    content = edited(exported(client), change)
    one = Client.objects.get()
    move_on(one, phone="+49711555777", custom=one.custom | {"memo": "here"})
    row = planned(content, "c.xlsx", boss).rows.get()
    assert sorted(row.errors) == ["custom:memo", "phone"]


def test_who_and_when_are_named(client, boss, pair, make_staff):
    content = edited(exported(client), typed(status="Inactive"))
    other = make_staff(Role.MANAGER, "olga@desk.example", first_name="Olga", last_name="Sund")
    with set_actor(other):
        move_on(pair[0], status="potential")
    assert "the file says “Inactive”, and Olga Sund wrote “Potential” on" in said(planned(content, "c.xlsx", boss))


def test_a_client_that_is_gone_or_hidden_is_refused_alike(client, boss, pair, make_staff):
    content = exported(client)
    move_on(pair[1], restricted_to_responsible=True, sales_person=make_staff(Role.MANAGER, "other@desk.example"))
    gone = pair[0].pk
    Client.objects.filter(pk=gone).delete()
    run = planned(content, "c.xlsx", boss)
    assert [row.base for row in rows_of(run)] == ["barred", "barred"]
    assert [row.errors for row in rows_of(run)] == [{"_id": [round_trip.gone(pk)]} for pk in (gone, pair[1].pk)]


@pytest.mark.parametrize("what", ["id", "version", "other row"])
def test_a_mark_that_was_tampered_with_is_refused(client, boss, pair, what):
    def change(sheet) -> None:
        pk, version = column(sheet, "ClientDesk ID"), column(sheet, "ClientDesk version")
        if what == "id":
            sheet.cell(2, pk).value = str(pair[1].pk)
        else:
            sheet.cell(2, version).value = "" if what == "version" else sheet.cell(3, version).value

    run = planned(edited(exported(client), change), "c.xlsx", boss)
    assert verdicts(run) == ["error", "unchanged"]
    assert "do not belong together" in said(run)


def test_a_row_that_was_copied_names_both_rows(client, boss, pair):
    def change(sheet) -> None:
        sheet.append([cell.value for cell in sheet[2]])

    run = planned(edited(exported(client), change), "c.xlsx", boss)
    assert verdicts(run) == ["error", "unchanged", "error"]
    assert "Rows 2 and 4 are about the same record" in said(run)


def test_a_row_without_id_is_found_as_usual_or_new(client, boss, pair):
    def change(sheet) -> None:
        for label in ("ClientDesk ID", "ClientDesk version"):
            sheet.cell(2, column(sheet, label)).value = None
        sheet.cell(2, column(sheet, LABELS["city"])).value = "Turku"
        sheet.append(["Neu", "Neu GmbH"])

    run = planned(edited(exported(client), change), "c.xlsx", boss)
    assert verdicts(run) == ["changed", "unchanged", "new"]


def test_columns_may_be_deleted_and_rows_sorted_and_filtered(client, boss, pair):
    """Only ID, version and what is edited need stay."""

    def change(sheet) -> None:
        for place in range(column(sheet, "ClientDesk ID") - 1, 0, -1):
            if sheet.cell(1, place).value != LABELS["city"]:
                sheet.delete_cols(place)
        first, second = ([cell.value for cell in sheet[line]] for line in (2, 3))
        for place, (one, other) in enumerate(zip(first, second, strict=True), 1):
            sheet.cell(2, place).value, sheet.cell(3, place).value = other, one
        sheet.cell(3, 1).value = "Turku"
        sheet.auto_filter.ref = "A1:C3"
        sheet.row_dimensions[2].hidden = True

    run = imported(edited(exported(client), change), "c.xlsx", boss)
    pair[0].refresh_from_db()
    assert (verdicts(run), pair[0].city) == (["unchanged", "changed"], "Turku")
    assert client.get(reverse("intake:result", args=[run.pk])).status_code == 200


def test_the_mode_step_lets_a_file_start_that_only_has_ids(client, boss, pair):
    def change(sheet) -> None:
        sheet.delete_cols(1, column(sheet, LABELS["city"]) - 1)
        sheet.cell(2, 1).value = "Turku"

    run = planned(edited(exported(client), change), "c.xlsx", boss)
    answer = client.post(reverse("intake:start", args=[run.pk]), {"mode": "update"})
    run.refresh_from_db()
    assert (answer.status_code, run.state) == (303, ImportRun.State.APPLYING), answer.content


def test_the_review_says_what_the_file_is(client, boss, pair):
    run = planned(exported(client), "c.xlsx", boss)
    page = client.get(reverse("intake:review", args=[run.pk]))
    assert "This file was exported for editing" in page.text
    assert "“ClientDesk ID”" not in page.text


def test_id_and_version_are_no_question_of_the_match_step(client, boss, pair):
    run = planned(edited(exported(client), lambda sheet: sheet.cell(1, 1, "Whatever")), "c.xlsx", boss)
    assert (run.state, dict(run.mapping).get(0)) == (ImportRun.State.REVIEW, None)
    page = client.get(reverse("intake:match", args=[run.pk]))
    assert "Our field for “Whatever”" in page.text
    assert "Our field for “ClientDesk" not in page.text


@pytest.mark.parametrize("count", [2, 12])
def test_the_number_of_statements_does_not_grow_with_the_rows(client, boss, make_client, count):
    """Each record was changed here and in the file since the export."""
    made = [make_client(f"Client {number}", city="Espoo") for number in range(count)]

    def change(sheet) -> None:
        for line in range(2, count + 2):
            sheet.cell(line, column(sheet, LABELS["city"])).value = "Turku"

    content = edited(exported(client), change)
    for one in made:
        move_on(one, city="Vantaa")
    run = planned(content, "c.xlsx", boss)
    assert run.counts == {"error": count}
    rows = planning.rows_of(run, run.rows.order_by("line"))
    judge = ClientJudge(run)
    with CaptureQueriesContext(connection) as asked:
        assert len(list(judge.judge(rows))) == count
    assert len(asked) <= 16, [query["sql"][:80] for query in asked]


def test_its_error_workbook_is_corrected_as_any_other(client, boss, pair):
    run = imported(edited(exported(client), typed(email="no address", city="Turku")), "c.xlsx", boss)
    assert run.counts == {"error": 1, "unchanged": 1}
    book = client.get(reverse("intake:errors", args=[run.pk])).getvalue()
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    assert sheet.column_dimensions[get_column_letter(len(LABELS) + 1)].hidden
    again = imported(edited(book, typed(email="info@aalto.example")), "c2.xlsx", boss)
    pair[0].refresh_from_db()
    assert (pair[0].email, pair[0].city) == ("info@aalto.example", "Turku")
    assert again.counts == {"updated": 1, "changed": 1, "skipped": 1}


def test_a_client_that_was_merged_away_leads_to_the_other(client, boss, pair):
    content = exported(client)
    loser, winner = pair[0].pk, pair[1].pk
    Merge.objects.create(
        content_type=ContentType.objects.get_for_model(Client), winner_id=winner, loser_id=loser, loser_name="Aalto", loser_name_key="aalto"
    )
    Client.objects.filter(pk=loser).delete()
    run = planned(content, "c.xlsx", boss)
    assert said(run).startswith(f"The record with the ClientDesk ID {loser} was merged into “Brauer” (C-00002).")
