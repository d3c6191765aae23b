"""A workbook -> the same workbook with what is wrong marked in it, as changes of its package."""

from pathlib import Path
from typing import IO
from xml.sax.saxutils import quoteattr

from intake.annotating.comments import are_all_by, comments_part, drawing_part, holds_only_notes
from intake.annotating.edits import Element, appended, child, parsed
from intake.annotating.marks import CannotPatch, Job
from intake.annotating.package import CONTENT_TYPES, MAINS, OFFICE, SHEET_TYPE, Parts
from intake.annotating.probing import first_free_column, is_protected
from intake.annotating.properties import keep_marker
from intake.annotating.rows import Added
from intake.annotating.sheet import SheetPatch
from intake.annotating.styles import Styles
from intake.annotating.summary import summary_part
from intake.reader.table import Limits

# Boxes of comments are slow in every program; above this the reasons stand in a column.
MOST_COMMENTS = 10_000
LONGEST_NAME = 31
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


def annotate(path: Path, target: IO[bytes], job: Job, limits: Limits) -> str:
    """Write the workbook at `path` to `target` with the job's cells marked and its summary sheet; return "xlsx" or "xlsm".

    Raises CannotPatch where that cannot be done with certainty, Unreadable where the file is damaged; `target` is of no use then.
    """
    parts = Parts(str(path), limits.entries, limits.unpacked)
    try:
        has_macros = b"macroEnabled" in parts.text(CONTENT_TYPES)
        if has_macros and not job.may_have_macros:
            raise CannotPatch("macros")
        try:
            _Patching(parts, job).run(target)
        except (ValueError, LookupError, RuntimeError) as error:
            # A number that is none, an attribute that is missing, a part too large for the format.
            raise CannotPatch("of no known form") from error
        return "xlsm" if has_macros else "xlsx"
    finally:
        parts.close()


