"""Which encoding a text file has: a mark at its start, strict UTF-8, else what its letters make plausible."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from intake.reader.legacy import legacy_codec

CHUNK = 1 << 20
SAMPLE = 256 * 1024
# UTF-32 before UTF-16: the mark of the one begins with the mark of the other.
MARKS = [
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH = re.compile(rb"[\x80-\xff]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
PLAIN = 0.05
HIGH_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")


class Undecodable(Exception):
    """The bytes fit no encoding soundly. `code` is that of a refusal, `row` the physical line, `encoding` what the rest is."""

    def __init__(self, code: str, row: int = 0, encoding: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.encoding = encoding


class _Broken(NamedTuple):
    """Where a strict decoder stopped: the physical line, counted from 1."""

    row: int


def detect_encoding(path: Path) -> str:
    """Give the codec that decodes the whole file strictly. Reads all of it once or twice, one chunk at a time. Raises `Undecodable`."""
    with path.open("rb") as file:
        head = file.read(8192)
    codec = next((codec for mark, codec in MARKS if head.startswith(mark)), "") or _unmarked_utf16(head)
    if codec:
        if broken := _first_break(path, codec):
            raise Undecodable("encoding_mixed", broken.row, codec)
        return codec
    broken = _first_break(path, "utf-8")
    if broken is None:
        return "utf-8"
    sample = sample_of(path)
    if _is_mostly_utf8(sample):
        raise Undecodable("encoding_mixed", broken.row, "utf-8")
    codec = legacy_codec(sample)
    if not codec or (codec != "cp1252" and _first_break(path, codec)):
        raise Undecodable("encoding")
    if broken := _first_break(path, codec):
        raise Undecodable("encoding_mixed", broken.row, codec)
    return codec


def first_row_not_in(path: Path, codec: str) -> int:
    """Give the physical line with the first bytes that `codec` cannot decode, counted from 1; 0 if it decodes the whole file."""
    broken = _first_break(path, codec)
    return broken.row if broken else 0


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without a mark shows as plain text from one side only; any other file with NUL bytes is no text."""
    if head.count(0) < len(head) * 0.02:
        return ""
    plain = {codec: _plain_share(head, codec) for codec in ("utf-16-le", "utf-16-be")}
    best = max(plain, key=lambda codec: plain[codec])
    if plain[best] < PLAIN:
        raise Undecodable("binary")
    return best


def _plain_share(head: bytes, codec: str) -> float:
    """How much of a UTF-16 reading is ASCII that a table is made of; nothing if control characters are in it."""
    text = head[: len(head) // 2 * 2].decode(codec, "replace")
    if CONTROL.search(text):
        return 0.0
    return sum(1 for c in text if c < "\x7f") / len(text)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _first_break(path: Path, codec: str) -> _Broken | None:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    line = 1
    for chunk in _chunks(path):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return _Broken(line + error.object.count(b"\n", 0, error.start))
        except UnicodeError:
            # A mark is missing that must stand at the start.
            return _Broken(line)
        line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeError:
        return _Broken(line)
    return None


def sample_of(path: Path) -> bytes:
    """Gather lines that hold bytes beyond ASCII, because only these can tell."""
    lines: list[bytes] = []
    size, rest = 0, b""
    for chunk in _chunks(path):
        # Whole lines only: half a character at the end of a chunk would decode as nothing.
        rest += chunk
        cut = max(rest.rfind(b"\n"), rest.rfind(b"\r")) + 1
        found = HIGH_LINE.findall(rest, 0, cut)
        rest = rest[cut:]
        lines += found
        size += sum(map(len, found))
        if size > SAMPLE or len(rest) > 4 * CHUNK:
            return b"\n".join(lines)
    return b"\n".join([*lines, *HIGH_LINE.findall(rest)])


def _is_mostly_utf8(sample: bytes) -> bool:
    sequences = len(SEQUENCE.findall(sample))
    return sequences > 1 and sequences > 2 * len(HIGH.findall(SEQUENCE.sub(b"", sample)))
