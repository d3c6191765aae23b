"""What was guessed is told, and can be chosen otherwise: encoding, delimiter, sheet, header row (import.md 2.2; D06, V29)."""

import json

import pytest

from intake.models import ImportRun
from intake.open_files import options_of
from intake.reader import Limits, Options, Refused, open_table, samples
from intake.reader.sentences import DELIMITERS, ENCODINGS
from tests.corpus import ods, workbooks, xls
from tests.corpus.workbooks import parts, row, rows, sheet, write


@pytest.fixture
def opened(tmp_path):
    """Return a function that opens bytes as an uploaded file, read as a person chose."""

    def open_bytes(content: bytes, **options):
        (tmp_path / "upload").write_bytes(content)
        return open_table(tmp_path / "upload", "clients.csv", Limits(), None, Options(**options))

    return open_bytes


def refusal(open_it) -> Refused:
    with pytest.raises(Refused) as caught, open_it():
        pass
    return caught.value


# Encoding

UNCLEAR = [
    ("Dvořák", "cp1250"),
    ("Škoda", "cp1250"),
    ("Łódź", "cp1250"),
    ("Győr", "iso8859_2"),
    ("Müller", "cp1252"),
    ("Besançon", "cp1252"),
    ("Straße", "mac_roman"),
    ("Köln", "cp850"),
    ("Šiauliai", "cp1257"),
    ("Işık", "cp1254"),
    ("山田", "cp932"),
    ("山田太郎", "euc_jp"),
    ("北京", "gb18030"),
    ("新竹", "cp950"),
    ("수원", "cp949"),
    ("Тверь", "cp1251"),
    ("Тверь", "koi8_r"),
    ("Αθήνα", "cp1253"),
    ("תל אביב", "cp1255"),
    ("القاهرة", "cp1256"),
    ("กรุงเทพ", "cp874"),
]


@pytest.mark.parametrize(("name", "encoding"), UNCLEAR)
def test_a_single_unclear_name_is_read_right_or_is_one_click_away(opened, name, encoding):
    content = f"Name,City\nBrauer,Bonn\n{name},Bonn\n".encode(encoding)
    try:
        found = opened(content).found
    except Refused as refused:
        found = refused.found
    offered = {one["value"]: one["sample"] for one in found["encodings"]}
    assert len(offered) <= 5
    right = next(value for value, sample in offered.items() if sample == [name])
    assert [one.cells[0] for one in opened(content, encoding=right)] == ["Brauer", name]


def test_the_samples_are_the_texts_in_which_the_readings_differ(opened):
    names = ["Müller", "Grün", "Köln", "Höfer", "Dvořák und Söhne, Büro für das Allerschönste der Welt"]
    found = opened("\n".join(["Name", *(f'"{name}"' for name in names)]).encode("cp1250")).found
    offered = {one["value"]: one["sample"] for one in found["encodings"]}
    assert offered["cp1250"][0] == "Dvořák und Söhne"
    assert offered["cp1252"][0] == "Dvoøák und Söhne"
    assert found["encoding"] == next(iter(offered))


def test_text_that_can_only_be_unicode_offers_nothing_else(opened):
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"):
        found = opened("Name,City\nMüller,Köln\n".encode(encoding)).found
        assert [one["sample"] for one in found["encodings"]] == [["Müller", "Köln"]], encoding


@pytest.mark.parametrize("encoding", [*ENCODINGS, "rot13", "utf-7", "../x", "idna"])
def test_any_encoding_may_be_chosen_and_gives_a_table_or_a_sentence(opened, encoding):
    for content in ("Name;Ort\nMüller;Köln\n".encode("cp1252"), "名前,町\n山田,東京\n".encode(), "Name\nBrauer\n".encode("utf-16")):
        try:
            table = opened(content, encoding=encoding)
        except Refused as refused:
            said = refused.code
        else:
            said = table.found["encoding"]
            assert encoding in {one["value"] for one in table.found["encodings"]}
        assert said in {encoding, "not_in_encoding", "no_such_encoding", "nul", "empty", "header_only"}


def test_an_encoding_that_does_not_fit_names_the_row(opened):
    error = refusal(lambda: opened("Name\nBrauer\nMüller\n".encode("cp1252"), encoding="utf-8"))
    assert error.sentence == "Row 3 of “clients.csv” has bytes that are no letters in UTF-8. Choose another encoding."
    assert {one["value"] for one in error.found["encodings"]} >= {"utf-8", "cp1252"}


def test_the_mark_of_utf_8_is_no_letter_of_the_first_header(opened):
    assert opened(b"\xef\xbb\xbfName\nBrauer\n", encoding="utf-8").headers == ["Name"]


# Delimiter


def test_the_delimiters_are_told_with_the_columns_that_they_give(opened):
    table = opened(b"Name;Price;City\nBrauer;1,5;Bonn\nAbel;2,5;Ulm\n")
    assert table.found["delimiter"] == ";"
    assert {one["value"]: one["columns"] for one in table.found["delimiters"]} == {",": 2, ";": 3}
    assert {one["label"] for one in table.found["delimiters"]} == {"commas", "semicolons"}


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_any_delimiter_may_be_chosen(opened, delimiter):
    table = opened(b"a,b;c\td|e\n1,2;3\t4|5\n", delimiter=delimiter)
    assert len(table.headers) == 2
    assert table.found["delimiter"] == delimiter


def test_a_chosen_delimiter_counts_more_than_a_declared_one(opened):
    assert opened(b"sep=;\na;b,c\n1;2,3\n", delimiter=",").headers == ["a;b", "c"]


def test_what_separates_no_columns_is_refused(opened):
    error = refusal(lambda: opened(b"a,b\n1,2\n", delimiter="\x00x"))
    assert (error.code, "“ x” separates" in error.sentence) == ("no_such_delimiter", True)


