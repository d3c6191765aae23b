"""File -> plan. Reads in bounded chunks, judges each row, writes the stage and nothing else.

Phases, each with a cursor that moves in the same commit as what it did: rows of the file (or those of the stage once more, where
only what they are compared by changed); rows that say the same name, external ID or number twice; names for rows without one; the
counts. Where a header is in question the run stops before its rows and waits for a person.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from time import monotonic

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from clientdesk import work
from clientdesk.models import LongRun, User
from clientdesk.words import tidy
from intake import modes, open_files, round_trip, sentences, template_stamp, tree_repeats
from intake.annotating import corrections
from intake.engines import ENGINES
from intake.identifying import best_key, count_matches
from intake.kinds import key_column, resource
from intake.loading import encode, insert, update
from intake.models import Base, ImportRun, StagedRow
from intake.naming import name_rows
from intake.proposals import propose
from intake.reader import Refused, Table, samples
from intake.staged import rows_of
from intake.unhurried import uncollected
from intake.verdicts import JUDGED, STAGED

CHUNK = 2_000
# Clients whose rows are judged together at a time.
GROUPS = 500
SECONDS = 1.5
# In the options of a run: somebody sits before it and can say what an unknown column is. A nightly feed leaves it out.
ASKS = "asks"


class Stale(Exception):
    """Somebody else settled something about the run since the person looked; `run` is what it is now."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self.run = run


def start(run: ImportRun, owner: User | None) -> LongRun:
    """Queue the planning of `run` in the caller's transaction."""
    run.work = work.start("import_plan", owner)
    run.save()
    return run.work


def replan(run: ImportRun, by: User | None, *, reread: bool = False, seen: int | None = None) -> bool:
    """Plan `run` once more, as it is set up by now: from the stage, or from the file where `reread` (or where no row was read yet).

    Return False where the run moved on meanwhile: nothing happens then. The caller's values of `run` are saved, but for what people
    settled cell by cell meanwhile. `seen` is the version that a person saw who settled something: raises Stale where it is another.
    """
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        if held.state not in {ImportRun.State.MATCHING, ImportRun.State.REVIEW}:
            return False
        if seen is not None and held.version != seen:
            raise Stale(held)
        run.replacements, run.version = held.replacements, held.version + (seen is not None)
        if reread or not run.rows_read:
            run.rows.all().delete()
            run.state, run.phase, run.rows_read = ImportRun.State.UPLOADED, ImportRun.Phase.ROWS, 0
        else:
            run.state, run.phase = ImportRun.State.READING, ImportRun.Phase.AGAIN
        run.cursor, run.bookmark, run.counts, run.matches = 0, "", {}, {}
        run.work = work.start("import_plan", by, run.rows_read or None)
        run.save()
    return True


def advance(long_run: LongRun) -> bool:
    """Plan on for about two seconds; return whether the plan is complete. Raises work.Refused with the sentence."""
    until = monotonic() + SECONDS
    while True:
        run = ImportRun.objects.get(work=long_run)
        try:
            with uncollected():
                finished = _PHASES[run.phase](long_run, run)
        except Refused as refusal:
            raise work.Refused(refusal.sentence) from None
        if finished or monotonic() > until:
            return finished


def done(long_run: LongRun) -> None:
    """The plan is complete: the review may begin; or the headers wait for a person."""
    open_files.close()
    waiting = ImportRun.objects.filter(work=long_run).exclude(state=ImportRun.State.MATCHING)
    waiting.update(state=ImportRun.State.REVIEW, updated_at=timezone.now())


def failed(long_run: LongRun) -> None:
    """The file was refused; what was staged of it goes."""
    _give_up(long_run, ImportRun.State.FAILED)


def cancelled(long_run: LongRun) -> None:
    """The person cancelled before the review; what was staged goes."""
    _give_up(long_run, ImportRun.State.CANCELLED)


