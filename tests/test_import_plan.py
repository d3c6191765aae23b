"""What the plan says about rows, and that it writes nothing (C13, invariant 18)."""

import io

import openpyxl
import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from clientdesk import work
from clientdesk.models import Change, LongRun
from clientdesk.words import name_key
from clients.models import Branch, Client
from intake import naming, planning
from intake.models import ImportRun, Verdict
from intake.naming import Names, name_rows
from tests.importing import LABELS, csv_bytes, imported, planned, rows_of, uploaded, work_off

ACME = {"name": "Acme", "legal_name": "Acme & Sons Ltd."}


def test_a_file_is_planned_row_by_row_and_nothing_is_written(brauer):
    before = (Client.objects.count(), Change.objects.count())
    run = planned(
        csv_bytes(
            [
                ACME,
                {"name": "Brauer Antriebe", "legal_name": "Brauer Antriebe GmbH", "email": "neu@brauer.example"},
                {"name": "Brauer  antriebe ", "legal_name": "x"},
                {"name": "Bad & Co", "legal_name": "Bad & Co"},
            ]
        )
    )
    assert (run.state, run.refusal) == (ImportRun.State.REVIEW, "")
    assert [(row.line, row.verdict) for row in rows_of(run)] == [(2, "new"), (3, "error"), (4, "error"), (5, "error")]
    assert run.counts == {"new": 1, "error": 3}
    assert (Client.objects.count(), Change.objects.count()) == before


def test_a_changed_row_holds_old_and_new_value_of_each_changed_cell(brauer):
    run = planned(
        csv_bytes([{"name": "brauer antriebe", "legal_name": "Brauer Antriebe GmbH", "email": "Neu@Brauer.EXAMPLE", "city": "Ulm"}])
    )
    (row,) = rows_of(run)
    assert row.verdict == "changed"
    assert row.changes == {
        "name": ["Brauer Antriebe", "brauer antriebe"],
        "email": ["info@brauer.example", "Neu@brauer.example"],
        "city": ["", "Ulm"],
    }
    assert (row.target_id, row.target_version) == (brauer.pk, brauer.version)


@pytest.mark.parametrize("name", ["Acme & Sons", "A/B", "Acme!", "-Acme", ".x", "Acme@home", "=1+1", "a" * 101])
def test_a_name_that_the_form_refuses_is_refused_here(headquarters, name):
    (row,) = rows_of(planned(csv_bytes([{"name": name, "legal_name": "x"}])))
    assert (row.verdict, list(row.errors)) == (Verdict.ERROR, ["name"])


@pytest.mark.parametrize("name", ["Müller 24", "株式会社", "ООО Ромашка", "شركة النور", "4711"])
def test_a_name_that_the_form_takes_is_taken_here(headquarters, name):
    assert planned(csv_bytes([{"name": name, "legal_name": "x"}])).counts == {"new": 1}


@pytest.mark.parametrize("again", ["brauer antriebe", "  Brauer   Antriebe ", "Ｂrauer Antriebe", "BRAUER\u00a0ANTRIEBE"])
def test_a_name_that_is_equal_by_key_is_the_existing_client(brauer, again):
    (row,) = rows_of(planned(csv_bytes([{"name": again, "legal_name": "Brauer Antriebe GmbH"}])))
    assert row.target_id == brauer.pk


def test_rows_with_one_name_or_one_external_id_are_errors_that_name_both(headquarters):
    run = planned(
        csv_bytes(
            [
                {"name": "Acme", "legal_name": "x", "external_id": "E1"},
                {"name": "Delmare", "legal_name": "x", "external_id": "E1"},
                {"name": "ACME", "legal_name": "x"},
                {"name": "Zeta", "legal_name": "x"},
            ]
        )
    )
    first, second, third, fourth = rows_of(run)
    assert first.errors == {
        "name": ["Rows 2 and 4 both have “Acme”. Keep one of them."],
        "external_id": ["Rows 2 and 3 both have “E1”. Keep one of them."],
    }
    assert second.errors == {"external_id": first.errors["external_id"]}
    assert third.errors == {"name": ["Rows 2 and 4 both have “ACME”. Keep one of them."]}
    assert fourth.verdict == Verdict.NEW


def test_many_rows_with_one_name_are_counted(headquarters, monkeypatch):
    monkeypatch.setattr(planning, "CHUNK", 3)
    run = planned(csv_bytes([{"name": "Acme", "legal_name": "x"}] * 8 + [{"name": f"One {n}", "legal_name": "x"} for n in range(2)] * 2))
    assert run.counts == {"error": 12}
    assert rows_of(run)[5].errors == {"name": ["8 rows from row 2 to row 9 have “Acme”. Keep one of them."]}


