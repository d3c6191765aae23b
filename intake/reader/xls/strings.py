"""Texts of an XLS workbook, which are stored in one byte a character or in two, and may be cut anywhere by a new record."""

import re
import struct
from collections.abc import Sequence

from intake.reader.rows import Unreadable

WIDE, EXTENDED, RICH = 1, 4, 8
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
RAW_SHOWN = 30
# More than twenty full columns of different texts.
MOST_TEXTS = 1_500_000


def tidied(text: str) -> str:
    """Make every line end "\\n" and write out control characters, which no database keeps, as XLSX does: `_x0007_`."""
    if text.isprintable():
        return text
    text = CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text


def decoded(packed: bytes, wide: bool) -> str:
    """Give the text of stored characters."""
    return packed.decode("utf-16-le", "replace") if wide else packed.decode("latin-1")


def text_at(record: bytes, at: int, is_short: bool = False) -> str:
    """Give a text that stands whole in a record: its length (one byte if `is_short`), its flags, its characters."""
    length, flags = struct.unpack_from("<BB" if is_short else "<HB", record, at)
    at += 2 if is_short else 3
    at += 2 * bool(flags & RICH) + 4 * bool(flags & EXTENDED)
    return tidied(decoded(record[at : at + length * (1 + (flags & WIDE))], bool(flags & WIDE)))


def shared_texts(records: Sequence[bytes], longest: int) -> list[str]:
    """Read the table of shared texts from its record and those that continue it. What is missing at its end is missing."""
    if not records or len(records[0]) < 8:
        return []
    (count,) = struct.unpack_from("<I", records[0], 4)
    source = _Source(records)
    texts: list[str] = []
    while len(texts) < count and source.begin():
        if len(texts) == MOST_TEXTS:
            raise Unreadable("memory")
        length, flags = source.numbers("<HB")
        runs = source.numbers("<H")[0] if flags & RICH else 0
        extra = source.numbers("<I")[0] if flags & EXTENDED else 0
        text = source.characters(length, bool(flags & WIDE))
        if len(text) > longest:
            raise Unreadable("text", limit=longest, raw=text[:RAW_SHOWN])
        texts.append(tidied(text))
        source.skip(4 * runs + extra)
    return texts


class _Source:
    """Reads on from one record into the next."""

    def __init__(self, records: Sequence[bytes]) -> None:
        self._records, self._index, self._at = records, 0, 8

    def begin(self) -> bool:
        """Go on to the next text; false if there is none."""
        while self._at >= len(self._records[self._index]):
            if self._index + 1 == len(self._records):
                return False
            self._index, self._at = self._index + 1, 0
        return True

    def numbers(self, layout: str) -> tuple[int, ...]:
        """Read numbers. Raises struct.error where they do not stand in the record."""
        found = struct.unpack_from(layout, self._records[self._index], self._at)
        self._at += struct.calcsize(layout)
        return found

    def characters(self, left: int, wide: bool) -> str:
        """Read so many characters. A record in their midst begins with a byte that says anew how they are stored."""
        pieces: list[str] = []
        while True:
            record = self._records[self._index]
            taken = min(left, (len(record) - self._at) >> wide)
            pieces.append(decoded(record[self._at : self._at + (taken << wide)], wide))
            self._at += taken << wide
            left -= taken
            if not left or self._index + 1 == len(self._records):
                return "".join(pieces)
            self._index += 1
            wide = bool(self._records[self._index][:1] > b"\0" and self._records[self._index][0] & WIDE)
            self._at = 1

    def skip(self, count: int) -> None:
        """Pass over formatting and phonetics."""
        while count > (left := len(self._records[self._index]) - self._at):
            if self._index + 1 == len(self._records):
                self._at = len(self._records[self._index])
                return
            count -= left
            self._index, self._at = self._index + 1, 0
        self._at += count
