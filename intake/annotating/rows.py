"""One row of a sheet while it is written again: cells turn red, missing ones are added in their place."""

from bisect import insort
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientdesk.spreadsheets import column_letters, sheet_text
from intake.annotating.edits import with_attribute, without_attribute
from intake.annotating.marks import CannotPatch, Marked, reasons
from intake.reader.xlsx.sheet import REFERENCE, WIDEST, column_index

if TYPE_CHECKING:
    from intake.annotating.sheet import SheetPatch


@dataclass(frozen=True, slots=True)
class Added:
    """The column that holds the reasons: its place from 0, its head, and whether an earlier error workbook filled it already."""

    column: int
    head: str
    is_old: bool = False


def column_of(reference: str | None, last: int) -> int:
    """Return the column of a cell from 0: by its reference, or as the one behind `last`."""
    if reference is None:
        return last + 1
    found = REFERENCE.match(reference)
    if not found or (index := column_index(found[1])) >= WIDEST:
        raise CannotPatch("a reference that is none")
    return index


class OpenRow:
    """A row to be changed. The sheet tells it of its cells in their order and of its end; it has the sheet make the edits."""

    def __init__(self, sheet: "SheetPatch", line: int, mark: Marked | None, position: int, attributes: dict[str, str]) -> None:
        self.dropping = -1
        self._sheet, self._line = sheet, line
        self._red = dict(mark.cells) if mark else {}
        self._whole = self._red.pop(None, [])
        self._text = self._reasons(mark)
        self._style = attributes.get("s") if attributes.get("customFormat") in {"1", "true"} else None
        self._last_style: str | None = None
        self._column = -1
        self._waiting: list[int] = sorted({*self._red, *([sheet.added.column] if sheet.added and self._text else [])})
        self._open(position, attributes)

    def _reasons(self, mark: Marked | None) -> str:
        if not self._sheet.added:
            return ""
        return reasons(mark, self._sheet.headers) if mark else self._sheet.head_of(self._line)

    def _open(self, position: int, attributes: dict[str, str]) -> None:
        """Look at the row's own tag: it may know how wide it is, and it may be all there is."""
        if not self._waiting and not self._whole:
            return
        tag = self._sheet.tag(position)
        changed = without_attribute(tag, "spans") if "spans" in attributes else tag
        if tag.endswith(b"/>"):
            self._settle()
            name = f"{self._sheet.prefix}row".encode()
            changed = changed.removesuffix(b"/>").rstrip() + b">" + self._rest() + b"</" + name + b">"
        if changed != tag:
            self._sheet.edit(position, position + len(tag), changed)

    def _settle(self, column: int | None = None) -> None:
        """What is wrong with the row as a whole is said at its first cell, in `column`; None where it has none."""
        if self._whole:
            if column is None or (self._sheet.added and column == self._sheet.added.column):
                column = min(self._red, default=0)
            if column not in self._waiting:
                insort(self._waiting, column)
            self._red[column], self._whole = [*self._whole, *self._red.get(column, [])], []

    def cell(self, position: int, attributes: dict[str, str]) -> None:
        """A cell begins at `position`."""
        self._column = column = column_of(attributes.get("r"), self._column)
        self._settle(column)
        while self._waiting and self._waiting[0] < column:
            self._sheet.edit(position, position, self._made(self._waiting.pop(0)))
        style = attributes.get("s")
        added = self._sheet.added
        if added and column == added.column and (added.is_old or self._text):
            self.dropping = position
            return
        self._last_style = style
        styles = self._sheet.styles
        if self._waiting and self._waiting[0] == column:
            self._comment(self._waiting.pop(0))
            self._restyle(position, styles.red(style))
        elif style in styles.red_before:
            self._restyle(position, styles.plain(style))

    def _restyle(self, position: int, style: int) -> None:
        tag = self._sheet.tag(position)
        self._sheet.edit(position, position + len(tag), with_attribute(tag, "s", str(style)))

    def drop_to(self, position: int) -> None:
        """The cell that must go ends with the tag at `position`; ours takes its place."""
        made = b""
        if self._waiting and self._waiting[0] == self._column:
            made = self._made(self._waiting.pop(0))
        # The parser places the end of an empty tag behind it.
        is_empty = self._sheet.tag(self.dropping).endswith(b"/>")
        end = position if is_empty else position + len(self._sheet.tag(position))
        self._sheet.edit(self.dropping, end, made)
        self.dropping = -1

    def finish(self, position: int) -> None:
        """The row's end tag is at `position`."""
        self._settle()
        if rest := self._rest():
            self._sheet.edit(position, position, rest)

    def _rest(self) -> bytes:
        made = b"".join(map(self._made, self._waiting))
        self._waiting.clear()
        return made

    def _made(self, column: int) -> bytes:
        """Return a cell that was not there: a red one, or the one with the reasons."""
        prefix, place = self._sheet.prefix, f"{column_letters(column)}{self._line}"
        if self._sheet.added and column == self._sheet.added.column:
            style = f' s="{self._last_style}"' if self._last_style and self._sheet.head_of(self._line) else ""
            text = f'<{prefix}is><{prefix}t xml:space="preserve">{sheet_text(self._text)}</{prefix}t></{prefix}is>'
            return f'<{prefix}c r="{place}"{style} t="inlineStr">{text}</{prefix}c>'.encode()
        self._comment(column)
        style = self._sheet.styles.red(self._style or self._sheet.column_style(column))
        return f'<{prefix}c r="{place}" s="{style}"/>'.encode()

    def _comment(self, column: int) -> None:
        if self._sheet.keep_comments:
            self._sheet.comments.append((column, self._line, self._red[column]))
