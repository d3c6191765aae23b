"""Somebody else settled something about an import since a person looked: both values, and nothing is saved (V31)."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from intake.match_forms import MatchForm
from intake.mode_forms import ModeForm
from intake.models import ImportRun


def seen_in(request: HttpRequest, run: ImportRun) -> int:
    """Return the version of `run` that the form was made for: that of now where it says none, 0 where it says nonsense."""
    text = request.POST.get("version", str(run.version))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def matched_otherwise(request: HttpRequest, run: ImportRun, mine: MatchForm, theirs: MatchForm) -> HttpResponse:
    """Return both matchings of the columns of `run`, column by column."""
    rows = []
    for place in range(len(run.headers)):
        both = [_matched(form, place) for form in (mine, theirs)]
        if any(both):
            rows.append(_row(mine.title(place), *both))
    return _page(request, run, rows, "match")


def _matched(form: MatchForm, place: int) -> str:
    key = str(form[f"column_{place}"].value() or "")
    column = form.columns.get(key)
    reading = form[f"reading_{place}"] if f"reading_{place}" in form.fields else None
    words = dict(reading.field.choices).get(reading.value(), "") if reading else ""
    return " · ".join(str(part) for part in (column.label if column else _("Do not import"), words) if part)


def settled_otherwise(request: HttpRequest, run: ImportRun, mine: ModeForm) -> HttpResponse:
    """Return both ways in which `run` shall be imported."""
    theirs = ModeForm(run)
    rows = [_row(str(bound.label), _said(bound), _said(theirs[bound.name])) for bound in mine if not bound.is_hidden]
    return _page(request, run, rows, "mode")


def _said(bound) -> str:
    value, known = bound.value(), {str(key): str(label) for key, label in getattr(bound.field, "choices", ())}
    if isinstance(value, list | tuple | set):
        return ", ".join(sorted(known.get(str(one), str(one)) for one in value))
    if not known:
        return _("Yes") if value else _("No")
    return known.get(str(value), str(value or ""))


def _row(label: str, mine: str, theirs: str) -> dict[str, object]:
    return {"label": label, "mine": mine, "theirs": theirs, "differs": mine != theirs}


def _page(request: HttpRequest, run: ImportRun, rows: Iterable[dict[str, object]], step: str) -> HttpResponse:
    posted = [(name, value) for name, values in request.POST.lists() for value in values if name not in {"version", "csrfmiddlewaretoken"}]
    shown = sorted(rows, key=lambda row: not row["differs"])
    context = {"run": run, "rows": shown, "posted": posted, "step": f"intake:{step}", "action": request.path}
    return render(request, "intake/run_conflict.html", context, status=409)
