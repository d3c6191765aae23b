"""The sheet that lists what to correct: how many, and each cell with row, column, value and sentence."""

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from clientdesk.spreadsheets import column_letters, sheet_text
from intake.annotating.comments import DECLARATION
from intake.annotating.marks import Job

MOST_LINKS = 5_000
BATCH = 500
WIDTHS = (9, 26, 34, 90)


def summary_part(job: Job, namespace: str, bold: int, wrapped: int) -> Iterator[bytes]:
    """Stream the sheet: the lines of the job's words, then its table. `bold` and `wrapped` are styles of the workbook."""
    columns = "".join(f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(WIDTHS, 1))
    yield (
        f'{DECLARATION}<worksheet xmlns="{namespace}"><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
    ).encode()
    line, links, pieces = 0, [], []
    for line, text in enumerate(job.words.lines, 1):
        pieces.append(f'<row r="{line}">{_cell("A", line, text, bold if line == 1 else 0)}</row>')
    line += 2
    heads = "".join(_cell(column_letters(place), line, head, bold) for place, head in enumerate(job.words.heads))
    pieces.append(f'<row r="{line}">{heads}</row>')
    sheet = job.sheet.replace("'", "''")
    for row, position, value, sentence in _entries(job):
        line += 1
        column = "" if position is None else job.headers[position] or column_letters(position)
        said = (
            _cell("B", line, column or job.words.whole_row, wrapped)
            + _cell("C", line, value, wrapped)
            + _cell("D", line, sentence, wrapped)
        )
        pieces.append(f'<row r="{line}"><c r="A{line}" s="{wrapped}"><v>{row}</v></c>{said}</row>')
        if len(links) < MOST_LINKS:
            place = quoteattr(f"'{sheet}'!{column_letters(position or 0)}{row}")
            links.append(f'<hyperlink ref="A{line}" location={place}/>')
        if len(pieces) >= BATCH:
            yield "".join(pieces).encode()
            pieces.clear()
    pieces.append("</sheetData>")
    if links:
        pieces.append(f"<hyperlinks>{''.join(links)}</hyperlinks>")
    pieces.append("</worksheet>")
    yield "".join(pieces).encode()


def _entries(job: Job) -> Iterator[tuple[int, int | None, str, str]]:
    for marked in job.marks():
        for position, sentences in marked.cells.items():
            value = marked.texts[position] if position is not None and position < len(marked.texts) else ""
            known = position if position is not None and position < len(job.headers) else None
            yield marked.line, known, value, " ".join(sentences)


def _cell(letters: str, line: int, text: str, style: int) -> str:
    if not text:
        return ""
    return f'<c r="{letters}{line}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{sheet_text(text)}</t></is></c>'
