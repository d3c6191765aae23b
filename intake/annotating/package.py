"""The package of an XLSX while it is written again: what each part refers to, and names for new parts."""

from collections.abc import Callable
from html import escape
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from intake.annotating.edits import Edit, appended, parsed, spliced, whole
from intake.annotating.marks import CannotPatch
from intake.reader.xlsx.package import CHUNK, Package, damage_named

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MAINS = {"http://schemas.openxmlformats.org/spreadsheetml/2006/main": OFFICE, "http://purl.oclc.org/ooxml/spreadsheetml/main": STRICT}
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
CONTENT_TYPES = "[Content_Types].xml"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Writes the content of a part.
type Writer = Callable[[IO[bytes]], None]


class Parts(Package):
    """An open workbook whose parts can be replaced or joined by others; `write` makes the new package."""

    def __init__(self, path: str, entries: int, unpacked: int) -> None:
        super().__init__(path, entries, unpacked)
        if len(self._parts) != len(self._archive.infolist()):
            raise CannotPatch("two parts of one name")
        self._small: dict[str, bytes] = {}
        self._streams: dict[str, Writer] = {}
        self._spelt = {name: name for name in self._parts}

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()
        self._streams.clear()

    # Small parts, changed in memory

    def text(self, name: str) -> bytes:
        """Return a small part as it will be written. Raises CannotPatch where there is none."""
        return self._small.get(name.lower()) or whole(self, name)

    def put(self, name: str, text: bytes) -> None:
        """Have the part `name` hold `text`."""
        self._small[name.lower()] = text
        self._spelt.setdefault(name.lower(), name)

    def stream(self, name: str, write: Writer) -> None:
        """Have `write` write the part `name` when the package is written, in the order of these calls."""
        self._streams[name.lower()] = write
        self._spelt.setdefault(name.lower(), name)

    def change(self, name: str, edits: list[Edit]) -> None:
        """Change a small part."""
        self.put(name, spliced(self.text(name), edits))

    def names(self) -> list[str]:
        """Return the names of all parts, small letters, new ones too."""
        return list(self._spelt)

    def new_name(self, pattern: str) -> str:
        """Return a name that no part has, with a number in place of the braces."""
        numbers = range(1, len(self._spelt) + 2)
        name = next(name for name in map(pattern.format, numbers) if name.lower() not in self._spelt)
        self._spelt[name.lower()] = name
        return name

    # Relations and content types

    def relate(self, source: str, kind: str, target: str) -> str:
        """Let the part `source` ("" is the package) refer to `target`; return the id. `kind` is the whole address of the kind."""
        folder = PurePosixPath(source).parent
        name = str(folder / "_rels" / f"{PurePosixPath(source).name}.rels") if source else "_rels/.rels"
        if name in self or name.lower() in self._small:
            text = self.text(name)
        else:
            text = DECLARATION + f'<Relationships xmlns="{RELATIONS}"></Relationships>'.encode()
        root = parsed(text)
        known = {one.attributes.get("Id") for one in root.children}
        new = next(name for name in (f"rId{number}" for number in range(1, len(known) + 2)) if name not in known)
        relation = f'<{root.prefix}Relationship Id="{new}" Type="{kind}" Target="/{escape(target)}"/>'
        self.put(name, spliced(text, [appended(text, root, relation.encode())]))
        return new

    def declare(self, name: str, content_type: str) -> None:
        """Say in the package what the new part `name` is."""
        text = self.text(CONTENT_TYPES)
        root = parsed(text)
        said = f'<{root.prefix}Override PartName="/{escape(name)}" ContentType="{content_type}"/>'
        self.put(CONTENT_TYPES, spliced(text, [appended(text, root, said.encode())]))

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Say in the package what parts with this extension are, unless it does."""
        text = self.text(CONTENT_TYPES)
        root = parsed(text)
        if not any(one.attributes.get("Extension", "").lower() == extension for one in root.children):
            said = f'<{root.prefix}Default Extension="{extension}" ContentType="{content_type}"/>'
            self.put(CONTENT_TYPES, spliced(text, [(root.inside, root.inside, said.encode())]))

    # The new package

    def write(self, target: IO[bytes]) -> None:
        """Write the package to `target`: what nobody touched as it was and in its order, then new parts, then the streams."""
        with ZipFile(target, "w", ZIP_DEFLATED) as package:
            for name, entry in self._parts.items():
                if name in self._small:
                    package.writestr(_like(entry), self._small[name])
                elif name not in self._streams:
                    self._copy(name, package)
            for name, text in self._small.items():
                if name not in self._parts:
                    package.writestr(self._entry(name), text)
            for name, write in self._streams.items():
                with package.open(self._entry(name), "w") as part:
                    write(part)

    def _entry(self, name: str) -> ZipInfo:
        return _like(self._parts[name]) if name in self._parts else _new_entry(self._spelt[name])

    def _copy(self, name: str, package: ZipFile) -> None:
        entry = self._parts[name]
        made = _like(entry)
        if entry.is_dir():
            package.writestr(made, b"")
            return
        made.file_size = entry.file_size
        with self.open(name) as source, package.open(made, "w") as part:
            while piece := _read(source):
                part.write(piece)


def _read(source: IO[bytes]) -> bytes:
    # Only reading: what the disk refuses is no damage of the file.
    with damage_named():
        return source.read(CHUNK)


def _like(entry: ZipInfo) -> ZipInfo:
    """Return the head of an entry that is called and kept as `entry`."""
    made = ZipInfo(entry.filename, entry.date_time)
    made.compress_type, made.external_attr = entry.compress_type, entry.external_attr
    return made


def _new_entry(name: str) -> ZipInfo:
    made = ZipInfo(name)
    made.compress_type = ZIP_DEFLATED
    return made
