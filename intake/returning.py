"""Rows of a file that was exported for editing meet their records: found by ID, compared with what they were at the export."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.translation import gettext as _

from clientdesk.models import Change, Merge, User
from intake import round_trip, several
from intake.cells import Stored
from intake.column import Column
from intake.custom_columns import PREFIX, loaded
from intake.loading import find
from intake.models import ImportRun
from intake.reader import Row
from intake.round_trip import ID, VERSION, Mark, Since
from intake.verdicts import Judged

# Who saves while a file is written may be in the history a moment before the export and in no row of the file yet.
BEFORE = timedelta(minutes=1)


class Returning:
    """The marked rows of one chunk of `run`, whose records are of `model` and whose columns are `mapped` (position, column)."""

    def __init__(self, run: ImportRun, model: type[Model], mapped: Sequence[tuple[int, Column]]) -> None:
        self.kind, self.model, self.mapped = run.kind, model, mapped
        self.places = round_trip.places(run.headers)

    def read(self, rows: Iterable[Judged]) -> tuple[list[Judged], list[Judged]]:
        """Part `rows` into those that say by ID which record they are about, and those that do not. A wrong mark is refused at once."""
        if not self.places:
            return [], list(rows)
        marked, others = [], []
        for one in rows:
            pk, version = self._text(one.row, ID), self._text(one.row, VERSION)
            if not pk:
                others.append(one)
            elif mark := round_trip.read_marks(self.kind, pk, version):
                one.mark = mark
                marked.append(one)
            else:
                one.bar(ID, round_trip.unknown_mark(pk))
        return marked, others

    def _text(self, row: Row, key: str) -> str:
        cell = row.cells[self.places[key]] if key in self.places else ""
        return (cell if isinstance(cell, str) else cell.raw).strip()

    def meet(self, marked: Sequence[Judged], targets: Mapping[int, dict[str, Stored]]) -> None:
        """Give each of `marked` its record out of `targets` (those that the person may see, by key), and take out of it what was not
        edited. At most four statements."""
        self._refuse_lost([one for one in marked if one.mark.pk not in targets])
        met = [(one, targets[one.mark.pk]) for one in marked if one.mark.pk in targets]
        steps = {one.mark: int(str(target["version"])) - one.mark.version for one, target in met}
        happened = self._history({mark: count for mark, count in steps.items() if count > 0})
        self._meet_beside([(one, target) for one, target in met if steps[one.mark] > 0], happened)
        for one, target in met:
            one.target, past = target, happened.get(one.mark.pk, {})
            one.since = {key: since for key, since in past.items() if current(target, key) != since.before}
            for position, column in self.mapped:
                self._meet_cell(one, position, column)

    def _refuse_lost(self, lost: Sequence[Judged]) -> None:
        if not lost:
            return
        winners = dict(
            Merge.objects.filter(
                content_type=ContentType.objects.get_for_model(self.model), loser_id__in={one.mark.pk for one in lost}, undone_at=None
            ).values_list("loser_id", "winner_id")
        )
        names = self._names(set(winners.values()))
        for one in lost:
            name = names.get(winners.get(one.mark.pk, 0))
            one.bar(ID, round_trip.merged(one.mark.pk, *name) if name else round_trip.gone(one.mark.pk))

    def _names(self, winners: set[int]) -> dict[int, tuple[str, str]]:
        """Return name and number of those of `winners` that everybody may see."""
        found = find(self.model, "id", winners, ("id", "name", "number"), restricted_to_responsible=False) if winners else []
        return {pk: (name, number) for pk, name, number in found}

    def _history(self, steps: Mapping[Mark, int]) -> dict[int, dict[str, Since]]:
        """Return by record and column what happened since the export to records whose version moved on by `steps`. Two statements.

        As many changes count as the version moved on, and none from before the export.
        """
        if not steps:
            return {}
        begin = {mark.pk: (mark.moment - BEFORE, count) for mark, count in steps.items()}
        found = Change.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id__in=list(begin),
            action=Change.Action.UPDATE,
            timestamp__gte=min(moment for moment, _count in begin.values()),
        ).order_by("object_id", "-id")
        changes: dict[int, list[Change]] = defaultdict(list)
        for change in found:
            pk = int(change.object_id or 0)
            moment, count = begin[pk]
            if change.timestamp >= moment and len(changes[pk]) < count:
                changes[pk].append(change)
        people = User.objects.in_bulk({change.actor_id for kept in changes.values() for change in kept if change.actor_id})
        return {pk: _since(kept, people) for pk, kept in changes.items()}

    def _meet_beside(self, met: Sequence[tuple[Judged, dict[str, Stored]]], happened: dict[int, dict[str, Since]]) -> None:
        """Add to `happened` what became since the export of what records have several of; two statements for each such column.

        Such rows have no version that counts. So what the file says is taken for what it held at the export where the record had just
        that in the minute before the export or at any time since.
        """
        moments = {one.mark.pk: one.mark.moment - BEFORE for one, _target in met}
        for position, column in self.mapped if met else ():
            if column.key not in several.LINKS:
                continue
            found = several.states_of(column.key, {one.mark.pk: target[column.key] for one, target in met}, moments)
            people = User.objects.in_bulk({change.actor_id for _states, change in found.values() if change.actor_id})
            for one, target in met:
                if one.mark.pk not in found:
                    continue
                states, last = found[one.mark.pk]
                cell = one.row.cells[position]
                text = cell if isinstance(cell, str) else cell.raw
                before = next((held for held in states if round_trip.same(text, column.write(held))), states[-1])
                if not round_trip.same(text, column.write(target[column.key])):
                    happened.setdefault(one.mark.pk, {})[column.key] = Since(before, _who(last, people), last.timestamp)

    def _meet_cell(self, one: Judged, position: int, column: Column) -> None:
        """Take the cell out of the row where it was not edited, and read an emptied one as such."""
        key, cell, target = column.key, one.row.cells[position], one.target
        now = current(target, key)
        text = cell if isinstance(cell, str) else cell.raw
        if position in one.row.typed:
            # What a person typed in the review is the last word.
            one.since.pop(key, None)
        since = one.since.get(key)
        then = since.before if since else now
        exported = column.write(then)
        if round_trip.same(text, exported) or (text and column.widget.was_called(then, text, one.mark.moment - BEFORE)):
            drop(one, key)
            if since:
                one.warn(key, round_trip.kept(exported, column.write(now), since))
        elif isinstance(cell, str) and (not cell or cell.isspace()):
            one.cleared.discard(key)
            if round_trip.is_empty(now):
                return
            if column.can_be_emptied:
                one.cleared.add(key)
            else:
                one.refuse(key, round_trip.must_stay(column.label, column.write(now)))

    def compare(self, one: Judged) -> None:
        """Refuse cells that were edited both here and in the file; the values of the row are complete."""
        for key, since in one.since.items():
            if key in one.errors or (key not in one.values and key not in one.cleared):
                continue
            column = next(column for _position, column in self.mapped if column.key == key)
            now, new = current(one.target, key), one.values.get(key, column.widget.blank)
            if new == now or (round_trip.is_empty(new) and round_trip.is_empty(now)):
                continue
            if new == since.before:
                drop(one, key)
                one.warn(key, round_trip.kept(column.write(new), column.write(now), since))
            else:
                one.conflicts.add(key)
                one.refuse(key, round_trip.conflict(column.write(new), column.write(now), since))


def current(target: Mapping[str, Stored], key: str) -> Stored:
    """Return what `target` holds in the column `key`."""
    if key.startswith(PREFIX):
        return loaded(target.get("custom")).get(key.removeprefix(PREFIX))
    return target.get(key)


def drop(one: Judged, key: str) -> None:
    """Take the cell `key` out of the row with all that was said of it: it was not edited."""
    one.values.pop(key, None)
    one.phones.pop(key, None)
    one.errors.pop(key, None)
    one.warnings.pop(key, None)
    one.cleared.discard(key)


def _since(changes: Sequence[Change], people: Mapping[int, User]) -> dict[str, Since]:
    """Return by column what `changes` of one record, the newest first, did together."""
    found: dict[str, Since] = {}
    for change in changes:
        for key, pair in _pairs(change.changes or {}):
            last = found.get(key)
            found[key] = Since(pair[0], last.who if last else _who(change, people), last.when if last else change.timestamp)
    return found


def _pairs(changes: Mapping[str, object]) -> Iterable[tuple[str, list]]:
    for key, pair in changes.items():
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        if key != "custom":
            yield key, pair
            continue
        before, after = (part if isinstance(part, dict) else {} for part in pair)
        for name in before.keys() | after.keys():
            if before.get(name) != after.get(name):
                yield f"{PREFIX}{name}", [before.get(name), after.get(name)]


def _who(change: Change, people: Mapping[int, User]) -> str:
    person = people.get(change.actor_id or 0)
    return str(person) if person else change.actor_email or _("somebody")
