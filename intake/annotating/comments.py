"""The comments of a sheet as its package holds them: their texts, and the boxes that show them, in the old drawing language."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from clientdesk.spreadsheets import column_letters, sheet_text
from intake.annotating.edits import parsed, whole
from intake.reader.xlsx.package import Package

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Ids of shapes come in blocks of so many, and a block belongs to one drawing.
BLOCK = 1_024
LINE_CHARACTERS = 42

# Column and row of the cell, counted from 0 and 1, and its sentences.
type Comment = tuple[int, int, list[str]]


def comments_part(comments: Iterable[Comment], author: str) -> bytes:
    """Return the part that holds the texts."""
    pieces = [f'{DECLARATION}<comments xmlns="{MAIN}"><authors><author>{escape(author)}</author></authors><commentList>']
    for column, line, sentences in comments:
        text = sheet_text("\n".join(sentences))
        pieces.append(
            f'<comment ref="{column_letters(column)}{line}" authorId="0"><text><r><t xml:space="preserve">{text}</t></r></text></comment>'
        )
    pieces.append("</commentList></comments>")
    return "".join(pieces).encode()


def drawing_part(comments: list[Comment], first_block: int) -> bytes:
    """Return the part that holds the boxes. `first_block` is a number that no other drawing of the workbook uses."""
    blocks = ",".join(str(first_block + number) for number in range(len(comments) // BLOCK + 1))
    pieces = [
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>'
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
        '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
    ]
    for number, (column, line, sentences) in enumerate(comments, 1):
        lines = sum(len(sentence) // LINE_CHARACTERS + 1 for sentence in sentences)
        deep = min(max(lines, 2), 20) + 1
        pieces.append(
            f'<v:shape id="_x0000_s{first_block * BLOCK + number}" type="#_x0000_t202" '
            f'style="position:absolute;margin-left:60pt;margin-top:2pt;width:220pt;height:{deep * 15}pt;visibility:hidden" '
            'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
            '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
            '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
            f"<x:Anchor>{column + 1}, 12, {max(line - 2, 0)}, 4, {column + 5}, 20, {max(line - 2, 0) + deep}, 4</x:Anchor>"
            f"<x:AutoFill>False</x:AutoFill><x:Row>{line - 1}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        )
    pieces.append("</xml>")
    return "".join(pieces).encode()


def are_all_by(package: Package, part: str, author: str) -> bool:
    """Whether every comment of `part` was written by `author`."""
    authors: list[str] = []
    text = whole(package, part)
    for group in parsed(text, 3).children:
        if group.name == "authors":
            authors = [text[one.inside : one.close].decode() for one in group.children]
    return bool(authors) and set(authors) == {escape(author)}


def holds_only_notes(package: Package, part: str) -> bool:
    """Whether the drawing `part` holds boxes of comments and nothing else, such as a button."""
    text = whole(package, part)
    return text.count(b"<v:shape ") == text.count(b'ObjectType="Note"')