def _give_up(long_run: LongRun, state: str) -> None:
    open_files.close()
    StagedRow.objects.filter(run__work=long_run).delete()
    ImportRun.objects.filter(work=long_run).end(state, long_run.error)


def _rows(long_run: LongRun, run: ImportRun) -> bool:
    if run.state == ImportRun.State.UPLOADED and corrections.recognise(run):
        run.save(update_fields=corrections.FIELDS)
    try:
        source = open_files.opened(run)
    except Refused as refusal:
        return _choose_again(long_run, run, refusal)
    if run.state == ImportRun.State.UPLOADED:
        return _headers(long_run, run, source.table)
    rows = source.take(CHUNK)
    if not rows and run.cursor == 0:
        raise Refused(sentences.no_rows())
    done, rest = corrections.parted(run, rows)
    staged = chain(corrections.skipped(run, done, STAGED), ENGINES[run.kind].judge(run).stage(rest) if rest else ())
    with work.chunk(long_run):
        insert(StagedRow, STAGED, staged)
        run.cursor += len(rows)
        run.rows_read += len(rows)
        run.notes = [*corrections.notes(run), *round_trip.notes(run.headers), *template_stamp.notes(run), *source.table.notes]
        if len(rows) < CHUNK:
            run.phase, run.cursor = ImportRun.Phase.SAME_NAMES, 0
        run.save(update_fields=["cursor", "rows_read", "notes", "phase", "updated_at"])
        long_run.done = run.rows_read
    return False


def _choose_again(long_run: LongRun, run: ImportRun, refusal: Refused) -> bool:
    """A file that cannot be read as a person chose, or whose letters could be read in several ways and in none for sure, waits for a
    choice; raise `refusal` where there is none to make."""
    doubtful = refusal.code.startswith("encoding") and refusal.found.get("encodings")
    if not doubtful and not any(open_files.options_of(run)):
        raise refusal
    run.problems, run.state, run.found = [refusal.sentence], ImportRun.State.MATCHING, (refusal.found or run.found) | corrections.kept(run)
    with work.chunk(long_run):
        run.save(update_fields=["problems", "state", "found", "updated_at"])
    return True


def _again(long_run: LongRun, run: ImportRun) -> bool:
    """Judge the staged rows once more: what they are compared by, or what their cells mean, was chosen anew."""
    rows = rows_of(run, run.rows.filter(line__gt=run.cursor).order_by("line")[:CHUNK])
    done, rest = corrections.parted(run, rows)
    judged = [*corrections.skipped(run, done, JUDGED), *(ENGINES[run.kind].judge(run).judge(rest) if rest else ())]
    with work.chunk(long_run):
        update(StagedRow, JUDGED[:2], JUDGED[2:], judged)
        run.cursor = rows[-1].line if rows else run.cursor
        if len(rows) < CHUNK:
            run.phase, run.cursor = ImportRun.Phase.SAME_NAMES, 0
        run.save(update_fields=["cursor", "phase", "updated_at"])
        long_run.done += len(rows)
    return False


_ABOUT_HEADERS = ("headers", "notes", "found", "samples", "mapping", "options", "is_matched", "problems")


def _headers(long_run: LongRun, run: ImportRun, table: Table) -> bool:
    """Match the headers. Returns whether the run stops here and waits for a person."""
    run.notes, run.found, run.samples = list(table.notes), _found(run, table), samples(table)
    if not (run.is_matched and run.headers == table.headers):
        run.headers, run.is_matched = table.headers, run.is_matched and not run.headers
        columns = resource(run.kind).about(run.client).columns()
        proposal = propose(run, columns)
        if proposal.options.get("encoding") not in {run.options.get("encoding"), run.found.get("encoding")}:
            return _another_encoding(long_run, run, proposal.options)
        run.mapping, run.options, run.problems = proposal.mapping, proposal.options, proposal.questions(run.headers, columns)
        if run.options.get(ASKS) and (unknown := proposal.unknown(run)):
            run.problems.append(sentences.unknown_headers(unknown))
    run.key = best_key(run)
    waits = bool(run.problems)
    run.state = ImportRun.State.MATCHING if waits else ImportRun.State.READING
    with work.chunk(long_run):
        StagedRow.objects.filter(run=run).delete()
        run.save(update_fields=[*_ABOUT_HEADERS, "key", "state", "updated_at"])
    return waits


