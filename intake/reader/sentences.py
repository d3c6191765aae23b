"""Every sentence of the reader, by the code of its reason: what is wrong and what to do next."""

# ruff: noqa: E501 - a sentence stays on one line, where it can be found

from collections.abc import Iterable, Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from intake.reader.table import CellError, Refused

FILE_NAME_SHOWN = 80
RAW_SHOWN = 40

REFUSALS = {
    "missing": gettext_lazy("“%(file)s” cannot be found any more. Upload it again."),
    "empty": gettext_lazy("“%(file)s” is empty. Choose a file with a header row and at least one row beneath it."),
    "header_only": gettext_lazy(
        "“%(file)s” has a header row (row %(row)s) but no rows beneath it. Fill in at least one row and upload it again."
    ),
    "header_only_sheet": gettext_lazy(
        "Sheet “%(sheet)s” of “%(file)s” has a header row (row %(row)s) but no rows beneath it. Fill in at least one row and upload it again."
    ),
    # Too much
    "bytes_csv": gettext_lazy("“%(file)s” has %(size)s MB; a CSV file may have up to %(limit)s MB. Split it into several files."),
    "bytes_sheet": gettext_lazy(
        "“%(file)s” has %(size)s MB; a spreadsheet may have up to %(limit)s MB. Save it as CSV or split it into several files."
    ),
    "rows_csv": gettext_lazy("“%(file)s” has more than %(limit)s rows. Split it into several files."),
    "rows_sheet": gettext_lazy(
        "Sheet “%(sheet)s” of “%(file)s” has more than %(limit)s rows. Save it as CSV, which may have more, or split it into several files."
    ),
    "columns": gettext_lazy(
        "The header row (row %(row)s) of “%(file)s” has more than %(limit)s columns. Delete the columns that are not needed."
    ),
    "columns_sheet": gettext_lazy(
        "The header row (row %(row)s) on sheet “%(sheet)s” of “%(file)s” has more than %(limit)s columns. Delete the columns that are not needed."
    ),
    "cell": gettext_lazy(
        "The cell in row %(row)s, column %(column)s on sheet “%(sheet)s” of “%(file)s” holds more than %(limit)s characters. Shorten it and upload the file again."
    ),
    "text": gettext_lazy(
        "A cell of “%(file)s” holds more than %(limit)s characters; its text begins with “%(raw)s”. Shorten it and upload the file again."
    ),
    "line": gettext_lazy(
        "Row %(row)s of “%(file)s” is longer than any row of a table. Check that the rows end with line breaks and that quotation marks are closed."
    ),
    "unpacked": gettext_lazy("“%(file)s” unpacks to more than %(limit)s MB. Save the table as CSV or split it into several files."),
    "ratio": gettext_lazy(
        "A part of “%(file)s” unpacks to more than %(times)s times its size, as no table does. Copy the table into a new workbook and upload that."
    ),
    "entries": gettext_lazy("“%(file)s” is made of more than %(limit)s parts. Copy the table into a new workbook and upload that."),
    "memory": gettext_lazy("“%(file)s” needs more memory than we allow. Save the table as CSV or split it into several files."),
    "time": gettext_lazy("“%(file)s” needs more time to read than we allow. Save the table as CSV or split it into several files."),
    "far": gettext_lazy(
        "Sheet “%(sheet)s” of “%(file)s” has a second table from row %(row)s on, far below the first. Delete it or move it to a sheet of its own."
    ),
    # Not a table that is read here
    "password": gettext_lazy(
        "“%(file)s” is protected by a password. Open it in your spreadsheet program, save it without a password and upload it again."
    ),
    "xls_old": gettext_lazy(
        "“%(file)s” is a workbook of a time before Excel 97. Open it in your spreadsheet program, save it as XLSX or CSV and upload that."
    ),
    "xlsb": gettext_lazy(
        "“%(file)s” is a binary workbook (XLSB). Open it in your spreadsheet program, save it as XLSX or CSV and upload that."
    ),
    "flat_ods": gettext_lazy(
        "“%(file)s” is an OpenDocument file in one piece of XML. Open it in your spreadsheet program, save it as ODS, XLSX or CSV and upload that."
    ),
    "numbers": gettext_lazy("“%(file)s” is an Apple Numbers or iWork file. Export it as XLSX or CSV and upload that."),
    "html": gettext_lazy(
        "“%(file)s” is a web page (HTML), whatever its name says. Open it in your spreadsheet program, save it as XLSX or CSV and upload that."
    ),
    "xml_sheet": gettext_lazy(
        "“%(file)s” is a spreadsheet in the XML format of 2003. Open it in your spreadsheet program, save it as XLSX or CSV and upload that."
    ),
    "exchange": gettext_lazy(
        "“%(file)s” is in an older exchange format (SYLK or DIF). Open it in your spreadsheet program, save it as XLSX or CSV and upload that."
    ),
    "xml": gettext_lazy("“%(file)s” is an XML file, not a table. Choose an XLSX or CSV file."),
    "json": gettext_lazy("“%(file)s” is a JSON file, not a table. Choose an XLSX or CSV file."),
    "vcard": gettext_lazy("“%(file)s” is a file of contact cards (vCard), not a table. Export the address book as CSV and upload that."),
    "calendar": gettext_lazy("“%(file)s” is a calendar file, not a table. Choose an XLSX or CSV file."),
    "rtf": gettext_lazy("“%(file)s” is a text document (RTF), not a table. Choose an XLSX or CSV file."),
    "pdf": gettext_lazy("“%(file)s” is a PDF document, not a table. Choose an XLSX or CSV file."),
    "image": gettext_lazy("“%(file)s” is a picture, not a table. Choose an XLSX or CSV file."),
    "document": gettext_lazy("“%(file)s” is a text document or presentation, not a table. Choose an XLSX or CSV file."),
    "archive": gettext_lazy("“%(file)s” is a compressed archive. Unpack it and upload the spreadsheet inside."),
    "binary": gettext_lazy("“%(file)s” is not a table that can be read here. Choose an XLSX or CSV file."),
    # Read otherwise than a person chose
    "no_such_sheet": gettext_lazy("“%(file)s” has no sheet “%(sheet)s” with cells in it. Choose another sheet."),
    "header_row": gettext_lazy("Row %(row)s of “%(file)s” cannot be the header row: nothing is in it. Choose another row."),
    "header_row_sheet": gettext_lazy(
        "Row %(row)s on sheet “%(sheet)s” of “%(file)s” cannot be the header row: nothing is in it. Choose another row."
    ),
    "no_such_encoding": gettext_lazy("“%(encoding)s” is no encoding in which a file is read here. Choose another one for “%(file)s”."),
    "not_in_encoding": gettext_lazy("Row %(row)s of “%(file)s” has bytes that are no letters in %(encoding)s. Choose another encoding."),
    "no_such_delimiter": gettext_lazy(
        "“%(delimiter)s” separates no columns here. Choose commas, semicolons, tabs or vertical bars for “%(file)s”."
    ),
    # Broken
    "damaged": gettext_lazy(
        "“%(file)s” is damaged and cannot be read. Open it in your spreadsheet program, save it under a new name and upload that."
    ),
    "damaged_sheet": gettext_lazy(
        "Sheet “%(sheet)s” of “%(file)s” is damaged near row %(row)s. Open the file in your spreadsheet program, save it under a new name and upload that."
    ),
    "doctype": gettext_lazy(
        "“%(file)s” contains XML definitions (DTD), which no spreadsheet program writes. Copy the table into a new workbook and upload that."
    ),
    "charts_only": gettext_lazy("“%(file)s” holds only charts and no sheet with cells. Choose the workbook that holds the table."),
    "hidden_only": gettext_lazy(
        "The only sheet of “%(file)s” that holds anything, “%(sheet)s”, is hidden. Unhide it, save the file and upload it again."
    ),
    "nul": gettext_lazy("Row %(row)s of “%(file)s” contains NUL bytes, so it is not plain text. Export the table as CSV once more."),
    "encoding": gettext_lazy(
        "The letters of “%(file)s” are stored in a way that cannot be told for sure. Save it as “CSV UTF-8” in your spreadsheet program and upload it again."
    ),
    "encoding_mixed": gettext_lazy(
        "Row %(row)s of “%(file)s” has letters that do not fit the rest of the file, which is %(encoding)s. Correct this row or save the file as “CSV UTF-8”."
    ),
    "quotes": gettext_lazy(
        "The quotation marks in row %(row)s of “%(file)s” do not match. Write a quotation mark inside a text twice and close every quoted text."
    ),
    "quotes_open": gettext_lazy(
        "Row %(row)s of “%(file)s” opens a quotation mark that is never closed. Close it and upload the file again."
    ),
}

