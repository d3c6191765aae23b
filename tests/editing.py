"""A workbook that was exported for editing, edited as a spreadsheet program does it."""

import io
from collections.abc import Callable

from openpyxl import load_workbook


def edited(content: bytes, change: Callable) -> bytes:
    """Return the workbook after `change` was done to its sheet, as a spreadsheet program saves it."""
    book = load_workbook(io.BytesIO(content))
    change(book.active)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def column(sheet, label: str) -> int:
    """Return the position of the column of that header."""
    return [cell.value for cell in sheet[1]].index(label) + 1


def type_in(sheet, line: int, label: str, text: str) -> None:
    """Type `text` into a cell; an empty one empties it."""
    cell = sheet.cell(line, column(sheet, label))
    cell.value, cell.data_type = text or None, "s" if text else "n"