def _found(run: ImportRun, table: Table) -> dict[str, object]:
    return table.found | corrections.kept(run) | (template_stamp.found(run, corrections.limits()) if table.kind == "xlsx" else {})


def _another_encoding(long_run: LongRun, run: ImportRun, options: dict[str, object]) -> bool:
    """Read the file once more as a person said of the last one with the same headers."""
    run.options = options
    with work.chunk(long_run):
        run.save(update_fields=["options", "updated_at"])
    return False


def _same_names(long_run: LongRun, run: ImportRun) -> bool:
    return _repeats(long_run, run, "name_key", "name", ImportRun.Phase.SAME_IDS)


def _same_ids(long_run: LongRun, run: ImportRun) -> bool:
    if ENGINES[run.kind].judge.grouped:
        run.found = {name: said for name, said in run.found.items() if name != tree_repeats.NAME}
        if texts := tree_repeats.find(run):
            run.found[tree_repeats.NAME] = texts
    return _repeats(long_run, run, "external_id", "external_id", ImportRun.Phase.SAME_KEYS)


def _same_keys(long_run: LongRun, run: ImportRun) -> bool:
    return _repeats(long_run, run, "match_key", ENGINES[run.kind].judge.match_column(run.key), ImportRun.Phase.NAMES)


def _repeats(long_run: LongRun, run: ImportRun, column: str, key: str, next_phase: str) -> bool:
    """Refuse rows that have the same text in `column` as another row of the file; the sentence names both.

    The next texts after the bookmark are looked for, then their rows marked in the order of the file, a chunk at a time: one
    text may have any number of rows.
    """
    judge = ENGINES[run.kind].judge
    groups = (
        {}
        if not judge.repeats
        else {
            value: (first, last, count)
            for value, first, last, count in run.rows.filter(**{f"{column}__gt": run.bookmark})
            .values_list(column)
            .annotate(first=Min("line"), last=Max("line"), count=Count("line"))
            .filter(count__gt=1)
            .order_by(column)[:CHUNK]
        }
    )
    found = repeated(run, column, groups)
    until = monotonic() + SECONDS
    while True:
        rows = list(found.filter(line__gt=run.cursor)[:CHUNK]) if groups else []
        refused = marked(run, key, rows, groups)
        with work.chunk(long_run):
            update(StagedRow, MARKED[:2], MARKED[2:], refused)
            if len(rows) == CHUNK:
                run.cursor = rows[-1][0]
            else:
                run.cursor, run.bookmark = 0, next(reversed(groups), "")
                if len(groups) < CHUNK:
                    run.phase, run.bookmark = next_phase, ""
            run.save(update_fields=["phase", "bookmark", "cursor", "found", "updated_at"])
        if not run.cursor or monotonic() > until:
            return False


type Groups = Mapping[str, tuple[int, int, int]]

# The columns of the stage in the order in which `marked` gives their values.
MARKED = ["run_id", "line", "base", "verdict", "target_id", "errors", "changes"]


def repeated(run: ImportRun, column: str, groups: Groups) -> QuerySet[StagedRow, tuple]:
    """Return the rows whose `column` is one of `groups`, in order and as `marked` takes them."""
    found = run.rows.filter(**{f"{column}__in": list(groups)}).order_by("line")
    return found.values_list("line", column, "raw", "errors", "target_id", "base")


