"""Files that are meant to harm, or are no table at all, with the code of the refusal that must follow.

A code of "" means that the file is read all the same: the harm is in what is not looked at.
"""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.corpus.workbooks import MAIN, parts, row, rows, sheet, strings, text, workbook, write

TABLE = (("Name", "City"), ("Brauer", "Köln"))
LAUGHS = "".join(f'<!ENTITY l{index} "{f"&l{index - 1};" * 10 if index else "ha"}">' for index in range(9))


class Hostile(NamedTuple):
    """How to write the file, the name it is uploaded under, and the code of the refusal."""

    write: Callable[[Path], object]
    filename: str
    code: str


def part(name: str, content: str) -> Callable[[Path], object]:
    """An honest workbook of which one part is replaced."""
    return lambda path: write(path, parts({"Clients": sheet(rows(*TABLE))}, shared=strings("a")) | {name: content})


def one_sheet(content: str) -> Callable[[Path], object]:
    return lambda path: workbook(path, content)


def table_and(more: str) -> Callable[[Path], object]:
    return one_sheet(rows(*TABLE) + more)


def late(make: Callable[[], Callable[[Path], object]]) -> Callable[[Path], object]:
    """What would fill the memory of every process that only lists the files is made when it is written."""

    def write_late(path: Path) -> object:
        return make()(path)

    return write_late


def huge() -> str:
    """A text of 100 MB."""
    return "A" * 100_000_000


