"""From an import's wrong rows to a corrected file and back: only what was left open is imported (J6, V27)."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from clientdesk.spreadsheets import write_xlsx
from clients.models import Client
from intake import applying, planning
from intake.annotating.styles import RED
from intake.models import ImportRun, Verdict
from tests.importing import LABELS, csv_bytes, imported, planned, rows_of, work_off

KEYS = ("name", "legal_name", "country", "email")
HEADS = [LABELS[key] for key in KEYS]
ROWS = [
    ["Giraud", "Giraud S.A.R.L.", "FR", "contact@giraud.example"],
    ["Eifel & Co", "Eifel & Co KG", "Narnia", "info@eifel.example"],
    ["Yamada", "Yamada K.K.", "JP", "no address"],
    ["Ilios", "Ilios A.E.", "GR", ""],
]
pytestmark = pytest.mark.usefixtures("headquarters")


def workbook(rows: list[list[str]] = ROWS) -> bytes:
    return b"".join(write_xlsx([HEADS, *rows], sheet="Kunden"))


@pytest.fixture
def staff(make_staff):
    return make_staff("manager")


@pytest.fixture
def browser(as_user, staff):
    return as_user(staff)


def errors_of(browser, run: ImportRun) -> openpyxl.Workbook:
    answer = browser.get(reverse("intake:errors", args=[run.pk]))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def saved(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def red(book: openpyxl.Workbook, sheet: str) -> set[str]:
    return {cell.coordinate for line in book[sheet].iter_rows() for cell in line if cell.fill.fgColor.rgb == RED}


def verdicts(run: ImportRun) -> list[str]:
    return [row.verdict for row in rows_of(run)]


def correct(book: openpyxl.Workbook, sheet: str) -> bytes:
    for line in book[sheet].iter_rows():
        for cell in line:
            cell.value = {"Eifel & Co": "Eifel", "Narnia": "DE", "no address": "post@yamada.example"}.get(cell.value, cell.value)
    return saved(book)


def test_only_the_open_rows_of_a_corrected_workbook_are_imported(staff, browser):
    run = imported(workbook(), "kunden.xlsx", staff)
    assert run.figures["failed"] == 2
    book = errors_of(browser, run)
    assert red(book, "Kunden") == {"A3", "C3", "D4"}
    again = imported(correct(book, "Kunden"), "kunden to correct.xlsx", staff)
    assert again.corrects == run
    assert verdicts(again) == [Verdict.SKIPPED, Verdict.NEW, Verdict.NEW, Verdict.SKIPPED]
    assert rows_of(again)[0].warnings == {"": ["Done by the import before."]}
    assert again.figures == {"read": 4, "created": 2, "updated": 0, "unchanged": 0, "skipped": 2, "failed": 0}
    assert set(Client.objects.values_list("name", flat=True)) == {"Giraud", "Eifel", "Yamada", "Ilios"}


def test_what_is_still_wrong_comes_back_with_the_old_marks_gone(staff, browser):
    run = imported(workbook(), "kunden.xlsx", staff)
    book = errors_of(browser, run)
    book["Kunden"]["D4"].value = "post@yamada.example"
    again = imported(saved(book), "kunden.xlsx", staff)
    second = errors_of(browser, again)
    assert red(second, "Kunden") == {"A3", "C3"}
    assert second.sheetnames == ["Kunden", "What to correct"]
    third = imported(correct(second, "Kunden"), "kunden.xlsx", staff)
    assert third.corrects == again
    assert (third.figures["created"], third.figures["skipped"]) == (1, 3)


def test_a_done_row_that_was_changed_or_moved_is_judged_again(staff, browser):
    run = imported(workbook(), "kunden.xlsx", staff)
    book = errors_of(browser, run)
    sheet = book["Kunden"]
    sheet["D5"].value = "info@ilios.example"
    sheet.delete_rows(2)
    again = planned(saved(book), "kunden.xlsx", staff)
    assert verdicts(again) == [Verdict.ERROR, Verdict.ERROR, Verdict.CHANGED]


def test_values_of_other_files_come_as_a_workbook_with_their_row_numbers(staff, browser):
    rows = [dict(zip(KEYS, row, strict=True)) for row in ROWS]
    run = imported(csv_bytes(rows, KEYS).replace(b"\r\nYamada", b"\r\n\r\nYamada"), "kunden.csv", staff)
    book = errors_of(browser, run)
    sheet = book["Rows"]
    assert [cell.value for cell in sheet[1]] == [*HEADS, "Row", "What to correct"]
    assert [sheet.cell(line, 5).value for line in range(2, 6)] == [2, 3, 5, 6]
    assert red(book, "Rows") == {"A3", "C3", "D4"}
    assert sheet["D4"].comment.text == sheet["F4"].value.partition(": ")[2]
    assert "values only" in "".join(str(line[0].value) for line in book["What to correct"].iter_rows(max_row=6))
    sheet.delete_rows(2)
    again = imported(correct(book, "Rows"), "kunden.xlsx", staff)
    assert again.corrects == run
    assert (again.figures["created"], again.figures["skipped"]) == (2, 1)


def test_a_correction_goes_on_in_the_way_of_its_import_and_stays_one_when_it_is_planned_again(staff, browser):
    run = planned(workbook(), "kunden.xlsx", staff)
    run.mode, run.is_matched, run.empty_cells = ImportRun.Mode.CREATE, True, {"": "clear"}
    assert planning.replan(run, staff)
    work_off()
    assert applying.start(run.pk, staff)
    work_off()
    again = planned(correct(errors_of(browser, run), "Kunden"), "kunden.xlsx", staff)
    assert (again.mode, again.mapping, again.empty_cells) == (ImportRun.Mode.CREATE, run.mapping, {"": "clear"})
    before = verdicts(again)
    for reread in (False, True):
        assert planning.replan(again, staff, reread=reread)
        work_off()
        assert verdicts(again) == before == [Verdict.SKIPPED, Verdict.NEW, Verdict.NEW, Verdict.SKIPPED]
        again.refresh_from_db()


def test_before_the_start_nothing_is_done_and_every_row_of_the_corrected_file_is_judged(staff, browser):
    run = planned(workbook(), "kunden.xlsx", staff)
    again = planned(correct(errors_of(browser, run), "Kunden"), "kunden.xlsx", staff)
    assert again.corrects == run
    assert verdicts(again) == [Verdict.NEW] * 4


def test_what_a_cancelled_import_did_not_reach_is_open(staff, browser):
    run = imported(workbook(), "kunden.xlsx", staff)
    book = errors_of(browser, run)
    run.rows.filter(line=5).update(outcome=None)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.CANCELLED)
    assert verdicts(planned(correct(book, "Kunden"), "kunden.xlsx", staff))[3] != Verdict.SKIPPED


@pytest.mark.parametrize("forged", ["kind", "owner"])
def test_a_workbook_that_names_an_import_of_another_kind_or_of_another_person_corrects_nothing(staff, browser, make_staff, forged):
    run = imported(workbook(), "kunden.xlsx", staff)
    content = correct(errors_of(browser, run), "Kunden")
    if forged == "kind":
        ImportRun.objects.filter(pk=run.pk).update(kind=ImportRun.Kind.CONTACT)
    by = make_staff("reader") if forged == "owner" else staff
    again = planned(content, "kunden.xlsx", by)
    assert again.corrects is None
    assert Verdict.SKIPPED not in verdicts(again)


def test_rows_about_clients_that_the_reader_may_not_see_are_left_out(staff, make_staff, as_user):
    rows = [["Giraud", "Giraud", "FR", "no address"], *ROWS[1:]]
    imported(workbook([ROWS[0]]), "first.xlsx", staff)
    run = planned(workbook(rows), "kunden.xlsx", staff)
    Client.objects.filter(name="Giraud").update(restricted_to_responsible=True)
    other = errors_of(as_user(make_staff("manager", "other@desk.example")), run)
    texts = [str(cell.value) for sheet in other for line in sheet.iter_rows() for cell in line]
    assert not any("Giraud" in text for text in texts)
    assert any("Eifel & Co" in text for text in texts)


def test_nothing_to_correct_leads_back_to_the_import(staff, browser):
    run = imported(workbook([ROWS[0]]), "kunden.xlsx", staff)
    answer = browser.get(reverse("intake:errors", args=[run.pk]), follow=True)
    assert "has no row to correct" in answer.text


def test_the_file_name_says_what_it_is_and_an_erased_file_gives_the_values(staff, browser):
    run = imported(workbook(), 'ku"nd\r\nen.xlsx', staff)
    Path(run.file.path).unlink()
    answer = browser.get(reverse("intake:errors", args=[run.pk]))
    assert "to correct.xlsx" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"PK")
