"""A record as it stood at the end of a day: built backwards from the present, change by change."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.utils import timezone

from clientdesk.history.changes import changes_of
from clientdesk.history.values import stored, tracked
from clientdesk.history.words import Words, label_of, names_behind
from clientdesk.models import Change, Merge
from clientdesk.parts import Part, parts_of


@dataclass(frozen=True)
class Field:
    """One field then and now, in words. `unsure`: it was changed without a record; `erased`: its value of then is gone."""

    label: str
    then: str
    now: str
    differs: bool
    unsure: bool = False
    erased: bool = False


@dataclass(frozen=True)
class Past:
    """A record at the end of `day`: its fields, or none where it did not exist. `since` is when its history begins, None where the
    history knows how the record was made."""

    day: date
    existed: bool
    fields: list[Field]
    since: datetime | None = None
    silent: bool = False

    @property
    def differing(self) -> list[Field]:
        """The fields that are different today."""
        return [field for field in self.fields if field.differs or field.unsure or field.erased]

    @property
    def same(self) -> list[Field]:
        """The fields that are the same today."""
        return [field for field in self.fields if not (field.differs or field.unsure or field.erased)]


def end_of(day: date) -> datetime:
    """Return the moment at which `day` is over in the time zone of now."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def as_of(record: Model, day: date, moment: datetime | None = None) -> Past:
    """Return `record` (all of it loaded) as it stood at the end of `day`, or where given at a `moment` before."""
    walk = _Walk(record, moment or end_of(day))
    if not walk.existed:
        return Past(day, False, [])
    names = _names(walk)
    words, found = Words(type(record), names), []
    for name, column in walk.columns.items():
        then, now = words.words(column, walk.then[name]), words.words(column, walk.now[name])
        differs = walk.then[name] != walk.now[name]
        found.append(Field(label_of(column), then, now, differs, name in walk.unsure, name in walk.erased))
    hanging = [_hanging(part, record, walk.end) for part in parts_of(type(record)) if part.listed]
    return Past(day, True, found + hanging, walk.since, walk.since is not None and walk.since >= walk.end)


class _Walk:
    """The way back: `then` are the stored values of the fields before `end`, `now` those of the present."""

    def __init__(self, record: Model, end: datetime) -> None:
        self.end = end
        self.columns = {column.name: column for column in tracked(type(record)) if column.name not in ("id", "erased_at")}
        self.now = {name: stored(column, getattr(record, column.attname)) for name, column in self.columns.items()}
        self.then = dict(self.now)
        self.unsure: set[str] = set()
        self.erased: set[str] = set()
        self._settled: set[str] = set()
        self.existed, self._told, first = True, False, None
        for change in changes_of(record).exclude(action=Change.Action.ACCESS).iterator():
            (self._back if change.timestamp >= end else self._check)(change)
            self._told = change.action == Change.Action.CREATE
            first = change.timestamp
        made = getattr(record, "created_at", None)
        if not self._told:
            self.existed = self.existed and (made is None or made < end)
        self.since = None if self._told else first or timezone.now()

    def _pairs(self, change: Change) -> dict[str, list]:
        return {name: pair for name, pair in (change.changes or {}).items() if name in self.columns and isinstance(pair, list)}

    def _back(self, change: Change) -> None:
        """Take `change`, made after the day, off the values."""
        self.existed = change.action != Change.Action.CREATE
        gone = (change.additional_data or {}).get("erased")
        for name, (old, new) in self._pairs(change).items():
            if gone and old is None and new is None:
                self.erased.add(name)
            else:
                self.erased.discard(name)
                self.then[name] = old

    def _check(self, change: Change) -> None:
        """Compare `change`, made before the day was over, with what the way back found: else something went unrecorded."""
        gone = (change.additional_data or {}).get("erased")
        for name, (old, new) in self._pairs(change).items():
            if name in self._settled:
                continue
            self._settled.add(name)
            if gone and old is None and new is None:
                self.erased.add(name)
            elif self.then[name] != new:
                self.unsure.add(name)


def _names(walk: _Walk) -> dict:
    wanted: dict[type[Model], set] = defaultdict(set)
    for name, column in walk.columns.items():
        if isinstance(column, ForeignKey):
            keys = {value for value in (walk.then[name], walk.now[name]) if isinstance(value, int)}
            wanted[column.related_model] |= keys
    return names_behind(wanted)


def _hanging(part: Part, record: Model, end: datetime) -> Field:
    """Return the records of `part` that hung on `record` then and hang on it now, by their names."""
    hanging = part.type.model_class().objects.filter(**{part.by: record})
    hanging = hanging.select_related(part.named) if part.named else hanging
    now = {one.pk: str(getattr(one, part.named) if part.named else one) for one in hanging}
    then = dict(now)
    for change in _later(part, record, end):
        _part_back(part, record, change, then)
    return Field(str(part.label), ", ".join(sorted(then.values())), ", ".join(sorted(now.values())), then != now)


def _later(part: Part, record: Model, end: datetime) -> QuerySet[Change]:
    """Return the changes from `end` on of records of `part`, newest first: of those that hang on `record`, and of those that hang on
    what was one with it and was parted again, for they tell who left."""
    kind = ContentType.objects.get_for_model(type(record))
    parted = Merge.objects.filter(content_type=kind, undone_at__gte=end)
    owners = Q(of_id=record.pk) | Q(of_id__in=parted.filter(winner_id=record.pk).values("loser_id"))
    owners |= Q(of_id__in=parted.filter(loser_id=record.pk).values("winner_id"))
    return Change.objects.filter(owners, of_type=kind, of_id__isnull=False, content_type=part.type, timestamp__gte=end).order_by("-id")


def _part_back(part: Part, record: Model, change: Change, then: dict[int, str]) -> None:
    """Take `change` of one record of `part` off what hung on `record`, names by key."""
    key, pairs = change.object_id, change.changes or {}
    if key is None:
        return
    if change.action == Change.Action.UPDATE:
        # As when it was merged into the record, or parted from it: it came from, or went to, another one.
        before, after = pairs.get(part.by) or (None, None)
        if after == record.pk:
            then.pop(key, None)
        elif before == record.pk:
            then[key] = change.object_repr
        elif key in then and not part.named and "name" in pairs:
            then[key] = str(pairs["name"][0])
    elif change.of_id == record.pk and change.action == Change.Action.DELETE:
        then[key] = change.object_repr
    elif change.of_id == record.pk and change.action == Change.Action.CREATE:
        then.pop(key, None)