def raw(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def container(*names: str) -> bytes:
    """The outside of an OLE file: its signature and the names in its directory."""
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(30, b"\0") + struct.pack("<H", 9)
    return head.ljust(512, b"\0") + b"\0" * 100_000 + directory


def archive(*names: str, first: bytes = b"") -> bytes:
    """A zip archive with empty parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        if first:
            package.writestr("mimetype", first)
        for name in names:
            package.writestr(name, "")
    return file.getvalue()


def truncated(path: Path) -> None:
    workbook(path, rows(*TABLE * 500))
    path.write_bytes(path.read_bytes()[:-800])


def flipped(path: Path) -> None:
    """One byte in the middle of the packed sheet is another."""
    workbook(path, rows(*TABLE * 5000))
    content = bytearray(path.read_bytes())
    place = content.index(b"xl/worksheets/sheet1.xml") + 3000
    content[place] ^= 0xFF
    path.write_bytes(content)


def lying_size(path: Path) -> None:
    """The directory says that the sheet is small; it is not."""
    workbook(path, rows(*TABLE) + " " * 30_000_000)
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    while content[entry + 46 : entry + 46 + 24] != b"xl/worksheets/sheet1.xml":
        entry = content.index(b"PK\x01\x02", entry + 4)
    content[entry + 24 : entry + 28] = struct.pack("<I", 200)
    path.write_bytes(content)


def encrypted_entry(path: Path) -> None:
    workbook(path, rows(*TABLE))
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    path.write_bytes(content)


def many_entries(path: Path) -> None:
    write(path, parts({"Clients": sheet(rows(*TABLE))}) | {f"x/{index}": "" for index in range(10_001)})


def giant_directory(path: Path) -> None:
    """A directory that claims few entries and holds many."""
    content = archive("a")
    end = content.index(b"PK\x05\x06")
    path.write_bytes(content[: end + 12] + struct.pack("<I", 0x7FFFFFF0) + content[end + 16 :])


EMPTY_ROW = f"<row>{'<c s="0"/>' * 16}</row>"
DOCTYPE = f"<!DOCTYPE worksheet [{LAUGHS}]>"

HOSTILE = {
    # Bombs
    "declared dimension of a whole sheet": Hostile(
        part("xl/worksheets/sheet1.xml", sheet(rows(*TABLE), before='<dimension ref="A1:XFD1048576"/>')), "a.xlsx", ""
    ),
    "one cell in each corner": Hostile(one_sheet(rows(["Name"]) + row(1_048_576, text("XFD1048576", "x"))), "a.xlsx", "header_only_sheet"),
    "a table and a cell in the far corner": Hostile(table_and(row(1_048_576, text("XFD1048576", "x"))), "a.xlsx", ""),
    "a million empty rows": Hostile(late(lambda: one_sheet("<row/>" * 1_048_576)), "a.xlsx", "empty"),
    "a table and a million empty rows": Hostile(late(lambda: table_and("<row/>" * 1_048_574)), "a.xlsx", ""),
    "a table and endless empty cells": Hostile(late(lambda: table_and(EMPTY_ROW * 400_000)), "a.xlsx", ""),
    "a cell of 100 MB": Hostile(late(lambda: one_sheet(rows(["Name"]) + row(2, huge()))), "a.xlsx", "cell"),
    "a number of 100 MB": Hostile(
        late(lambda: one_sheet(rows(["Name"]) + f'<row r="2"><c r="A2"><v>{huge()}</v></c></row>')), "a.xlsx", "cell"
    ),
    "a shared text of 100 MB": Hostile(late(lambda: part("xl/sharedStrings.xml", strings(huge()))), "a.xlsx", "text"),
    "six million shared texts in half a megabyte": Hostile(
        late(lambda: part("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{"<si><t>ab</t></si>" * 6_000_000}</sst>')), "a.xlsx", "ratio"
    ),
    "a million shared texts that pack into nothing": Hostile(
        lambda path: workbook(path, '<row><c t="s"><v>0</v></c></row>', shared=strings(*["a"] * 1_200_000)), "a.xlsx", "memory"
    ),
    "more parts than a workbook has": Hostile(many_entries, "a.xlsx", "entries"),
    "a directory of 2 GB": Hostile(giant_directory, "a.xlsx", "entries"),
    "billion laughs in the sheet": Hostile(part("xl/worksheets/sheet1.xml", DOCTYPE + sheet(row(1, "&l8;"))), "a.xlsx", "doctype"),
    "billion laughs in the texts": Hostile(part("xl/sharedStrings.xml", DOCTYPE + strings("<t>&l8;</t>")), "a.xlsx", "doctype"),
    "billion laughs in the workbook": Hostile(part("xl/workbook.xml", DOCTYPE + "<workbook>&l8;</workbook>"), "a.xlsx", "doctype"),
    "a reference to a local file": Hostile(
        part("xl/worksheets/sheet1.xml", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + sheet(row(1, "&e;"))),
        "a.xlsx",
        "doctype",
    ),
    "a size that lies": Hostile(lying_size, "a.xlsx", "damaged_sheet"),
    "a million levels": Hostile(
        late(lambda: part("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}">' + "<a>" * 1_000_000)), "a.xlsx", "damaged_sheet"
    ),
    "a million styles": Hostile(
        lambda path: workbook(
            path, rows(*TABLE), styled=f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 1_000_000}</cellXfs></styleSheet>'
        ),
        "a.xlsx",
        "damaged",
    ),
    # Broken
    "cut off": Hostile(truncated, "a.xlsx", "damaged"),
    "one wrong byte": Hostile(flipped, "a.xlsx", "damaged_sheet"),
    "tags that do not match": Hostile(part("xl/worksheets/sheet1.xml", sheet("<row></c>")), "a.xlsx", "damaged_sheet"),
    "a text that is not there": Hostile(
        one_sheet(rows(*TABLE) + '<row r="3"><c r="A3" t="s"><v>7</v></c></row>'), "a.xlsx", "damaged_sheet"
    ),
    "no sheet listed": Hostile(part("xl/workbook.xml", f'<workbook xmlns="{MAIN}"/>'), "a.xlsx", "damaged"),
    # Workbooks without a table
    "only charts": Hostile(lambda path: write(path, parts({"Chart1": "<chartsheet/>"}, kind="chartsheet")), "a.xlsx", "charts_only"),
    "no cell": Hostile(one_sheet(""), "a.xlsx", "empty"),
    "only the header row": Hostile(one_sheet(rows(["Name", "City"])), "a.xlsx", "header_only_sheet"),
    "only a hidden sheet with data": Hostile(
        lambda path: write(path, parts({"Start": sheet(""), "Secret": sheet(rows(*TABLE))}, hidden=["Secret"])), "a.xlsx", "hidden_only"
    ),
    # Other formats, whatever their name
    "protected by a password": Hostile(raw(container("EncryptionInfo", "EncryptedPackage")), "a.xlsx", "password"),
    "protected archive": Hostile(encrypted_entry, "a.xlsx", "password"),
    "XLS that is only a name": Hostile(raw(container("Workbook")), "a.xlsx", "damaged"),
    "Word 97": Hostile(raw(container("WordDocument")), "a.xls", "document"),
    "another OLE file": Hostile(raw(container("Something")), "a.xls", "binary"),
    "XLSB": Hostile(raw(archive("[Content_Types].xml", "xl/workbook.bin")), "a.xlsx", "xlsb"),
    "Word": Hostile(raw(archive("[Content_Types].xml", "word/document.xml")), "a.xlsx", "document"),
    "Numbers": Hostile(raw(archive("Index/Document.iwa")), "a.xlsx", "numbers"),
    "ZIP": Hostile(raw(archive("clients.csv")), "a.csv", "archive"),
    "empty ZIP": Hostile(raw(archive()), "a.zip", "archive"),
    "GZIP": Hostile(raw(b"\x1f\x8b\x08\0\0\0\0\0"), "a.csv", "archive"),
    "HTML named xls": Hostile(raw(b"\r\n<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>Name"), "a.xls", "html"),
    "HTML with a declaration": Hostile(raw(b'<?xml version="1.0"?><!DOCTYPE html><html><body>'), "a.xlsx", "html"),
    "XML spreadsheet of 2003": Hostile(
        raw(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'), "a.xls", "xml_sheet"
    ),
    "SYLK": Hostile(raw(b'ID;PWXL;N;E\r\nC;Y1;X1;K"Name"\r\nE\r\n'), "a.csv", "exchange"),
    "DIF": Hostile(raw(b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n'), "a.csv", "exchange"),
    "flat ODS": Hostile(
        raw(b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'), "a.xml", "flat_ods"
    ),
    "XML": Hostile(raw(b"<?xml version='1.0'?><clients/>"), "a.csv", "xml"),
    "JSON": Hostile(raw(b'[{"name": "Brauer"}]'), "a.csv", "json"),
    "vCard": Hostile(raw(b"BEGIN:VCARD\r\nVERSION:3.0\r\n"), "a.csv", "vcard"),
    "PDF": Hostile(raw(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), "a.xlsx", "pdf"),
    "PNG": Hostile(raw(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "a.csv", "image"),
    "JPEG": Hostile(raw(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), "a.xlsx", "image"),
    "random bytes": Hostile(raw(bytes((index * index * 7 + index // 3) % 256 for index in range(20_000))), "a.xlsx", "binary"),
    "nothing": Hostile(raw(b""), "a.xlsx", "empty"),
    "white space": Hostile(raw(b"\xef\xbb\xbf \r\n\r\n"), "a.csv", "empty"),
    "separators only": Hostile(raw(b";;;\n;;;\n"), "a.csv", "empty"),
    # Text files
    "CSV with only its header": Hostile(raw(b"Name,City\r\n\r\n,\r\n"), "a.csv", "header_only"),
    "CSV with a NUL byte": Hostile(raw(b"Name,City\nBrauer,Bonn\nA\0B,Bonn\n" + b"x,y\n" * 100), "a.csv", "nul"),
    "CSV that is one line of 30 MB": Hostile(late(lambda: raw(b"Name,City\nBrauer,Bonn\n" + b"x" * 30_000_000)), "a.csv", "line"),
    "CSV with a quote never closed": Hostile(raw(b'Name,City\nBrauer,Bonn\n"Abel,Bonn\n' + b"x,y\n" * 10), "a.csv", "quotes_open"),
    "CSV with a quote never closed in 10 MB": Hostile(
        raw(b'Name,City\nBrauer,Bonn\n"Abel,Bonn\n' + b"x,y\n" * 2_500_000), "a.csv", "quotes_open"
    ),
    "CSV with one record of 30 MB": Hostile(late(lambda: raw(b"Name,City\nBrauer,Bonn\n" + b'"\n",' * 6_000_000)), "a.csv", "line"),
    "UTF-8 with a broken letter": Hostile(raw("Name,City\nGrün,Köln\nGrün,Köln\n".encode() + b"Gr\xfcn,Bonn\n"), "a.csv", "encoding_mixed"),
    "UTF-16 cut in half": Hostile(raw("Name,City\nBrauer,Bonn\n".encode("utf-16")[:-1]), "a.csv", "encoding_mixed"),
}
