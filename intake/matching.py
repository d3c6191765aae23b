"""File headers -> columns: what each column of a file is, and what must be asked first."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

MARKS = re.compile(r"[^\w]|_")
IN_BRACKETS = re.compile(r"[(\[{（【].*?[)\]}）】]")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
PLURALS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"))


class Matchable(Protocol):
    """A column that can be imported: a key, the label of the template, other names it goes by, whether it must be there."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def aliases(self) -> Iterable[str]: ...
    @property
    def required(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Unknown:
    """A header that is none of our columns; it is not imported unless a person says what it is. Blank for a column without header."""

    position: int
    header: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Several headers that mean one column: a person must say which one counts. They may be written alike or not."""

    key: str
    positions: tuple[int, ...]
    headers: tuple[str, ...]

    @property
    def same_text(self) -> bool:
        """Whether the file repeats one header, rather than naming one thing in two ways."""
        return len(set(self.headers)) == 1


@dataclass(frozen=True, slots=True)
class Matching:
    """The answer: positions in the file -> column keys, and the questions. What is in question is in no mapping."""

    by_position: dict[int, str] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether rows can be read without asking: every required column is there once. Unknown headers do not hinder."""
        return not self.duplicates and not self.missing


def match(headers: Sequence[str], columns: Sequence[Matchable], dictionary: Mapping[str, str] | None = None) -> Matching:
    """Match headers by exact label, by alias, then alike apart from case, accents, punctuation and plural.

    `dictionary` gives more names (header -> column key), such as those of the exports of another product; it comes last.
    Raises ValueError if two columns claim one name: the declaration is wrong then.
    """
    find = _finder(columns, dictionary or {})
    claims: dict[str, list[int]] = defaultdict(list)
    unknown: list[Unknown] = []
    for position, header in enumerate(headers):
        if key := find(header):
            claims[key].append(position)
        else:
            unknown.append(Unknown(position, header))
    return Matching(
        by_position=dict(sorted((positions[0], key) for key, positions in claims.items() if len(positions) == 1)),
        unknown=unknown,
        duplicates=[
            Duplicate(key, tuple(positions), tuple(headers[position] for position in positions))
            for key, positions in claims.items()
            if len(positions) > 1
        ],
        missing=[column.key for column in columns if column.required and column.key not in claims],
    )


def scorer(columns: Sequence[Matchable], dictionary: Mapping[str, str] | None = None) -> Callable[[Sequence[str]], float]:
    """Make the function by which the reader finds the header row: how many different columns of ours a row of texts names."""
    find = _finder(columns, dictionary or {})
    return lambda texts: float(len({key for text in texts if (key := find(text))}))


# Each run matches again the names of every column, which are always the same.
@lru_cache(maxsize=16_384)
def normalised(header: str) -> str:
    """Give what two headers have in common that mean the same: `E-Mail Addresses*` and `e_mail address` are one.

    >>> normalised("E-Mail Addresses*")
    'emailaddress'
    """
    decomposed = unicodedata.normalize("NFKD", CAMEL.sub(" ", header).casefold())
    # A mark on a Latin, Greek or Cyrillic letter is an accent; elsewhere (Japanese, Thai, Hindi) it is part of the letter.
    plain = "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")
    words = MARKS.sub(" ", unicodedata.normalize("NFC", plain)).split()
    return "".join(map(_singular, words))


def _singular(word: str) -> str:
    if not word.isascii() or len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    return next((word.removesuffix(many) + one for many, one in PLURALS if word.endswith(many)), word[:-1])


def _finder(columns: Sequence[Matchable], dictionary: Mapping[str, str]) -> Callable[[str], str]:
    """Index the names in the order in which they count; the function gives a key, or nothing."""
    exact: dict[str, str] = {}
    alike: dict[str, str] = {}
    for column in columns:
        _claim(exact, _tidy(column.label), column.key)
        _claim(alike, normalised(column.label), column.key)
    labels = set(alike)
    for column in columns:
        for alias in (column.key, *column.aliases):
            if _tidy(alias) not in exact:
                exact[_tidy(alias)] = column.key
            if normalised(alias) not in labels:
                _claim(alike, normalised(alias), column.key)
    for header, key in dictionary.items():
        if name := normalised(header):
            alike.setdefault(name, key)

    def find(header: str) -> str:
        header = _tidy(header)
        if not header:
            return ""
        return exact.get(header) or alike.get(normalised(header)) or alike.get(normalised(IN_BRACKETS.sub(" ", header)), "")

    return find


def _claim(names: dict[str, str], name: str, key: str) -> None:
    if name and names.setdefault(name, key) != key:
        raise ValueError(f"The columns {names[name]} and {key} both claim the header {name!r}.")


def _tidy(header: str) -> str:
    return " ".join(header.split())


def is_clear(columns: Sequence[Matchable]) -> bool:
    """Whether no two of `columns` claim one name."""
    try:
        match([], columns)
    except ValueError:
        return False
    return True
