"""ODS workbooks written by hand, so that a test can say exactly which XML is in them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from intake.reader.ods.content import SPACES
from tests.corpus.workbooks import write

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def cell(shown: str = "", kind: str = "", more: str = "", **stored: str) -> str:
    """A cell with the text it shows, its type and its stored value: `cell("15%", "percentage", value="0.15")`."""
    attributes = f' office:value-type="{kind}"' if kind else ""
    attributes += "".join(f" office:{name.replace('_', '-')}={quoteattr(value)}" for name, value in stored.items())
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.split("\n")) if shown else ""
    return f"<table:table-cell{attributes}{' ' + more if more else ''}>{paragraphs}</table:table-cell>"


def row(*values: str, repeated: int = 1, more: str = "") -> str:
    """A row of texts; a value that is XML already (starts with `<table`) stays."""
    cells = "".join(value if value.startswith("<table") else cell(value, "string" if value else "") for value in values)
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}{' ' + more if more else ''}>{cells}</table:table-row>"


def rows(*lines: Sequence[str]) -> str:
    """Rows of texts."""
    return "".join(row(*line) for line in lines)


def sheet(name: str, content: str, style: str = "") -> str:
    """A sheet with its rows as XML."""
    return f'<table:table table:name={quoteattr(name)} table:style-name="{style}">{content}</table:table>'


def content(sheets: str, before: str = "", start: str = "") -> str:
    """The part that holds all sheets."""
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
    hidden = '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>'
    return (
        f"{start}<office:document-content {spaces}><office:automatic-styles>{hidden}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{before}{sheets}</office:spreadsheet></office:body></office:document-content>"
    )


def parts(sheets: str, **options) -> dict[str, str | bytes]:
    """The parts of a workbook by their names."""
    return {"mimetype": MIMETYPE, "content.xml": content(sheets, **options), "META-INF/manifest.xml": MANIFEST}


def workbook(path: Path, rows_as_xml: str, more: Mapping[str, str | bytes] | None = None, **options) -> Path:
    """A workbook with one sheet, "Clients"; `more` parts replace others."""
    return write(path, parts(sheet("Clients", rows_as_xml), **options) | dict(more or {}))
