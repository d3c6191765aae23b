"""The error workbook of an XLSX: the person's own package, with wrong cells red and everything else as it was (S6, V27)."""

import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientdesk.spreadsheets import column_letters, write_xlsx
from intake.annotating.marks import CannotPatch, Job, Marked, Words
from intake.annotating.package import STRICT
from intake.annotating.patching import MOST_COMMENTS, annotate
from intake.annotating.properties import marker_of
from intake.annotating.styles import RED
from intake.reader import Limits, open_table
from intake.reader.xlsx.package import Unreadable
from tests.corpus import workbooks
from tests.corpus.workbooks import MAIN, OFFICE, PACKAGE, row, strings

# openpyxl does not know every extension that other programs keep.
pytestmark = pytest.mark.filterwarnings("ignore:Unknown extension")
HEADERS = ["Name", "Code", "City"]
WORDS = Words(
    "ClientDesk", "What to correct", "What to correct", ["What to correct in “clients.xlsx”"], ["Row", "Column", "Value", "Say"], "row"
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="000000"/></numFmts>'
    '<fonts count="2"><font><sz val="10"/><name val="Arial"/></font><font><i/><sz val="10"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    "<xf numFmtId='164' fontId='1' fillId='0' borderId='0' applyNumberFormat='1'>"
    "<alignment horizontal='center'/><protection locked='0'/></xf>"
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="0"/></styleSheet>'
)
SHEET = (
    f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><dimension ref="A1:C4"/>'
    '<cols><col min="2" max="3" width="9" style="2"/></cols><sheetData>'
    '<row r="1" spans="1:3" ht="30" customHeight="1">'
    '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    '<row r="2" spans="1:3"><c r="A2" t="s"><v>3</v></c><c r="B2" s="1"><v>123</v></c>'
    '<c r="C2" t="str"><f>CONCATENATE("Dres","den")</f><v>Dresden</v></c></row>'
    '<!-- a remark with <row r="3"> in it --><row r="3"><c r="A3" t="s"><v>4</v></c></row>'
    '<row r="4"><c r="B4" t="e"><v>#N/A</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="E1:F1"/></mergeCells>'
    '<pageMargins left="0.7" right="0.7" top="0.7" bottom="0.7" header="0.3" footer="0.3"/><extLst><ext uri="{x}"/></extLst></worksheet>'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    + "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for name, kind in (
            ("worksheets/sheet1", "worksheet"),
            ("worksheets/sheet2", "worksheet"),
            ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
        )
    )
    + "</Types>"
)
SHARED = strings("Name", "Code", "City", "Brauer", "<r><rPr><b/></rPr><t>Gi</t></r><r><t>raud</t></r>")
KEPT = {
    "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"><c r="C2" i="1"/></calcChain>',
    "xl/drawings/drawing1.xml": "<wsDr/>",
    "xl/media/image1.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "customXml/item1.xml": "<a>ä</a>",
    "[Content_Types].xml": TYPES,
}
MARKS = [
    Marked(2, {1: ["“123” is no code.", "Use six digits."]}, ["Brauer", "000123", "Dresden"]),
    Marked(3, {2: ["Missing."], None: ["Twice."]}, ["Giraud"]),
]


def job(marks: list[Marked] = MARKS, **options) -> Job:
    fields = {"sheet": "Clients", "header_line": 1, "headers": HEADERS, "words": WORDS, "marker": {"run": 7}} | options
    return Job(marks=lambda: iter(marks), count=sum(len(mark.cells) for mark in marks), **fields)


@pytest.fixture
def made(tmp_path):
    """Return a function that writes a workbook of hand-written parts and gives the one annotated by `wanted`."""

    def annotated(sheet: str = SHEET, wanted: Job | None = None, styled: str = STYLES, **more: str | bytes) -> Path:
        content = workbooks.parts({"Clients": sheet, "Second": workbooks.sheet(row(1, "kept"))}, shared=SHARED, styled=styled) | KEPT | more
        workbooks.write(tmp_path / "own.xlsx", content)
        with (tmp_path / "made.xlsx").open("wb") as target:
            annotate(tmp_path / "own.xlsx", target, wanted or job(), Limits())
        return tmp_path / "made.xlsx"

    return annotated


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def said(path: Path, sheet: str = "Clients") -> dict[str, tuple]:
    """Return {cell: (value, comment)} of the red cells."""
    cells = [cell for line in openpyxl.load_workbook(path)[sheet].iter_rows() for cell in line]
    assert {cell.coordinate for cell in cells if cell.comment} <= {cell.coordinate for cell in cells if cell.fill.fgColor.rgb == RED}
    return {cell.coordinate: (cell.value, cell.comment and cell.comment.text) for cell in cells if cell.fill.fgColor.rgb == RED}


