"""A chunk of rows -> what the plan says about each: exact verdict, before and after of each cell, sentences. Writes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from django.core.exceptions import ValidationError

from clientdesk.words import name_key
from clients import custom, tax_numbers
from clients.models import Branch, Client
from clients.names import proposed_name
from intake import sentences
from intake.cells import PhoneWidget, Stored
from intake.column import Column
from intake.columns import resource
from intake.custom_columns import loaded, parted
from intake.file_facts import is_example
from intake.hidden import hidden, hidden_external_id, hidden_name
from intake.loading import encode, find
from intake.models import ImportRun, Verdict
from intake.reader import Row
from intake.references import ReferenceWidget

# The columns of the stage in the order in which `Judge.staged` gives their values.
STAGED = [
    "run_id", "line", "verdict", "name_key", "external_id", "target_id", "target_version",
    "raw", "values", "changes", "errors", "warnings",
]  # fmt: skip
_TARGET = ("id", "version", "kind", "number")


class Judged:
    """One row on its way to a verdict."""

    __slots__ = ("changes", "errors", "example", "hidden", "name_key", "phones", "row", "target", "values", "warnings")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.values: dict[str, Stored] = {}
        self.errors: dict[str, list[str]] = {}
        self.warnings: dict[str, list[str]] = {}
        self.changes: dict[str, list[Stored]] = {}
        self.target: dict[str, Stored] | None = None
        self.name_key: str | None = None
        self.phones: dict[str, str] = {}
        self.example = self.hidden = False

    def refuse(self, key: str, sentence: str) -> None:
        """Add a refusal of the cell `key`."""
        self.errors.setdefault(key, []).append(sentence)

    @property
    def verdict(self) -> str:
        """What the plan says about the row."""
        if self.example:
            return Verdict.SKIPPED
        if self.errors:
            return Verdict.ERROR
        if self.target is None:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.UNCHANGED


class Judge:
    """Judges the rows of one run. Make a new one for each chunk: it reads the settings lists when it is made."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.by = run, run.created_by
        source = resource(run.kind)
        source.prepare(run.created_by)
        self.fields: dict[str, Column] = source.fields
        # A custom field that is gone since the headers were read is read no more.
        self.mapped = [(position, self.fields[key]) for position, key in run.mapping if key in self.fields]
        self.cleaners = [(position, column.key, column.widget.quick, column.widget.clean) for position, column in self.mapped]
        self.references = {column.key: column.widget for column in self.fields.values() if isinstance(column.widget, ReferenceWidget)}
        self.default_branch = Branch.preselected()
        self.example_name = self.fields["name"].example
        self.phones = {column.key for column in source.columns() if isinstance(column.widget, PhoneWidget)}
        self.asked = source.asked
        self.columns = [*source._meta.fields, *(["custom"] if source.custom_keys else [])]

    def judge(self, rows: Iterable[Row]) -> Iterator[tuple]:
        """Return a tuple of STAGED values for each of `rows`; a handful of queries whatever their number, none while the result is read."""
        judged = [self._cleaned(row) for row in rows]
        self._find_targets(judged)
        self._check_external_ids(judged)
        for one in judged:
            self._compare(one)
        return map(self._staged, judged)

    def _cleaned(self, row: Row) -> Judged:
        one = Judged(row)
        cells, values = row.cells, one.values
        if row.error:
            one.refuse("", row.error)
        for position, key, quick, clean in self.cleaners:
            cell = cells[position]
            if not cell:
                continue
            if not isinstance(cell, str):
                one.refuse(key, cell.sentence)
            elif (stored := quick(cell)) is not None:
                values[key] = stored
            elif key in self.phones:
                one.phones[key] = cell
            else:
                self._clean(one, key, clean, cell)
        name = values.get("name")
        if name == self.example_name:
            texts_of_row = {column.key: str(cells[position]) for position, column in self.mapped}
            one.example = is_example(texts_of_row, self.fields.values())
        if name is not None and not one.example:
            one.name_key = name_key(str(name))
        return one

    def _clean(self, one: Judged, key: str, clean, cell: str, country: str = "") -> None:
        try:
            stored = clean(cell, country=country)
        except ValidationError as error:
            one.errors.setdefault(key, []).extend(error.messages)
        else:
            if stored is not None:
                one.values[key] = stored

    def _find_targets(self, judged: list[Judged]) -> None:
        keys = {one.name_key for one in judged if one.name_key is not None}
        names = (*_TARGET, *self.columns)
        found = find(Client, "name_key", keys, ("name_key", *names))
        targets = {row[0]: dict(zip(names, row[1:], strict=True)) for row in found}
        unseen = hidden((row[1] for row in found), self.by)
        for one in judged:
            one.target = targets.get(one.name_key)
            if one.target and one.target["id"] in unseen:
                one.hidden, one.target = True, None

    def _check_external_ids(self, judged: list[Judged]) -> None:
        given = {one.values["external_id"] for one in judged if "external_id" in one.values and not one.example}
        found = find(Client, "external_id", given, ("external_id", "id", "name", "number"))
        owners = {external_id: (pk, name, number) for external_id, pk, name, number in found}
        unseen = hidden((row[1] for row in found), self.by)
        for one in judged:
            if (external_id := one.values.get("external_id")) in owners and not one.example:
                pk, name, number = owners[external_id]
                if pk in unseen:
                    one.refuse("external_id", hidden_external_id(str(external_id)))
                elif one.target is None or one.target["id"] != pk:
                    one.refuse("external_id", sentences.external_id_taken(str(external_id), name, number))

    def _compare(self, one: Judged) -> None:
        if one.example:
            one.warnings[""] = [sentences.example_row()]
            return
        target = one.target
        country = str(one.values.get("country") or (target or {}).get("country") or "")
        for key, cell in one.phones.items():
            self._clean(one, key, self.fields[key].widget.clean, cell, country)
        self._check_tax_number(one, country)
        for key, reference in self.references.items():
            value = one.values.get(key)
            if isinstance(value, int) and value in reference.barred and (target is None or target[key] != value):
                one.refuse(key, reference.barred[value])
        if one.hidden:
            one.refuse("name", hidden_name())
            return
        if target is None:
            self._customize(one)
            self._complete(one)
            return
        if target["kind"] == Client.Kind.INDIVIDUAL:
            one.refuse("name", sentences.is_individual(str(target["name"]), str(target["number"])))
        if target["status"] == Client.Status.INACTIVE and "status" not in one.values:
            one.warnings["name"] = [sentences.is_inactive(str(target["name"]), str(target["number"]))]
        self._customize(one)
        before = loaded(target["custom"]) if "custom" in target else {}
        plain, given = parted(one.values)
        one.changes = {key: [target[key], value] for key, value in plain.items() if target[key] != value}
        after = cast("dict[str, Stored]", custom.merged(dict(before), dict(given)))
        one.changes |= {custom.column_name(key): [before.get(key), after[key]] for key in given if before.get(key) != after.get(key)}

    def _check_tax_number(self, one: Judged, country: str) -> None:
        """XD3, as the form: a number that is typed is measured by the rule of the client's country; one that is there may stay."""
        number = one.values.get("tax_number")
        if number is None or (one.target and one.target["tax_number"] == number):
            return
        if reason := tax_numbers.why_wrong(str(number), country):
            one.refuse("tax_number", reason)

    def _customize(self, one: Judged) -> None:
        """Refuse custom values that are not asked of such a client, and such a client without those that it needs (XD23)."""
        if not self.asked.fields or one.errors.keys() & {"company_type", "category"}:
            return
        old = one.target or {}
        kind = (old.get("company_type"), old.get("category"))
        about = (one.values.get("company_type", kind[0]), one.values.get("category", kind[1]))
        _plain, given = parted(one.values)
        before = loaded(old["custom"]) if one.target else None
        for key, said in self.asked.judge(given, before, about, moved=about != kind).items():
            one.errors.setdefault(key, said)

    def _complete(self, one: Judged) -> None:
        """Refuse what a new client lacks and give it the default branch; a missing name is proposed in a later phase."""
        legal_name = str(one.values.get("legal_name", ""))
        if not legal_name and "legal_name" not in one.errors:
            one.refuse("legal_name", self.fields["legal_name"].widget.required_sentence)
        if "name" not in one.values and "name" not in one.errors and not proposed_name(legal_name):
            one.refuse("name", sentences.no_name(legal_name))
        if "branch" not in one.values and "branch" not in one.errors:
            if self.default_branch is None:
                one.refuse("branch", sentences.no_branch())
            else:
                one.values["branch"] = self.default_branch.pk

    def _staged(self, one: Judged) -> tuple:
        verdict, values, target = one.verdict, one.values, one.target
        needs_values = verdict in {Verdict.NEW, Verdict.CHANGED}
        return (
            self.run.pk,
            one.row.line,
            verdict,
            one.name_key,
            values.get("external_id") if not one.example else None,
            target["id"] if target else None,
            target["version"] if target else None,
            raw_text(one.row.cells),
            encode(values) if needs_values else None,
            encode(one.changes) if verdict == Verdict.CHANGED else None,
            encode(one.errors) if one.errors else None,
            encode(one.warnings) if one.warnings else None,
        )


def raw_text(cells: Sequence[object]) -> str:
    """Return the texts of a row as JSON that every database can hold: what it cannot becomes the replacement character."""
    raw = [cell if isinstance(cell, str) else cell.raw for cell in cells]
    text = encode(raw)
    if "\\u0000" in text or not _encodes(text):
        text = encode([cell.replace("\x00", "\ufffd").encode("utf-8", "replace").decode() for cell in raw])
    return text


def _encodes(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