@pytest.mark.parametrize(("count", "chunk", "seconds"), [(20_000, 2_000, 1.5), (40, 7, -1)], ids=["many", "stopped after each chunk"])
def test_rows_of_one_name_are_marked_chunk_by_chunk_whatever_their_number(headquarters, monkeypatch, count, chunk, seconds):
    table = [{"name": "Acme", "legal_name": "x", "external_id": f"E{n % 5}"} for n in range(count)]
    monkeypatch.setattr(planning, "CHUNK", chunk)
    monkeypatch.setattr(planning, "SECONDS", seconds)
    update, chunk_of, sizes = planning.update, work.chunk, [0]

    def listening(model, keys, columns, rows):
        sizes[-1] += len(rows)
        update(model, keys, columns, rows)

    monkeypatch.setattr(planning, "update", listening)
    monkeypatch.setattr(work, "chunk", lambda long_run: sizes.append(0) or chunk_of(long_run))
    run = planned(csv_bytes(table, ("name", "legal_name", "external_id")))
    assert run.counts == {"error": count}
    assert (max(sizes), sum(sizes)) == (chunk, 2 * count)
    for row in rows_of(run)[:: count // 10]:
        assert row.errors["name"] == [f"{count} rows from row 2 to row {count + 1} have “Acme”. Keep one of them."]
        assert len(row.errors["external_id"]) == 1


def test_an_empty_name_is_proposed_from_the_legal_name_and_numbered_if_taken(make_client):
    make_client("Acme Sons")
    run = planned(
        csv_bytes(
            [
                {"legal_name": "Acme & Sons"},
                {"name": "Acme Sons 3", "legal_name": "x"},
                {"legal_name": "Acme & Sons"},
                {"legal_name": "&&&"},
                {"legal_name": ""} | {"city": "Ulm"},
            ]
        )
    )
    first, _second, third, fourth, fifth = rows_of(run)
    assert (first.values["name"], third.values["name"]) == ("Acme Sons 2", "Acme Sons 4")
    assert first.warnings["name"][-1] == "Proposed from the legal name: “Acme Sons 2”."
    assert "none can be made from the legal name “&&&”" in fourth.errors["name"][0]
    assert set(fifth.errors) == {"name", "legal_name"}


def test_many_rows_without_a_name_are_named_in_few_looks(headquarters, django_assert_max_num_queries):
    run = ImportRun.objects.create(filename="x", sha256="x")
    with django_assert_max_num_queries(24):
        names = Names(run).give(["Kunde"] * 300 + [f"Firma {number}" for number in range(300)])
    assert len({name_key(name) for name in names}) == 600
    assert (names[0], names[299], names[300]) == ("Kunde", "Kunde 300", "Firma 0")


@pytest.mark.parametrize("died", [False, True], ids=["one worker", "another worker for each chunk"])
def test_the_work_of_numbering_one_legal_name_grows_with_its_rows_and_not_with_their_square(make_client, monkeypatch, died):
    make_client("Kunde 3")
    monkeypatch.setattr(planning, "CHUNK", 50)
    look_up, asked = Names.look_up, []

    def listening(self, names):
        asked.append(len(names := list(names)))
        look_up(self, names)

    monkeypatch.setattr(Names, "look_up", listening)
    if died:
        monkeypatch.setattr(planning, "name_rows", lambda run, rows: naming._last.clear() or name_rows(run, rows))
    run = planned(csv_bytes([{"legal_name": "Kunde", "city": f"Ort {n}"} for n in range(1_000)]))
    assert [row.values["name"] for row in rows_of(run)] == ["Kunde", "Kunde 2", *(f"Kunde {n}" for n in range(4, 1_002))]
    assert died or sum(asked) < 3 * 1_000


def test_a_chunk_of_names_that_was_not_saved_is_named_again_alike(headquarters, monkeypatch):
    monkeypatch.setattr(planning, "CHUNK", 20)
    update, named = planning.update, []

    def breaking(model, keys, columns, rows):
        named.append(columns[0] == "name_key")
        if sum(named) == 3:
            raise OperationalError
        update(model, keys, columns, rows)

    monkeypatch.setattr(planning, "update", breaking)
    run = uploaded(csv_bytes([{"legal_name": "Kunde", "city": f"Ort {n}"} for n in range(100)]))
    work_off()
    LongRun.objects.update(next_try_at=timezone.now())
    work_off()
    assert sum(named) > 5
    assert [row.values["name"] for row in rows_of(run)] == ["Kunde", *(f"Kunde {n}" for n in range(2, 101))]


def test_any_number_of_names_is_asked_for_with_few_parameters(headquarters):
    counted = []

    def listening(execute, sql, params, many, context):
        counted.append(len(params or ()))
        return execute(sql, params, many, context)

    run = ImportRun.objects.create(filename="x", sha256="x")
    with connection.execute_wrapper(listening):
        assert Names(run).give(["Kunde"] * 40_000)[-1] == "Kunde 40000"
    assert max(counted) <= 2


def test_a_match_that_is_inactive_is_pointed_out_and_an_individual_is_refused(make_client):
    make_client("Old One", status="inactive")
    make_client("Ada Person", kind="individual", last_name="Person")
    first, second = rows_of(planned(csv_bytes([{"name": "Old One", "legal_name": "New"}, {"name": "Ada Person", "legal_name": "x"}])))
    assert (first.verdict, "is inactive and stays so" in first.warnings["name"][0]) == (Verdict.CHANGED, True)
    assert "is an individual client" in second.errors["name"][0]


def test_an_inactive_entry_may_stay_where_it_is_but_not_be_chosen(make_client):
    gone = Branch.objects.create(name="Lisbon", code="LIS", active=False)
    make_client("Old One", branch=gone)
    rows = rows_of(
        planned(
            csv_bytes(
                [{"name": "Old One", "legal_name": "Old One GmbH", "branch": "LIS"}, {"name": "New", "legal_name": "x", "branch": "Lisbon"}]
            )
        )
    )
    assert [row.verdict for row in rows] == [Verdict.UNCHANGED, Verdict.ERROR]
    assert rows[1].errors == {"branch": ["“Lisbon” is inactive. Choose an active entry."]}


def test_an_empty_cell_keeps_what_is_saved(brauer):
    assert planned(csv_bytes([{"name": "Brauer Antriebe", "legal_name": "", "email": " "}])).counts == {"unchanged": 1}


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_formula_cells_and_long_numbers_are_errors_of_their_cell_and_zeros_stay(headquarters):
    heads = [LABELS[key] for key in ("name", "legal_name", "postal_code", "external_id", "city")]
    run = planned(
        workbook(
            [heads, ["Acme", "x", "01067", 7791, "=A1"], ["Delmare", "x", "00123", 123456789012345678, "Ulm"], ["Zeta", "=1+1", "", "", ""]]
        ),
        "a.xlsx",
    )
    first, second, third = rows_of(run)
    assert list(first.errors) == ["city"]
    assert "formula without a stored result" in first.errors["city"][0]
    assert "more than 15 digits" in second.errors["external_id"][0]
    assert list(third.errors) == ["legal_name"]
    assert first.raw[2:4] == ["01067", "7791"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_same_table_in_any_encoding_and_delimiter_gives_the_same_records(headquarters, encoding, delimiter):
    table = [
        ("Name", "Legal name", "City", "Postal code"),
        ("Grünwald Pharma", "Grünwald Pharma GmbH", "Köln", "01067"),
        ("Ærø", "Ærø ApS", "Marstal", "5960"),
    ]
    run = imported("\r\n".join(delimiter.join(row) for row in table).encode(encoding))
    assert run.figures["created"] == 2
    assert list(Client.objects.order_by("id").values_list("name", "city", "postal_code")) == [
        ("Grünwald Pharma", "Köln", "01067"),
        ("Ærø", "Marstal", "5960"),
    ]


def test_headers_in_another_language_and_order_are_matched(headquarters):
    run = imported("Ort;Firmierung;Kunde;Land;PLZ\r\nWien;Acme GmbH;Acme;Österreich;1010\r\n".encode())
    client = Client.objects.get()
    assert (run.figures["created"], client.name, client.legal_name, client.city, client.country, client.postal_code) == (
        1,
        "Acme",
        "Acme GmbH",
        "Wien",
        "AT",
        "1010",
    )


def test_a_text_that_begins_like_a_formula_is_only_text(headquarters):
    imported(csv_bytes([{"name": "Acme", "legal_name": "=cmd|' /C calc'!A0", "street": "@sum", "city": "-5"}]))
    client = Client.objects.get()
    assert (client.legal_name, client.street, client.city) == ("=cmd|' /C calc'!A0", "@sum", "-5")


def test_characters_that_no_database_can_hold_are_an_error_and_shown_as_replaced(headquarters):
    (row,) = rows_of(planned(workbook([["Name", "Legal name"], ["Acme", "x_x0000_y"]]), "a.xlsx"))
    assert row.verdict in {Verdict.ERROR, Verdict.NEW}
    assert "\x00" not in str(row.raw)


def test_a_plan_that_lost_its_rows_halfway_starts_over(headquarters, monkeypatch):
    monkeypatch.setattr(planning, "CHUNK", 2)
    monkeypatch.setattr(planning, "SECONDS", 0)
    run = uploaded(csv_bytes([{"name": f"Acme {n}", "legal_name": "x"} for n in range(5)]))
    for _step in range(2):
        planning.advance(run.work)
    run.rows.all().delete()  # the stage is unlogged: a crash of the server empties it
    work_off()
    run.refresh_from_db()
    assert (run.state, run.counts, run.rows_read) == (ImportRun.State.REVIEW, {"new": 5}, 5)
