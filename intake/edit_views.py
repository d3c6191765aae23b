"""Corrections in the review: a cell, a whole row, or all equal cells at once. Nothing is saved but the plan."""

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from clientdesk.rights import Right, needs
from clientdesk.views import ours, see_other, way_back
from intake import planning
from intake.hidden import hidden_targets
from intake.known import LONGEST, same_text
from intake.models import ImportRun, StagedRow
from intake.rejudging import TooMany, edit, rejudge, replace
from intake.review import Sheet, ShownRow
from intake.run_pages import RunScreen, standing_url
from intake.values import doubtful_values

CELL = "cell-"
LONGEST_CELL = 32_767


def _in_review(request: HttpRequest, pk: int) -> ImportRun | None:
    """Return the import with its row locked, or None where it is not in review any more; the caller is in a transaction."""
    get_object_or_404(ImportRun.objects.seen_by(request.user), pk=pk)
    run = ImportRun.objects.select_for_update().get(pk=pk)
    return run if run.state == ImportRun.State.REVIEW else None


def _moved_on(request: HttpRequest, pk: int) -> HttpResponse:
    messages.warning(request, _("This import moved on meanwhile, so nothing was changed."))
    return see_other(request, standing_url(ImportRun.objects.select_related("work").get(pk=pk)))


class EditRow(RunScreen):
    """One row of the file with every cell to correct."""

    template_name = "intake/edit_row.html"
    step = "review"

    def get(self, request: HttpRequest, pk: int, line: int) -> HttpResponse:
        run = self.run_of(pk)
        if run.standing != ImportRun.State.REVIEW:
            return see_other(request, standing_url(run))
        row = self._row(run, line)
        return self.show(**self.of(run), row=row, cells=_cells(run, row), back=ours(request.GET.get("back", ""), ""))

    def _row(self, run: ImportRun, line: int) -> ShownRow:
        row = get_object_or_404(run.rows, line=line)
        unseen = hidden_targets(run.kind, [row.target_id], self.request.user)
        if row.target_id in unseen:
            raise Http404
        return Sheet(run, unseen).show(row)

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int, line: int) -> HttpResponse:
        """Put the posted cells in place and judge the row anew."""
        run = _in_review(request, pk)
        if run is None:
            return _moved_on(request, pk)
        row = self._row(run, line)
        texts = _posted(request.POST, len(run.headers))
        insisted = _insisted(request.POST, row, texts)
        back = way_back(request, f"{reverse('intake:review', args=[pk])}#row-{line}")
        try:
            edit(run, line, texts, insisted)
        except TooMany:
            planning.replan(run, request.user)
        except StagedRow.DoesNotExist:
            raise Http404 from None
        return see_other(request, back)


def _posted(posted: Mapping[str, str], width: int) -> dict[int, str]:
    texts = {}
    for name, text in posted.items():
        place = name.removeprefix(CELL)
        if name.startswith(CELL) and place.isascii() and place.isdecimal() and len(place) < 5 and int(place) < width:
            texts[int(place)] = text.replace("\x00", "")[:LONGEST_CELL]
    return texts


def _insisted(posted: Mapping[str, str], row: ShownRow, texts: dict[int, str]) -> set[int]:
    """Return the places of the cells, edited in the file and here, that the person settled: the file's value stays ("file"), or `texts`
    gets what is saved ("here")."""
    both = {cell.position: cell.here for cell in (row.name, *row.cells) if cell.here is not None}
    chosen = {place for place in both if str(place) in {posted.get("file"), posted.get("here")}}
    texts |= {place: both[place] for place in chosen if str(place) == posted.get("here")}
    return chosen


def _cells(run: ImportRun, shown: ShownRow) -> list[dict[str, object]]:
    sheet = Sheet(run, set())
    row = shown.row
    return [
        {
            "position": position,
            "label": column.label,
            "text": row.raw[position] if position < len(row.raw) else "",
            "errors": (row.errors or {}).get(column.key, []),
            "warnings": (row.warnings or {}).get(column.key, []),
            "allowed": column.allowed if column.is_list else [],
        }
        for position, column in sheet.columns
    ]


@needs(Right.IMPORT)
@require_POST
@transaction.atomic
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one text in place of another in all equal cells of a column ("Use Germany in 3 rows")."""
    run = _in_review(request, pk)
    if run is None:
        return _moved_on(request, pk)
    column, value, text = (request.POST.get(name, "") for name in ("key", "value", "text"))
    if column not in {key for _position, key in run.mapping} or not value:
        raise Http404
    _replace(request, run, {column: {same_text(value): text[:LONGEST]}})
    return see_other(request, way_back(request, reverse("intake:review", args=[pk])))


def _replace(request: HttpRequest, run: ImportRun, chosen: Mapping[str, Mapping[str, str]]) -> None:
    lines: set[int] = set()
    for column, texts in chosen.items():
        found = replace(run, column, texts)
        if found is None:
            planning.replan(run, request.user)
            return
        lines.update(found)
    try:
        rejudge(run, lines)
    except TooMany:
        planning.replan(run, request.user)


class Values(RunScreen):
    """Every text that a list of the settings does not know, once, with what it shall mean."""

    template_name = "intake/values.html"
    step = "review"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if run.standing != ImportRun.State.REVIEW:
            return see_other(request, standing_url(run))
        return self.show(**self.of(run), columns=doubtful_values(run))

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take what was chosen for each text; "" leaves it as it is, "-" leaves the cell empty."""
        run = _in_review(request, pk)
        if run is None:
            return _moved_on(request, pk)
        chosen: dict[str, dict[str, str]] = {}
        for column in doubtful_values(run):
            for value in column.values:
                if text := request.POST.get(value.field, ""):
                    chosen.setdefault(column.key, {})[same_text(value.text)] = "" if text == "-" else text[:LONGEST]
        count = sum(map(len, chosen.values()))
        if chosen:
            _replace(request, run, chosen)
            messages.success(
                request,
                ngettext("%(count)d text is read as you chose.", "%(count)d texts are read as you chose.", count) % {"count": count},
            )
        return see_other(request, reverse("intake:review", args=[pk]))
