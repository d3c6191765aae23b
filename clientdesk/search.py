"""Searching: how typed words narrow a queryset, and the search box over the sources that apps register in settings."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from clientdesk.models import User
from clientdesk.words import search_key

MOST_WORDS, LONGEST_WORD = 8, 60


def words(text: str) -> list[str]:
    """Return the folded words of `text` to search for: at most eight, each at most 60 characters; NUL and its like count as spaces."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[:1000])
    return [word[:LONGEST_WORD] for word in search_key(plain).split()][:MOST_WORDS]


def narrow[Records: QuerySet](queryset: Records, text: str, column: str = "search_key") -> Records:
    """Return the records of `queryset` whose stored search text in `column` holds every word of `text`.

    One or two Latin letters match at the start of a word only, anything longer anywhere; `%` and `_` are ordinary characters.
    """
    for word in words(text):
        if len(word) < 3 and word.isascii():
            queryset = queryset.filter(Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"}))
        else:
            queryset = queryset.filter(**{f"{column}__contains": word})
    return queryset


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
