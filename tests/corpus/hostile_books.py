"""Hostile, broken and foreign XLS and ODS files, and archives with tricks: as `tests.corpus.hostile`."""

import struct
from collections.abc import Callable
from pathlib import Path

from tests.corpus import ods, xls
from tests.corpus.hostile import LAUGHS, TABLE, Hostile, archive, huge, late, raw
from tests.corpus.workbooks import OFFICE, PACKAGE, parts, rows, sheet, write

CELLS = xls.rows(*TABLE)


def stream(content: bytes, name: str = "Workbook", **options) -> Callable[[Path], object]:
    """A container with one stream."""
    return lambda path: path.write_bytes(xls.container({name: content}, **options))


def records(content: bytes, **options) -> Callable[[Path], object]:
    """An XLS workbook with one sheet made of these records."""
    return lambda path: xls.workbook(path, content, **options)


def sheets_at(count: int, step: int) -> bytes:
    """A workbook that lists one sheet many times, each some bytes further on: all begin where a sheet may begin."""
    begins = xls.begin(0x10) * count
    honest = xls.stream({"Clients": begins + xls.rows(["Name"], *[["x"]] * 9_000) + xls.record(xls.END) * count})
    listed = xls.record(xls.SHEET, struct.pack("<IBB", 0, 0, 0) + xls.text("Clients", True))
    start = len(honest) - (len(honest) - honest.index(begins))
    start += len(listed) * (count - 1)
    many = b"".join(
        xls.record(xls.SHEET, struct.pack("<IBB", start + step * index, 0, 0) + xls.text("Clients", True)) for index in range(count)
    )
    at = honest.index(listed[:4])
    return honest[:at] + many + honest[at + len(listed) :]


def circle(path: Path) -> None:
    """A container in which each sector leads back to itself."""
    content = bytearray(xls.container({"Workbook": xls.stream({"Clients": xls.sheet(CELLS)})}))
    table = (struct.unpack_from("<I", content, 76)[0] + 1) * 512
    content[table : table + 512] = struct.pack("<128I", *range(128))
    path.write_bytes(content)


def cut(path: Path) -> None:
    """The first half of a workbook."""
    xls.workbook(path, xls.rows(*TABLE * 500))
    path.write_bytes(path.read_bytes()[:6_000])


def one_sheet(content: str, **options) -> Callable[[Path], object]:
    """An ODS workbook with one sheet made of these rows."""
    return lambda path: ods.workbook(path, content, **options)


def table_and(more: str) -> Callable[[Path], object]:
    return one_sheet(ods.rows(*TABLE) + more)


def content(xml: str, **more: str) -> Callable[[Path], object]:
    """An ODS archive with this content."""
    return lambda path: write(path, {"mimetype": ods.MIMETYPE, "content.xml": xml} | more)


FULL_ROW = ods.row(ods.cell("x", "string", 'table:number-columns-repeated="16384"'))
PROTECTED = ods.MANIFEST.replace("/>", "><manifest:encryption-data/></manifest:manifest>")
HONEST = parts({"Clients": sheet(rows(*TABLE))})
TRICKS = {"../../../../etc/cron.d/x": "* * * * * root x", "/etc/passwd": "x", "C:\\windows\\x.dll": "x", "xl/../../x": "x", "a\0b": "x"}
OUTSIDE = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="../../../../etc/passwd"/></Relationships>'
)