def marked(run: ImportRun, key: str, rows: Iterable[tuple], groups: Groups) -> list[tuple]:
    """Return `rows` as errors of the cell `key`, which hold a text of `groups`: {text: (first row, last row, number of rows)}.

    A text that stands in two rows identifies nothing, whatever the mode.
    """
    position = {column_key: position for position, column_key in run.mapping}.get(key, 0)
    refused = []
    for line, value, raw, errors, target, before in rows:
        at, sentence = key, sentences.repeated(tidy(raw[position]), *groups[value])
        if value.startswith(round_trip.SAME_RECORD):
            at, sentence = round_trip.ID, round_trip.same_record(*groups[value])
        said = (errors or {}) | {at: [*(errors or {}).get(at, []), sentence]}
        base = Base.BARRED if at in {key_column(run.kind, run.key), round_trip.ID} or before == Base.BARRED else Base.ERROR
        verdict = modes.verdict(run.mode, base, matched=target is not None, skip_errors=run.skip_errors)
        refused.append((run.pk, line, base, verdict, target, encode(said), None))
    return refused


def _names(long_run: LongRun, run: ImportRun) -> bool:
    """Propose a name for new rows that have only a legal name, numbered where the name is taken (decision 3)."""
    if ENGINES[run.kind].judge.grouped:
        return _groups(long_run, run)
    nameless = run.rows.filter(base__in=[Base.NEW, Base.BLANK], name_key=None, line__gt=run.cursor).order_by("line")
    rows = list(nameless.values_list("line", "values", "warnings")[:CHUNK]) if ENGINES[run.kind].judge.names else []
    changed = name_rows(run, rows)
    with work.chunk(long_run):
        update(StagedRow, ["run_id", "line"], ["name_key", "values", "warnings"], changed)
        run.cursor = rows[-1][0] if rows else run.cursor
        if len(rows) < CHUNK:
            run.phase, run.cursor = ImportRun.Phase.COUNTS, 0
        run.save(update_fields=["phase", "cursor", "updated_at"])
    return False


def _groups(long_run: LongRun, run: ImportRun) -> bool:
    """Judge together the rows that are about one client, some clients at a time."""
    keys = list(run.rows.filter(name_key__gt=run.bookmark).order_by("name_key").values_list("name_key", flat=True).distinct()[:GROUPS])
    with work.chunk(long_run):
        ENGINES[run.kind].judge.settle(run, keys)
        run.bookmark = keys[-1] if keys else ""
        if len(keys) < GROUPS:
            run.phase, run.bookmark = ImportRun.Phase.COUNTS, ""
        run.save(update_fields=["phase", "bookmark", "updated_at"])
    return False


def _counts(long_run: LongRun, run: ImportRun) -> bool:
    run.counts = dict(run.rows.order_by().values_list("verdict").annotate(rows=Count("line")))
    if sum(run.counts.values()) != run.rows_read:
        return _begin_again(long_run, run)
    run.matches = count_matches(run)
    with work.chunk(long_run):
        long_run.done = long_run.total = run.rows_read
        run.save(update_fields=["counts", "matches", "updated_at"])
    return True


def _begin_again(long_run: LongRun, run: ImportRun) -> bool:
    """Read the file once more: a crash of the database server emptied the stage, which is not in its log."""
    with work.chunk(long_run):
        run.state, run.phase, run.cursor, run.bookmark, run.rows_read = ImportRun.State.UPLOADED, ImportRun.Phase.ROWS, 0, "", 0
        run.save(update_fields=["state", "phase", "cursor", "bookmark", "rows_read", "updated_at"])
        long_run.done = 0
    return False


_PHASES = {
    ImportRun.Phase.ROWS: _rows,
    ImportRun.Phase.AGAIN: _again,
    ImportRun.Phase.SAME_NAMES: _same_names,
    ImportRun.Phase.SAME_IDS: _same_ids,
    ImportRun.Phase.SAME_KEYS: _same_keys,
    ImportRun.Phase.NAMES: _names,
    ImportRun.Phase.COUNTS: _counts,
}
