"""The workbook and the CSV file that people fill in, made from the declaration of the columns (J4, J5, C17)."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from clientdesk.models import User
from clientdesk.spreadsheets import write_csv
from clients.models import Client
from intake.column import Column
from intake.kinds import resource
from intake.models import ImportRun
from intake.person_cells import PlaceWidget
from intake.samples import samples

FORMATS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
REQUIRED = PatternFill("solid", fgColor="FFFFEB3B")
OPTIONAL = PatternFill("solid", fgColor="FFEDEFF5")
EXAMPLE = Font(italic=True, color="FF6B7280")
ROWS = 1_000


class About(NamedTuple):
    """What the template of one kind says of itself: the title of its sheet, and the lines of its instructions."""

    sheet: str | Promise
    lines: tuple[str | Promise, ...]


_UPDATED = lazy("A client whose name exists already is updated: filled cells replace what is saved, empty cells keep it.")
ABOUT = {
    ImportRun.Kind.CORPORATE: About(lazy("Clients"), (lazy("One client a row, on the first sheet."), _UPDATED)),
    ImportRun.Kind.INDIVIDUAL: About(
        lazy("Individual clients"),
        (
            lazy("One person a row, on the first sheet. Each new client gets its own contact person with the same e-mail and phone."),
            lazy("Give first and last name, or the whole name in one cell: the last word, or all before a comma, is the last name then."),
            _UPDATED,
        ),
    ),
    ImportRun.Kind.TREE: About(
        lazy("Company tree"),
        (
            lazy("In each row the client, and where there is one its office, its department and a person there."),
            lazy("What one row says of a client, an office or a department need not be repeated in the others."),
            _UPDATED,
        ),
    ),
    ImportRun.Kind.CONTACT: About(
        lazy("Contact persons"),
        (
            lazy("One contact person a row, on the first sheet. The client’s number, name or e-mail says whose person it is."),
            lazy("A person whose e-mail the client has already is updated: filled cells replace what is saved, empty cells keep it."),
            lazy("A department that the client has not yet is added; an office must be there. A client’s first person is the primary one."),
        ),
    ),
}


def make(kind: str, format: str, *, filled: bool = False, by: User | None = None, client: Client | None = None) -> bytes:
    """Return the template of `kind` as "xlsx" or "csv": with one example row, or `filled` with the sample's rows.

    Its drop-down lists offer what `by`, who will import, may give (SD4); nobody in particular is offered everything. Of one `client`
    they offer its places, too, and nothing asks which client is meant (XD2).
    """
    columns = resource(kind).about(client).template_columns()
    for column in columns:
        column.widget.by = by
        if isinstance(column.widget, PlaceWidget):
            column.widget = column.widget.at(client)
    rows = [[row.get(column.key, "") for column in columns] for row in samples(kind)] if filled else [example(columns)]
    if format == "csv":
        return b"".join(write_csv([[column.label for column in columns], *rows]))
    return _workbook(kind, columns, rows, filled)


def example(columns: Sequence[Column]) -> list[str]:
    """Return the example row; the import leaves it out while nobody changes it."""
    return [column.example for column in columns]


def stamp(kind: str) -> str:
    """Return the version of the template: it changes when a column, its help or its rules change."""
    columns = resource(kind).columns()
    declared = "\n".join(f"{column.key}|{column.label}|{column.help}|{column.required}|{column.max_length}" for column in columns)
    return f"{kind}-{hashlib.sha256(declared.encode()).hexdigest()[:8]}"


def _workbook(kind: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], filled: bool) -> bytes:
    book, about = Workbook(), ABOUT[kind]
    sheet = book.active
    sheet.title = str(about.sheet)
    for index, column in enumerate(columns, 1):
        _head(sheet, index, column)
    for number, row in enumerate(rows, 2):
        for index, text in enumerate(row, 1):
            cell = sheet.cell(number, index)
            # Set as text: a value that begins with + or = must never become a formula.
            cell.value, cell.data_type, cell.number_format = text or None, "s" if text else "n", "@"
            if not filled:
                cell.font = EXAMPLE
    sheet.freeze_panes = "B2"
    _lists(book, sheet, columns)
    _instructions(book.create_sheet(_("Instructions")), kind, columns)
    book.properties.title = str(ImportRun.Kind(kind).label)
    book.properties.creator = "ClientDesk"
    book.properties.version = stamp(kind)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _head(sheet: Worksheet, index: int, column: Column) -> None:
    cell = sheet.cell(1, index, column.label)
    cell.font = Font(bold=True)
    cell.fill = REQUIRED if column.required else OPTIONAL
    cell.alignment = Alignment(vertical="center")
    note = Comment(f"{_('Required.') if column.required else _('Optional.')} {column.help}", "ClientDesk")
    note.width, note.height = 280, 110
    cell.comment = note
    letter = get_column_letter(index)
    sheet.column_dimensions[letter].width = max(len(column.label) + 4, 14, min(len(column.example) + 2, 34))
    # Whole columns as text, so that zeros in front and long numbers survive.
    sheet.column_dimensions[letter].number_format = "@"


def _lists(book: Workbook, sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Give every column its input message, and a drop-down list of what the settings hold now where there is one."""
    words = book.create_sheet("Lists")
    words.sheet_state = "hidden"
    for index, column in enumerate(columns, 1):
        rule = DataValidation(allow_blank=True, showInputMessage=True, showErrorMessage=False)
        rule.promptTitle, rule.prompt = column.label[:32], str(column.help)[:255]
        if allowed := column.allowed:
            place = words.max_column + 1 if words.max_row > 1 or words["A1"].value else 1
            for number, word in enumerate(allowed, 1):
                cell = words.cell(number, place, word)
                cell.data_type = "s"
            letter = get_column_letter(place)
            name = f"list_{column.key}"
            book.defined_names[name] = DefinedName(name, attr_text=f"Lists!${letter}$1:${letter}${len(allowed)}")
            rule.type, rule.formula1 = "list", name
        letter = get_column_letter(index)
        rule.add(f"{letter}2:{letter}{ROWS + 1}")
        sheet.add_data_validation(rule)


def _instructions(sheet: Worksheet, kind: str, columns: Sequence[Column]) -> None:
    for index, line in enumerate(_lines(kind), 1):
        sheet.cell(index, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
    start = sheet.max_row + 2
    for number, column in enumerate(columns, start):
        sheet.cell(number, 1, column.label).font = Font(bold=True)
        sheet.cell(number, 1).fill = REQUIRED if column.required else OPTIONAL
        sheet.cell(number, 2, _("Required") if column.required else _("Optional"))
        sheet.cell(number, 3, str(column.help)).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(number, 4, column.example).data_type = "s"
    for letter, width in zip("ABCD", (28, 12, 70, 34), strict=True):
        sheet.column_dimensions[letter].width = width


def _lines(kind: str) -> Iterator[str]:
    yield _("How to fill in this template")
    yield _("Yellow columns must be there; the others may be left empty or deleted.")
    yield from map(str, ABOUT[kind].lines)
    yield _("The grey example row is not imported while you leave it as it is; you may also delete it.")
    yield _("This sheet is never imported.")
    yield _("Template version %(stamp)s") % {"stamp": stamp(kind)}
