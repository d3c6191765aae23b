"""Small changes in the text of an XML part that leave every other byte as it is."""

import re
from dataclasses import dataclass, field

from intake.annotating.marks import CannotPatch
from intake.reader.xlsx.package import SMALL_PART, Package, Unreadable, damage_named, new_parser

# A start tag as it is written, whatever its attributes hold.
TAG = re.compile(rb"<[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*>")
ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}
# More elements than any honest small part has.
MOST_ELEMENTS = 250_000
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")

# From, to, what stands there instead.
type Edit = tuple[int, int, bytes]


@dataclass(slots=True)
class Element:
    """One element and where it stands: `start` of its tag, `inside` behind it, `close` of its end tag, `end` behind everything.

    Where it is written as `<name/>`, the last three are the same.
    """

    name: str
    prefix: str
    attributes: dict[str, str]
    depth: int
    start: int
    inside: int
    close: int = 0
    end: int = 0
    children: list["Element"] = field(default_factory=list)

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written without an end tag."""
        return self.end == self.inside


def whole(package: Package, part: str) -> bytes:
    """Return the text of a part that every honest workbook keeps small. Raises CannotPatch, Unreadable."""
    if part not in package or package.size(part) > SMALL_PART:
        raise CannotPatch(f"no {part}, or a large one")
    with damage_named(), package.open(part) as file:
        return file.read()


def tag_at(text: bytes, position: int) -> bytes:
    """Return the tag that begins at `position`."""
    found = TAG.match(text, position)
    if not found:
        raise CannotPatch("a tag that is none")
    return found[0]


def refuse_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    """A handler of the XML declaration: what is not UTF-8 cannot be added to byte by byte."""
    if encoding and encoding.lower() not in ENCODINGS:
        raise CannotPatch(f"encoded as {encoding}")


def parsed(text: bytes, deepest: int = 3) -> Element:
    """Return the root of `text` with its children down to `deepest` levels. Raises CannotPatch, Unreadable."""
    if text.startswith(WIDE_MARKS):
        raise CannotPatch("not UTF-8")
    parser = new_parser()
    open_elements: list[Element] = []
    depth = count = 0
    root: Element | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, root, count
        if depth < deepest:
            count += 1
            if count > MOST_ELEMENTS:
                raise CannotPatch("too many elements")
            prefix, _colon, local = name.rpartition(":")
            position = parser.CurrentByteIndex
            element = Element(local, f"{prefix}:" if prefix else "", attributes, depth, position, position + len(tag_at(text, position)))
            if open_elements:
                open_elements[-1].children.append(element)
            else:
                root = element
            open_elements.append(element)
        depth += 1

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1
        if depth < deepest:
            element = open_elements.pop()
            element.close = parser.CurrentByteIndex
            # The parser places the end of an empty tag behind it.
            is_empty = text[element.inside - 2 : element.inside] == b"/>"
            element.end = element.inside if is_empty else element.close + len(tag_at(text, element.close))

    parser.XmlDeclHandler = refuse_encoding
    parser.StartElementHandler, parser.EndElementHandler = start, end
    with damage_named():
        parser.Parse(text, True)
    if root is None:
        raise Unreadable("damaged")
    return root


def child(parent: Element, name: str) -> Element | None:
    """Return the first child of that name."""
    return next((element for element in parent.children if element.name == name), None)


def appended(text: bytes, parent: Element, content: bytes) -> Edit:
    """Return the change that adds `content` as the last children of `parent`."""
    if not parent.is_empty_tag:
        return parent.close, parent.close, content
    tag = text[parent.start : parent.inside]
    name = f"{parent.prefix}{parent.name}".encode()
    return parent.start, parent.inside, tag.rstrip(b"/>").rstrip() + b">" + content + b"</" + name + b">"


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """Return a start tag with the attribute `name` set to `value`, which needs no escape."""
    given = f'{name}="{value}"'.encode()
    changed, count = re.subn(rb"(?<=\s)" + name.encode() + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", lambda _found: given, tag, count=1)
    if count:
        return changed
    inside = tag.rstrip(b"/>").rstrip()
    return inside + b" " + given + (b"/>" if tag.endswith(b"/>") else b">")


def without_attribute(tag: bytes, name: str) -> bytes:
    """Return a start tag without the attribute `name`."""
    return re.sub(rb"\s+" + name.encode() + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", tag, count=1)


def spliced(text: bytes, edits: list[Edit]) -> bytes:
    """Return `text` with all `edits` made; they must not overlap."""
    pieces, done = [], 0
    for start, end, content in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [text[done:start], content]
        done = end
    return b"".join([*pieces, text[done:]])
