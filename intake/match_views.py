"""The match step: which of our fields each column of the file holds, and how the file is read (import.md 2, D13, V28)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from clientdesk.rights import Right, needs
from clientdesk.views import see_other
from intake import planning, round_trip
from intake.cells import shown
from intake.column import Column
from intake.identifying import best_key
from intake.kinds import resource
from intake.match_forms import MatchForm, chosen_keys
from intake.models import ImportRun
from intake.proposals import MADE_FROM, Guess, How, Proposal, propose
from intake.remembering import fingerprint, remember
from intake.run_conflicts import matched_otherwise, seen_in
from intake.run_pages import RunScreen

OPEN = {ImportRun.State.MATCHING, ImportRun.State.REVIEW}
# What a person may choose about reading: the names in the options and in the form.
CHOICES = ("encoding", "delimiter", "sheet", "header_row")
# What no longer holds when another part of the file is read, or when its fields are parted otherwise.
RESETS = {"sheet": ("header_row",), "delimiter": ("header_row",)}
_HOW = {
    How.LABEL: gettext_lazy("By its header"),
    How.ALIAS: gettext_lazy("Another word for it"),
    How.MEMORY: gettext_lazy("As last time"),
}


@dataclass
class MatchRow:
    """One column of the file as the page shows it."""

    title: str
    samples: list[str]
    field: BoundField
    reading: BoundField | None
    how: str
    warning: str


@dataclass
class Offer:
    """One way to read the file: option and value, what it is called, what a person sees of it, and whether it is in use."""

    name: str
    value: str | int
    label: str
    about: str = ""
    texts: list[str] = field(default_factory=list)
    now: bool = False


class Match(RunScreen):
    """Step 2: the columns of the file and our fields; shown by itself where something is missing, double or in doubt."""

    template_name = "intake/match.html"
    step = "match"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if run.standing not in OPEN:
            return redirect(run.get_absolute_url())
        columns = resource(run.kind).about(run.client).columns()
        proposal = propose(run, columns)
        return self.page(run, columns, proposal, MatchForm(None, run=run, columns=columns, proposal=proposal))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if run.standing not in OPEN or request.POST.get("headers") != fingerprint(run.headers):
            return moved_on(request, run)
        columns = resource(run.kind).about(run.client).columns()
        proposal = propose(run, columns)
        form = MatchForm(request.POST, run=run, columns=columns, proposal=proposal)
        if (seen := seen_in(request, run)) != run.version:
            return matched_otherwise(request, run, form, MatchForm(None, run=run, columns=columns, proposal=proposal))
        if not form.is_valid():
            return self.page(run, columns, proposal, form, 422)
        run.mapping, run.options, run.problems = form.mapping, form.options, []
        run.key, run.is_matched = best_key(run), True
        try:
            if not planning.replan(run, request.user, seen=seen):
                return moved_on(request, run)
        except planning.Stale as stale:
            theirs = MatchForm(None, run=stale.run, columns=columns, proposal=propose(stale.run, columns))
            return matched_otherwise(request, stale.run, form, theirs)
        remember(run)
        return see_other(request, run.get_absolute_url())

    def page(self, run: ImportRun, columns: Sequence[Column], proposal: Proposal, form: MatchForm, status: int = 200) -> HttpResponse:
        """Return the page with `form`. Columns that are empty and matched to nothing are only named, unless all are asked for."""
        rows = match_rows(run, proposal, form, plain=propose(run, columns, remembers=False))
        everything = "all" in self.request.GET or form.is_bound
        listed = [row for row in rows if everything or row.samples or row.field.value()]
        return self.show(
            status,
            **self.of(run),
            form=form,
            rows=listed,
            left_out=[row.title for row in rows if row not in listed],
            questions=[] if form.is_bound else run.problems,
            made=made(run, columns, proposal),
            product=proposal.product,
            headers=fingerprint(run.headers),
            reading=reading(run),
        )


@needs(Right.IMPORT)
@require_POST
def reread(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file anew with another encoding, delimiter, sheet or header row: one of those that were found."""
    run = get_object_or_404(ImportRun.objects.seen_by(request.user).select_related("work", "created_by"), pk=pk)
    chosen = next((offer for offer in offers(run) if request.POST.get(offer.name) == str(offer.value)), None)
    if run.standing not in OPEN or chosen is None:
        return moved_on(request, run)
    gone = RESETS.get(chosen.name, ())
    run.options = {name: value for name, value in run.options.items() if name not in gone} | {chosen.name: chosen.value}
    run.is_matched, run.problems = False, []
    try:
        if not planning.replan(run, request.user, reread=True, seen=run.version):
            return moved_on(request, run)
    except planning.Stale:
        return moved_on(request, run)
    return see_other(request, run.get_absolute_url())


