"""Staged rows as a page shows them: 50 at most, found by row number, never more than fits 200 kB."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clientdesk.models import User
from intake.cells import shown
from intake.column import Column
from intake.hidden import hidden_row, hidden_targets
from intake.kinds import resource
from intake.known import same_text
from intake.models import ImportRun, Outcome, StagedRow, Verdict
from intake.modes import said_of

PAGE = 50
BUDGET = 140_000
_PLAIN_CELL, _CHANGED_CELL, _ERROR_CELL = 40, 150, 480
# What the form of a cell that can be corrected adds; a longer text is corrected on the page of its row.
_FORM = 1_300
LONGEST = 300
# Rows with errors among which equal cells are counted.
COUNTED = 1_000
# A longer list of words is not offered with each page.
MOST_WORDS = 300

# What is shown first: columns with an error, then with a change or a warning, then the others in the order of the file.
_WORTH = {"err": 0, "changed": 1, "warned": 1}

TABS = {
    "check": (_("To check"), (Verdict.NEW, Verdict.CHANGED, Verdict.ERROR)),
    "new": (_("New"), (Verdict.NEW,)),
    "changed": (_("Changed"), (Verdict.CHANGED,)),
    "errors": (_("Errors"), (Verdict.ERROR,)),
    "unchanged": (_("Unchanged"), (Verdict.UNCHANGED,)),
    "skipped": (_("Skipped"), (Verdict.SKIPPED,)),
    "all": (_("All"), tuple(Verdict)),
}


@dataclass
class Cell:
    """One cell: how it is marked (same, changed, err, warned), its text, the text before, and its sentences.

    `here` is what is saved where the cell was edited in both places, None elsewhere.
    `position` is its place in the file; `suggestion` what it surely means, in `equal` rows of the page's errors.
    """

    look: str = "same"
    text: str = ""
    before: str = ""
    sentences: list[str] = field(default_factory=list)
    position: int = -1
    key: str = ""
    label: str = ""
    suggestion: str = ""
    equal: str = ""
    full: str = ""
    in_list: bool = False
    here: str | None = None


@dataclass
class ShownRow:
    """One row of the page; `name` is its heading, `wrong` the labels of the columns with errors, which may stand far to the right."""

    row: StagedRow
    name: Cell
    cells: list[Cell]
    wrong: list[str]
    # Whether it is about a client that the reader may not see: nothing of it is shown, and nothing can be corrected.
    closed: bool = False

    @property
    def became(self) -> str:
        """What became of the row, or what is planned."""
        return self.row.outcome or self.row.verdict


@dataclass
class Tab:
    """One filter above the table."""

    label: str
    url: str
    count: int
    current: bool


@dataclass
class Page:
    """One page of rows and the way to its neighbours."""

    heads: list[tuple[str, str]]
    rows: list[ShownRow]
    previous_url: str
    next_url: str
    count_text: str
    # The words that cells of a column may hold, by column key, for the columns where one has to be corrected.
    words: dict[str, list[str]] = field(default_factory=dict)


class Sheet:
    """The rows of one run, ready to be shown: its columns in the order of the file, the name first."""

    def __init__(self, run: ImportRun, unseen: set[int]) -> None:
        self.run, self.unseen = run, unseen
        fields: dict[str, Column] = resource(run.kind).fields
        for column in fields.values():
            column.widget.load()
        known = ((position, fields[key]) for position, key in run.mapping if key in fields)
        # What the row is called stands first: its name, else the last name of the person.
        self.columns = sorted(known, key=lambda pair: {"name": 0, "last_name": 1}.get(pair[1].key, 2))

    def arrange(self, rows: list[ShownRow]) -> list[tuple[str, str]]:
        """Put the columns with something to look at first and leave out those that are blank in all `rows`; return their heads.

        A head is the label of the column, and the file's own header where it is another.
        """
        worth = {}
        for place in range(len(self.columns) - 1):
            cells = [row.cells[place] for row in rows]
            worth[place] = min((_WORTH.get(cell.look, 2) if cell.look != "same" or cell.text else 9 for cell in cells), default=9)
        order = sorted((place for place, worst in worth.items() if worst < 9), key=lambda place: (worth[place], place))
        for row in rows:
            row.cells = [row.cells[place] for place in order]
        return [self._head(*self.columns[0]), *(self._head(*self.columns[place + 1]) for place in order)]

    def _head(self, position: int, column: Column) -> tuple[str, str]:
        header = self.run.headers[position]
        return column.label, header if header.casefold() != column.label.casefold() else ""

    def show(self, row: StagedRow) -> ShownRow:
        """Return `row` as the page shows it; of a client that the reader may not see it shows nothing (XD33)."""
        if row.target_id in self.unseen:
            return ShownRow(row, Cell(text=hidden_row()), [Cell() for _column in self.columns[1:]], [], closed=True)
        cells = [self._cell(row, position, column) for position, column in self.columns]
        mapped = {column.key for _position, column in self.columns}
        # What belongs to no shown column is said at the name.
        for look, said in (("err", row.errors), ("warned", row.warnings)):
            for sentence in chain.from_iterable(sentences for key, sentences in (said or {}).items() if key not in mapped):
                cells[0].sentences.append(sentence)
                cells[0].look = "err" if cells[0].look == "err" else look
        if said := said_of(self.run, row):
            cells[0].sentences.append(said)
            cells[0].look = "err" if row.verdict == Verdict.ERROR else "warned" if cells[0].look == "same" else cells[0].look
        wrong = [column.label for _position, column in self.columns if column.key in (row.errors or {})]
        return ShownRow(row, cells[0], cells[1:], wrong)

    def _cell(self, row: StagedRow, position: int, column: Column) -> Cell:
        raw = row.raw[position] if position < len(row.raw) else ""
        given = (row.values or {}).get(column.key)
        text = column.widget.render(given) if given is not None else raw
        if errors := (row.errors or {}).get(column.key):
            if len(raw) > LONGEST:
                return Cell("err", shown(raw), sentences=errors)
            both = (row.changes or {}).get(column.key)
            suggestion = column.widget.suggestion(raw) if column.is_list and raw and not both else ""
            fix = {"position": position, "key": column.key, "label": column.label, "suggestion": suggestion, "full": raw}
            here = column.write(both[0]) if both else None
            return Cell("err", shown(raw), sentences=errors, in_list=column.is_list and bool(raw), here=here, **fix)
        if change := (row.changes or {}).get(column.key):
            before, after = (shown(column.widget.render(value)) for value in change)
            return Cell("changed", after, before)
        if warnings := (row.warnings or {}).get(column.key):
            return Cell("warned", shown(text), sentences=warnings)
        return Cell("same", shown(text))


def _weight(shown_row: ShownRow) -> int:
    weights = {"same": _PLAIN_CELL, "changed": _CHANGED_CELL}
    cells = [shown_row.name, *shown_row.cells]
    texts = sum(len(escape(text).encode()) for cell in cells for text in (cell.text, cell.before, cell.full, *cell.sentences))
    texts += sum(_FORM for cell in cells if cell.position >= 0)
    return 300 + texts + sum(weights.get(cell.look, _ERROR_CELL * max(len(cell.sentences), 1)) for cell in cells)


def _line(params: QueryDict, name: str) -> int | None:
    text = params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def find_page(run: ImportRun, parts: Iterable[QuerySet], params: QueryDict, kept: dict[str, str], total: int, *, reader: User) -> Page:
    """Return the page of `run` that `params` asks for, as `reader` may see it.

    `parts` are querysets that together hold its rows, each with its own index.
    """
    parts = [part.order_by("line") for part in parts]
    before, after = _line(params, "before"), _line(params, "after")
    backwards = before is not None and after is None
    if backwards:
        found = [row for part in parts for row in part.filter(line__lt=before).order_by("-line")[: PAGE + 1]]
    else:
        found = [row for part in parts for row in part.filter(line__gt=after or 0)[: PAGE + 1]]
    found.sort(key=lambda row: -row.line if backwards else row.line)
    sheet, rows, weight = Sheet(run, hidden_targets(run.kind, (row.target_id for row in found), reader)), [], 0
    for row in found[:PAGE]:
        shown_row = sheet.show(row)
        weight += _weight(shown_row)
        if rows and weight > BUDGET:
            break
        rows.append(shown_row)
    more = len(found) > len(rows)
    if backwards:
        rows.reverse()
    earlier, later = (more, True) if backwards else (after is not None and after > 0, more)
    ends = (rows[0].row.line, rows[-1].row.line) if rows else (before or 0, after or 0)
    count = ngettext("%(count)s row", "%(count)s rows", total) % {"count": number_format(total, force_grouping=True)}
    return Page(
        sheet.arrange(rows),
        rows,
        f"?{urlencode(kept | {'before': str(ends[0])})}" if earlier and rows else "",
        f"?{urlencode(kept | {'after': str(ends[1])})}" if later and rows else "",
        count,
    )


def tabs(run: ImportRun, current: str) -> list[Tab]:
    """Return the filters of the review with their counts."""
    return [
        Tab(str(label), f"?show={name}", sum(run.counts.get(verdict, 0) for verdict in verdicts), name == current)
        for name, (label, verdicts) in TABS.items()
        if name != "skipped" or run.counts.get(Verdict.SKIPPED)
    ]


def review_page(run: ImportRun, params: QueryDict, reader: User) -> tuple[list[Tab], Page]:
    """Return the filters and the page of the review."""
    name = params.get("show", "")
    if name not in TABS or (name == "skipped" and not run.counts.get(Verdict.SKIPPED)):
        name = "check" if tabs(run, "check")[0].count else "all"
    shown_tabs = tabs(run, name)
    parts = [run.rows.filter(verdict=verdict) for verdict in TABS[name][1]] if name != "all" else [run.rows.all()]
    total = next(tab.count for tab in shown_tabs if tab.current)
    page = find_page(run, parts, params, {"show": name}, total, reader=reader)
    _help_correcting(run, page)
    return shown_tabs, page


def _help_correcting(run: ImportRun, page: Page) -> None:
    """Give the cells that must be corrected the words to choose from, and say in how many rows stands what can be corrected at once
    ("Use Germany in 3 rows"); one statement beside those that read the lists."""
    wrong_lists = {cell.key for row in page.rows for cell in (row.name, *row.cells) if cell.in_list}
    if wrong_lists:
        fields = resource(run.kind).fields
        page.words = {key: allowed for key in sorted(wrong_lists) if len(allowed := fields[key].allowed) <= MOST_WORDS}
    doubtful = [cell for row in page.rows for cell in (row.name, *row.cells) if cell.suggestion]
    if not doubtful:
        return
    wrong = run.rows.filter(verdict=Verdict.ERROR).order_by("line").values_list("raw", flat=True)[:COUNTED]
    positions = {cell.position for cell in doubtful}
    counts = Counter((at, same_text(raw[at])) for raw in wrong for at in positions if at < len(raw))
    for cell in doubtful:
        count = counts[cell.position, same_text(cell.full)]
        cell.equal = ngettext("Use “%(word)s”", "Use “%(word)s” in %(count)d rows", max(count, 1)) % {
            "word": cell.suggestion,
            "count": count,
        }


def failed_rows(run: ImportRun) -> QuerySet[StagedRow]:
    """Return the rows of `run` that were not saved because something is wrong with them."""
    return run.rows.filter(Q(verdict=Verdict.ERROR) | Q(outcome__in=[Outcome.FAILED, Outcome.CONFLICT])).order_by("line")


RESULTS = {
    "failed": (_("Failed"), lambda run: [failed_rows(run)]),
    "created": (_("Created"), lambda run: [run.rows.filter(verdict=Verdict.NEW, outcome=Outcome.CREATED)]),
    "updated": (_("Updated"), lambda run: [run.rows.filter(verdict=Verdict.CHANGED, outcome=Outcome.UPDATED)]),
    "unchanged": (_("Unchanged"), lambda run: [run.rows.filter(verdict=Verdict.UNCHANGED)]),
}


def result_page(run: ImportRun, params: QueryDict, reader: User) -> tuple[list[Tab], Page]:
    """Return the filters and the page of the result: first what failed, else what was created, else what was updated."""
    figures = run.figures
    name = params.get("show", "")
    if name not in RESULTS:
        name = next((one for one in RESULTS if figures[one]), "failed")
    shown_tabs = [Tab(str(label), f"?show={one}", figures[one], one == name) for one, (label, _find) in RESULTS.items()]
    return shown_tabs, find_page(run, RESULTS[name][1](run), params, {"show": name}, figures[name], reader=reader)
