"""Which version of our template a file was made from, and what the template has had since (import.md section 2)."""

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from intake.annotating.edits import parsed, whole
from intake.annotating.marks import CannotPatch
from intake.cells import shown
from intake.kinds import resource
from intake.models import ImportRun
from intake.reader.table import Limits
from intake.reader.xlsx.package import Package, Unreadable
from intake.template_file import stamp

PART = "docProps/core.xml"
# The stamp in the properties of our templates is not longer.
LONGEST = 40
# A longer list of columns tells nobody more.
MOST_NAMED = 5


def stamp_of(path: Path, limits: Limits) -> str:
    """Return the version that the properties of the workbook at `path` name; an empty text where there is none, whatever the file is."""
    try:
        package = Package(str(path), limits.entries, limits.unpacked)
        text = whole(package, PART) if PART in package else b""
        entries = parsed(text).children if text else []
        return next((text[entry.inside : entry.close].decode() for entry in entries if entry.name == "version"), "")[:LONGEST]
    except (Unreadable, CannotPatch, ValueError, OSError):
        return ""


def found(run: ImportRun, limits: Limits) -> dict[str, object]:
    """Return what the run keeps of it: {"template": version}, or nothing."""
    made = stamp_of(Path(run.file.path), limits)
    return {"template": made} if made else {}


def notes(run: ImportRun) -> list[str]:
    """Say for the review, where it is so, that the file of `run` is an older template, and which columns it lacks."""
    made = run.found.get("template", "")
    if not isinstance(made, str) or not made.startswith(f"{run.kind}-") or made == stamp(run.kind):
        return []
    known = {key for _position, key in run.mapping}
    return [_older([column.label for column in resource(run.kind).columns() if column.key not in known])]


def _older(lacking: Sequence[str]) -> str:
    if not lacking:
        return _("This file was made from an older template. Its columns are those of today, but help and lists in it may be old.")
    named = ", ".join(f"“{shown(label)}”" for label in lacking[:MOST_NAMED])
    more = "" if len(lacking) <= MOST_NAMED else "…"
    return _("This file was made from an older template. Columns of today that it lacks: %(columns)s%(more)s.") % {
        "columns": named,
        "more": more,
    }
