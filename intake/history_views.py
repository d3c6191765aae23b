"""All imports: who brought which file when, what became of it, and who undid it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clientdesk.lists import Column, Listing, ListSpec, Sort
from clientdesk.models import User
from clientdesk.rights import Right
from clientdesk.search_form import SearchForm, SomeOf, Words
from clientdesk.tables.plain import ListFile
from clientdesk.views import ListPage
from intake.history_files import IMPORTS_FILE
from intake.models import ImportRun

UNDONE = "undone"


class _FileName(Words):
    """Typed words of the file's name."""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the imports whose file name holds every word."""
        for word in value.split():
            queryset = queryset.filter(filename__icontains=word)
        return queryset


class _State(SomeOf):
    """Where an import stands, or that it was undone."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the imports in one of these states."""
        wanted = Q(state__in=value)
        if UNDONE in value:
            wanted |= Q(undone_at__isnull=False)
        return queryset.filter(wanted)


def _people() -> list[tuple[int, str]]:
    """Return who ever imported something, by name; in one statement."""
    people = User.objects.filter(pk__in=ImportRun.objects.order_by().values("created_by"))
    return [(user.pk, str(user)) for user in people.order_by("last_name", "first_name", "pk")]


class ImportSearch(SearchForm):
    """The file's name as typed words; person and state as chips."""

    q = _FileName(label=_("File name"))
    by = SomeOf(label=_("Person"), column="created_by_id", choices=_people)
    state = _State(label=_("State"), column="state", choices=[*ImportRun.State.choices, (UNDONE, _("Undone"))])


IMPORTS = ListSpec(
    model=ImportRun,
    sorts=(Sort("age", ("id",), "", down=True),),
    columns=(
        Column(_("File")),
        Column(_("State")),
        Column(_("Rows"), css="num p1"),
        Column(_("Created"), css="num p1"),
        Column(_("Updated"), css="num p1"),
        Column(_("Failed"), css="num p2"),
        Column(_("By"), css="p1"),
        Column(_("Uploaded"), css="p1"),
    ),
    form=ImportSearch,
    page_size=50,
)


class History(ListPage):
    """Every import, the latest first."""

    right = Right.IMPORT
    spec = IMPORTS
    template_name = "intake/history.html"

    def queryset(self) -> QuerySet:
        return ImportRun.objects.seen_by(self.request.user)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("work", "created_by", "undo", "undo__owner").defer(
            *("headers", "problems", "found", "options", "samples", "mapping", "replacements", "notes", "undo_report")
        )

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s import", "%(count)s imports", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        return {"file": IMPORTS_FILE.offered(listing)}


class ExportHistory(ListFile, History):
    """The imports of the list as a file. Whoever may import holds the right to export, too."""

    right = Right.IMPORT
    file = IMPORTS_FILE
