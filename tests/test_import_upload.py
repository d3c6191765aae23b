"""What may be sent to the upload step: every kind of file, or rows pasted from a spreadsheet (import.md 2.1)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients.models import Client
from intake.forms import MOST_PASTED
from intake.models import ImportRun
from tests.corpus import ods, workbooks, xls
from tests.importing import LABELS, imported, planned, rows_of, work_off

TABLE = [[LABELS["name"], LABELS["legal_name"], LABELS["external_id"]], ["Castell Optik", "Castell Optik AG", "00123"]]
PASTED = "\r\n".join("\t".join(line) for line in [*TABLE, ["Brauer", '"Brauer\nAntriebe"', "00124"]]) + "\r\n"


@pytest.fixture
def paste(manager):
    """Return a function that pastes rows as a manager and gives the answer."""

    def post(pasted: str, **more):
        return manager.post(reverse("intake:upload"), {"kind": "corporate", "pasted": pasted, **more})

    return post


def code_as_number() -> list[bytes | str]:
    return [*TABLE[1][:2], xls.number(1, 2, 123, style=1)]


MAKERS = {
    "clients.xls": lambda path: xls.workbook(path, xls.rows(TABLE[0], code_as_number()), formats=["00000"]),
    "clients.ods": lambda path: ods.workbook(path, ods.rows(TABLE[0], [*TABLE[1][:2], ods.cell("00123", "float", value="123")])),
    "clients.xlsx": lambda path: workbooks.workbook(
        path,
        workbooks.rows(TABLE[0]) + workbooks.row(2, *TABLE[1][:2], workbooks.number("C2", "123", 1)),
        styled=workbooks.styles("00000"),
    ),
    "clients.xlsm": lambda path: workbooks.workbook(path, workbooks.rows(*TABLE)),
    "clients.tsv": lambda path: path.write_text("\n".join("\t".join(line) for line in TABLE)),
    "clients.txt": lambda path: path.write_text("\n".join("|".join(line) for line in TABLE)),
}


@pytest.mark.parametrize("filename", MAKERS)
def test_every_kind_of_file_is_imported_with_its_codes_as_shown(db, headquarters, tmp_path, filename):
    MAKERS[filename](tmp_path / "a")
    imported((tmp_path / "a").read_bytes(), filename)
    assert [(client.name, client.external_id) for client in Client.objects.all()] == [("Castell Optik", "00123")]


def test_pasted_rows_are_a_file_like_any_other(paste, headquarters):
    answer = paste(PASTED)
    run = ImportRun.objects.get()
    assert answer["Location"] == run.get_absolute_url()
    work_off()
    run.refresh_from_db()
    assert (run.filename, run.state, run.rows_read) == ("pasted.tsv", ImportRun.State.REVIEW, 2)
    assert [row.raw for row in rows_of(run)][1] == ["Brauer", "Brauer\nAntriebe", "00124"]


def test_what_is_pasted_twice_is_one_import(paste, headquarters):
    assert paste(PASTED)["Location"] == paste(PASTED)["Location"]


NEITHER = "Choose a file, or paste rows from your spreadsheet."


@pytest.mark.parametrize(
    ("pasted", "field", "sentence"),
    [
        ("", "file", NEITHER),
        (" \r\n\t\r\n", "file", NEITHER),
        ("[{&quot;name&quot;: 1}]".replace("&quot;", '"'), "pasted", "is a JSON file"),
        ("BEGIN:VCARD\r\nFN:x", "pasted", "is a file of contact cards"),
        ("x" * (MOST_PASTED + 1), "pasted", "has 1,000,001 characters; up to 1,000,000 can be pasted"),
        ("a\0b", "pasted", "Null characters are not allowed."),
    ],
    ids=["nothing", "white space", "JSON", "vCard", "too much", "NUL"],
)
def test_what_cannot_be_read_is_one_error_at_its_field_and_nothing_is_stored(paste, pasted, field, sentence):
    answer = paste(pasted)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert sentence in errors[field][0]
    assert not ImportRun.objects.exists()


def test_a_file_and_pasted_rows_are_one_too_many(paste):
    answer = paste(PASTED, file=SimpleUploadedFile("a.csv", b"Name\nBrauer\n"))
    assert (answer.status_code, dict(answer.context["form"].errors)) == (
        422,
        {"pasted": ["You chose a file and pasted rows as well. Empty this field, or choose no file."]},
    )
    # What was pasted is still there, a file must be chosen again by any browser.
    assert "Castell Optik AG" in answer.text


def test_a_paste_that_no_form_takes_is_answered_by_our_page(paste):
    answer = paste("x" * 6_000_000)
    assert answer.status_code in {400, 413}
    assert "Traceback" not in answer.text


def test_headers_alone_are_refused_with_a_sentence(paste, headquarters):
    paste("\t".join(TABLE[0]))
    work_off()
    run = ImportRun.objects.get()
    assert (run.state, "has a header row (row 1) but no rows beneath it" in run.refusal) == (ImportRun.State.FAILED, True)


def test_the_page_says_what_may_be_sent(manager):
    page = manager.get(reverse("intake:upload")).text
    assert 'accept=".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods,text/csv"' in page
    assert "CSV up to 512 MB and 2,000,000 rows; XLSX, XLS and ODS up to 50 MB and 200,000 rows; 256 columns" in page
    assert "<textarea" in page
    assert "maxlength" not in page.partition("<textarea")[2].partition(">")[0]


def test_letters_that_fit_no_encoding_for_sure_are_a_question_and_one_click_answers_it(manager, headquarters):
    mixed = ("Name,Legal name\n" + "Größe,x\n" * 3).encode() + b"Gr\xf6\xdfe 2,x\n"
    run = planned(mixed)
    assert run.state == "matching", run.refusal
    assert run.problems[0].startswith("Row 5 of")
    page = manager.get(reverse("intake:match", args=[run.pk])).text
    choice = next(entry for entry in run.found["encodings"] if "Gr" in str(entry))
    assert f'value="{choice["value"]}"' in page
    manager.post(reverse("intake:reread", args=[run.pk]), {"encoding": choice["value"]})
    work_off()
    run.refresh_from_db()
    assert run.state in {"review", "matching"}
    assert run.found["encoding"] == choice["value"]
