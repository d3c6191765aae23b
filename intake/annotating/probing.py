"""What must be known of a sheet before it is written again: whether it is protected, which columns are free."""

import re

from intake.annotating.marks import CannotPatch
from intake.annotating.rows import column_of
from intake.reader.xlsx.package import CHUNK, LocalNames, Package, damage_named, new_parser

PROTECTION = re.compile(rb"<(?:[\w.-]+:)?sheetProtection\b[^>]*\bsheet\s*=\s*[\"'](?:1|true|on)[\"']")
# As long as the tag of a protected sheet may be.
OVERLAP = 4_096
LAST_COLUMN = 16_383
CONTENT = {"v", "f", "is"}


def is_protected(package: Package, part: str) -> bool:
    """Whether the cells of a sheet may not be changed without a password or a command."""
    kept = b""
    with damage_named(), package.open(part) as file:
        while chunk := file.read(CHUNK):
            text = kept + chunk
            # Finding a word is much quicker than looking at every tag.
            if b"sheetProtection" in text and PROTECTION.search(text):
                return True
            kept = text[-OVERLAP:]
    return False


def first_free_column(package: Package, part: str, start: int) -> int:
    """Return the first column from `start` on (counted from 0) that holds nothing in any row. Raises CannotPatch, Unreadable."""
    used: set[int] = set()
    names, column, parser = LocalNames(), -1, new_parser()

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal column
        tag = names[name]
        if tag == "c":
            column = column_of(attributes.get("r"), column)
        elif tag == "row":
            column = -1
        elif column >= start and tag in CONTENT:
            used.add(column)

    parser.StartElementHandler = begin
    with damage_named(), package.open(part) as file:
        parser.ParseFile(file)
    free = next(index for index in range(start, start + len(used) + 1) if index not in used)
    if free >= LAST_COLUMN:
        raise CannotPatch("no free column")
    return free
