"""The parts of the archive that a workbook is, opened with care."""

import contextlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat

from intake.reader.rows import Unreadable

CHUNK = 1 << 17
# The small parts (workbook, relations, styles) are small in every honest file.
SMALL_PART = 32 * 1024 * 1024
# The parts of honest files shrink to a tenth, at most to a fiftieth.
LARGE_PART, RATIO = 100 * 1024 * 1024, 150
END_RECORD = b"PK\x05\x06"
END_RECORD_64 = b"PK\x06\x06"
# An entry of the directory with a path of 250 characters.
DIRECTORY_ENTRY = 300
BROKEN = (expat.ExpatError, zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, NotImplementedError, ValueError, LookupError)
FOREIGN = {"word/document.xml": "document", "ppt/presentation.xml": "document", "index/document.iwa": "numbers"}


class LocalNames(dict[str, str]):
    """XML names without their prefix, worked out once each."""

    def __missing__(self, name: str) -> str:
        self[name] = tag = name.rpartition(":")[2]
        return tag


def new_parser() -> expat.XMLParserType:
    """Make a parser that refuses definitions (DTD) and so every entity that could grow or reach outside."""

    def refuse(*_declaration: object) -> None:
        raise Unreadable("doctype")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


@contextlib.contextmanager
def damage_named() -> Generator[None]:
    """Turn every way in which a broken archive or broken XML shows itself into one refusal."""
    try:
        yield
    except BROKEN as error:
        raise Unreadable("damaged") from error
    except RuntimeError as error:
        raise Unreadable("password" if "encrypted" in str(error) else "damaged") from error


class Package:
    """An open workbook: its parts by name, counted and measured before anything is unpacked."""

    def __init__(self, path: str, entries: int, unpacked: int) -> None:
        with damage_named():
            _check_directory(path, entries)
            self._archive = zipfile.ZipFile(path)
        try:
            self._measure(self._archive.infolist(), entries, unpacked)
        except Unreadable:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def _measure(self, infos: list[zipfile.ZipInfo], entries: int, unpacked: int) -> None:
        if len(infos) > entries:
            raise Unreadable("entries", limit=entries)
        if sum(entry.file_size for entry in infos) > unpacked:
            raise Unreadable("unpacked", limit=unpacked // 1024 // 1024)
        if any(_is_bomb(entry) for entry in infos):
            raise Unreadable("ratio", times=RATIO)
        # Some programs write backslashes or another case than the relations say.
        self._parts = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in infos}
        if any(entry.flag_bits & 1 for entry in infos):
            raise Unreadable("password")
        if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in infos):
            raise Unreadable("damaged")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def size(self, name: str) -> int:
        """Give the unpacked size of a part in bytes, 0 if there is none."""
        entry = self._parts.get(name.lower())
        return entry.file_size if entry else 0

    def packed_size(self, name: str) -> int:
        """Give the size of a part in the archive in bytes, 0 if there is none."""
        entry = self._parts.get(name.lower())
        return entry.compress_size if entry else 0

    def open(self, name: str) -> IO[bytes]:
        """Open a part for reading."""
        with damage_named():
            return self._archive.open(self._parts[name.lower()])

    def kind(self) -> str:
        """Say what the archive is: "xlsx", "ods" or the code of a refusal."""
        if "mimetype" in self:
            with damage_named(), self.open("mimetype") as part:
                kind = part.read(200)
            if b"opendocument.spreadsheet" in kind:
                return "ods"
            if b"opendocument" in kind:
                return "document"
        for name, code in FOREIGN.items():
            if name in self:
                return code
        if "xl/workbook.bin" in self:
            return "xlsb"
        return "xlsx" if "[content_types].xml" in self or "xl/workbook.xml" in self else "archive"

    def elements(self, name: str, visit: Callable[[str, dict[str, str]], None]) -> None:
        """Visit each element of a small part with its local name and attributes."""
        if self.size(name) > SMALL_PART:
            raise Unreadable("damaged")
        parser, names = new_parser(), LocalNames()
        parser.StartElementHandler = lambda tag, attributes: visit(names[tag], attributes)
        with damage_named(), self.open(name) as part:
            parser.ParseFile(part)

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Give the parts that a part refers to: id -> (last word of the type, part name)."""
        folder = PurePosixPath(name).parent
        source = str(folder / "_rels" / f"{PurePosixPath(name).name}.rels") if name else "_rels/.rels"
        found: dict[str, tuple[str, str]] = {}

        def visit(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = kind, _resolved(folder, attributes.get("Target", ""))

        if source in self:
            self.elements(source, visit)
        return found


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > LARGE_PART and entry.file_size > RATIO * entry.compress_size


def _resolved(folder: PurePosixPath, target: str) -> str:
    target = target.replace("\\", "/")
    path: list[str] = []
    for piece in (PurePosixPath(target) if target.startswith("/") else folder / target).parts:
        if piece == "..":
            path = path[:-1]
        elif piece not in {"/", "."}:
            path.append(piece)
    return "/".join(path)


def _check_directory(path: str, entries: int) -> None:
    """Refuse a directory too large to be loaded: the archive module would make an object of each entry first."""
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_557 - 100))
        tail = file.read()
    end = tail.rfind(END_RECORD)
    if end < 0:
        raise Unreadable("damaged")
    count, length = struct.unpack_from("<HI", tail, end + 10)
    large = tail.rfind(END_RECORD_64, 0, end)
    if large >= 0 and (count == 0xFFFF or length == 0xFFFFFFFF):
        count, length = struct.unpack_from("<QQ", tail, large + 32)
    if count > entries or length > entries * DIRECTORY_ENTRY:
        raise Unreadable("entries", limit=entries)