# Header row

TITLED = [["Clients 2026"], [""], ["Name", "City"], ["Firma", "Ort"], ["Brauer", "Bonn"]]
MAKERS = {
    "csv": lambda path: path.write_text("\n".join(",".join(line) for line in TITLED)),
    "xlsx": lambda path: workbooks.workbook(path, rows(*TITLED)),
    "xls": lambda path: xls.workbook(path, xls.rows(*TITLED)),
    "ods": lambda path: ods.workbook(path, ods.rows(*TITLED)),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_the_header_row_is_told_and_can_be_chosen(tmp_path, kind):
    MAKERS[kind](tmp_path / "a")
    with open_table(tmp_path / "a", "a", Limits()) as guessed:
        assert (guessed.kind, guessed.found["kind"], guessed.found["header_row"]) == (kind, kind, 3)
        assert json.loads(json.dumps(guessed.found)) == guessed.found
        assert guessed.found["first_rows"] == [{"row": index + 1, "texts": line} for index, line in enumerate(TITLED) if line != [""]] or (
            kind == "csv" and guessed.found["first_rows"][1] == {"row": 3, "texts": ["Name", "City"]}
        )
    with open_table(tmp_path / "a", "a", Limits(), None, Options(header_row=4)) as chosen:
        assert (chosen.headers, chosen.header_line, chosen.found["header_row"]) == (["Firma", "Ort"], 4, 4)
        assert [(one.line, one.cells) for one in chosen] == [(5, ["Brauer", "Bonn"])]
        assert [one.cells for one in chosen] == [["Brauer", "Bonn"]]
    for nothing in (2, 99, 100_000, -1):
        error = refusal(lambda row=nothing: open_table(tmp_path / "a", "a", Limits(), None, Options(header_row=row)))
        assert error.code in {"header_row", "header_row_sheet"}
        assert error.found["first_rows"]


def test_a_header_row_far_down_can_be_chosen(tmp_path):
    lines = [*([f"note {index}"] for index in range(300)), ["Name", "City"], ["Brauer", "Bonn"]]
    workbooks.workbook(tmp_path / "a", rows(*lines))
    with open_table(tmp_path / "a", "a", Limits(), None, Options(header_row=301)) as table:
        assert (table.headers, [one.cells for one in table]) == (["Name", "City"], [["Brauer", "Bonn"]])


def test_the_last_row_is_no_header_row(opened):
    error = refusal(lambda: opened(b"Name\nBrauer\n", header_row=2))
    assert (error.code, error.found["header_row"]) == ("header_only", 2)


def test_the_first_rows_are_shown_shortened(opened):
    content = ",".join(f"column {index} " + "x" * 60 for index in range(20)) + ("\na" + "," * 19) * 20
    shown = opened(content.encode()).found["first_rows"]
    assert [len(shown), len(shown[0]["texts"]), max(map(len, shown[0]["texts"]))] == [8, 8, 40]


# Sheet


@pytest.fixture
def two_sheets(tmp_path):
    """A workbook with a visible sheet, a hidden one and an empty one."""
    sheets = {"Kunden": sheet(rows(["Name"], ["Brauer"])), "Alt": sheet(rows(["Name"], ["Abel"])), "Leer": sheet("")}
    return write(tmp_path / "a", parts(sheets, hidden=["Alt"]))


def test_a_sheet_may_be_chosen_even_a_hidden_one(two_sheets):
    with open_table(two_sheets, "a.xlsx", Limits()) as table:
        assert (table.found["sheet"], table.found["sheets"]) == ("Kunden", ["Kunden"])
    with open_table(two_sheets, "a.xlsx", Limits(), None, Options(sheet="Alt")) as table:
        assert [one.cells for one in table] == [["Abel"]]


@pytest.mark.parametrize("name", ["Leer", "Nirgends", "%(sheet)s<b>" * 50])
def test_a_sheet_that_is_not_there_is_refused(two_sheets, name):
    error = refusal(lambda: open_table(two_sheets, "a.xlsx", Limits(), None, Options(sheet=name)))
    assert error.code == "no_such_sheet"
    assert f"no sheet “{name[:39]}" in error.sentence
    assert error.found["sheets"] == ["Kunden"]


# Samples


def test_samples_are_the_first_different_texts_beneath_each_header(opened):
    lines = ["Name,City,Notes", "Brauer,Bonn,", "Abel,Bonn, ", f"Castell,Ulm,{'x' * 70}", "Dorn,Jena,", *["Eifel,Köln,"] * 300, "Z,Z,late"]
    assert samples(opened("\n".join(lines).encode())) == [["Brauer", "Abel", "Castell"], ["Bonn", "Ulm", "Jena"], ["x" * 60]]


def test_taking_samples_of_a_workbook_takes_no_row_away(tmp_path):
    content = rows(["Name", "Code"], *[[f"Client {index}"] for index in range(1_000)]) + row(
        1_002, "Z", '<c r="B1002" t="e"><v>#N/A</v></c>'
    )
    with open_table(workbooks.workbook(tmp_path / "a", content), "a.xlsx", Limits()) as table:
        running = iter(table)
        first = next(running)
        assert samples(table) == [["Client 0", "Client 1", "Client 2"], []]
        assert first.cells == ["Client 0", ""]
        assert sum(1 for _row in running) == 1_000


# The run of an import


def test_a_run_tells_the_reader_what_a_person_chose_and_nothing_else():
    run = ImportRun(options={"encoding": "cp1250", "header_row": 3, "sheet": None, "delimiter": 7, "dates": "dmy"})
    assert options_of(run) == Options(encoding="cp1250", header_row=3)
