"""What only the whole file tells: for the Resource what set queries over the stage are for the engine."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING

import tablib
from django.core.exceptions import ValidationError

from clientdesk.models import User
from clientdesk.words import name_key, tidy
from clients.models import Client
from intake import sentences
from intake.cells import Stored
from intake.column import Column
from intake.hidden import hidden_external_id

if TYPE_CHECKING:
    from intake.declaring import Declaration


def quiet(column: Column, row: Mapping[str, str]) -> Stored:
    """Return the stored value of `column` in `row`, or None where it is blank, wrong or absent."""
    try:
        return column.clean(row) if column.column_name in row else None
    except ValidationError:
        return None


def is_example(cells: Mapping[str, str], columns: Iterable[Column], key: str = "name") -> bool:
    """Whether `cells` (text by column key) are the template's example row, untouched; column `key` holds its name."""
    fixed = [column for column in columns if column.example and column.key in cells]
    return any(column.key == key for column in fixed) and all((cells[column.key] or "").strip() == column.example for column in fixed)


class FileFacts:
    """What only the whole file tells: names and external IDs that several rows have, and owners of external IDs before it."""

    def __init__(self, source: "Declaration", dataset: tablib.Dataset) -> None:
        self.names: dict[str, list[int]] = {}
        self.external_ids: dict[str, list[int]] = {}
        self.numbers: dict[str, list[int]] = {}
        fields = source.fields
        for line, row in enumerate(dataset.dict, 2):
            if source.is_example(row):
                continue
            if name := quiet(fields["name"], row):
                self.names.setdefault(name_key(str(name)), []).append(line)
            if external_id := quiet(fields["external_id"], row):
                self.external_ids.setdefault(str(external_id), []).append(line)
            if number := quiet(fields["number"], row):
                self.numbers.setdefault(str(number), []).append(line)
        self.owners = {client.external_id: client for client in Client.objects.filter(external_id__in=self.external_ids)}

    def judge(
        self, instance: Client, by: User | None, given: Mapping[str, Stored], typed: Mapping[str, str], errors: dict[str, list[str]]
    ) -> None:
        """Add to `errors` what the other rows and clients have against this row; `given` holds its name, external ID and number, and
        `typed` the texts of these cells."""
        name, external_id, number = given["name"], given["external_id"], given["number"]
        owner = self.owners.get(str(external_id)) if external_id else None
        if owner and owner.pk != instance.pk:
            seen = owner.is_visible_to(by)
            sentence = (
                sentences.external_id_taken(str(external_id), owner.name, owner.number) if seen else hidden_external_id(str(external_id))
            )
            errors.setdefault("external_id", []).append(sentence)
        for key, lines in (
            ("name", self.names.get(name_key(str(name)), []) if name else []),
            ("external_id", self.external_ids.get(str(external_id), []) if external_id else []),
            ("number", self.numbers.get(str(number), []) if number else []),
        ):
            if len(lines) > 1:
                errors.setdefault(key, []).append(sentences.repeated(tidy(typed[key]), lines[0], lines[-1], len(lines)))

    def free_name(self, base: str) -> str:
        """Return `base`, numbered if the file or a client has it already (decision 3)."""
        for candidate in numbered(base):
            if name_key(candidate) not in self.names and not Client.objects.named(candidate).exists():
                return candidate
        raise AssertionError("unreachable")


def numbered(base: str, skip: int = 0) -> Iterator[str]:
    """Yield `base`, `base 2`, `base 3`, ... each at most 100 long, without the first `skip` of them."""
    if not skip:
        yield base
    for number in count(max(skip + 1, 2)):
        end = f" {number}"
        yield base[: 100 - len(end)].rstrip() + end
