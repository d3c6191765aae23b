"""XLS workbooks (BIFF8) written by hand, record by record, in a container written by hand."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

BEGIN, END, SHEET, TEXTS, CONTINUED, STYLE, FORMAT, PASSWORD, CALENDAR = 0x809, 0x0A, 0x85, 0xFC, 0x3C, 0xE0, 0x41E, 0x2F, 0x22
LONGEST_RECORD = 8224
FREE, LAST, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

type Value = str | int | float | bool | bytes | None


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of the stream."""
    return struct.pack("<HH", kind, len(content)) + content


def text(value: str, is_short: bool = False) -> bytes:
    """A text with its length and the size of its characters."""
    wide = any(sign > "\xff" for sign in value)
    packed = value.encode("utf-16-le") if wide else value.encode("latin-1")
    return struct.pack("<BB" if is_short else "<HB", len(packed) >> wide, wide) + packed


# Cells: (row, column, style), counted from 0


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    """A number in eight bytes."""
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def packed_number(row: int, column: int, value: int, style: int = 0, *, hundredths: bool = False) -> bytes:
    """A whole number in four bytes, or so many hundredths."""
    return record(0x27E, struct.pack("<HHHi", row, column, style, value << 2 | 2 | hundredths))


def many_numbers(row: int, column: int, *values: int) -> bytes:
    """Packed numbers side by side."""
    cells = b"".join(struct.pack("<Hi", 0, value << 2 | 2) for value in values)
    return record(0xBD, struct.pack("<HH", row, column) + cells + struct.pack("<H", column + len(values) - 1))


def label(row: int, column: int, value: str, style: int = 0) -> bytes:
    """A text in its place."""
    return record(0x204, struct.pack("<HHH", row, column, style) + text(value))


def truth(row: int, column: int, value: int, is_error: bool = False) -> bytes:
    """A truth value, or an error by its number."""
    return record(0x205, struct.pack("<HHHBB", row, column, 0, value, is_error))


def formula(row: int, column: int, result: bytes, after: bytes = b"", flags: int = 0, style: int = 0) -> bytes:
    """A formula with the eight bytes of its stored result, and what follows it."""
    return record(0x06, struct.pack("<HHH8sHIH", row, column, style, result, flags, 0, 0)) + after


def special(kind: int, value: int = 0) -> bytes:
    """The result of a formula that is no number: 0 text, 1 truth, 2 error, 3 nothing."""
    return bytes([kind, 0, value, 0, 0, 0, 0xFF, 0xFF])


def rows(*lines: Sequence[Value]) -> bytes:
    """The cells of rows from the first on; bytes are a record already."""
    return b"".join(_cell(row, column, value) for row, line in enumerate(lines) for column, value in enumerate(line))


def _cell(row: int, column: int, value: Value) -> bytes:
    if value is None or isinstance(value, bytes):
        return value or b""
    if isinstance(value, bool):
        return truth(row, column, value)
    if isinstance(value, str):
        return label(row, column, value)
    return packed_number(row, column, value) if isinstance(value, int) and abs(value) < 1 << 29 else number(row, column, value)


def begin(kind: int, version: int = 0x600) -> bytes:
    """The first record of the workbook (kind 5) or of a sheet (0x10)."""
    return record(BEGIN, struct.pack("<HHHHII", version, kind, 0x0DBB, 0x07CC, 0, 6))


def sheet(content: bytes) -> bytes:
    """The records of a sheet."""
    return begin(0x10) + content + record(END)


