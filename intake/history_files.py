"""The history of imports as a file."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from clientdesk.tables.plain import FileColumn, FileOf
from intake.models import ImportRun


def _figure(name: str) -> Callable[[ImportRun], int]:
    return lambda run: run.figures[name]


IMPORTS_FILE = FileOf(
    "intake:export_history",
    "imports",
    _("All imports"),
    (
        FileColumn("file", _("File"), lambda run: run.filename),
        FileColumn("kind", _("Kind"), lambda run: run.get_kind_display()),
        FileColumn("mode", _("Mode"), lambda run: run.get_mode_display()),
        FileColumn("state", _("State"), lambda run: run.badge_label),
        FileColumn("rows", _("Rows"), _figure("read")),
        FileColumn("created", _("Created"), _figure("created")),
        FileColumn("updated", _("Updated"), _figure("updated")),
        FileColumn("unchanged", _("Unchanged"), _figure("unchanged")),
        FileColumn("skipped", _("Skipped"), _figure("skipped")),
        FileColumn("failed", _("Failed"), _figure("failed")),
        FileColumn("by", _("By"), lambda run: run.created_by or "ClientDesk"),
        FileColumn("uploaded", _("Uploaded"), lambda run: run.created_at),
        FileColumn("undone", _("Undone"), lambda run: run.undone_at),
        FileColumn("undone_by", _("Undone by"), lambda run: (run.undo and run.undo.owner) or (run.undone_at and "ClientDesk")),
    ),
)
