"""Searching: how typed words narrow a queryset, and the search box over the sources that apps register in settings."""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.lookups import Contains
from django.utils.module_loading import import_string

from clientdesk.models import User
from clientdesk.page_keys import Asked, page_keys
from clientdesk.trigrams import LATE
from clientdesk.words import search_key

MOST_WORDS, LONGEST_WORD, LONG_WORD = 8, 60, 10
_DIGITS = re.compile(r"\d+")


def words(text: str) -> list[str]:
    """Return the folded words of `text` to search for: at most eight, each at most 60 characters; NUL and its like count as spaces."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[:1000])
    return [word[:LONGEST_WORD] for word in search_key(plain).split()][:MOST_WORDS]


@TextField.register_lookup
class Holds(Contains):
    """As `contains`, asked of each record that is met: no index is used."""

    lookup_name = "holds"
    shape = "({} || '')"

    def process_lhs(self, *args, **kwargs):
        sql, params = super().process_lhs(*args, **kwargs)
        return self.shape.format(sql), params

    def get_rhs_op(self, connection, rhs: str) -> str:
        return connection.operators["contains"] % rhs


@TextField.register_lookup
class HoldsWord(Holds):
    """Whether a word of the text begins with the given letters, which a space must stand before; no index is used."""

    lookup_name = "holds_word"
    shape = "(' ' || {})"


def telling(word: str) -> str:
    """Return the part of a long `word` by which an index is asked better than by the whole, or an empty text: the digits with a sign or
    two around. What most addresses share, such as `office@` and `.example`, would be looked up for nothing."""
    runs = sorted(_DIGITS.finditer(word), key=lambda run: run.end() - run.start())
    if len(word) < LONG_WORD or not runs:
        return ""
    start, end = runs[-1].span()
    return word[max(0, start - 2) : end + 2] if end - start < len(word) - 6 else ""


def holding(text: str, column: str = "search_key", by_index: bool = True) -> Q:
    """Return the condition that the stored search text in `column` holds every word of `text`, in the form that finds records by the
    index of words, or in the form that judges each record that is met.

    One or two letters match at the start of a word only, anything longer anywhere (words.findable makes words of the signs of scripts
    without spaces); `%` and `_` are ordinary characters.
    """
    found = Q()
    for word in words(text):
        if by_index and (part := telling(word)):
            found &= Q(**{f"{column}__contains": part, f"{column}__holds": word})
        elif len(word) > 2:
            found &= Q(**{f"{column}__{'contains' if by_index else 'holds'}": word})
        elif by_index:
            found &= Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})
        else:
            found &= Q(**{f"{column}__holds_word": f" {word}"})
    return found


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
    if by_index:
        return queryset.filter(pk__in=keys)
    # Within CASE no planner makes a join of it, which would read every key before the first record.
    return queryset.filter(Case(When(each, then=Value(True)), default=Value(False), output_field=BooleanField()))


def first[Records: QuerySet](queryset: Records, text: str, columns: tuple[str, ...], limit: int) -> Records:
    """Return the first `limit` records of `queryset` in the order of `columns` that hold every word of `text`."""

    def narrowed(by_index: bool) -> QuerySet:
        return narrow(queryset, text, by_index=by_index)

    found = page_keys(Asked(queryset.model, narrowed, columns, limit, within=written_late(text)))
    return queryset.filter(pk__in=found.keys).order_by(*columns) if found.keys else queryset.none()


def just(column: str, outer: str) -> dict[str, OuterRef]:
    """Return the lookups of a subquery's `column` that make it the `outer` record's, so that PostgreSQL looks for each record that it
    meets: told a plain `=` it may read and hash the whole table first."""
    return {f"{column}__gte": OuterRef(outer), f"{column}__lte": OuterRef(outer)}


@dataclass(frozen=True)
class Hit:
    """One record that was found: `record` draws the avatar, `facts` stand beneath the title."""

    title: str
    url: str
    record: object
    facts: list[str] = field(default_factory=list)


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
    return [group for group in groups if group.found]
