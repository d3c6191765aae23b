"""Workbooks written by hand, so that a test can say exactly which XML is in them."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from clientdesk.spreadsheets import column_letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
START = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'


def text(reference: str, value: str) -> str:
    """A cell with its text in place."""
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def number(reference: str, value: str, style: int = 0) -> str:
    """A cell with a stored number."""
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def row(line: int, *values: str) -> str:
    """A row of texts from column A on; a value that is XML already (starts with `<c`) stays."""
    cells = [value if value.startswith("<c") else text(f"{column_letters(index)}{line}", value) for index, value in enumerate(values)]
    return f'<row r="{line}">{"".join(cells)}</row>'


def rows(*lines: Sequence[str]) -> str:
    """Rows of texts from row 1 on."""
    return "".join(row(index + 1, *line) for index, line in enumerate(lines))


def sheet(content: str, before: str = "", after: str = "") -> str:
    """The part of a sheet."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{content}</sheetData>{after}</worksheet>'


def styles(*formats: str) -> str:
    """The part of styles: style 0 is General, each format is one more."""
    named = "".join(f'<numFmt numFmtId="{164 + index}" formatCode={quoteattr(code)}/>' for index, code in enumerate(formats))
    used = "".join(f'<xf numFmtId="{164 + index}"/>' for index in range(len(formats)))
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{named}</numFmts><cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'


def strings(*items: str) -> str:
    """The part of shared strings; an item that starts with `<` is XML already."""
    return (
        f'<sst xmlns="{MAIN}">{"".join(f"<si>{item if item.startswith('<') else f'<t>{escape(item)}</t>'}</si>" for item in items)}</sst>'
    )


def parts(
    sheets: Mapping[str, str],
    *,
    shared: str = "",
    styled: str = "",
    hidden: Sequence[str] = (),
    date1904: bool = False,
    kind: str = "worksheet",
) -> dict[str, str]:
    """The parts of a workbook by their names. `sheets` maps the name of a sheet to its whole part."""
    listed, relations, found = "", "", {}
    for index, (name, content) in enumerate(sheets.items(), start=1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name={quoteattr(name)} sheetId="{index}"{state} r:id="rId{index}"/>'
        relations += f'<Relationship Id="rId{index}" Type="{OFFICE}/{kind}" Target="{kind}s/sheet{index}.xml"/>'
        found[f"xl/{kind}s/sheet{index}.xml"] = content
    for name, content in (("sharedStrings", shared), ("styles", styled)):
        if content:
            relations += f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
            found[f"xl/{name}.xml"] = content
    calendar = '<workbookPr date1904="1"/>' if date1904 else ""
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": START,
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{calendar}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        **found,
    }


def write(path: Path, content: Mapping[str, str | bytes]) -> Path:
    """Pack parts into a file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in content.items():
            package.writestr(name, part)
    return path


def workbook(path: Path, content: str, **options) -> Path:
    """A workbook with one sheet, "Clients", whose rows are given as XML."""
    return write(path, parts({"Clients": sheet(content)}, **options))
