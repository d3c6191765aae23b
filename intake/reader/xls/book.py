"""An XLS workbook: its sheets, shared texts and number formats."""

import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from intake.reader.rows import PATIENCE, SHEETS_LOOKED_AT, LeftOut, Take, Unreadable
from intake.reader.xls.container import Container
from intake.reader.xls.sheet import BEGIN, END, HEAD, Index, XlsPass, index_of
from intake.reader.xls.strings import shared_texts, text_at
from intake.reader.xlsx.numbers import BUILT_IN, Format, format_for

PASSWORD, CALENDAR, FORMAT, STYLE, TEXTS, CONTINUED, SHEET = 0x2F, 0x22, 0x41E, 0xE0, 0xFC, 0x3C, 0x85
EXCEL_97 = 0x600
WITH_CELLS = 0
MOST_FORMATS = 70_000
# Seconds that a megabyte of records may take besides, before it gives anything.
PER_MEGABYTE = 0.05


@dataclass(frozen=True, slots=True)
class XlsSheet:
    """A sheet with cells; `start` is the offset of its first record."""

    name: str
    hidden: bool
    start: int


def _stream_of(path: str) -> bytes:
    """Take the stream of records out of its container, which is as large, and let go of that."""
    container = Container(Path(path).read_bytes())
    if stream := container.stream("Workbook") or container.stream("Book"):
        return stream
    raise Unreadable("damaged")


class XlsBook:
    """An open workbook."""

    kind = "xls"

    def __init__(self, path: str, longest_cell: int) -> None:
        self.longest_cell = longest_cell
        self.started, self.patience = time.process_time(), 0.0
        self.sheets: list[XlsSheet] = []
        self._texts: list[bytes] = []
        self._formats: dict[int, str] = {}
        self._styles: list[int] = []
        self._others = 0
        self._date1904 = False
        self._indexes: dict[int, Index] = {}
        try:
            self.stream = _stream_of(path)
            self.patience = len(self.stream) / 1024 / 1024 * PER_MEGABYTE
            self._read_globals()
            self.texts = shared_texts(self._texts, longest_cell)
            self._texts = []
        except (struct.error, IndexError) as error:
            raise Unreadable("damaged") from error
        if not self.sheets:
            raise Unreadable("charts_only" if self._others else "damaged")
        numbers = set(self._styles)
        shown = {number: format_for(self._formats.get(number, BUILT_IN.get(number, "General")), self._date1904) for number in numbers}
        self.formats: list[Format] = [shown[number] for number in self._styles]

    def _records(self) -> Iterator[tuple[int, bytes]]:
        """Give the records before the sheets: (kind, content)."""
        at = 0
        while True:
            kind, size = HEAD(self.stream, at)
            if kind == END:
                return
            yield kind, self.stream[at + 4 : at + 4 + size]
            at += 4 + size

    def _read_globals(self) -> None:
        kind, version = struct.unpack_from("<H2xH", self.stream)
        if kind != BEGIN or version != EXCEL_97:
            raise Unreadable("xls_old" if kind & 0xFF == 0x09 else "damaged")
        before = 0
        for kind, record in self._records():
            if kind == PASSWORD:
                raise Unreadable("password")
            continues = kind == CONTINUED and before == TEXTS
            if kind == TEXTS or continues:
                self._texts.append(record)
            elif kind == CALENDAR:
                self._date1904 = record[:1] == b"\1"
            elif kind == FORMAT:
                self._formats[struct.unpack_from("<H", record)[0]] = text_at(record, 2)
            elif kind == STYLE:
                self._styles.append(struct.unpack_from("<H", record, 2)[0])
            elif kind == SHEET:
                self._list_sheet(record)
            if len(self._styles) + len(self._formats) > MOST_FORMATS:
                raise Unreadable("damaged")
            before = TEXTS if continues else kind

    def _list_sheet(self, record: bytes) -> None:
        start, state, kind = struct.unpack_from("<IBB", record)
        if kind != WITH_CELLS:
            self._others += 1
        elif any(sheet.start == start for sheet in self.sheets):
            raise Unreadable("damaged")
        elif len(self.sheets) < SHEETS_LOOKED_AT:
            self.sheets.append(XlsSheet(text_at(record, 6, is_short=True), bool(state & 3), start))

    def _be_patient(self) -> None:
        if time.process_time() - self.started > PATIENCE + self.patience:
            raise Unreadable("time")

    def _index(self, sheet: XlsSheet) -> Index:
        """Find the cells of a sheet. Sheets that share their records are damage: each would be read again and again."""
        if sheet.start not in self._indexes:
            if sheet.start + 4 > len(self.stream) or HEAD(self.stream, sheet.start)[0] != BEGIN:
                raise Unreadable("damaged")
            try:
                found = index_of(self.stream, sheet.start, self._be_patient)
            except struct.error as error:
                raise Unreadable("damaged", sheet=sheet.name, row=1) from error
            if any(start < found.end and sheet.start < known.end for start, known in self._indexes.items()):
                raise Unreadable("damaged")
            self._indexes[sheet.start] = found
        return self._indexes[sheet.start]

    def heads(self, width: int, begin: Callable[[], Take]) -> list[LeftOut]:
        """Read the beginning of each sheet: as far as the function that `begin` makes for it goes."""
        return [self.read(index, width, begin()) for index in range(len(self.sheets))]

    def read(self, index: int, width: int, take: Take, header_line: int = 0) -> LeftOut:
        """Read a sheet; see `intake.reader.rows.RowPass`. Raises `Unreadable`."""
        sheet = self.sheets[index]
        found = self._index(sheet)
        return XlsPass(self, sheet.name, width, take, header_line).run(found)
