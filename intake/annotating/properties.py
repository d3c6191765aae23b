"""The property of a workbook by which a corrected one is known again: kept by every program that keeps a document's properties."""

import json
from pathlib import Path
from xml.sax.saxutils import escape, unescape

from intake.annotating.edits import appended, parsed, whole
from intake.annotating.marks import CannotPatch
from intake.annotating.package import DECLARATION, OFFICE, STRICT, Parts
from intake.reader.table import Limits
from intake.reader.xlsx.package import Package, Unreadable

NAME = "ClientDesk correction"
FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
STRICT_PROPERTIES = "http://purl.oclc.org/ooxml/officeDocument/customProperties"
STRICT_TYPES = "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes"
# Programs cut longer texts when they save.
LONGEST = 255
FIRST_ID = 2


def keep_marker(parts: Parts, marker: dict[str, object], *, strict: bool) -> None:
    """Write `marker` into the properties of the workbook, in place of an earlier one. A marker that is too long is left out."""
    said = json.dumps(marker, ensure_ascii=False, separators=(",", ":"))
    if len(said) > LONGEST:
        return
    part = next((part for kind, part in parts.relations("").values() if kind in {"custom-properties", "customProperties"}), "")
    text = parts.text(part) if part in parts else _new_part(parts, strict=strict)
    part = part or "docProps/custom.xml"
    root = parsed(text)
    old = [one for one in root.children if one.attributes.get("name") == NAME]
    numbers = [int(one.attributes.get("pid", "1")) for one in root.children]
    number = max([FIRST_ID - 1, *numbers]) + 1
    types = STRICT_TYPES if strict else TYPES
    entry = (
        f'<{root.prefix}property fmtid="{FORMAT}" pid="{number}" name="{NAME}">'
        f'<vt:lpwstr xmlns:vt="{types}">{escape(said)}</vt:lpwstr></{root.prefix}property>'
    )
    parts.put(part, text)
    parts.change(part, [*((one.start, one.end, b"") for one in old), appended(text, root, entry.encode())])


def _new_part(parts: Parts, *, strict: bool) -> bytes:
    parts.declare("docProps/custom.xml", CONTENT_TYPE)
    kind = f"{STRICT}/customProperties" if strict else f"{OFFICE}/custom-properties"
    parts.relate("", kind, "docProps/custom.xml")
    return DECLARATION + f'<Properties xmlns="{STRICT_PROPERTIES if strict else PROPERTIES}"></Properties>'.encode()


def marker_of(path: Path, limits: Limits) -> dict[str, object]:
    """Return the marker of the workbook at `path`; empty where there is none, whatever the file is."""
    try:
        package = Package(str(path), limits.entries, limits.unpacked)
        part = next((part for kind, part in package.relations("").values() if kind in {"custom-properties", "customProperties"}), "")
        return _read(package, part) if part in package else {}
    except (Unreadable, CannotPatch, ValueError, OSError):
        return {}


def _read(package: Package, part: str) -> dict[str, object]:
    text = whole(package, part)
    for entry in parsed(text).children:
        if entry.attributes.get("name") == NAME and entry.children:
            value = entry.children[0]
            found = json.loads(unescape(text[value.inside : value.close].decode(), {"&quot;": '"', "&apos;": "'"}))
            return found if isinstance(found, dict) else {}
    return {}
