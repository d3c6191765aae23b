"""An ODS workbook: its sheets stand in one part, one after the other."""

from collections.abc import Callable
from dataclasses import dataclass

from intake.reader.ods.content import ContentPass
from intake.reader.rows import LeftOut, Take, Unreadable
from intake.reader.xlsx.package import Package, damage_named

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
LARGEST_MANIFEST = 8 * 1024 * 1024


@dataclass(slots=True)
class OdsSheet:
    """A sheet in the order of the file."""

    name: str
    hidden: bool


class OdsBook:
    """An open workbook. `rows_allowed` stops a row that claims to be there a million times."""

    kind = "ods"

    def __init__(self, package: Package, longest_cell: int, rows_allowed: int) -> None:
        self.package, self.longest_cell, self.rows_allowed = package, longest_cell, rows_allowed
        self.sheets: list[OdsSheet] = []
        if "encrypted-package" in package or self._is_encrypted():
            raise Unreadable("password")
        if CONTENT not in package:
            raise Unreadable("damaged")

    def _is_encrypted(self) -> bool:
        if MANIFEST not in self.package:
            return False
        with damage_named(), self.package.open(MANIFEST) as part:
            return b"encryption-data" in part.read(LARGEST_MANIFEST)

    def heads(self, width: int, begin: Callable[[], Take]) -> list[LeftOut]:
        """Read the beginning of each sheet, as far as the function that `begin` makes for it goes, and find out their names."""
        self.sheets = []
        content = ContentPass(self, width)

        def start(name: str, hidden: bool) -> Take:
            self.sheets.append(OdsSheet(name, hidden))
            return begin()

        with self.package.open(CONTENT) as part:
            found = content.heads(part, start)
        for sheet, linked in zip(self.sheets, content.linked, strict=True):
            sheet.hidden = sheet.hidden or linked
        if not self.sheets:
            raise Unreadable("charts_only" if content.is_spreadsheet else "damaged")
        return found

    def read(self, index: int, width: int, take: Take, header_line: int = 0) -> LeftOut:
        """Read a sheet; see `intake.reader.rows.RowPass`. Raises `Unreadable`."""
        with self.package.open(CONTENT) as part:
            return ContentPass(self, width).read(part, index, take, header_line)
