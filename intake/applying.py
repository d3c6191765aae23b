"""Plan -> database, in chunks. Each chunk is one transaction with its history, its outcomes and the cursor: killed at any instant,
the run goes on from the last commit and ends as one that was never killed.

Changed rows come first, then new ones, each in the order of the file. What changed after the review is a conflict, never overwritten.
"""

import json
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.utils import OperationalError
from django.utils import timezone

from clientdesk import trigrams, work
from clientdesk.models import LongRun, User
from clients import custom
from clients.models import Client, same_name_sentence
from intake import sentences
from intake.columns import resource
from intake.custom_columns import loaded, parted
from intake.hidden import hidden, hidden_external_id, hidden_name
from intake.loading import encode, find, texts, update
from intake.models import ImportRun, Outcome, StagedRow, Verdict
from intake.references import ReferenceWidget
from intake.storing import Store

CHUNK = 2_000
SECONDS = 1.5
# Somebody takes a name between our look and our write: the next look sees it.
TRIES = 5
DEADLOCK = "40P01"


def start(run_pk: int, by: User | None) -> bool:
    """Queue the import of a reviewed run; return False where it was started already, so that a second press does nothing."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_pk)
        if run.state != ImportRun.State.REVIEW:
            return False
        total = run.counts.get(Verdict.NEW, 0) + run.counts.get(Verdict.CHANGED, 0)
        run.work = work.start("import_apply", by, total)
        run.state, run.cursor, run.bookmark, run.started_at = ImportRun.State.APPLYING, 0, Verdict.CHANGED, timezone.now()
        run.save()
    return True


def advance(long_run: LongRun) -> bool:
    """Import on for about two seconds; return whether all is done. Raises work.Refused with the sentence."""
    until = monotonic() + SECONDS
    while True:
        finished = _chunk(long_run)
        if finished or monotonic() > until:
            return finished


def done(long_run: LongRun) -> None:
    """Every row has its outcome; what the search index put off is done now."""
    trigrams.settle()
    ImportRun.objects.filter(work=long_run).end(ImportRun.State.DONE)


def failed(long_run: LongRun) -> None:
    """The import stopped; what was saved stays."""
    ImportRun.objects.filter(work=long_run).end(ImportRun.State.FAILED, long_run.error)


def cancelled(long_run: LongRun) -> None:
    """The person cancelled; what was saved stays."""
    ImportRun.objects.filter(work=long_run).end(ImportRun.State.CANCELLED)


def _chunk(long_run: LongRun) -> bool:
    tries = 0
    while True:
        tries += 1
        try:
            with work.chunk(long_run):
                return _apply(long_run, ImportRun.objects.get(work=long_run))
        except (IntegrityError, OperationalError) as error:
            if tries == TRIES or not _is_a_meeting(error):
                raise


def _is_a_meeting(error: Exception) -> bool:
    """Whether we only met somebody: another look helps. A database that is gone needs the pause of the worker instead."""
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") == DEADLOCK


def _apply(long_run: LongRun, run: ImportRun) -> bool:
    verdict = run.bookmark
    rows = texts(
        run.rows.filter(verdict=verdict, line__gt=run.cursor).order_by("line")[:CHUNK],
        "line", "values", "changes", "target_id", "target_version", "name_key",
    )  # fmt: skip
    if not rows:
        return _next(run, verdict)
    outcomes = Chunk(run, long_run).apply(verdict, rows)
    for outcome in outcomes:
        run.counts[outcome] = run.counts.get(outcome, 0) + len(outcomes[outcome])
    run.cursor = rows[-1][0]
    run.save(update_fields=["cursor", "counts", "updated_at"])
    long_run.done += len(rows)
    return False


def _next(run: ImportRun, verdict: str) -> bool:
    if verdict == Verdict.CHANGED:
        run.bookmark, run.cursor = Verdict.NEW, 0
        run.save(update_fields=["bookmark", "cursor", "updated_at"])
        return False
    ended = sum(run.counts.get(outcome, 0) for outcome in (Outcome.CREATED, Outcome.UPDATED, Outcome.FAILED, Outcome.CONFLICT))
    if ended != run.counts.get(Verdict.NEW, 0) + run.counts.get(Verdict.CHANGED, 0):
        raise work.Refused(sentences.stage_lost())
    return True


class Chunk:
    """One chunk of staged rows on its way into the database; the caller holds the transaction."""

    def __init__(self, run: ImportRun, long_run: LongRun) -> None:
        self.run, self.by = run, run.created_by
        source = resource(run.kind)
        source.prepare(run.created_by)
        self.keys = list(source._meta.fields)
        self.custom_keys = set(source.custom_keys)
        self.references = {column.key: column.widget for column in source.columns() if isinstance(column.widget, ReferenceWidget)}
        self.store = Store(self.keys, long_run, timezone.now(), with_custom=bool(self.custom_keys))
        self.outcomes: dict[str, list[tuple]] = {}

    def apply(self, verdict: str, rows: list[tuple]) -> dict[str, list[tuple]]:
        """Save `rows`, all of `verdict`, and return them by outcome."""
        if verdict == Verdict.NEW:
            self._add(rows)
        else:
            self._change(rows)
        self.store.journal.write()
        for outcome, ended in self.outcomes.items():
            update(
                StagedRow,
                ["run_id", "line"],
                ["outcome", "target_id", "errors"],
                [(self.run.pk, *row[:1], outcome, *row[1:]) for row in ended],
            )
        return self.outcomes

    def _end(self, outcome: str, line: int, target: int | None, errors: str | None = None) -> None:
        self.outcomes.setdefault(outcome, []).append((line, target, errors))

    def _refused(self, values: dict, pk: int | None, owners: dict[str, tuple]) -> dict[str, list[str]]:
        errors = {}
        for key, widget in self.references.items():
            if (entry := values.get(key)) is None:
                continue
            if entry not in widget.names:
                errors[key] = [sentences.bad_entry_meanwhile()]
            elif entry in widget.barred:
                errors[key] = [widget.barred[entry]]
        for key in values:
            if key not in self.keys and key not in self.custom_keys:
                errors[key] = [sentences.bad_entry_meanwhile()]
        owner = owners.get(values.get("external_id") or "")
        if owner and owner[0] != pk:
            sentence = sentences.external_id_taken(values["external_id"], owner[1], owner[2])
            errors["external_id"] = [hidden_external_id(values["external_id"]) if owner[3] else sentence]
        return errors

    def _owners(self, external_ids: set[str]) -> dict[str, tuple]:
        found = find(Client, "external_id", external_ids, ("external_id", "id", "name", "number"))
        unseen = hidden((row[1] for row in found), self.by)
        return {row[0]: (*row[1:], row[1] in unseen) for row in found}

    def _add(self, rows: list[tuple]) -> None:
        planned = [(line, key, json.loads(values)) for line, values, _changes, _target, _version, key in rows]
        names = ("name_key", "id", "name", "number", "restricted_to_responsible")
        taken = {
            key: Client(pk=pk, name=name, number=number, restricted_to_responsible=bool(restricted))
            for key, pk, name, number, restricted in find(Client, "name_key", [row[-1] for row in rows], names)
        }
        owners = self._owners({values["external_id"] for _line, _key, values in planned if "external_id" in values})
        wanted = []
        for line, key, values in planned:
            errors = self._refused(values, None, owners)
            if other := taken.get(key):
                errors["name"] = [same_name_sentence(other, self.by)]
            if errors:
                self._end(Outcome.FAILED, line, None, encode(errors))
            else:
                wanted.append((line, key, values))
        pks = self.store.add([values for _line, _key, values in wanted], [key for _line, key, _values in wanted])
        for (line, _key, _values), pk in zip(wanted, pks, strict=True):
            self._end(Outcome.CREATED, line, pk)

    def _change(self, rows: list[tuple]) -> None:
        names = ("id", "version", "number", "custom", *self.keys)
        locked = find(Client, "id", [row[3] for row in rows], names, lock=True)
        current = {row[0]: dict(zip(names, row, strict=True)) for row in locked}
        planned = [(line, target, version, json.loads(changes)) for line, _values, changes, target, version, _key in rows]
        owners = self._owners({after["external_id"][1] for *_rest, after in planned if "external_id" in after})
        unseen = hidden(current, self.by)
        saved = []
        for line, target, version, changes in planned:
            client = current.get(target)
            if client is None:
                self._end(Outcome.CONFLICT, line, None, encode({"": [sentences.gone_meanwhile()]}))
            elif target in unseen:
                self._end(Outcome.FAILED, line, target, encode({"name": [hidden_name()]}))
            elif client["version"] != version:
                sentence = sentences.changed_meanwhile(client["name"], client["number"])
                self._end(Outcome.CONFLICT, line, target, encode({"": [sentence]}))
            else:
                after = {key: new for key, (_old, new) in changes.items()}
                if errors := self._refused(after, target, owners):
                    self._end(Outcome.FAILED, line, target, encode(errors))
                else:
                    saved.append(_whole(client, changes))
                    self._end(Outcome.UPDATED, line, target)
        self.store.change(saved)


def _whole(client: dict, changes: dict) -> tuple[dict, str]:
    """Return all values of `client` after `changes`, and the changes as the history keeps them: custom fields as one."""
    plain, of_custom = parted(changes)
    after = client | {key: new for key, (_old, new) in plain.items()}
    if of_custom:
        before = loaded(client["custom"])
        merged = custom.merged(before, {key: new for key, (_old, new) in of_custom.items()})
        after["custom"], plain["custom"] = encode(merged), [before, merged]
    return after, encode(plain)
