"""Searching: how typed words narrow a queryset, and the search box over the sources that apps register in settings."""

import re
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from clientdesk.marks import Marks
from clientdesk.models import User
from clientdesk.page_keys import Asked, page_keys
from clientdesk.questions import terms, words
from clientdesk.stretches import trigrams
from clientdesk.trigrams import LATE

# A word of so many signs has parts that tell more than the rest; so many digits tell enough.
LONG_WORD, ENOUGH_DIGITS = 10, 6
_DIGITS = re.compile(r"\d+")


def telling(word: str) -> list[str]:
    """Return the parts of `word` by which an index is asked better than by the whole, or none: of a number its last digits by threes, in
    a long word few digits with a sign or two around. What most addresses or numbers share, such as `office@` or a country's code, would
    be looked up for nothing, and so would each three digits that begin within others."""
    runs = [run.span() for run in _DIGITS.finditer(word)]
    threes = [word[end - 3 : end] for first, last in reversed(runs) for end in range(last, first + 2, -3)]
    if sum(last - first for first, last in runs) > ENOUGH_DIGITS and len(threes) > 1:
        return threes[:3]
    if len(word) < LONG_WORD or not runs:
        return []
    start, end = max(runs, key=lambda span: (span[1] - span[0], span[1]))
    return [word[max(0, start - 2) : end + 2]]


def holding(text: str, column: str = "search_key", by_index: bool = True) -> Q:
    """Return the condition that the stored search text in `column` holds every term of `text` (clientdesk/questions), in the form that
    finds records by the index of words, or in the form that judges each record that is met. `%` and `_` are ordinary characters."""
    found = Q()
    for term in terms(text):
        ways = Q()
        for way in term.ways:
            every, sought = Q(), _looked_up(way) if by_index else ()
            for word in way:
                every &= _one(word, column, word in sought)
            ways |= every
        found &= ways
    return found


def _looked_up(way: tuple[str, ...]) -> list[str]:
    """Return the words of a number that an index is asked for: the last ones with digits enough, none of one or two signs beside others.
    What stands before them many numbers share."""
    found, digits = [], 0
    for word in reversed(way):
        if digits < ENOUGH_DIGITS and len(word) > 2:
            found.append(word)
            digits += sum(map(str.isdigit, word))
    return found or [max(way, key=len)]


def _one(word: str, column: str, by_index: bool) -> Q:
    if by_index and len(word) < 3:
        return _at_start(word, column)
    parts = telling(word) if by_index else []
    if by_index and not parts:
        return Q(**{f"{column}__contains": word})
    text, sought = (F(column), word) if len(word) > 2 else (Concat(Value(" "), F(column)), f" {word}")
    # Unlike LIKE this uses no index, and no planner takes it for rare: it walks in order until a page is full.
    met = Q(GreaterThan(StrIndex(text, Value(sought)), 0))
    for part in parts:
        met &= Q(**{f"{column}__contains": part})
    return met


def _at_start(word: str, column: str) -> Q:
    """Return the condition that a word begins with `word`. PostgreSQL reads its index once for an expression, twice for two patterns; it
    can cut only plain letters and digits out of an expression."""
    if connection.vendor == "postgresql" and word.isascii() and word.isalnum():
        return Q(**{f"{column}__regex": f"(^| ){word}"})
    return Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})


def written_late(text: str, column: str = "search_key") -> Q:
    """Return a condition that all records with the words of `text` in `column` fulfil, and an index has them in order (trigrams.LATE):
    names in Chinese, Japanese or Korean script stand behind most others, too far to walk there. Blank where no word is of this script."""
    if connection.vendor != "postgresql" or not any(re.search(LATE, word) for word in words(text)):
        return Q()
    return Q(**{f"{column}__regex": LATE})


def narrow[Records: QuerySet](queryset: Records, text: str, column: str = "search_key", by_index: bool = True) -> Records:
    """Return the records of `queryset` whose stored search text in `column` holds every word of `text` (`holding`)."""
    return queryset.filter(holding(text, column, by_index))


def among[Records: QuerySet](queryset: Records, keys: QuerySet, each: Q, by_index: bool) -> Records:
    """Return the records of `queryset` whose primary key is one of `keys`, a queryset of one column; `each` says the same of one record
    that is met."""
    return queryset.filter(pk__in=keys) if by_index else judged(queryset, each)


def judged[Records: QuerySet](queryset: Records, each: Q) -> Records:
    """Return the records of `queryset` of which `each` is true, asked of one after the other as they are met."""
    return queryset.filter(judging(each))


def judging(each: Q) -> Q:
    """Return the condition `each` as it is asked of one record after the other."""
    # Within CASE no planner makes a join of it, which would read every key before the first record.
    return Q(Case(When(each, then=Value(True)), default=Value(False), output_field=BooleanField()))


def first[Records: QuerySet](queryset: Records, text: str, columns: tuple[str, ...], limit: int, *, down: bool = False) -> Records:
    """Return the first `limit` records of `queryset` in the order of `columns` (`down`: from the largest on) that hold every word of
    `text`."""

    def narrowed(by_index: bool) -> QuerySet:
        return narrow(queryset, text, by_index=by_index)

    found = page_keys(
        Asked(queryset.model, narrowed, columns, limit, down, within=Q() if down else written_late(text), trigrams=trigrams(text))
    )
    order = [f"-{name}" for name in columns] if down else columns
    return queryset.filter(pk__in=found.keys).order_by(*order) if found.keys else queryset.none()


def just(column: str, outer: str) -> dict[str, OuterRef]:
    """Return the lookups of a subquery's `column` that make it the `outer` record's, so that PostgreSQL looks for each record that it
    meets: told a plain `=` it may read and hash the whole table first."""
    return {f"{column}__gte": OuterRef(outer), f"{column}__lte": OuterRef(outer)}


@dataclass(frozen=True)
class Hit:
    """One record that was found: `record` draws the avatar, `facts` stand beneath the title.

    `also` are further (label, text) that the question may have been found in: those are shown that it was found in.
    """

    title: str
    url: str
    record: object
    facts: list[str] = field(default_factory=list)
    also: list[tuple[str, str]] = field(default_factory=list)
    shown: list[SafeString] = field(default_factory=list)

    @property
    def title_html(self) -> SafeString:
        """The title with what was found in it marked."""
        return self.shown[0]

    @property
    def facts_html(self) -> list[SafeString]:
        """What stands beneath the title, with what was found in it marked."""
        return self.shown[1:]

    def marked(self, text: str) -> "Hit":
        """Return this hit as a page shows it: what was found of `text` is marked, each fact as HTML."""
        marks = Marks(text)
        told = [marks.html(fact) for fact in self.facts if fact]
        # A fact that stands there already is not told twice.
        further = [(label, marks.html(fact)) for label, fact in self.also if fact and fact not in self.facts and marks.are_in(fact)]
        more = [format_html("{} {}", label, fact) if label else fact for label, fact in further]
        return replace(self, shown=[marks.html(self.title), *told, *more])


@dataclass(frozen=True)
class Hits:
    """What one source found; `more_url` leads to its own list where there are more than shown."""

    label: str
    found: list[Hit]
    more_url: str = ""


def search(text: str, user: User, limit: int = 10) -> list[Hits]:
    """Ask every source of settings.SEARCH_SOURCES for `text`; return the groups that found something, in their order.

    A source finds only what `user` may see (XD33).
    """
    if not words(text):
        return []
    groups = (import_string(path)(text, limit, user) for path in settings.SEARCH_SOURCES)
    return [replace(group, found=[hit.marked(text) for hit in group.found]) for group in groups if group.found]