class _Patching:
    """The change of one workbook."""

    def __init__(self, parts: Parts, job: Job) -> None:
        self._parts, self._job = parts, job
        main = [part for kind, part in parts.relations("").values() if kind == "officeDocument"]
        self._book_part = next((part for part in main if part in parts), "")
        if not self._book_part:
            raise CannotPatch("no workbook")
        self._relations = parts.relations(self._book_part)
        self._book = parsed(parts.text(self._book_part))
        self._namespace = self._book.attributes.get(f"xmlns:{self._book.prefix[:-1]}" if self._book.prefix else "xmlns", "")
        if self._namespace not in MAINS:
            raise CannotPatch("a workbook of another kind")
        self._office = MAINS[self._namespace]
        self._sheets = child(self._book, "sheets")
        self._sheet_part = self._part_of(job.sheet)
        self._said = parts.relations(self._sheet_part)

    def _entry(self, name: str) -> Element | None:
        entries = self._sheets.children if self._sheets else []
        return next((sheet for sheet in entries if sheet.attributes.get("name") == name), None)

    def _part_of(self, name: str) -> str:
        """Return the part of the sheet that is called `name`."""
        entry = self._entry(name)
        ids = [value for key, value in entry.attributes.items() if key.rpartition(":")[2] == "id"] if entry else []
        kind, part = self._relations.get(ids[0], ("", "")) if ids else ("", "")
        if kind != "worksheet" or part not in self._parts:
            raise CannotPatch("no such sheet")
        return part

    def run(self, target: IO[bytes]) -> None:
        """Write the new workbook."""
        parts, job = self._parts, self._job
        styles_part = next((part for kind, part in self._relations.values() if kind == "styles"), "")
        styles = Styles(parts.text(styles_part), earlier=bool(job.earlier))
        old_comments, old_drawing = self._own_comments()
        added = self._added_column(has_comments=bool(old_comments))
        comments = "" if added and job.column is None else old_comments or self._new_comments_part()
        drawing = ""
        if comments and not old_drawing:
            old_drawing = parts.new_name("xl/drawings/vmlDrawing{}.vml")
            parts.declare_extension("vml", DRAWING_TYPE)
            place = parts.relate(self._sheet_part, f"{OFFICE}/vmlDrawing", old_drawing)
            drawing = f'xmlns:r="{OFFICE}" r:id="{place}"'
        patch = SheetPatch(styles, job.marks(), job.headers, job.header_line, added=added, keep_comments=bool(comments), drawing=drawing)
        parts.stream(self._sheet_part, lambda part: self._write_sheet(patch, part))
        parts.stream(styles_part, lambda part: _write(part, styles.written()))
        if comments:
            parts.stream(comments, lambda part: _write(part, comments_part(patch.comments, job.words.author)))
            parts.stream(old_drawing, lambda part: _write(part, drawing_part(patch.comments, self._free_block())))
        name, summary = self._summary()
        parts.stream(summary, lambda part: part.writelines(summary_part(job, self._namespace, styles.bold, styles.wrapped)))
        keep_marker(parts, job.marker | {"summary": name} | ({"column": added.column} if added else {}), strict=self._office != OFFICE)
        parts.write(target)

    def _write_sheet(self, patch: SheetPatch, part: IO[bytes]) -> None:
        with self._parts.open(self._sheet_part) as source:
            patch.run(source, part)
        if not patch.is_complete:
            raise CannotPatch("rows that are not there, or out of order")

    # Comments, or a column in their place

    def _own_comments(self) -> tuple[str, str]:
        """Return the parts of the sheet's comments and of their boxes if an earlier error workbook made all of them."""
        said = [(kind, part) for kind, part in self._said.values() if kind in {"comments", "vmlDrawing", "threadedComment"}]
        kinds = dict(said)
        if not self._job.earlier or len(said) != 2 or set(kinds) != {"comments", "vmlDrawing"}:
            return "", ""
        comments, drawing = kinds["comments"], kinds["vmlDrawing"]
        if are_all_by(self._parts, comments, self._job.words.author) and holds_only_notes(self._parts, drawing):
            return comments, drawing
        return "", ""

    def _added_column(self, *, has_comments: bool) -> Added | None:
        """Return the column for the reasons, or None where comments can hold them."""
        job, head = self._job, self._job.words.column
        if job.column is not None:
            return Added(job.column, head)
        column = (job.earlier or {}).get("column")
        if isinstance(column, int) and column < len(job.headers) and job.headers[column] == head:
            return Added(column, head, is_old=True)
        foreign = any(kind in {"comments", "vmlDrawing", "threadedComment"} for kind, _part in self._said.values()) and not has_comments
        protected = is_protected(self._parts, self._sheet_part)
        if foreign or protected or self._office != OFFICE or job.count > MOST_COMMENTS:
            return Added(first_free_column(self._parts, self._sheet_part, len(job.headers)), head)
        return None

    def _new_comments_part(self) -> str:
        name = self._parts.new_name("xl/comments{}.xml")
        self._parts.declare(name, COMMENTS_TYPE)
        self._parts.relate(self._sheet_part, f"{OFFICE}/comments", name)
        return name

    def _free_block(self) -> int:
        """Return a number that no drawing of the workbook uses for its shapes: each has its own hundred."""
        return 1 + 100 * sum(1 for name in self._parts.names() if name.endswith(".vml"))

    # The summary

    def _summary(self) -> tuple[str, str]:
        """Return name and part of the summary sheet: the earlier one, or a new one behind all others."""
        name = (self._job.earlier or {}).get("summary")
        if isinstance(name, str) and name != self._job.sheet and self._entry(name):
            return name, self._part_of(name)
        name = self._free_sheet_name()
        part = self._parts.new_name("xl/worksheets/sheet{}.xml")
        self._parts.declare(part, SHEET_TYPE)
        place = self._parts.relate(self._book_part, f"{self._office}/worksheet", part)
        ids = [int(sheet.attributes.get("sheetId", "0")) for sheet in self._sheets.children]
        # Its own declaration: whatever prefix the workbook has for relations, this one is right.
        entry = f'<{self._sheets.prefix}sheet xmlns:r="{self._office}" name={quoteattr(name)} sheetId="{max(ids) + 1}" r:id="{place}"/>'
        text = self._parts.text(self._book_part)
        self._parts.change(self._book_part, [appended(text, self._sheets, entry.encode())])
        return name, part

    def _free_sheet_name(self) -> str:
        taken = {sheet.attributes.get("name", "").casefold() for sheet in self._sheets.children}
        wanted = self._job.words.summary[:LONGEST_NAME]
        names = (wanted if number == 1 else f"{wanted[: LONGEST_NAME - 4]} {number}" for number in range(1, len(taken) + 2))
        return next(name for name in names if name.casefold() not in taken)


def _write(part: IO[bytes], text: bytes) -> None:
    part.write(text)