def rows_read(path: Path) -> list[tuple]:
    with open_table(path, "clients.xlsx", Limits()) as table:
        return [(line.line, [cell if isinstance(cell, str) else cell.code for cell in line.cells]) for line in table]


def test_wrong_cells_are_red_and_say_why_and_the_summary_lists_them(made):
    path = made()
    assert said(path) == {
        "B2": (123, "“123” is no code.\nUse six digits."),
        "A3": ("Giraud", "Twice."),
        "C3": (None, "Missing."),
    }
    cell = openpyxl.load_workbook(path)["Clients"]["B2"]
    assert (cell.number_format, cell.font.i, cell.alignment.horizontal, cell.protection.locked) == ("000000", True, "center", False)
    assert openpyxl.load_workbook(path)["Clients"]["C3"].number_format == "@"
    listed = list(openpyxl.load_workbook(path)["What to correct"].iter_rows(min_row=3, values_only=True))
    assert listed == [
        ("Row", "Column", "Value", "Say"),
        (2, "Code", "000123", "“123” is no code. Use six digits."),
        (3, "City", None, "Missing."),
        (3, "row", None, "Twice."),
    ]
    assert openpyxl.load_workbook(path)["What to correct"]["A4"].hyperlink.location == "'Clients'!B2"


def test_every_other_part_stays_byte_for_byte(made, tmp_path):
    path = made()
    before, after = contents(tmp_path / "own.xlsx"), contents(path)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml",
    }  # fmt: skip
    # The sheet itself: taking our marks out again gives the very bytes that were sent.
    sheet = after["xl/worksheets/sheet1.xml"]
    sheet = re.sub(rb"<legacyDrawing[^>]*/>(?=<extLst>)", b"", sheet).replace(b'<c r="C3" s="7"/>', b"")
    restored = re.sub(rb'(<c r="B2") s="\d+"', rb'\1 s="1"', re.sub(rb'(<c r="A3" t="s") s="\d+"', rb"\1", sheet))
    assert restored == before["xl/worksheets/sheet1.xml"].replace(b'<row r="2" spans="1:3">', b'<row r="2">')


def test_the_reader_reads_from_it_what_it_read_before(made, tmp_path):
    path = made()
    assert rows_read(path) == rows_read(tmp_path / "own.xlsx")


def reasons_in(path: Path, column: int = 4) -> list[str | None]:
    sheet = openpyxl.load_workbook(path)["Clients"]
    return [sheet.cell(line, column).value for line in range(1, 5)]


IN_COLUMN = ["What to correct", "Code: “123” is no code.\nCode: Use six digits.", "City: Missing.\nTwice.", None]
PROTECTED = SHEET.replace("<mergeCells", '<sheetProtection algorithmName="SHA-512" sheet="1" objects="1"/><mergeCells')
COMMENTED = {
    "xl/worksheets/_rels/sheet1.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/comments" Target="../comments1.xml"/></Relationships>'
    ),
    "xl/comments1.xml": f'<comments xmlns="{MAIN}"><authors><author>Ada</author></authors><commentList/></comments>',
}


@pytest.mark.parametrize(
    ("sheet", "more"),
    [(SHEET, COMMENTED), (PROTECTED, {}), (SHEET.replace("<row", "\n<row"), COMMENTED)],
    ids=["comments", "protected", "lines"],
)
def test_where_comments_cannot_be_added_the_reasons_stand_in_a_last_column(made, sheet, more):
    path = made(sheet, **more)
    assert reasons_in(path) == IN_COLUMN
    assert set(said(path)) == {"B2", "A3", "C3"}
    assert contents(path).get("xl/comments1.xml") == (more.get("xl/comments1.xml", "").encode() or None)
    assert rows_read(path)[0] == (2, ["Brauer", "000123", "Dresden", IN_COLUMN[1]])


def test_the_added_column_takes_the_first_place_where_nothing_stands(made):
    full = SHEET.replace(
        '<row r="4"><c r="B4" t="e">', '<row r="4"><c r="B4" t="e"><v>#N/A</v></c><c r="D4"><v>1</v></c><c r="E4" s="1"/><c r="F4" t="e">'
    )
    assert reasons_in(made(full, **COMMENTED), 5) == IN_COLUMN


def test_more_cells_than_boxes_are_good_for_have_their_reasons_in_the_column(made):
    assert reasons_in(made(wanted=replace(job(), count=MOST_COMMENTS + 1))) == IN_COLUMN


