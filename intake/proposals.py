"""What each column of a file is taken for, and why: as the last time, by the export of another product, by label or alias, by its values.

What is in doubt is a question to a person: two columns for one field, a required field without a column, a field proposed by its
values only, dates that may be read in two ways.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from django import forms

from clients import custom
from intake import foreign, looks, remembering, round_trip, sentences
from intake.column import Column
from intake.custom_columns import CustomWidget
from intake.dates import Choice, decimals_of, order_of
from intake.kinds import key_column, keys, resource
from intake.matching import Duplicate, match, normalised
from intake.models import ImportRun

# A field that is made from another one where the file has no column for it (decision 3).
MADE_FROM = {"name": "legal_name"}


class How(StrEnum):
    """What a column of a file was recognised by."""

    LABEL = "label"
    ALIAS = "alias"
    PRODUCT = "product"
    MEMORY = "memory"
    VALUES = "values"
    ROW = "row"


@dataclass(frozen=True)
class Guess:
    """What one column of a file is taken for; `key` is empty where it is known to be nothing of ours. `reason` is for `How.VALUES`."""

    key: str
    how: How
    reason: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a header row is taken for: a guess by position, and the questions. `product` is the name of the product that exported it."""

    guesses: dict[int, Guess]
    duplicates: list[Duplicate] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    product: str = ""
    options: dict[str, object] = field(default_factory=dict)
    unsure: dict[str, Choice] = field(default_factory=dict)
    # Signs that the file holds something else than what is imported.
    misplaced: list[str] = field(default_factory=list)

    def unknown(self, run: ImportRun) -> list[str]:
        """Return the headers of columns with values that nothing is known of."""
        doubles = {place for double in self.duplicates for place in double.positions}
        return [
            header
            for place, header in enumerate(run.headers)
            if header and place not in self.guesses and place not in doubles and place < len(run.samples) and run.samples[place]
        ]

    @cached_property
    def mapping(self) -> list[list[int | str]]:
        """The columns that are matched, as a run keeps them: [[position, column key], ...]."""
        return [[position, guess.key] for position, guess in sorted(self.guesses.items()) if guess.key]

    def questions(self, headers: Sequence[str], columns: Iterable[Column]) -> list[str]:
        """Return what a person must settle before the rows are read, a sentence each; none where everything is sure."""
        labels = {column.key: column.label for column in columns}
        places = {guess.key: place for place, guess in self.guesses.items()}
        asked = [*self.misplaced, *(sentences.missing_column(labels[key]) for key in self.missing)]
        for double in self.duplicates:
            same = sentences.repeated_header(double.headers[0])
            asked.append(same if double.same_text else sentences.two_headers(labels[double.key], double.headers))
        asked += [
            sentences.by_values(headers[place], labels[guess.key], guess.reason)
            for place, guess in self.guesses.items()
            if guess.how == How.VALUES
        ]
        return asked + [sentences.read_in_two_ways(headers[places[key]], labels[key]) for key in self.unsure]


def propose(run: ImportRun, columns: Sequence[Column], *, remembers: bool = True) -> Proposal:
    """Return what the headers of `run` are taken for, by its samples; `columns` are those of its kind. One query.

    Without `remembers` the proposal is what it were if nobody had ever confirmed such headers.
    """
    memory = remembering.recall(run.kind, run.headers) if remembers else None
    marks = {place: Guess("", How.ROW) for place in round_trip.places(run.headers).values()}
    if memory:
        known = {column.key for column in columns}
        guesses = {place: Guess(key if key in known else "", How.MEMORY) for place, key in memory.by_position.items()} | marks
        duplicates, product = [], ""
    else:
        guesses, duplicates, product = _by_headers(run, columns)
        guesses |= marks
        guesses |= _by_values(run, columns, guesses, duplicates)
    taken = {guess.key for guess in guesses.values()} | {double.key for double in duplicates}
    samples = {guess.key: _samples(run, place) for place, guess in guesses.items() if guess.key}
    options = (_offered(memory.options, run) if memory else {}) | run.options
    if marks:
        # What was exported from here is written in one way.
        points = {column.key: "." for column in columns if reads(column) == "decimals"}
        options = options | {"decimals": points | said_of(options, "decimals")} if points else options
    options, unsure = settled(columns, samples, options)
    misplaced = resource(run.kind).about(run.client).misplaced(run.headers, {place: guess.key for place, guess in guesses.items()})
    lacking = [] if misplaced else missing(columns, taken, run)
    return Proposal(guesses, duplicates, lacking, product, options, unsure, misplaced)


def missing(columns: Iterable[Column], taken: Collection[str], run: ImportRun) -> list[str]:
    """Return the keys of the columns that `run` needs and that are not among `taken`.

    A file that identifies its clients by something else than the name may do without names, and so may one that only updates or was
    exported for editing.
    """
    if round_trip.places(run.headers):
        return []
    update = run.mode == ImportRun.Mode.UPDATE
    if {key_column(run.kind, key) for key in keys(run.kind) if update or key != ImportRun.Key.NAME} & set(taken):
        return []
    lacking = [column.key for column in columns if column.required and column.key not in taken and MADE_FROM.get(column.key) not in taken]
    return resource(run.kind).lacking(lacking, taken)