def moved_on(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Lead to where `run` stands: the page from which something was sent does not show it any more."""
    messages.info(request, _("The import of “%(file)s” went on meanwhile. Here is where it stands.") % {"file": run.filename})
    return see_other(request, run.get_absolute_url())


def match_rows(run: ImportRun, proposal: Proposal, form: MatchForm, plain: Proposal) -> list[MatchRow]:
    """Return the columns of the file of `run`; `plain` is what would be proposed if nobody had ever confirmed such headers."""
    double = {} if run.is_matched else {place: double for double in proposal.duplicates for place in double.positions}
    # They say which record a row is about: nothing to choose there.
    marks, rows = set(round_trip.places(run.headers).values()), []
    for place, key in enumerate(chosen_keys(run, proposal)):
        if place in marks:
            continue
        others = [form.title(other) for other in double[place].positions if other != place] if place in double else []
        rows.append(
            MatchRow(
                title=form.title(place),
                samples=[shown(text) for text in form.samples(place)],
                field=form[f"column_{place}"],
                reading=form[f"reading_{place}"] if f"reading_{place}" in form.fields else None,
                how="" if others else how(key, plain.guesses.get(place), proposal.guesses.get(place), plain.product),
                warning=_("“%(header)s” holds the same field. Keep one of them.") % {"header": others[0]} if others else "",
            )
        )
    return rows


def how(key: str, plain: Guess | None, guess: Guess | None, product: str) -> str:
    """Return by what a column was recognised as `key`; an empty text where it is not recognised."""
    for found in (plain, guess):
        if found is None or found.key != key:
            continue
        if found.how == How.PRODUCT:
            return _("As %(product)s writes it") % {"product": product} if key else ""
        if found.how == How.VALUES:
            return _("By its values: %(reason)s") % {"reason": found.reason}
        return str(_HOW[found.how]) if key else ""
    return _("Chosen by a person") if key else ""


def made(run: ImportRun, columns: Sequence[Column], proposal: Proposal) -> list[str]:
    """Return which fields are made from others because the file has no column for them (decision 3)."""
    labels, chosen = {column.key: column.label for column in columns}, set(chosen_keys(run, proposal))
    sentence = _("“%(label)s” is made from “%(source)s” for each new client.")
    return [
        sentence % {"label": labels[key], "source": labels[source]}
        for key, source in MADE_FROM.items()
        if key in labels and source in chosen and key not in chosen
    ]


def offers(run: ImportRun) -> list[Offer]:
    """Return the ways in which the file of `run` can be read, as the reader found them."""
    found = run.found
    made = [
        Offer("encoding", one["value"], one["label"], " · ".join(one.get("sample", [])), now=one["value"] == found.get("encoding"))
        for one in found.get("encodings", [])
    ]
    made += [
        Offer("delimiter", one["value"], one["label"], columns_sentence(one["columns"]), now=one["value"] == found.get("delimiter"))
        for one in found.get("delimiters", [])
    ]
    made += [Offer("sheet", name, name, now=name == found.get("sheet")) for name in found.get("sheets", [])]
    for one in found.get("first_rows", []):
        label = _("Row %(row)d") % {"row": one["row"]}
        made.append(Offer("header_row", one["row"], label, texts=list(one.get("texts", [])), now=one["row"] == found.get("header_row")))
    return made


def columns_sentence(count: int) -> str:
    """Return how many columns a delimiter gives."""
    return ngettext("%(count)d column", "%(count)d columns", count) % {"count": count}


def reading(run: ImportRun) -> dict[str, object]:
    """Return how the file was read and what could be chosen instead, for the page: the offers by option, and the ones in use in words."""
    made = offers(run)
    by_name = {name: [offer for offer in made if offer.name == name] for name in CHOICES}
    doubtful = len(by_name["encoding"]) > 1 and any(offer.about for offer in by_name["encoding"])
    return by_name | {"said": [offer.label for offer in made if offer.now], "is_open": doubtful or bool(run.problems)}