def prefixed(xml: str, prefix: str = "x") -> str:
    """Give XML with every name under a prefix, and attributes of relations as they were."""
    return re.sub(r"<(/?)(?=[A-Za-z])", rf"<\1{prefix}:", xml).replace(f'xmlns="{MAIN}"', f'xmlns:{prefix}="{MAIN}"')


WRITTEN = {
    "a prefix": prefixed(SHEET),
    "no references": re.sub(r'(?<=<c) r="[A-Z]\d"|(?<=<row) r="\d"', "", SHEET.replace('<c r="B4"', '<c/><c r="B4"')).replace("<c/>", ""),
    "another quotation mark": SHEET.replace('"', "'").replace("CONCATENATE('Dres','den')", "1"),
    "a declaration and a mark": "\ufeff<?xml version='1.0' encoding='UTF-8'?>\n" + SHEET,
    "lines and spaces": SHEET.replace(" s=", "\n  s = ").replace("><", ">\n<"),
}


@pytest.mark.parametrize("sheet", WRITTEN.values(), ids=WRITTEN)
def test_a_sheet_is_marked_however_it_is_written(made, sheet):
    path = made(sheet)
    assert {place: comment for place, (_value, comment) in said(path).items()} == {
        "B2": "“123” is no code.\nUse six digits.", "A3": "Twice.", "C3": "Missing.",
    }  # fmt: skip


def test_a_row_of_which_nothing_is_written_gets_its_cells(made):
    sheet = workbooks.sheet(row(1, *HEADERS) + '<row r="2" spans="1:1"/><row r="3" />')
    assert said(made(sheet, job([Marked(2, {2: ["Missing."]}, []), Marked(3, {None: ["Twice."]}, [])]))) == {
        "C2": (None, "Missing."),
        "A3": (None, "Twice."),
    }