CELLS = {
    "error_value": gettext_lazy("This cell shows the error “%(raw)s”. Correct its formula or type the value."),
    "no_result": gettext_lazy(
        "This cell holds a formula without a stored result. Open the file in your spreadsheet program, save it and upload it again."
    ),
    "digits": gettext_lazy(
        "“%(raw)s” is stored as a number with more than 15 digits, so its last digits are lost. Format the column as text and type the value again."
    ),
    "number": gettext_lazy("“%(raw)s” is stored as a number but is none. Type the value again."),
    "date": gettext_lazy("“%(raw)s” is formatted as a date but stands for no day of the calendar. Type the date again."),
    "long": gettext_lazy("This cell holds %(length)s characters; a cell may hold up to %(limit)s. Shorten the text."),
}


def refused(code: str, filename: str, **details: str | int) -> Refused:
    """Build the refusal for a reason; `details` fill its sentence (row, sheet, limit...)."""
    if details.get("sheet") and f"{code}_sheet" in REFUSALS:
        code = f"{code}_sheet"
    sentence = REFUSALS.get(code, REFUSALS["damaged"])
    if isinstance(limit := details.get("limit"), int):
        details["limit"] = number_format(limit, use_l10n=True, force_grouping=True)
    try:
        return Refused(str(sentence) % (details | {"file": shown(filename, FILE_NAME_SHOWN)}), code)
    except KeyError:
        return Refused(str(REFUSALS["damaged"]) % {"file": shown(filename, FILE_NAME_SHOWN)}, "damaged")


