"""What an import overwrote: which fields get their value of before, and which stay because a person changed them or it is not possible."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from clientdesk import history
from clientdesk.forms import broken_sentence
from clientdesk.models import Change, Dictionary, Renamed, Stamped
from clientdesk.words import name_key
from clients.models import Company, CustomField
from intake.undoing.report import ERASED, LOST, REFUSED, TAKEN, Why
from intake.undoing.units import edit_of
from intake.undoing.written import Edit, Written, kind_of, now_of

# Fields that others are made from: a constraint names the key, a person changes the name.
_MADE_FROM = {"name_key": "name"}
# A company follows its client (Client.keep_company).
FOLLOWERS = (Company,)


@dataclass
class Back:
    """What becomes of one record: `values` are the fields that get a stored value back, `stays` says of other fields why not."""

    record: models.Model
    one: Written
    values: dict[str, object] = field(default_factory=dict)
    stays: list[tuple[Why, list[str]]] = field(default_factory=list)

    def keep(self, names: Iterable[str], why: Why) -> None:
        """Let these fields stay as they are."""
        kept = list(names)
        for name in kept:
            self.values.pop(name, None)
        self.stays.append((why, kept))


def follows(record: models.Model) -> bool:
    """Say whether `record` follows another one, so that nothing of it is given back by itself."""
    return isinstance(record, FOLLOWERS) and getattr(record, "client_id", None) is not None


def judge(record: models.Model, one: Written, later: list[Edit], there: Callable[[models.ForeignKey, object], bool]) -> Back:
    """Return what becomes of `record` that a run changed as `one` says; `there` says whether what a key points to still exists."""
    back = Back(record, one)
    columns = {column.name: column for column in history.tracked(type(record)) if column.name in one.pairs and column.name != "id"}
    if one.erased or getattr(record, "erased_at", None):
        back.stays.append((Why(ERASED), []))
        return back
    moved = []
    for name, column in columns.items():
        before, after = one.pairs[name]
        now = now_of(column, record)
        if isinstance(before, dict) and isinstance(after, dict) and isinstance(now, dict):
            _judge_keys(back, name, (before, after, now), later)
        elif now == before:
            continue
        elif now != after:
            moved.append(name)
        elif isinstance(column, models.FileField) or (
            isinstance(column, models.ForeignKey) and before is not None and not there(column, before)
        ):
            back.stays.append((Why(LOST), [name]))
        else:
            back.values[name] = before
    for names, why in _by_editor(moved, later):
        back.stays.append((why, names))
    return back


def _by_editor(moved: list[str], later: list[Edit]) -> list[tuple[list[str], Why]]:
    """Return the fields that somebody changed, together where the same person changed them in the same act."""
    found: dict[Why, list[str]] = {}
    for name in moved:
        found.setdefault(edit_of([name], later), []).append(name)
    return [(names, why) for why, names in found.items()]


def _judge_keys(back: Back, name: str, states: tuple[dict, dict, dict], later: list[Edit]) -> None:
    """Custom fields come back one by one: those that still hold what was written."""
    before, after, now = states
    result, moved, lost = dict(now), False, False
    known = None
    for key in {*before, *after}:
        old, new = before.get(key), after.get(key)
        if old == new or now.get(key) == old:
            continue
        if now.get(key) != new:
            moved = True
            continue
        if old is not None:
            known = _custom_keys() if known is None else known
            if key not in known:
                lost = True
                continue
            result[key] = old
        else:
            result.pop(key, None)
    if moved:
        back.stays.append((edit_of([name], later), [name]))
    if lost:
        back.stays.append((Why(LOST), [name]))
    if result != now:
        back.values[name] = result


def _custom_keys() -> set[str]:
    return set(CustomField.objects.values_list("key", flat=True))


# --- laws -----------------------------------------------------------------------------------------
def settle(back: Back, passes: Callable[[models.Model, set[str]], bool]) -> None:
    """Put the values of before on the record as far as its laws allow; the others stay with the sentence.

    `passes` says of a record that is in the way, and the fields by which it is, whether it will be out of the way.
    """
    wanted = dict(back.values)
    if not wanted:
        return
    now = {name: getattr(back.record, attname(back.record, name)) for name in wanted}
    if not (errors := _refusals(back, wanted, passes)):
        return
    if not set(errors) & set(wanted):
        errors = _one_by_one(back, wanted, now, passes)
    for name in [name for name in wanted if name in errors]:
        setattr(back.record, attname(back.record, name), now[name])
        back.keep([name], errors[name])
    if back.values and (left := _refusals(back, back.values, passes)):
        for name in list(back.values):
            setattr(back.record, attname(back.record, name), now[name])
        back.keep(list(back.values), next(iter(left.values())))


def _one_by_one(back: Back, wanted: Mapping[str, object], now: Mapping[str, object], passes: Callable) -> dict[str, Why]:
    """Return why the record refuses fields where it names none: each is tried beside those that went before."""
    errors: dict[str, Why] = {}
    for name in wanted:
        setattr(back.record, attname(back.record, name), now[name])
    for name, value in wanted.items():
        if found := _refusals(back, {name: value}, passes):
            errors[name] = next(iter(found.values()))
            setattr(back.record, attname(back.record, name), now[name])
    return errors


def _refusals(back: Back, values: Mapping[str, object], passes: Callable[[models.Model, set[str]], bool]) -> dict[str, Why]:
    """Put `values` on the record and return what speaks against them, by field; blank is a law of the whole record."""
    record = back.record
    columns = {name: record._meta.get_field(name) for name in values}
    for name, column in columns.items():
        setattr(record, column.attname, history.restored(column, values[name]))
    if not any(_needs_laws(record, column) for column in columns.values()):
        return {}
    in_the_way = _holders(record, set(values))
    if blocked := [(other, names) for other, names in in_the_way if not passes(other, names)]:
        return {name: Why(TAKEN, what=other._meta.label, key=other.pk) for other, names in blocked for name in values if name in names}
    if in_the_way:
        return {}
    try:
        record.clean()
        record.validate_unique()
        record.validate_constraints()
    except ValidationError as refusal:
        return _by_field(refusal)
    return {}


def _by_field(refusal: ValidationError) -> dict[str, Why]:
    if not hasattr(refusal, "error_dict"):
        return {"": Why(REFUSED, sentence=refusal.messages[0])}
    known = {name: [message for error in errors for message in error.messages] for name, errors in refusal.error_dict.items()}
    return {
        _MADE_FROM.get(name, "" if name == NON_FIELD_ERRORS else name): Why(REFUSED, sentence=messages[0])
        for name, messages in known.items()
        if messages
    }


def _needs_laws(record: models.Model, column: models.Field) -> bool:
    """Say whether laws look at `column`: unique ones, links other than to entries of settings lists, switches and the kind."""
    if isinstance(column, models.ForeignKey):
        return not issubclass(column.related_model, Dictionary)
    return column.name in {"name", "kind", *_once(type(record))}


@cache
def _once(model: type[models.Model]) -> frozenset[str]:
    """Return the fields of `model` of which only one record may have a value, and those that say when that is so."""
    found = [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    return frozenset(name for one in found for name in (*one.fields, *_conditions(one.condition)))


def _holders(record: models.Model, names: set[str]) -> list[tuple[models.Model, set[str]]]:
    """Return the records that hold what `record` is to get back in `names` and that only one may hold, each with those fields."""
    if callable(fold := getattr(record, "fold", None)):
        fold()
    found = []
    for constraint in record._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or not constraint.fields:
            continue
        by = {_MADE_FROM.get(name, name) for name in constraint.fields} | _conditions(constraint.condition)
        values = {name: getattr(record, attname(record, name)) for name in constraint.fields}
        applies = all(getattr(record, name, None) == value for name, value in _pairs(constraint.condition))
        if by & names and applies and None not in values.values():
            others = type(record)._base_manager.filter(constraint.condition or models.Q(), **values).exclude(pk=record.pk)
            found += [(other, by) for other in others[:2]]
    return found


def _pairs(condition: models.Q | None) -> list[tuple[str, object]]:
    return [(child[0], child[1]) for child in condition.children if isinstance(child, tuple)] if condition else []


def _conditions(condition: models.Q | None) -> set[str]:
    return {name for name, _value in _pairs(condition)}


# --- doing ----------------------------------------------------------------------------------------
def put_back(back: Back) -> None:
    """Save the record, on which its values of before are; what refuses it in the very instant stays with the sentence."""
    record = back.record
    if isinstance(record, Renamed):
        before = record.__dict__.get("_names_before", ())
        record.forget_names()
        if earlier := _names_of_before(record, back.one, before):
            record.former_names = "\n".join(dict.fromkeys([*earlier, *filter(None, record.former_names.split("\n"))]))
    names = [record._meta.get_field(name).name for name in back.values]
    stamp = ["updated_at"] if isinstance(record, Stamped) else []
    record.get_additional_data = lambda: {"took_back": back.one.last}
    try:
        with transaction.atomic():
            record.save(update_fields=[*names, *stamp])
    except (IntegrityError, ValidationError) as error:
        refusal = error if isinstance(error, ValidationError) else broken_sentence(error, type(record))
        back.keep(list(back.values), Why(REFUSED, sentence=refusal.messages[0]))
    finally:
        del record.get_additional_data


def _names_of_before(record: Renamed, one: Written, now: Iterable[str]) -> list[str]:
    """Return those names of `now`, which the run gave and which go again, that the record had had before the run, too."""
    going = {name_key(name): name for name in now if name_key(name) not in {name_key(own) for own in record.names}}
    if not going:
        return []
    told = Change.objects.filter(content_type=kind_of(type(record)), object_id=record.pk, pk__lt=one.first).values_list(
        "changes", flat=True
    )
    known = {
        name_key(value)
        for changes in told
        for name in ("name", "legal_name")
        for value in (changes or {}).get(name) or ()
        if isinstance(value, str)
    }
    return [name for key, name in going.items() if key in known]


def revive(model: type[models.Model], one: Written) -> models.Model | None:
    """Bring back a record that the run deleted, with its key of then; return it, or None where something else has its place."""
    columns = {column.name: column for column in model._meta.concrete_fields}
    values = {
        columns[name].attname: history.restored(columns[name], before) for name, (before, _after) in one.pairs.items() if name in columns
    }
    record = model(**values | {"pk": one.pk})
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except (IntegrityError, ValidationError):
        return None
    return record


def attname(record: models.Model, name: str) -> str:
    """Return the attribute that holds the plain value of the field `name`."""
    return record._meta.get_field(name).attname