BOOKS = {
    # XLS: bombs
    "XLS with a cell in the far corner": Hostile(records(CELLS + xls.label(65_535, 255, "x")), "a.xls", ""),
    "XLS whose dimensions are absurd": Hostile(
        records(xls.record(0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0)) + CELLS), "a.xls", ""
    ),
    "XLS with four thousand million texts": Hostile(
        records(CELLS, texts=[struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + xls.text("a")]), "a.xls", ""
    ),
    "XLS with a text that claims to be longer than all": Hostile(
        records(CELLS, texts=[struct.pack("<IIHBI", 1, 1, 0xFFFF, 4, 0xFFFFFFFF) + b"a" * 8_000, *[b"\0" + b"a" * 8_000] * 9]),
        "a.xls",
        "text",
    ),
    "XLS with a sheet listed a thousand times": Hostile(stream(sheets_at(1_000, 0)), "a.xls", "damaged"),
    "XLS with a thousand sheets inside each other": Hostile(stream(sheets_at(1_000, len(xls.begin(0x10)))), "a.xls", "damaged"),
    "XLS that runs in circles": Hostile(circle, "a.xls", "damaged"),
    "XLS with a million columns hidden": Hostile(
        records(CELLS + xls.record(0x7D, struct.pack("<HHHHHH", 0, 0xFFFF, 10, 0, 1, 0)) * 1_000), "a.xls", ""
    ),
    "XLS with endless cells that are blank": Hostile(
        records(
            CELLS + xls.label(2, 0, "") * 200_000,
        ),
        "a.xls",
        "",
    ),
    "XLS with three million texts": Hostile(
        stream(
            xls.stream({"Clients": xls.sheet(CELLS)}, texts=[struct.pack("<II", 0, 0xFFFFFFFF), *[b"\1\0\0a" * 2_000] * 1_500]), shift=12
        ),
        "a.xls",
        "memory",
    ),
    # XLS: broken
    "XLS with nothing in its stream": Hostile(stream(bytes(5_000)), "a.xls", "damaged"),
    "XLS with a sheet that is nowhere": Hostile(stream(xls.stream({"Clients": b""})), "a.xls", "damaged"),
    "XLS cut in half": Hostile(cut, "a.xls", "damaged"),
    "XLS with a text that is not there": Hostile(
        records(CELLS + xls.record(0xFD, struct.pack("<HHHI", 2, 0, 0, 7))), "a.xls", "damaged_sheet"
    ),
    "XLS with a record that is too short": Hostile(records(CELLS + xls.record(0x203, b"\2\0\0\0")), "a.xls", "damaged_sheet"),
    "XLS whose sheet never ends": Hostile(stream(xls.stream({"Clients": xls.begin(0x10) + CELLS}), is_mini=True), "a.xls", "damaged_sheet"),
    # XLS: without a table, or not read here
    "XLS protected by a password": Hostile(records(CELLS, before=xls.record(xls.PASSWORD, bytes(54))), "a.xls", "password"),
    "XLS of Excel 95": Hostile(stream(xls.stream({"Clients": xls.sheet(CELLS)}, version=0x500), "Book"), "a.xls", "xls_old"),
    "XLS of Excel 4": Hostile(raw(b"\x09\x04\x06\x00\x00\x04\x10\x00" + bytes(100)), "a.xls", "xls_old"),
    "XLS with only charts": Hostile(stream(xls.stream({"Chart": xls.sheet(b"")}, charts=["Chart"])), "a.xls", "charts_only"),
    "XLS without a cell": Hostile(records(b""), "a.xls", "empty"),
    "XLS with only its header row": Hostile(records(xls.rows(["Name", "City"])), "a.xls", "header_only_sheet"),
    "XLS with only a hidden sheet": Hostile(records(CELLS, hidden=["Clients"]), "a.xls", "hidden_only"),
    # ODS: bombs
    "ODS with a million repeated blank rows": Hostile(table_and(ods.row("", repeated=1_048_576)), "a.ods", ""),
    "ODS with endless repeated blank rows": Hostile(table_and(ods.row("", repeated=10**15) * 1_000 + ods.row("far")), "a.ods", ""),
    "ODS with a million repeated rows": Hostile(table_and(ods.row("x", "y", repeated=1_048_576)), "a.ods", "rows_sheet"),
    "ODS with repeated rows of repeated cells": Hostile(one_sheet(ods.rows(*TABLE * 6) + FULL_ROW * 1_000), "a.ods", ""),
    "ODS with a header row of 16,384 cells": Hostile(one_sheet(FULL_ROW * 2), "a.ods", "columns_sheet"),
    "ODS with a thousand million spaces": Hostile(
        table_and(
            '<table:table-row><table:table-cell office:value-type="string"><text:p>'
            + '<text:s text:c="999999999"/>' * 9
            + "</text:p></table:table-cell></table:table-row>"
        ),
        "a.ods",
        "cell",
    ),
    "ODS with a cell of 100 MB": Hostile(late(lambda: table_and(ods.row(huge()))), "a.ods", "cell"),
    "ODS with a cell of a million paragraphs": Hostile(late(lambda: table_and(ods.row("x\n" * 1_000_000))), "a.ods", "cell"),
    "ODS with a stored value of 10 MB": Hostile(
        late(lambda: table_and(ods.row(ods.cell("1", "float", value="1" * 10_000_000)))), "a.ods", "cell"
    ),
    "ODS that unpacks to a hundred and fifty times its size": Hostile(
        late(lambda: table_and("<table:table-row/>" * 7_000_000)), "a.ods", "ratio"
    ),
    "ODS with billion laughs": Hostile(
        content(f"<!DOCTYPE x [{LAUGHS}]>" + ods.content(ods.sheet("A", ods.row("&l8;")))), "a.ods", "doctype"
    ),
    "ODS with a hundred thousand sheets": Hostile(content(ods.content(ods.sheet("A", ods.rows(*TABLE)) * 100_000)), "a.ods", ""),
    "ODS with a million levels": Hostile(
        late(lambda: content(ods.content('<table:table table:name="A">' * 1_000_000))), "a.ods", "damaged_sheet"
    ),
    # ODS: broken
    "ODS cut off": Hostile(raw(b"PK\x03\x04" + bytes(500)), "a.ods", "damaged"),
    "ODS with tags that do not match": Hostile(
        content(ods.content('<table:table table:name="A"><table:table-row></table:table>')), "a.ods", "damaged_sheet"
    ),
    "ODS without content": Hostile(raw(archive("styles.xml", first=ods.MIMETYPE.encode())), "a.ods", "damaged"),
    "ODS of something else": Hostile(content("<html/>"), "a.ods", "damaged"),
    # ODS: without a table, or not read here
    "ODS protected by a password": Hostile(content("not XML", **{"META-INF/manifest.xml": PROTECTED}), "a.ods", "password"),
    "ODS with only charts": Hostile(content(ods.content("<draw:frame/>")), "a.ods", "charts_only"),
    "ODS without a cell": Hostile(one_sheet(ods.row("", repeated=1_048_576)), "a.ods", "empty"),
    "ODS with only its header row": Hostile(
        one_sheet(ods.rows(["Name", "City"]) + ods.row("", repeated=1_048_575)), "a.ods", "header_only_sheet"
    ),
    "OpenDocument text": Hostile(raw(archive("content.xml", first=b"application/vnd.oasis.opendocument.text")), "a.ods", "document"),
    # Names that say something else, and tricks of archives
    "HTML named ods": Hostile(raw(b"<!DOCTYPE html><table><tr><td>Name</td></tr></table>"), "a.ods", "html"),
    "PDF named xls": Hostile(raw(b"%PDF-1.4\n"), "a.xls", "pdf"),
    "PNG named ods": Hostile(raw(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "a.ods", "image"),
    "archive in an archive": Hostile(
        lambda path: write(path, {"a.zip": archive("b.zip"), "clients.csv": "Name\nBrauer"}), "a.xlsx", "archive"
    ),
    "parts that would stand outside": Hostile(lambda path: write(path, HONEST | TRICKS), "a.xlsx", ""),
    "a sheet that is a file of the server": Hostile(
        lambda path: write(path, HONEST | {"xl/_rels/workbook.xml.rels": OUTSIDE}), "a.xlsx", "damaged"
    ),
}
