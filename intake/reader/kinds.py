"""What a file is, by its first bytes: never by its name."""

import mmap
import re
import struct
from pathlib import Path

SIGNATURES = [
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"{\\rtf", "rtf"),
    (b"SQLite format 3\x00", "binary"),
    (b"\x7fELF", "binary"),
]
SMALLEST_OLE = 512
OLE_STREAMS = [
    ("EncryptedPackage", "password"),
    ("Workbook\0", "xls"),
    ("Book\0", "xls"),
    ("WordDocument", "document"),
    ("PowerPoint Document", "document"),
]
# The versions of the binary XLS formats before 5, which are not wrapped in an OLE container.
BARE_XLS = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08][\x00\x01]")
PICTURE = re.compile(rb"RIFF....WEBP|BM....\x00\x00\x00\x00|....ftyp(?:heic|heix|avif|mif1)", re.DOTALL)
HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|style|script|div)\b", re.IGNORECASE)
XML = re.compile(r"<(?:\?xml|!--|[a-z])", re.IGNORECASE)
JSON = re.compile(r"\{\s*(?:\"|\})|\[\s*(?:\{|\]|\[)")
# SYLK and DIF: programs open them like CSV, but their lines are commands.
EXCHANGE = re.compile(r"ID;P|TABLE\r?\n0,1\r?\n")
# A "single file web page" is a mail message.
FIRST_WORDS = {"begin:vcard": "vcard", "begin:vcalendar": "calendar", "mime-version:": "html"}
CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def kind_of(head: bytes) -> str:
    """Give the kind of a file by its first bytes (64 kB or so): "zip", "ole", "text", or the code of a refusal.

    "text" only says that nothing speaks against it: the encoding is found later.
    """
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if PICTURE.match(head):
        return "image"
    if BARE_XLS.match(head):
        return "xls_old"
    start = _as_text(head).lstrip("﻿ \t\r\n")[:4096]
    return _markup(start) or ("binary" if _is_binary(head) else "text")


def ole_kind(path: Path) -> str:
    """Tell a workbook ("xls") from other files in an OLE container, by the names in its directory, which may stand anywhere."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if len(content) < SMALLEST_OLE or _directory_at(content) >= len(content):
            return "damaged"
        for name, kind in OLE_STREAMS:
            if content.find(name.encode("utf-16-le")) >= 0:
                return kind
    return "binary"


def _directory_at(content: mmap.mmap) -> int:
    """Where the header of an OLE container says that its directory begins."""
    (shift,), (sector,) = struct.unpack_from("<H", content, 30), struct.unpack_from("<I", content, 48)
    return (sector + 1) << min(shift, 12)


def _as_text(head: bytes) -> str:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace")
    return head.decode("utf-8", "replace")


def _markup(start: str) -> str:
    if HTML.match(start) or (XML.match(start) and re.search(r"<html\b", start, re.IGNORECASE)):
        return "html"
    if XML.match(start):
        if "urn:oasis:names:tc:opendocument" in start:
            return "flat_ods"
        return "xml_sheet" if "urn:schemas-microsoft-com:office:spreadsheet" in start else "xml"
    if JSON.match(start):
        return "json"
    if EXCHANGE.match(start):
        return "exchange"
    return next((kind for word, kind in FIRST_WORDS.items() if start[: len(word)].lower() == word), "")


def _is_binary(head: bytes) -> bool:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head[:4] == b"\x00\x00\xfe\xff":
        return False
    head = head[:8192]
    return len(CONTROLS.findall(head)) > 8 + len(head) * 0.02
