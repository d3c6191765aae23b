"""The help page “Imports” (C18): what can be imported and how, made from the limits and columns that hold in this installation."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from clientdesk.models import User
from clientdesk.rights import Right
from clientdesk.views import Screen
from intake import undoing
from intake.cells import CLEAR
from intake.column import Column
from intake.kinds import KINDS, key_label, keys, resource
from intake.models import ImportRun


@dataclass(frozen=True)
class ColumnHelp:
    """One line of the table: a column, and how many values its drop-down list offers (0: any text)."""

    column: Column
    choices: int


@dataclass(frozen=True)
class KindHelp:
    """One kind of import with its columns and identifying fields; none where it cannot be imported here."""

    kind: str
    label: str
    columns: list[ColumnHelp]
    keys: list[str]


def kinds(by: User) -> list[KindHelp]:
    """Return what can be imported, with every column and the choices that `by` may give."""
    found = []
    for kind, label in ImportRun.Kind.choices:
        columns = resource(kind).columns() if kind in KINDS else []
        for column in columns:
            column.widget.by = by
        identifying = [key_label(kind, key) for key in keys(kind)] if kind in KINDS else []
        found.append(KindHelp(kind, str(label), [ColumnHelp(column, len(column.allowed)) for column in columns], identifying))
    return found


class Help(Screen):
    """What a person asks before an import."""

    right = Right.IMPORT
    template_name = "intake/help.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(
            kinds=kinds(request.user),
            limits=settings.IMPORT_LIMITS,
            modes=ImportRun.Mode,
            clear=CLEAR,
            undo_days=undoing.DAYS,
            keep_days=settings.IMPORT_KEEP_DAYS,
        )
