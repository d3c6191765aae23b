"""By which field rows find their records: which of them a file can use, which serves best, and how many rows each would match."""

from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intake import round_trip
from intake.engines import ENGINES
from intake.hidden import hidden_targets
from intake.kinds import key_column, key_label, keys, resource
from intake.loading import decode, find, texts
from intake.models import ImportRun

Key = ImportRun.Key
CHUNK = 2_000
LOOKED_AT = 20_000


class Choice(NamedTuple):
    """An identifying field as the mode step offers it: why it cannot serve (or an empty text), and what it would match."""

    value: str
    label: str
    refusal: str
    matched: str


def usable(run: ImportRun) -> list[str]:
    """Return the identifying fields of which the file has a column, the preferred one first."""
    mapped = {key for _position, key in run.mapping}
    return [key for key in keys(run.kind) if key_column(run.kind, key) in mapped]


def best_key(run: ImportRun) -> str:
    """Return the field by which rows are compared unless a person says otherwise.

    What a person chose stays while the file has it. Client numbers and external IDs win over names where the first rows all hold
    ones that exist: the file was exported from here, or comes from a system that is known here.
    """
    found = usable(run)
    if run.is_matched and run.key in found:
        return run.key
    records = resource(run.kind)._meta.model
    fullest = max(map(len, run.samples), default=0)
    positions = {key: position for position, key in run.mapping}
    for key in (Key.NUMBER, Key.EXTERNAL_ID):
        position = positions.get(key_column(run.kind, key), len(run.samples))
        texts = run.samples[position] if key in found and position < len(run.samples) else []
        # A column that is often empty does not tell rows apart.
        texts = texts if len(texts) == fullest else []
        known = dict(find(records, key, texts, ("id", key)))
        unseen = hidden_targets(run.kind, known, run.created_by)
        if texts and {text for pk, text in known.items() if pk not in unseen} == set(texts):
            return key
    return found[0] if found else run.key


def count_matches(run: ImportRun) -> dict[str, object]:
    """Return what each row is by itself and how the fields would find records, for the mode step.

    {"rows": [[base, whether a record was found, rows]...], "keys": {field: {"one", "many", "none", "blank", "of"}}}. Fields other than
    the run's own are tried on the first LOOKED_AT rows.
    """
    return {"rows": [list(found) for found in grouped(run)], "keys": _tried(run, usable(run))}


def _tried(run: ImportRun, fields: list[str]) -> dict[str, dict[str, int]]:
    """Return for each of `fields` how many rows it finds how many records for; the rows are read once for all of them."""
    judge = ENGINES[run.kind].judge(run)
    found = {key: dict.fromkeys(("one", "many", "none", "blank", "of"), 0) for key in fields}
    last, seen = 0, 0
    while fields and seen < LOOKED_AT:
        rows = texts(run.rows.filter(line__gt=last).order_by("line")[:CHUNK], "line", "raw")
        cells = [decode(raw) for _line, raw in rows]
        for key in fields:
            for number in judge.tries(key, cells):
                found[key]["blank" if number is None else "none" if not number else "one" if number == 1 else "many"] += 1
            found[key]["of"] += len(rows)
        seen += len(rows)
        if len(rows) < CHUNK:
            break
        last = rows[-1][0]
    return found


def grouped(run: ImportRun) -> list[tuple[str, bool, int]]:
    """Return (base, whether a record was found, number) of the staged rows."""
    matched = ExpressionWrapper(Q(target_id__isnull=False), output_field=BooleanField())
    found = run.rows.order_by().annotate(matched=matched).values_list("base", "matched").annotate(rows=Count("line"))
    return [(str(base), bool(matched), rows) for base, matched, rows in found]


def choices(run: ImportRun) -> list[Choice]:
    """Return every identifying field of the kind, with the reason where the file cannot use it."""
    able = set(usable(run))
    columns = resource(run.kind).fields
    tried = run.matches.get("keys", {})
    made = []
    for key in keys(run.kind):
        label = columns[key_column(run.kind, key)].label
        # Rows that are found by their ID need no other field.
        needless = key == run.key and bool(round_trip.places(run.headers))
        refusal = "" if key in able or needless else _("the file has no column “%(label)s”") % {"label": label}
        found = tried.get(key, {})
        if key in able and key != run.key and found.get("many"):
            refusal = _("%(count)d of its texts lead to more than one record") % {"count": found["many"]}
        made.append(Choice(key, key_label(run.kind, key), refusal, _matched(found) if found else ""))
    return made


def _matched(found: dict[str, int]) -> str:
    """Say how many rows a field finds one record for."""
    return ngettext("%(one)s of %(of)s row matches one record", "%(one)s of %(of)s rows match one record each", found["of"]) % {
        "one": number_format(found["one"], force_grouping=True),
        "of": number_format(found["of"], force_grouping=True),
    }
