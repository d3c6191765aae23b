"""The styles of a workbook with a red fill added: one more style for each one that a wrong cell wears."""

from intake.annotating.edits import Edit, Element, appended, child, parsed, spliced, with_attribute
from intake.annotating.marks import CannotPatch

# Not the red of any program's own gallery, so that it is known again in a corrected file.
RED = "FFFFCCD2"
# The format allows no more.
MOST_STYLES = 65_000


class Styles:
    """The styles part, asked for styles while the sheet is written and written itself afterwards."""

    def __init__(self, text: bytes, earlier: bool = False) -> None:
        self._text = text
        root = parsed(text, 5)
        found = {group.name: group for group in root.children}
        if not {"fonts", "fills", "cellXfs"} <= set(found) or not found["cellXfs"].children:
            raise CannotPatch("styles without fonts, fills or cellXfs")
        self._fonts, self._fills, self._styles = (found[name] for name in ("fonts", "fills", "cellXfs"))
        self._known = len(self._styles.children)
        self._added: list[bytes] = []
        self._red: dict[int, int] = {}
        self._plain: dict[int, int] = {}
        self._red_fill = len(self._fills.children)
        self.red_before = self._worn_before() if earlier else frozenset()
        self.bold = self._add(self._of(0, fontId=str(len(self._fonts.children)), applyFont="1"))
        self.wrapped = self._add(self._of(0, alignment=True))

    def _worn_before(self) -> frozenset[str]:
        """Return the styles (as the sheet names them) that an earlier error workbook made red."""
        fills = {str(index) for index, fill in enumerate(self._fills.children) if _is_ours(fill)}
        return frozenset(str(index) for index, style in enumerate(self._styles.children) if style.attributes.get("fillId") in fills)

    def red(self, style: str | None) -> int:
        """Return the style that is as `style` (None: the first) with a red fill."""
        if style in self.red_before:
            return int(style)
        index = self._index(style)
        if index not in self._red:
            self._red[index] = self._add(self._of(index, fillId=str(self._red_fill), applyFill="1"))
        return self._red[index]

    def plain(self, style: str) -> int:
        """Return the style that is as `style`, red from before, without a fill."""
        index = self._index(style)
        if index not in self._plain:
            self._plain[index] = self._add(self._of(index, fillId="0", applyFill="0"))
        return self._plain[index]

    def _index(self, style: str | None) -> int:
        # Some programs name styles that they never write.
        return int(style) if style and style.isdecimal() and int(style) < self._known else 0

    def _add(self, style: bytes) -> int:
        self._added.append(style)
        if (index := self._known + len(self._added) - 1) > MOST_STYLES:
            raise CannotPatch("too many styles")
        return index

    def _of(self, index: int, *, alignment: bool = False, **attributes: str) -> bytes:
        """Return a copy of a style as it is written, with some attributes set anew."""
        original = self._styles.children[index]
        tag = self._text[original.start : original.inside]
        for name, value in attributes.items():
            tag = with_attribute(tag, name, value)
        rest = b"" if original.is_empty_tag else self._text[original.inside : original.end]
        if not alignment:
            return tag + rest
        name = original.prefix.encode()
        tag = with_attribute(tag, "applyAlignment", "1").rstrip(b"/>").rstrip()
        return tag + b"><" + name + b'alignment vertical="top" wrapText="1"/></' + name + b"xf>"

    def written(self) -> bytes:
        """Return the part with all that was asked for."""
        prefix = self._fills.prefix
        bold = f"<{prefix}font><{prefix}b/>{self._size()}</{prefix}font>"
        red = (
            f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{RED}"/>'
            f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
        )
        edits = [
            *self._extended(self._fonts, bold.encode(), 1),
            *self._extended(self._fills, red.encode(), 1),
            *self._extended(self._styles, b"".join(self._added), len(self._added)),
        ]
        return spliced(self._text, edits)

    def _size(self) -> str:
        """Return size and face of the workbook's first font, so that the summary looks as its other sheets."""
        first = self._fonts.children[0] if self._fonts.children else None
        kept = [one for one in first.children if one.name in {"sz", "name"}] if first else []
        return "".join(self._text[one.start : one.end].decode() for one in kept)

    def _extended(self, group: Element, content: bytes, count: int) -> list[Edit]:
        start, end, added = appended(self._text, group, content)
        tag = with_attribute(self._text[group.start : group.inside], "count", str(len(group.children) + count))
        if start == group.start:
            raise CannotPatch("an empty group of styles")
        return [(group.start, group.inside, tag), (start, end, added)]


def _is_ours(fill: Element) -> bool:
    pattern = child(fill, "patternFill")
    color = child(pattern, "fgColor") if pattern else None
    return color is not None and color.attributes.get("rgb", "").upper() == RED
