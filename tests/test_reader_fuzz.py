"""Whatever the bytes are: a table or a sentence, nothing else."""

import io
import zipfile
from contextlib import closing, suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.reader import Limits, Refused, open_table
from intake.reader.xlsx.book import Book
from intake.reader.xlsx.numbers import format_for
from intake.reader.xlsx.package import Package, Unreadable
from intake.reader.xlsx.sheet import SheetPass
from tests.corpus.workbooks import number, parts, row, rows, sheet, strings, styles, text

SHARED = "<si><t>a</t></si>"
HONEST = parts(
    {
        "Clients": sheet(
            rows(["Name", "City"], ["Brauer", "Köln"]) + row(4, text("A4", "x"), number("C4", "45000.5", 1), '<c r="D4" t="s"><v>1</v></c>')
        )
    },
    shared=strings("a", "<r><t>b</t></r>"),
    styled=styles("yyyy-mm-dd"),
)
PARTS = sorted(HONEST)
quiet = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def packed(content: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, part in content.items():
            package.writestr(name, part)
    return file.getvalue()


def read_in_process(path) -> None:
    """Read as the child process does, all sheets."""
    with closing(Package(str(path), 100, 1 << 24)) as package:
        book = Book(package, 32_767)
        for entry in book.sheets:
            with package.open(entry.part) as part:
                SheetPass(book, entry.name, 10, lambda _line, _cells: None, 1).run(part)


@quiet
@given(where=st.integers(0, 10_000), what=st.binary(min_size=1, max_size=4), cut=st.integers(0, 4))
def test_a_changed_archive_is_read_or_unreadable(tmp_path, where, what, cut):
    content = packed(HONEST)
    where %= len(content)
    (tmp_path / "a").write_bytes(content[:where] + what + content[where + cut :])
    with suppress(Unreadable):
        read_in_process(tmp_path / "a")


@quiet
@given(
    name=st.sampled_from(PARTS),
    where=st.integers(0, 2_000),
    what=st.text('<>/="&;c v1-9rtsn\0é', min_size=1, max_size=6)
    | st.sampled_from(['t="s"', 't="e"', 'r="ZZZ9"', "<c/>", "<f/>", "</row>", "999999999999", "-1"]),
    cut=st.integers(0, 8),
)
def test_a_changed_part_is_read_or_unreadable(tmp_path, name, where, what, cut):
    part = HONEST[name]
    where %= len(part)
    (tmp_path / "a").write_bytes(packed(HONEST | {name: part[:where] + what + part[where + cut :]}))
    with suppress(Unreadable):
        read_in_process(tmp_path / "a")


@quiet
@given(st.binary(max_size=400) | st.text("ab,;\t|\"\n\r' =\0é", max_size=200).map(str.encode))
def test_any_bytes_are_a_table_or_a_sentence(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    try:
        with open_table(tmp_path / "a", "a.csv", Limits()) as table:
            width = len(table.headers)
            for found in table:
                assert found.error or len(found.cells) == width
    except Refused as refusal:
        said = refusal.sentence
    else:
        said = table.notes[0]
    assert said


@quiet
@given(code=st.text('0#?.,%;"\\[]$-@<>=yYmdhsGeneralAM/P:Ee+_* ()', max_size=20), raw=st.text("0123456789.eE+-", max_size=12))
def test_any_number_format_shows_something(code, raw):
    shown = format_for(code, date1904=False)(raw)
    assert isinstance(shown, str) or shown[0] in {"number", "digits", "date"}
