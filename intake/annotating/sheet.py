"""One pass over the XML of a sheet that writes it again with wrong cells red; whatever else stands there is copied as it is.

The parser only says where things stand; the bytes are cut and joined here. The handlers run for each element, so they are
written for speed as those of the reader are.
"""

from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from intake.annotating.comments import Comment
from intake.annotating.edits import WIDE_MARKS, Edit, refuse_encoding, tag_at
from intake.annotating.marks import CannotPatch, Marked
from intake.annotating.rows import Added, OpenRow
from intake.annotating.styles import Styles
from intake.reader.xlsx.package import CHUNK, damage_named, new_parser

LONGEST_ROW = 32 * 1024 * 1024
# What follows the place of a sheet's old drawing.
AFTER_DRAWING = {
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst", "AlternateContent",
}  # fmt: skip


class SheetPatch:
    """Writes one sheet again. After `run`, `comments` holds what was marked, and `is_complete` says whether every row was found.

    `marks` are the rows in order. `drawing` is how the sheet shall refer to the boxes of its comments, empty where it does already.
    """

    def __init__(
        self,
        styles: Styles,
        marks: Iterator[Marked],
        headers: list[str],
        header_line: int,
        *,
        added: Added | None,
        keep_comments: bool,
        drawing: str,
    ) -> None:
        self.comments: list[Comment] = []
        self._is_lost = False
        self.styles, self._marks, self.headers, self._header_line = styles, marks, headers, header_line
        self.added, self._drawing, self.keep_comments = added, drawing, keep_comments
        self._mark = next(marks, None)
        # Traces of an earlier error workbook stand in any row.
        self._everywhere = bool(styles.red_before) or (added is not None and added.is_old)
        self._buffer, self._offset, self._seen = bytearray(), 0, 0
        self._edits: list[Edit] = []
        self._column_styles: list[tuple[int, int, str]] = []
        self.prefix = ""

    # The stream

    def run(self, source: IO[bytes], target: IO[bytes]) -> None:
        """Copy `source` to `target` with the changes. Raises CannotPatch, Unreadable."""
        parser = new_parser()
        parser.XmlDeclHandler = refuse_encoding
        parser.StartElementHandler = lambda name, attributes: self._begin(parser, name, attributes)
        while self._read(source, parser):
            # What the disk refuses is no damage of the file: it is written outside.
            self._flush(target, self._seen)
            if len(self._buffer) > LONGEST_ROW:
                raise CannotPatch("a row of many megabytes")
        self._flush(target, self._offset + len(self._buffer))

    def _read(self, source: IO[bytes], parser: expat.XMLParserType) -> bytes:
        with damage_named():
            chunk = source.read(CHUNK)
            if not self._offset and not self._buffer and chunk.startswith(WIDE_MARKS):
                raise CannotPatch("not UTF-8")
            self._buffer += chunk
            parser.Parse(chunk, not chunk)
        return chunk

    def _flush(self, target: IO[bytes], until: int) -> None:
        """Write what stands before `until`, where no later element begins."""
        with memoryview(self._buffer) as view:
            done = self._offset
            for start, end, content in self._edits:
                target.write(view[done - self._offset : start - self._offset])
                target.write(content)
                done = end
            until = max(until, done)
            target.write(view[done - self._offset : until - self._offset])
        self._edits.clear()
        del self._buffer[: until - self._offset]
        self._offset = until

    def tag(self, position: int) -> bytes:
        """Return the tag that begins at `position`."""
        return tag_at(self._buffer, position - self._offset)

    @property
    def is_complete(self) -> bool:
        """Whether every marked row was found in the sheet."""
        return self._mark is None and not self._is_lost

    # The elements

    def _begin(self, parser: expat.XMLParserType, root: str, attributes: dict[str, str]) -> None:
        """At the root the prefix of all names is known."""
        if not root.endswith("worksheet"):
            raise CannotPatch("no worksheet")
        self.prefix = root.removesuffix("worksheet")
        parser.StartElementHandler, parser.EndElementHandler = self._handlers(parser)

    def _handlers(self, parser: expat.XMLParserType):
        CELL, ROW, DATA, DIMENSION, COLUMN = (self.prefix + name for name in ("c", "row", "sheetData", "dimension", "col"))
        everywhere, header_line = self._everywhere, self._header_line if self.added else -1
        line, row = 0, None

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal line, row
            if name == CELL:
                if row is not None:
                    row.cell(parser.CurrentByteIndex, attributes)
            elif name == ROW:
                self._seen = parser.CurrentByteIndex
                number = attributes.get("r")
                line = int(number) if number else line + 1
                mark = self._marked(line)
                row = None
                if mark or everywhere or line == header_line:
                    row = OpenRow(self, line, mark, parser.CurrentByteIndex, attributes)
            elif name == DIMENSION and self.added:
                # It would end before the added column; nobody needs it.
                self._drop(parser.CurrentByteIndex)
            elif name == COLUMN:
                self._note_column(attributes)

        def end(name: str) -> None:
            nonlocal row
            if name == ROW:
                if row is not None:
                    row.finish(parser.CurrentByteIndex)
                    row = None
            elif name == CELL:
                if row is not None and row.dropping >= 0:
                    row.drop_to(parser.CurrentByteIndex)
            elif name == DATA:
                self._seen = parser.CurrentByteIndex
                parser.StartElementHandler, parser.EndElementHandler = self._below(parser)

        return start, end

    def _below(self, parser: expat.XMLParserType):
        """Make the handlers for what stands below the rows: they find the place of the drawing."""
        depth = 0

        def start(name: str, _attributes: dict[str, str]) -> None:
            nonlocal depth
            self._seen = parser.CurrentByteIndex
            if depth == 0 and name.rpartition(":")[2] in AFTER_DRAWING:
                self._draw(parser.CurrentByteIndex)
            depth += 1

        def end(_name: str) -> None:
            nonlocal depth
            self._seen = parser.CurrentByteIndex
            depth -= 1
            if depth < 0:
                self._draw(parser.CurrentByteIndex)

        return start, end

    def _draw(self, position: int) -> None:
        if self._drawing:
            self.edit(position, position, f"<{self.prefix}legacyDrawing {self._drawing}/>".encode())
            self._drawing = ""

    def _drop(self, position: int) -> None:
        tag = self.tag(position)
        if not tag.endswith(b"/>"):
            raise CannotPatch("a dimension with content")
        self.edit(position, position + len(tag), b"")

    def _marked(self, line: int) -> Marked | None:
        while self._mark and self._mark.line < line:
            self._mark, self._is_lost = next(self._marks, None), True
        if self._mark and self._mark.line == line:
            mark, self._mark = self._mark, next(self._marks, None)
            return mark
        return None

    # Styles of whole columns, for cells that are not there

    def _note_column(self, attributes: dict[str, str]) -> None:
        if style := attributes.get("style"):
            self._column_styles.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1, style))

    def column_style(self, column: int) -> str | None:
        """Return the style that an absent cell of `column` has."""
        return next((style for first, last, style in self._column_styles if first <= column <= last), None)

    # For the rows

    def edit(self, start: int, end: int, content: bytes) -> None:
        """Have `content` stand in place of what is between the two positions."""
        self._edits.append((start, end, content))

    def head_of(self, line: int) -> str:
        """Return the head of the added column if `line` is the header row, else an empty text."""
        return self.added.head if self.added and line == self._header_line else ""