def cell_error(code: str, raw: str, **details: int) -> CellError:
    """Build the error of one cell; `raw` is kept whole and shown shortened."""
    counts = {name: number_format(count, use_l10n=True, force_grouping=True) for name, count in details.items()}
    return CellError(raw, str(CELLS[code]) % (counts | {"raw": shown(raw, RAW_SHOWN)}), code)


def surplus(fields: int, width: int) -> str:
    """Say that a CSV row has more filled fields than there are headers."""
    return _(
        "This row has %(fields)s fields but the header row has %(width)s. Put a text that contains the separator in quotation marks."
    ) % {
        "fields": fields,
        "width": width,
    }


def bad_quotes() -> str:
    """Say that the quotation marks of a CSV row do not match."""
    return _("The quotation marks in this row do not match. Write a quotation mark inside a text twice and close every quoted text.")


def shown(text: str, length: int) -> str:
    """Give a text as it can stand inside a sentence: on one line, without control characters, shortened."""
    text = "".join(c if c.isprintable() else " " for c in text[: length + 1])
    return text if len(text) <= length else text[: length - 1] + "…"


def megabytes(size: int) -> str:
    """Give a size in megabytes with one decimal where it has one."""
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")


DELIMITERS = {
    ",": gettext_lazy("commas"),
    ";": gettext_lazy("semicolons"),
    "\t": gettext_lazy("tabs"),
    "|": gettext_lazy("vertical bars"),
}

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": gettext_lazy("Western European (Windows-1252)"),
    "cp1250": gettext_lazy("Central European (Windows-1250)"),
    "cp1251": gettext_lazy("Cyrillic (Windows-1251)"),
    "cp1253": gettext_lazy("Greek (Windows-1253)"),
    "iso8859_7": gettext_lazy("Greek (ISO 8859-7)"),
    "cp1255": gettext_lazy("Hebrew (Windows-1255)"),
    "cp866": gettext_lazy("Cyrillic (DOS)"),
    "cp1254": gettext_lazy("Turkish (Windows-1254)"),
    "cp1257": gettext_lazy("Baltic (Windows-1257)"),
    "iso8859_2": gettext_lazy("Central European (ISO 8859-2)"),
    "koi8_r": gettext_lazy("Cyrillic (KOI8-R)"),
    "mac_roman": gettext_lazy("Western European (Macintosh)"),
    "cp850": gettext_lazy("Western European (DOS)"),
    "cp852": gettext_lazy("Central European (DOS)"),
    "cp932": gettext_lazy("Japanese (Shift-JIS)"),
    "euc_jp": gettext_lazy("Japanese (EUC)"),
    "gb18030": gettext_lazy("Simplified Chinese (GB 18030)"),
    "cp950": gettext_lazy("Traditional Chinese (Big5)"),
    "cp949": gettext_lazy("Korean (EUC-KR)"),
    "cp1256": gettext_lazy("Arabic (Windows-1256)"),
    "cp874": gettext_lazy("Thai (Windows-874)"),
    "cp1258": gettext_lazy("Vietnamese (Windows-1258)"),
}


