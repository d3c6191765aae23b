"""What the cells of a workbook refer to: its sheets, shared strings and number formats."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from intake.reader.rows import SHEETS_LOOKED_AT, LeftOut, Take
from intake.reader.xlsx.numbers import BUILT_IN, Format, format_for, plain
from intake.reader.xlsx.package import Package, Unreadable
from intake.reader.xlsx.strings import read_strings

MOST_FORMATS = 70_000
# Texts that differ need some bytes each, however well they are packed; more texts than that are there to fill our memory.
MOST_STRINGS, FEW_STRINGS = 5_000_000, 300_000
STYLE_GROUPS = {"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles"}


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet with cells, as the workbook lists it."""

    name: str
    hidden: bool
    part: str


class Book:
    """An open workbook."""

    kind = "xlsx"

    def __init__(self, package: Package, longest_cell: int) -> None:
        self.package = package
        self.longest_cell = longest_cell
        self.date1904 = False
        main = [part for kind, part in package.relations("").values() if kind == "officeDocument"]
        self._part = next((part for part in main if part in package), "xl/workbook.xml")
        if self._part not in package:
            raise Unreadable("damaged" if "xl" in self._part else "archive")
        self._relations = package.relations(self._part)
        self.sheets = self._listed()

    def _listed(self) -> list[SheetEntry]:
        sheets: list[SheetEntry] = []
        others = 0

        def visit(tag: str, attributes: dict[str, str]) -> None:
            nonlocal others
            if tag == "workbookPr":
                self.date1904 = attributes.get("date1904") in {"1", "true", "on"}
            elif tag == "sheet":
                relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
                kind, part = self._relations.get(relation, ("", ""))
                if kind == "worksheet" and part in self.package:
                    sheets.append(SheetEntry(attributes.get("name", ""), attributes.get("state", "visible") != "visible", part))
                elif kind != "worksheet":
                    others += 1

        self.package.elements(self._part, visit)
        if not sheets:
            raise Unreadable("charts_only" if others else "damaged")
        return sheets[:SHEETS_LOOKED_AT]

    def _related(self, kind: str) -> str:
        return next((part for found, part in self._relations.values() if found == kind and part in self.package), "")

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, read when the first sheet asks for them."""
        name = self._related("sharedStrings")
        if not name:
            return []
        with self.package.open(name) as part:
            return read_strings(part, self.longest_cell, min(MOST_STRINGS, FEW_STRINGS + 2 * self.package.packed_size(name)))

    @cached_property
    def formats(self) -> list[Format]:
        """The function that shows a number, by style."""
        name = self._related("styles")
        codes: dict[int, str] = {}
        styles: list[int] = []
        group = ""

        def visit(tag: str, attributes: dict[str, str]) -> None:
            nonlocal group
            if tag in STYLE_GROUPS:
                group = tag
            elif tag == "numFmt" and group == "numFmts":
                codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
            elif tag == "xf" and group == "cellXfs":
                styles.append(int(attributes.get("numFmtId", "0")))
            if len(styles) + len(codes) > MOST_FORMATS:
                raise Unreadable("damaged")

        if name:
            self.package.elements(name, visit)
        shown = {number: format_for(codes.get(number, BUILT_IN.get(number, "General")), self.date1904) for number in set(styles)}
        return [shown[number] for number in styles] or [plain]

    def heads(self, width: int, begin: Callable[[], Take]) -> list[LeftOut]:
        """Read the beginning of each sheet: as far as the function that `begin` makes for it goes."""
        return [self.read(index, width, begin()) for index in range(len(self.sheets))]

    def read(self, index: int, width: int, take: Take, header_line: int = 0) -> LeftOut:
        """Read a sheet; see `intake.reader.rows.RowPass`. Raises `Unreadable`."""
        # It knows this module, too.
        from intake.reader.xlsx.sheet import SheetPass  # noqa: PLC0415

        sheet = self.sheets[index]
        with self.package.open(sheet.part) as part:
            return SheetPass(self, sheet.name, width, take, header_line).run(part)
