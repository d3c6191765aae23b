"""CSV and TSV: the same table comes out, whatever program wrote the file."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientdesk.spreadsheets import write_csv
from intake.reader import CellError, Limits, Refused, open_table

HEADERS = ["Name", "City", "Phone", "Notes"]
MILLIONS = Limits()


@pytest.fixture
def read(tmp_path):
    """Return a function that reads bytes as an uploaded file: (headers, rows of texts)."""

    def read_bytes(content: bytes, score=None, limits: Limits = MILLIONS):
        path = tmp_path / "upload"
        path.write_bytes(content)
        with open_table(path, "clients.csv", limits, score) as table:
            return table.headers, [row.cells for row in table]

    return read_bytes


@pytest.fixture
def opened(tmp_path):
    """Return a function that opens bytes as an uploaded file."""

    def open_bytes(content: bytes, limits: Limits = MILLIONS, score=None):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return open_table(path, "clients.csv", limits, score)

    return open_bytes


def written(table: list[list[str]], delimiter: str, line_end: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=line_end).writerows(table)
    return file.getvalue()


def names_score(row) -> float:
    return float(len({"Name", "City", "Phone", "Notes"} & set(row)))


# V29, D06: encodings x delimiters x line ends

WESTERN = [
    "Müller GmbH",
    "Société Générale",
    "Peña y Hijos",
    "Åkerö Säteri",
    "Grünwald Pharma",
    "Brauer, Söhne & Co.",
    "Straße; Haus | Hof",
]
CENTRAL = [
    "Škoda Příbram",
    "Plzeňský Prazdroj",
    "Łódzka Spółka",
    "Győri Keksz",
    "Žižkov s.r.o.",
    "Brauer, Söhne & Co.",
    "Dvořák; syn | Čech",
]
JAPANESE = ["株式会社山田製作所", "東京商事", "ソニー株式会社", "鈴木ソフト", "Brauer, Co.", "大阪ガス", "日本;通運|会社"]
CHINESE = ["北京科技有限公司", "上海贸易公司", "深圳电子", "广州服装厂", "Brauer, Co.", "中国银行", "天津;物流|公司"]
TABLES = {
    name: [
        HEADERS,
        *([f"{names[i % 7]} {i}", names[(i + 3) % 7], f"00{i:04}", f'said "{i}",\nthen left' if i % 9 == 0 else ""] for i in range(200)),
    ]
    for name, names in (("western", WESTERN), ("central", CENTRAL), ("japanese", JAPANESE), ("chinese", CHINESE))
}
ENCODINGS = [
    ("western", "utf-8"),
    ("western", "utf-8-sig"),
    ("western", "utf-16"),
    ("western", "utf-16-le"),
    ("western", "utf-16-be"),
    ("western", "utf-32"),
    ("western", "cp1252"),
    ("western", "mac_roman"),
    ("central", "utf-8"),
    ("central", "cp1250"),
    ("central", "iso8859_2"),
    ("japanese", "utf-8"),
    ("japanese", "utf-16"),
    ("japanese", "cp932"),
    ("japanese", "euc_jp"),
    ("chinese", "gbk"),
]


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"], ids=["CRLF", "LF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(("name", "encoding"), ENCODINGS)
def test_encoding_delimiter_and_line_end_make_no_difference(read, name, encoding, delimiter, line_end):
    headers, rows = read(written(TABLES[name], delimiter, line_end).encode(encoding))
    assert headers == HEADERS
    assert rows == TABLES[name][1:]


plain_text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\t\n\x0b\x85"), max_size=20)
filled = st.lists(plain_text, min_size=3, max_size=3).filter(lambda row: "".join(row).strip())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(filled, min_size=1, max_size=8), delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(["utf-8-sig", "utf-16"])
)
def test_every_text_survives_writing_and_reading(read, table, delimiter, encoding):
    content = b"".join(write_csv([["Name", "City", "Phone"], *table], delimiter=delimiter)).decode("utf-8-sig")
    headers, rows = read(content.encode(encoding), names_score)
    assert headers == ["Name", "City", "Phone"]
    assert rows == table


# What a file means, cell by cell

TRUTHS = {
    "quoted texts": (b'a,b\n"x","y"\n', [["x", "y"]]),
    "a delimiter inside quotes": (b'a,b\n"x,y",z\n', [["x,y", "z"]]),
    "a doubled quotation mark": (b'a,b\n"say ""hi""",z\n', [['say "hi"', "z"]]),
    "a quotation mark inside a plain text": (b'a,b\npipe 5" long,z\n', [['pipe 5" long', "z"]]),
    "a line break inside quotes": (b'a,b\n"x\r\ny",z\nu,v\n', [["x\ny", "z"], ["u", "v"]]),
    "empty texts in quotes": (b'a,b,c\n1,"",""\n2,3,4\n', [["1", "", ""], ["2", "3", "4"]]),
    "only quotation marks": (b'a,b\n"""",1\n', [['"', "1"]]),
    "no line break at the end": (b"a,b\n1,2\n3,4", [["1", "2"], ["3", "4"]]),
    "spaces stay": (b"a,b\n x ,y \n", [[" x ", "y "]]),
    "a space before the quotation mark": (b'a, b\n"x, y", "z, u"\n1, 2\n', [["x, y", "z, u"], ["1", "2"]]),
    "one column": (b"Name\nBrauer\nAbel\n", [["Brauer"], ["Abel"]]),
    "one column with commas in it": (b"Name\nBrauer, Hans\nAbel\nMeier\n", [["Brauer, Hans"], ["Abel"], ["Meier"]]),
    "declared separator": (b"sep=;\r\na;b\r\n1,5;2,5\r\n", [["1,5", "2,5"]]),
    "decimal commas": (b"a;b\n1,5;x\n2,5;y\n", [["1,5", "x"], ["2,5", "y"]]),
    "quotation marks and line breaks together": (
        b'a,b\n1,"ha \r\n""ha"" \r\nha"\n3,4\n',
        [["1", 'ha \n"ha" \nha'], ["3", "4"]],
    ),
    "degrees and other signs": ('lat,lon\n"37°46\'30"" N",☃\n'.encode(), [["37°46'30\" N", "☃"]]),
    "a comma in the last field": (
        b'first,last,address\nJohn,Doe,"120 any st., Anytown, WW"\n',
        [["John", "Doe", "120 any st., Anytown, WW"]],
    ),
    "JSON in a cell": (b'id,doc\n1,"{""a"": [1, 2]}"\n', [["1", '{"a": [1, 2]}']]),
    "short rows are filled up": (b"a,b,c\n1\n1,2\n", [["1", "", ""], ["1", "2", ""]]),
    "empty fields at the end do not count": (b"a,b\n1,2,,,\n3,4\n", [["1", "2"], ["3", "4"]]),
    "blank rows are left out": (b"a,b\n\n1,2\n,\n  , \n3,4\n\n", [["1", "2"], ["3", "4"]]),
    "the end mark of DOS": (b"a,b\r\n1,2\r\n\x1a", [["1", "2"]]),
    "leading zeros and long numbers": (
        b"a,b\n00123,123456789012345678\n+49 30,1E+05\n",
        [["00123", "123456789012345678"], ["+49 30", "1E+05"]],
    ),
    "our own mark before a formula": (b"a,b\n'=1+1,'+49 30\n'@x,'-5\n", [["=1+1", "+49 30"], ["@x", "-5"]]),
    "any other apostrophe": (b"a,b\n'tHooft,O'Neill\n'',''x\n", [["'tHooft", "O'Neill"], ["''", "''x"]]),
    "a separator that is no line end": ("a,b\nx\u2028y,z\x85\x0bu\n".encode(), [["x\u2028y", "z\x85\x0bu"]]),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_a_text_file_is_read_as_its_writer_meant_it(read, name):
    content, truth = TRUTHS[name]
    assert read(content)[1] == truth