def stream(
    sheets: Mapping[str, bytes],
    *,
    formats: Sequence[str] = (),
    texts: Sequence[bytes] = (),
    hidden: Sequence[str] = (),
    charts: Sequence[str] = (),
    before: bytes = b"",
    version: int = 0x600,
) -> bytes:
    """The stream of a workbook. Style 0 is General, each format is one more; `texts` are the records of shared texts."""
    more = b"".join(record(FORMAT, struct.pack("<H", 164 + index) + text(code)) for index, code in enumerate(formats))
    more += b"".join(record(STYLE, struct.pack("<HH16x", 0, 164 + index if index >= 0 else 0)) for index in range(-1, len(formats)))
    more += b"".join(record(CONTINUED if index else TEXTS, content) for index, content in enumerate(texts))
    head = begin(5, version) + before + more
    start = len(head) + sum(len(record(SHEET, bytes(6) + text(name, True))) for name in sheets) + len(record(END))
    listed = b""
    for name, content in sheets.items():
        listed += record(SHEET, struct.pack("<IBB", start, name in hidden, 2 if name in charts else 0) + text(name, True))
        start += len(content)
    return head + listed + record(END) + b"".join(sheets.values())


def shared(*values: str) -> list[bytes]:
    """The records of shared texts, cut wherever a record is full."""
    content = struct.pack("<II", len(values), len(values)) + b"".join(map(text, values))
    return [content[:LONGEST_RECORD], *(content[at : at + LONGEST_RECORD] for at in range(LONGEST_RECORD, len(content), LONGEST_RECORD))]


def container(streams: Mapping[str, bytes], *, shift: int = 9, is_mini: bool = False) -> bytes:
    """A container of streams; `is_mini` puts them into the small sectors that are meant for small ones."""
    size = 1 << shift
    named = {"Root Entry": b"".join(_padded(content, 64) for content in streams.values()) if is_mini else b""}
    large = named | ({} if is_mini else {name: content.ljust(4096, b"\0") for name, content in streams.items()})
    sectors: list[bytes] = []
    following: list[int] = []

    def add(content: bytes, mark: int = 0) -> int:
        start, pieces = len(sectors), [content[at : at + size].ljust(size, b"\0") for at in range(0, len(content), size)]
        sectors.extend(pieces)
        following.extend([mark] * len(pieces) if mark else [*range(start + 1, start + len(pieces)), LAST][: len(pieces)])
        return start if pieces else LAST

    starts = {name: add(content) for name, content in large.items()}
    mini: list[int] = []
    for name, content in streams.items() if is_mini else ():
        starts[name] = len(mini)
        mini += [*range(len(mini) + 1, len(mini) + -(-len(content) // 64)), LAST]
    mini_table = add(struct.pack(f"<{len(mini)}I", *mini)) if mini else LAST
    directory = add(
        b"".join(
            _entry(name, 5 if name == "Root Entry" else 2, starts[name], len((named | dict(streams))[name] if is_mini else large[name]))
            for name in ("Root Entry", *streams)
        )
    )
    count = 1
    while count * (size // 4) < len(sectors) + count:
        count += 1
    table = len(sectors)
    add(struct.pack(f"<{count * size // 4}I", *([*following, *[TABLE] * count] + [FREE] * count * size)[: count * size // 4]), TABLE)
    places = [*range(table, table + count), *[FREE] * 109][:109]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 4 if shift == 12 else 3, 0xFFFE, shift, 6)
    head += struct.pack("<9I", 0, count, directory, 0, 4096, mini_table, 1 if mini else 0, LAST, 0) + struct.pack("<109I", *places)
    return head.ljust(size, b"\0") + b"".join(sectors)


def _padded(content: bytes, size: int) -> bytes:
    return content.ljust(-(-len(content) // size) * size, b"\0")


def _entry(name: str, kind: int, start: int, length: int) -> bytes:
    packed = name.encode("utf-16-le")
    head = packed.ljust(64, b"\0") + struct.pack("<HBB", len(packed) + 2, kind, 1)
    return head.ljust(116, b"\xff") + struct.pack("<III", start, length, 0)


def workbook(path: Path, content: bytes, **options) -> Path:
    """A workbook with one sheet, "Clients", whose cells are given as records."""
    return write(path, stream({"Clients": sheet(content)}, **options))


def write(path: Path, workbook_stream: bytes, **options) -> Path:
    """Put the stream of a workbook into a file."""
    path.write_bytes(container({"Workbook": workbook_stream}, **options))
    return path
