"""Searching: how typed words narrow a queryset, and the search box over the sources that apps register in settings."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from clientdesk.models import User
from clientdesk.words import search_key

MOST_WORDS, LONGEST_WORD = 8, 60
# So many keys are looked up quicker than an index in the order of the list is read until a page of them is full.
MOST_KEYS = 4_000


def words(text: str) -> list[str]:
    """Return the folded words of `text` to search for: at most eight, each at most 60 characters; NUL and its like count as spaces."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[:1000])
    return [word[:LONGEST_WORD] for word in search_key(plain).split()][:MOST_WORDS]


def narrow[Records: QuerySet](queryset: Records, text: str, column: str = "search_key") -> Records:
    """Return the records of `queryset` whose stored search text in `column` holds every word of `text`.

    One or two letters match at the start of a word only, anything longer anywhere (words.findable makes words of the signs of scripts
    without spaces); `%` and `_` are ordinary characters.
    """
    for word in words(text):
        if len(word) < 3:
            queryset = queryset.filter(Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"}))
        else:
            queryset = queryset.filter(**{f"{column}__contains": word})
    return queryset


def among[Records: QuerySet](queryset: Records, keys: QuerySet, each: Q) -> Records:
    """Return the records of `queryset` whose primary key is one of `keys`, a queryset of one column; `each` says the same of one record.

    Which of the two shapes is quick depends on how many there are, and no planner knows: some thousand keys are asked for first.
    """
    found = set(keys[: MOST_KEYS + 1])
    return queryset.filter(pk__in=found) if len(found) <= MOST_KEYS else queryset.filter(each)


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
