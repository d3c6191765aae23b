"""History of bulk writes: the same `Change` rows that auditlog writes for the same change made in the browser, with the run's id."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from json.encoder import encode_basestring as encode_text

from auditlog.diff import model_instance_diff
from django.contrib.contenttypes.models import ContentType
from django.db import models

from clientdesk.models import Change, LongRun
from intake.loading import encode, insert

_COLUMNS = [
    "content_type_id", "object_pk", "object_id", "object_repr", "serialized_data", "action", "changes_text", "changes",
    "actor_id", "cid", "remote_addr", "remote_port", "timestamp", "additional_data", "actor_email", "run_id", "of_type_id", "of_id",
]  # fmt: skip


type Value = str | int | dict | list | None


def quoted(value: str | int | dict | list) -> str:
    """Return `value` as JSON."""
    if isinstance(value, str):
        return encode_text(value)
    return encode(value) if isinstance(value, dict | list | bool) else str(value)


class Journal:
    """The history rows of one chunk, collected and written at once."""

    def __init__(self, run: LongRun, now: datetime) -> None:
        owner = run.owner
        self.tail = (owner.pk if owner else None, None, None, None, now, None, owner.email if owner else None, run.pk)
        self.rows: list[Iterator[tuple]] = []

    def add(self, model: type[models.Model], action: int, entries: Iterable[tuple[int, str, str]]) -> None:
        """Note what happened to records of `model`: for each its key, what it is called, and JSON of {field: [before, after]}.

        `entries` is read when the journal is written, so that making it and storing it go side by side; it must not query.
        """
        head, tail = ContentType.objects.get_for_model(model).pk, self.tail
        self.rows.append((head, str(pk), pk, name, None, action, "", changes, *tail, None, None) for pk, name, changes in entries)

    def add_parts(
        self, model: type[models.Model], owner: type[models.Model], action: int, entries: Iterable[tuple[int, str, str, int]]
    ) -> None:
        """Note what happened to records of `model` that hang on records of `owner`: as `add`, and behind it the key of that record."""
        head, of, tail = ContentType.objects.get_for_model(model).pk, ContentType.objects.get_for_model(owner).pk, self.tail
        self.rows.append((head, str(pk), pk, name, None, action, "", changes, *tail, of, key) for pk, name, changes, key in entries)

    def write(self) -> None:
        """Write what was noted."""
        insert(Change, _COLUMNS, chain.from_iterable(self.rows))


class Creation:
    """How auditlog describes a new record of the model of `sample`: constant parts are encoded once, `given` differs from row to row;
    of what is given a row may leave out what `blank` holds for it."""

    def __init__(self, sample: models.Model, given: Iterable[str], blank: Mapping[str, Value] | None = None) -> None:
        described = model_instance_diff(None, sample, use_json_for_changes=True) or {}
        self.heads = {name: f'"{name}":[null,' for name in given}
        self.parts = dict.fromkeys(self.heads, "") | {name: self._part(name, value) for name, value in (blank or {}).items()}
        constant = {name: list(values) for name, values in described.items() if name not in self.heads}
        self.parts[""] = encode(constant)[1:-1]

    def _part(self, name: str, value: Value) -> str:
        return "" if value is None else f"{self.heads[name]}{quoted(value)}]"

    def changes(self, values: Mapping[str, Value]) -> str:
        """Return the JSON of a creation with `values` by field name; None is no change."""
        parts, heads = self.parts.copy(), self.heads
        for name, value in values.items():
            # Most values are texts and keys; a call for each would be a third of the time.
            if (kind := value.__class__) is str:
                parts[name] = f"{heads[name]}{encode_text(value)}]"
            else:
                parts[name] = f"{heads[name]}{value}]" if kind is int else self._part(name, value)
        return f"{{{','.join(filter(None, parts.values()))}}}"
