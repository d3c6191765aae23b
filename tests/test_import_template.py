"""Template and sample follow from the declaration of the columns (J4, J5, C17, V17)."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from clients.models import Branch, Category
from intake import template_file
from intake.columns import ClientResource
from intake.kinds import KINDS, resource
from intake.matching import is_clear
from intake.samples import samples
from tests.importing import LABELS, csv_bytes, imported, planned, rows_of

YELLOW = "FFFFEB3B"


def sheet_of(content: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_the_header_row_is_exactly_what_the_importer_reads(headquarters, manager):
    answer = manager.get(reverse("intake:template", args=["corporate", "xlsx"]))
    assert answer["Content-Disposition"] == 'attachment; filename="clientdesk-corporate-template.xlsx"'
    assert [cell.value for cell in sheet_of(answer.content)[1]] == list(LABELS.values()) == ClientResource().get_export_headers()
    text = manager.get(reverse("intake:template", args=["corporate", "csv"])).content
    assert text.startswith(b"\xef\xbb\xbf")
    assert next(csv.reader(io.StringIO(text.decode("utf-8-sig")))) == list(LABELS.values())


def test_exactly_the_required_columns_are_yellow(headquarters, monkeypatch):
    def yellow() -> list[str]:
        return [cell.value for cell in sheet_of(template_file.make("corporate", "xlsx"))[1] if cell.fill.fgColor.rgb == YELLOW]

    assert yellow() == [str(column.label) for column in ClientResource().columns() if column.required] == ["Name", "Legal name"]
    monkeypatch.setattr(ClientResource.fields["city"], "required", True)
    assert yellow() == ["Name", "Legal name", "City"]


def test_every_column_has_its_help_and_the_lists_hold_what_the_settings_hold_now(headquarters):
    Category.objects.create(name="Key account")
    Branch.objects.create(name="Closed", code="CLO", active=False)
    content = template_file.make("corporate", "xlsx")
    sheet = sheet_of(content)
    assert all("equired." in cell.comment.text or "ptional." in cell.comment.text for cell in sheet[1])
    prompts = {rule.promptTitle: rule.prompt for rule in sheet.data_validations.dataValidation}
    assert list(prompts) == list(LABELS.values())
    book = openpyxl.load_workbook(io.BytesIO(content))

    def offered(key: str) -> list[str]:
        (place,) = book.defined_names[f"list_{key}"].destinations
        return [row[0].value for row in book[place[0]][place[1].replace("$", "")]]

    assert offered("status") == ["Active", "Potential", "Inactive"]
    assert (offered("branch"), offered("category")) == (["Berlin"], ["Key account"])
    assert {"Germany", "Japan"} < set(offered("country"))
    assert "list_company_type" not in book.defined_names, "an empty list offers nothing"


def test_the_lists_offer_only_categories_that_the_person_may_give(manager, headquarters):
    """SD4: the template is made for who downloads it."""
    Category.objects.create(name="Key account")
    Category.objects.create(name="Board", roles=["administrator"])
    for person, offered in ((manager, ["Key account"]), (None, ["Board", "Key account"])):
        content = (
            person.get(reverse("intake:template", args=["corporate", "xlsx"])).content
            if person
            else template_file.make("corporate", "xlsx")
        )
        book = openpyxl.load_workbook(io.BytesIO(content))
        (place,) = book.defined_names["list_category"].destinations
        cells = book[place[0]][place[1].replace("$", "")]
        assert sorted(row[0].value for row in (cells if isinstance(cells, tuple) else ((cells,),))) == offered


def test_the_template_carries_a_version_that_changes_with_the_declaration(headquarters, monkeypatch):
    def stamped() -> str:
        return openpyxl.load_workbook(io.BytesIO(template_file.make("corporate", "xlsx"))).properties.version

    before = stamped()
    monkeypatch.setattr(ClientResource.fields["city"], "help", "Another text")
    assert before.startswith("corporate-")
    assert stamped() != before


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_the_template_fed_back_unchanged_has_no_errors_and_adds_nothing(headquarters, format):
    run = planned(template_file.make("corporate", format), f"template.{format}")
    assert (run.refusal, run.counts) == ("", {"skipped": 1})
    assert rows_of(run)[0].warnings == {"": ["The example row of the template is not imported."]}


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_the_sample_imports_without_an_error(headquarters, format, manager):
    content = manager.get(reverse("intake:sample", args=["corporate", format])).content
    run = imported(content, f"sample.{format}")
    assert run.figures == {"read": 5, "created": 5, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0}


def test_the_template_filled_in_imports_beside_its_example_row(headquarters):
    content = template_file.make("corporate", "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    for index, text in enumerate(["Acme 24", "Acme & Sons Ltd.", None, None, None, "Info@ACME.example", "+49 30 901820"], 1):
        book.worksheets[0].cell(3, index, text)
    kept = io.BytesIO()
    book.save(kept)
    run = imported(kept.getvalue(), "filled.xlsx")
    assert run.figures == {"read": 2, "created": 1, "updated": 0, "unchanged": 0, "skipped": 1, "failed": 0}


@pytest.mark.parametrize("kind", ["individual", "contact", "tree"])
def test_the_template_of_each_kind_comes_back_without_an_error(headquarters, kind):
    """C17: unchanged it adds nothing; its sample is imported as it is."""
    run = planned(template_file.make(kind, "xlsx"), "template.xlsx", kind=kind)
    assert (run.refusal, run.problems, run.counts) == ("", [], {"skipped": 1})
    if kind == "contact":
        imported(template_file.make("corporate", "csv", filled=True))
    run = imported(template_file.make(kind, "xlsx", filled=True), "sample.xlsx", kind=kind)
    assert run.figures["created"] == run.figures["read"] == len(samples(kind))
    again = planned(template_file.make(kind, "csv", filled=True), "again.csv", kind=kind)
    assert again.counts.get("error", 0) == 0
    assert again.counts.get("unchanged", 0) >= len(samples(kind)) - 2


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_columns_of_a_kind_claim_one_header(db, kind):
    assert is_clear(resource(kind).columns())
    assert all(column.help and column.label for column in resource(kind).columns())


def test_an_example_row_that_was_changed_is_a_row_like_any_other(headquarters):
    row = {column.key: column.example for column in ClientResource().columns()} | {"city": "Leipzig"}
    assert planned(csv_bytes([row])).counts == {"new": 1}


def test_no_cell_of_template_and_sample_is_a_formula(headquarters):
    for filled in (False, True):
        book = openpyxl.load_workbook(io.BytesIO(template_file.make("corporate", "xlsx", filled=filled)))
        assert not [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        text = template_file.make("corporate", "csv", filled=filled).decode("utf-8-sig")
        assert not [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell[:1] in set("=+-@\t\r")]


@pytest.mark.parametrize("path", ["template/nothing.xlsx", "template/corporate.ods", "sample/nothing.csv"])
def test_a_template_that_does_not_exist_is_not_found(manager, db, path):
    assert manager.get(f"/import/{path}").status_code == 404