def test_the_row_number_is_the_one_a_spreadsheet_shows(opened):
    table = opened(b'a,b\n\n"x\ny",1\n,\nz,2\n')
    assert [(row.line, row.cells[0]) for row in table] == [(3, "x\ny"), (5, "z")]


def test_a_title_above_the_headers_is_not_taken_for_them(opened):
    table = opened(b"Clients 2026\n\nName,City,Phone\nBrauer,Bonn,1\n")
    assert (table.headers, table.header_line, len(list(table))) == (["Name", "City", "Phone"], 3, 1)


def test_known_headers_decide_which_row_holds_them(opened):
    table = opened(b"for,internal,use,only\nask,before,you,change\nName,City,x,y\nBrauer,Bonn,1,2\n", score=names_score)
    assert (table.headers, table.header_line) == (["Name", "City", "x", "y"], 3)


def test_headers_are_tidied_and_kept_in_their_order(opened):
    table = opened(b'"Client\nname ",,Name,Name,,\nBrauer,1,2,3,,\n')
    assert table.headers == ["Client name", "", "Name", "Name"]


def test_a_row_with_too_many_fields_is_an_error_of_that_row_alone(opened):
    rows = list(opened(b"a,b\n1,2\nBrauer, Hans,Bonn\n3,4\n"))
    assert [bool(row.error) for row in rows] == [False, True, False]
    assert rows[1].cells == ["Brauer", " Hans", "Bonn"]
    assert "3 fields" in rows[1].error