def reads(column: Column) -> str:
    """Return "dates" or "decimals" where the texts of a column depend on how days or decimals are written, else an empty text."""
    form_field = getattr(column.widget, "form_field", None)
    if isinstance(form_field, forms.DateField):
        return "dates"
    return "decimals" if isinstance(form_field, forms.DecimalField | forms.FloatField) else ""


def said_of(options: Mapping[str, object], reading: str) -> dict[str, str]:
    """Return what `options` say of the dates or decimals of columns: the order or the sign by column key."""
    said = options.get(reading)
    return said if isinstance(said, dict) else {}


def read_as(columns: Iterable[Column], options: Mapping[str, object]) -> None:
    """Let the widgets of `columns` read days and decimals as the `options` of a run say."""
    for column in columns:
        if reading := reads(column):
            column.widget.reading = said_of(options, reading).get(column.key, "")


def choice_of(reading: str, samples: Sequence[str]) -> Choice:
    """Return what `samples` allow as the order of days (`reading` "dates") or as the decimal sign ("decimals")."""
    return order_of(samples) if reading == "dates" else decimals_of(samples)


def settled(
    columns: Sequence[Column], samples: Mapping[str, Sequence[str]], options: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, Choice]]:
    """Return `options` with how the dates and numbers of each mapped column are read, and the columns of which a person must say it.

    `samples` are by column key. What `options` say already stays; else the samples decide where they are sure.
    """
    said = {name: dict(said_of(options, name)) for name in ("dates", "decimals")}
    unsure = {}
    for column in columns:
        reading = reads(column)
        if not reading or column.key not in samples or column.key in said[reading]:
            continue
        choice = choice_of(reading, samples[column.key])
        if choice.sure and choice.matters:
            said[reading][column.key] = choice.sure
        elif choice.matters:
            unsure[column.key] = choice
    rest = {name: value for name, value in options.items() if name not in said}
    return rest | {name: chosen for name, chosen in said.items() if chosen}, unsure


def _offered(options: Mapping[str, object], run: ImportRun) -> dict[str, object]:
    """Return the remembered `options` without an encoding that this file of the same headers cannot have."""
    encodings = {one["value"] for one in run.found.get("encodings", [])}
    return {name: value for name, value in options.items() if name != "encoding" or value in encodings}


def _samples(run: ImportRun, position: int) -> Sequence[str]:
    return run.samples[position] if position < len(run.samples) else []


def _by_headers(run: ImportRun, columns: Sequence[Column]) -> tuple[dict[int, Guess], list[Duplicate], str]:
    product = foreign.recognised(run.headers)
    told = product.read(run.kind, run.headers, run.samples, [column.key for column in columns]) if product else {}
    guesses: dict[int, Guess] = {place: Guess("", How.PRODUCT) for place, key in told.items() if not key}
    duplicates = []
    for key, places in _claims(run.headers, columns, told).items():
        if len(places) > 1:
            duplicates.append(Duplicate(key, tuple(sorted(places)), tuple(run.headers[place] for place in sorted(places))))
        else:
            guesses |= {place: Guess(key, how) for place, how in places.items()}
    return guesses, duplicates, product.name if product else ""


def _claims(headers: Sequence[str], columns: Sequence[Column], told: Mapping[int, str]) -> dict[str, dict[int, How]]:
    """Return {column key: {position: how}} of every header that names a column; `told` is what the product's headers tell."""
    claims: dict[str, dict[int, How]] = {}
    for place, key in told.items():
        if key:
            claims.setdefault(key, {})[place] = How.PRODUCT
    labels = {column.key: normalised(column.label) for column in columns}
    # What the product writes and no column of ours holds may still be a custom field that somebody called so.
    custom_fields = [column for column in columns if column.key.startswith(custom.column_name(""))]
    for known, wanted in ((columns, lambda place: place not in told), (custom_fields, lambda place: told.get(place) == "")):
        matching = match([header if wanted(place) else "" for place, header in enumerate(headers)], known)
        found = list(matching.by_position.items()) + [(place, double.key) for double in matching.duplicates for place in double.positions]
        for place, key in found:
            claims.setdefault(key, {})[place] = How.LABEL if normalised(headers[place]) == labels[key] else How.ALIAS
    return claims


def _may_be_told_by_its_days(column: Column) -> bool:
    """Say whether a column of days may be meant by a header that says nothing: our own ones have names that people know."""
    return isinstance(column.widget, CustomWidget) and reads(column) == "dates"


def _by_values(
    run: ImportRun, columns: Sequence[Column], guesses: Mapping[int, Guess], duplicates: Sequence[Duplicate]
) -> dict[int, Guess]:
    asked = {place for double in duplicates for place in double.positions}
    taken = {guess.key for guess in guesses.values()} | {double.key for double in duplicates}
    unknown = {place: _samples(run, place) for place in range(len(run.headers)) if place not in guesses and place not in asked}
    free = [column for column in columns if column.key not in taken]
    found = looks.proposals(unknown, [column.key for column in free], [column.key for column in free if _may_be_told_by_its_days(column)])
    return {place: Guess(key, How.VALUES, reason) for place, (key, reason) in found.items()}