REFUSED = {
    "UTF-16": {"xl/worksheets/sheet1.xml": ('<?xml version="1.0" encoding="UTF-16"?>' + SHEET).encode("utf-16")},
    "latin": {"xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="iso-8859-1"?>' + SHEET},
    "no styles": {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs/></styleSheet>'},
    "rows out of order": {"xl/worksheets/sheet1.xml": workbooks.sheet(row(1, *HEADERS) + row(3, "a") + row(2, "b"))},
    "another language": {"xl/workbook.xml": '<workbook xmlns="urn:other"><sheets/></workbook>'},
}


@pytest.mark.parametrize("more", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_changed_with_certainty_is_refused(made, more):
    with pytest.raises(CannotPatch):
        made(**more)


def test_a_definition_of_entities_is_refused(made):
    with pytest.raises(Unreadable):
        made(**{"xl/worksheets/sheet1.xml": '<!DOCTYPE a [<!ENTITY b "c">]>' + SHEET})


def test_strict_workbooks_get_the_column_in_their_own_namespace(made):
    def strict(part: str) -> str:
        return part.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(OFFICE, STRICT)

    relations = workbooks.parts({"Clients": SHEET, "Second": ""}, shared=SHARED, styled=STYLES)["xl/_rels/workbook.xml.rels"]
    book = workbooks.parts({"Clients": SHEET, "Second": ""})["xl/workbook.xml"]
    path = made(
        strict(SHEET), styled=strict(STYLES), **{"xl/workbook.xml": strict(book), "xl/_rels/workbook.xml.rels": strict(relations),
                                                 "_rels/.rels": strict(workbooks.START)}
    )  # fmt: skip
    assert rows_read(path)[0] == (2, ["Brauer", "000123", "Dresden", IN_COLUMN[1]])
    assert MAIN.encode() not in contents(path)["xl/worksheets/sheet1.xml"] + contents(path)["xl/worksheets/sheet3.xml"]


def test_a_corrected_workbook_is_marked_anew_and_the_old_marks_go(made, tmp_path):
    first = made()
    marker = marker_of(first, Limits())
    assert marker == {"run": 7, "summary": "What to correct"}
    again = tmp_path / "again.xlsx"
    left = job([Marked(3, {2: ["Still missing."]}, ["Giraud"])], earlier=marker, marker={"run": 8})
    with again.open("wb") as target:
        annotate(first, target, left, Limits())
    assert said(again) == {"C3": (None, "Still missing.")}
    assert openpyxl.load_workbook(again).sheetnames == ["Clients", "Second", "What to correct"]
    assert marker_of(again, Limits()) == {"run": 8, "summary": "What to correct"}
    assert contents(again).keys() == contents(first).keys()


def test_a_corrected_column_is_filled_anew(made, tmp_path):
    first = made(**COMMENTED)
    left = job([Marked(3, {2: ["Still missing."]}, ["Giraud"])], earlier=marker_of(first, Limits()), headers=[*HEADERS, "What to correct"])
    with (tmp_path / "again.xlsx").open("wb") as target:
        annotate(first, target, left, Limits())
    assert reasons_in(tmp_path / "again.xlsx") == ["What to correct", None, "City: Still missing.", None]


def test_macros_come_back_to_who_sent_them_only(made):
    types = {
        "[Content_Types].xml": TYPES.replace("openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")
    }
    with pytest.raises(CannotPatch):
        made(**types, **{"xl/vbaProject.bin": b"macro"})
    assert contents(made(wanted=job(may_have_macros=True), **types, **{"xl/vbaProject.bin": b"macro"}))["xl/vbaProject.bin"] == b"macro"


def test_texts_of_any_kind_come_out_as_they_are(made):
    sentence = "<b>&amp; “=1+1” _x0041_ \x07 🙂 ]]>"
    path = made(wanted=job([Marked(2, {1: [sentence]}, ["a", "=cmd|' /C calc'!A0", ""])]))
    summary = openpyxl.load_workbook(path)["What to correct"]
    assert (summary["C4"].value, summary["C4"].data_type) == ("=cmd|' /C calc'!A0", "s")
    assert summary["D4"].value.replace("_x0007_", "\x07").replace("_x005F_", "_") == sentence


CELLS = st.dictionaries(st.integers(0, 5), st.sampled_from(["", "1", "text", "&amp;<", " "]), max_size=5)
LINES = st.dictionaries(st.integers(2, 9), CELLS, max_size=6)
WRONG = st.dictionaries(st.integers(2, 9), st.dictionaries(st.none() | st.integers(0, 5), st.just(["Wrong."]), min_size=1), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, wrong=WRONG, with_references=st.booleans(), in_column=st.booleans())
def test_whatever_the_rows_the_marks_stand_where_they_belong_and_no_value_changes(tmp_path, lines, wrong, with_references, in_column):
    def cell(line: int, column: int, value: str) -> str:
        found = workbooks.text(f"{column_letters(column)}{line}", value) if value else f'<c r="{column_letters(column)}{line}" s="1"/>'
        return found if with_references else re.sub(r' r="[A-Z]+\d+"', "", found)

    rows = workbooks.row(1, *"abcdef")
    for line, cells in sorted(lines.items()):
        filled = cells if with_references else dict(enumerate(cells.values()))
        rows += f'<row r="{line}">{"".join(cell(line, column, value) for column, value in sorted(filled.items()))}</row>'
    content = workbooks.parts({"Clients": workbooks.sheet(rows), "Second": workbooks.sheet("")}, shared=SHARED, styled=STYLES)
    own, path = workbooks.write(tmp_path / "own.xlsx", content | {"[Content_Types].xml": TYPES}), tmp_path / "made.xlsx"
    marks = [Marked(line, cells, []) for line, cells in sorted(wrong.items()) if line in lines]
    wanted = job(marks, headers=[*"abcdef"], column=6 if in_column else None)
    with path.open("wb") as target:
        annotate(own, target, wanted, Limits())
    before, after = (openpyxl.load_workbook(one)["Clients"] for one in (own, path))
    for line in range(1, 10):
        for column in range(1, 7):
            assert before.cell(line, column).value == after.cell(line, column).value
    expected = set()
    for line, cells, _texts in marks:
        columns = sorted(lines[line]) if with_references else list(range(len(lines[line])))
        fallback = columns[0] if columns else min((column for column in cells if column is not None), default=0)
        expected |= {f"{column_letters(fallback if column is None else column)}{line}" for column in cells}
    assert set(said(path)) == expected


def test_memory_stays_flat_and_every_mark_is_set_in_a_large_workbook(tmp_path):
    lines = 5_000
    rows = ([f"{line}-{column}" for column in range(8)] for line in range(lines))
    (tmp_path / "large.xlsx").write_bytes(b"".join(write_xlsx(rows, sheet="Clients")))

    def marks() -> Iterator[Marked]:
        return (Marked(line, {3: ["Wrong."]}, []) for line in range(2, lines, 2))

    wanted = Job("Clients", 1, [str(column) for column in range(8)], marks, lines // 2, WORDS, {})
    tracemalloc.start()
    with (tmp_path / "made.xlsx").open("wb") as target:
        annotate(tmp_path / "large.xlsx", target, wanted, Limits())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * 1024 * 1024
    assert contents(tmp_path / "made.xlsx")["xl/comments1.xml"].count(b"<comment ") == lines // 2 - 1
