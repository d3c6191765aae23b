"""The container of older Office files: a small file system of sectors and chains."""

import struct
from array import array

from intake.reader.rows import Unreadable

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER, ENTRY, MINI_SECTOR = 512, 128, 64
# Sector numbers from here on are marks: end of a chain, free, and so on.
MARKS = 0xFFFFFFFA
IN_HEADER = 109
STREAM, ROOT = 2, 5
MOST_ENTRIES = 10_000


class Container:
    """The streams of a container by their names. Chains that run in circles or out of the file are damage."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(SIGNATURE) or len(content) < HEADER:
            raise Unreadable("damaged")
        self._content = content
        (shift,) = struct.unpack_from("<H", content, 30)
        directory, _transaction, self._cutoff, mini_table, _count, more, _more = struct.unpack_from("<7I", content, 48)
        if shift not in {9, 12}:
            raise Unreadable("damaged")
        self._size = 1 << shift
        self._next = self._table(more)
        self._mini_next = _numbers(self._joined(mini_table))
        self._mini = b""
        self._streams = self._listed(self._joined(directory))

    def stream(self, name: str) -> bytes | None:
        """Give the content of a stream, or None if there is none of that name. Raises `Unreadable`."""
        found = self._streams.get(name.lower())
        if not found:
            return None
        start, size = found
        if size >= self._cutoff:
            return self._joined(start)[:size]
        pieces = [self._mini[at * MINI_SECTOR : (at + 1) * MINI_SECTOR] for at in _chain(start, self._mini_next)]
        return b"".join(pieces)[:size]

    def _at(self, sector: int) -> bytes:
        """Give a sector; the last one of a file may be short."""
        start = (sector + 1) * self._size
        if start >= len(self._content):
            raise Unreadable("damaged")
        return self._content[start : start + self._size]

    def _table(self, more: int) -> array[int]:
        """Give the table of sectors: for each the one that follows it. Where its own sectors are stands in the header and, for
        large files, in a chain of sectors whose last number leads to the next."""
        sectors = list(struct.unpack_from(f"<{IN_HEADER}I", self._content, 76))
        for _step in range(len(self._content) // self._size):
            if more >= MARKS:
                break
            *others, more = _numbers(self._at(more))
            sectors += others
        # No table is larger than the file needs, whatever the header says.
        most = len(self._content) // self._size // (self._size // 4) + IN_HEADER
        return _numbers(b"".join(self._at(sector) for sector in sectors[:most] if sector < MARKS))

    def _joined(self, start: int) -> bytes:
        return b"".join(map(self._at, _chain(start, self._next)))

    def _listed(self, directory: bytes) -> dict[str, tuple[int, int]]:
        """Read the directory: {name in lower case: (first sector, size)} of the streams."""
        found: dict[str, tuple[int, int]] = {}
        for at in range(0, min(len(directory) - ENTRY + 1, MOST_ENTRIES * ENTRY), ENTRY):
            packed = directory[at : at + ENTRY]
            length, kind = struct.unpack_from("<HB", packed, 64)
            start, size = struct.unpack_from("<II", packed, 116)
            name = packed[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == ROOT:
                self._mini = self._joined(start)[:size]
            elif kind == STREAM:
                found.setdefault(name.lower(), (start, size))
        return found


def _numbers(packed: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(packed[: len(packed) // 4 * 4])
    return numbers


def _chain(start: int, following: array[int]) -> list[int]:
    """Follow a chain from its first sector to its end. Raises `Unreadable` where it has none."""
    chain: list[int] = []
    while start < MARKS:
        if start >= len(following) or len(chain) > len(following):
            raise Unreadable("damaged")
        chain.append(start)
        start = following[start]
    return chain