def encoding_name(codec: str) -> str:
    """Give the name of an encoding that a person may know."""
    return str(ENCODINGS.get(codec, codec))


def encodings(readings: Iterable[tuple[str, list[str]]]) -> list[dict[str, object]]:
    """Give the ways to read a text file, each a codec and sample texts, as a page offers them."""
    return [{"value": codec, "label": encoding_name(codec), "sample": texts} for codec, texts in readings]


def delimiters(widths: Mapping[str, int]) -> list[dict[str, object]]:
    """Give the delimiters with the number of columns that each gives, as a page offers them."""
    return [{"value": delimiter, "label": str(DELIMITERS[delimiter]), "columns": width} for delimiter, width in widths.items()]


def read_as(codec: str, delimiter: str) -> str:
    """Note how a CSV file was read."""
    return _("Read as %(encoding)s text with columns separated by %(delimiter)s.") % {
        "encoding": encoding_name(codec),
        "delimiter": DELIMITERS[delimiter],
    }


def read_sheet(sheet: str) -> str:
    """Note which sheet of a workbook was read."""
    return _("Read from sheet “%(sheet)s”.") % {"sheet": shown(sheet, FILE_NAME_SHOWN)}


def no_header(column: str, count: int) -> str:
    """Note that a column without a header holds values."""
    return ngettext(
        "Column %(column)s has no header, so its %(count)s value was not read.",
        "Column %(column)s has no header, so its %(count)s values were not read.",
        count,
    ) % {"column": column, "count": count}


def stray_cells(first: str, count: int) -> str:
    """Note cells far from the table."""
    return ngettext(
        "%(count)s cell outside the table was not read (%(first)s).",
        "%(count)s cells outside the table were not read (the first is %(first)s).",
        count,
    ) % {"count": count, "first": first}


def stopped_at(row: int) -> str:
    """Note that an endless run of empty rows was not followed."""
    return _("Only empty rows follow row %(row)s; reading stopped there.") % {"row": row}


def merged_cells(count: int) -> str:
    """Note merged cells inside the table."""
    return ngettext(
        "%(count)s merged area in the table: only its first cell has a value.",
        "%(count)s merged areas in the table: only the first cell of each has a value.",
        count,
    ) % {"count": count}


def hidden_read(rows: int, columns: int) -> str:
    """Note that hidden rows or columns were read like all others."""
    if rows and columns:
        return _("Hidden rows (%(rows)s) and hidden columns (%(columns)s) were read too.") % {"rows": rows, "columns": columns}
    if rows:
        return ngettext("%(count)s hidden row was read too.", "%(count)s hidden rows were read too.", rows) % {"count": rows}
    return ngettext("%(count)s hidden column was read too.", "%(count)s hidden columns were read too.", columns) % {"count": columns}