def test_a_row_with_wrong_quotation_marks_is_an_error_of_that_row_alone(opened):
    rows = list(opened(b'a,b\n1,2\n1,"Hey " you"\n3,4\n'))
    assert [(row.line, bool(row.error)) for row in rows] == [(2, False), (3, True), (4, False)]
    assert rows[1].cells == ['1,"Hey " you"', ""]


def test_wrong_quotation_marks_that_may_hide_rows_refuse_the_file(opened):
    with pytest.raises(Refused, match=r"row 3 of “clients\.csv”") as refusal:
        list(opened(b'a,b\n1,2\n1,"Hey\nx,y\n" you",2\n3,4\n'))
    assert refusal.value.code == "quotes"


def test_a_cell_above_the_limit_is_an_error_of_that_cell(opened):
    cells = [row.cells for row in opened(b"a,b\n" + b"x" * 32_768 + b",1\n" + b"y" * 32_767 + b",2\n")]
    assert isinstance(cells[0][0], CellError)
    assert "32,768 characters" in cells[0][0].sentence
    assert cells[1] == ["y" * 32_767, "2"]


@pytest.mark.parametrize(
    ("limits", "code", "told"),
    [
        (Limits(rows_csv=2), "rows_csv", "more than 2 rows"),
        (Limits(columns=2), "columns", "more than 2 columns"),
        (Limits(bytes_csv=10), "bytes_csv", "up to 0 MB"),
    ],
)
def test_a_file_above_a_limit_is_refused_with_the_limit(opened, limits, code, told):
    with pytest.raises(Refused, match=told) as refusal:
        list(opened(b"a,b,c\n1,2,3\n1,2,3\n1,2,3\n", limits))
    assert refusal.value.code == code


def test_rows_at_the_limit_are_read(opened):
    assert len(list(opened(b"a,b\n1,2\n3,4\n\n", Limits(rows_csv=2)))) == 2


def test_the_rows_can_be_read_twice(opened):
    table = opened(b"a,b\n1,2\n3,4\n")
    assert list(table.rows()) == list(table.rows())


def test_the_note_says_how_the_file_was_read(opened):
    assert opened("Name;Ort\nMüller;Köln\n".encode("cp1252")).notes == [
        "Read as Western European (Windows-1252) text with columns separated by semicolons."
    ]


def test_memory_does_not_grow_with_the_rows(opened):
    line = "Brauer Antriebe,Köln,+49 221 1234567,a note of some length\n".encode()

    def peak(count: int) -> int:
        table = opened(b"Name,City,Phone,Notes\n" + line * count)
        tracemalloc.start()
        assert sum(1 for _row in table) == count
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(100_000) < peak(10_000) + 1_000_000
