"""The search form *is* the filter: its fields narrow a queryset and never refuse, for their values come from an address."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as part
from functools import lru_cache

from django import forms
from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from clientdesk.models import Dictionary, Tree, User
from clientdesk.page_keys import Stream
from clientdesk.search import narrow, words, written_late
from clientdesk.stretches import groups, trigrams
from clientdesk.words import tidy

LONGEST_TEXT = 200


@dataclass(frozen=True)
class Chip:
    """One filter as the toolbar shows it: `options` are (value, label, chosen), `shown` is what is chosen, in words."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]
    shown: str
    single: bool

    @property
    def option_tags(self) -> SafeString:
        """The choices as <option> tags, for a select; 250 countries are rendered once, not on every page."""
        return _option_tags(tuple(self.options))


# An entry that can be chosen, as the database gives it: key, up to three words of its label, key of the entry above it or 0.
type EntryRow = tuple[int, str, str, str, int]


@dataclass
class Memo:
    """What the forms of one request found out, by field name: the choices, and in a tree the line of keys that leads to each entry.

    A page that shows all choices has them asked for `at_once`: in one statement as soon as the first is needed."""

    at_once: bool = False
    choices: dict[str, list[tuple[str, str]]] = part(default_factory=dict)
    lines: dict[str, dict[int, list[int]]] = part(default_factory=dict)
    fields: dict[str, "SomeOf"] = part(default_factory=dict)
    rows: dict[str, list[EntryRow]] = part(default_factory=dict)

    def entries(self, name: str) -> list[EntryRow]:
        """Return the entries that the field `name` offers, in their order."""
        if name not in self.rows:
            wanted = self.fields if self.at_once else {name: self.fields[name]}
            asked = {name: rows for name, field in wanted.items() if name not in self.rows and (rows := field.entries()) is not None}
            self.rows |= _in_one_statement(asked)
        return self.rows[name]


def _in_one_statement(asked: dict[str, QuerySet]) -> dict[str, list[EntryRow]]:
    """Return the rows of each queryset of `asked`, all of the same columns, in its order."""
    parts, params = [], []
    for number, queryset in enumerate(asked.values()):
        sql, values = queryset.query.get_compiler(queryset.db).as_sql()
        parts.append(f"SELECT {number} AS source, ROW_NUMBER() OVER () AS place, entries.* FROM ({sql}) entries")  # noqa: S608
        params.extend(values)
    found: dict[str, list[EntryRow]] = {name: [] for name in asked}
    names = list(asked)
    with connection.cursor() as cursor:
        # The text comes from the ORM's own compiler.
        cursor.execute(f"{' UNION ALL '.join(parts)} ORDER BY 1, 2", params)
        for source, _place, *row in cursor.fetchall():
            found[names[source]].append(tuple(row))
    return found


@lru_cache(maxsize=64)
def _option_tags(options: tuple[tuple[str, str, bool], ...]) -> SafeString:
    return format_html_join(
        "", '<option value="{}"{}>{}</option>', ((value, SafeString(" selected" * chosen), label) for value, label, chosen in options)
    )


class Filter[Chosen](forms.Field):
    """One field of a search form. A page of a list is found by its filters, or by looking at records in order (clientdesk/page_keys)."""

    # Whether `narrow` finds records by an index of its own, or judges each that is met.
    by_index = True

    def stream(self, value: Chosen, columns: tuple[str, ...]) -> Stream | None:
        """Return what gives the records that `value` leaves in the order of `columns`, where an index has them so."""
        return None

    def within(self, value: Chosen) -> Q:
        """Return what is true of all records that `value` leaves, where an index has those of which it is true in order."""
        return Q()

    def trigrams(self, value: Chosen) -> tuple[str, ...]:
        """Return trigrams or marks that all records have which `value` leaves (clientdesk/stretches)."""
        return ()

    def marks(self, value: Chosen) -> tuple[str, Iterable[object]] | None:
        """Return the letter and the values of the marks of which each record has one that `value` leaves, where it is marked so."""
        return None


class Words(Filter[str], forms.CharField):
    """Typed words, ANDed over the stored search text in `column`."""

    def __init__(self, *, column: str = "search_key", **kwargs) -> None:
        super().__init__(required=False, **kwargs)
        self.column = column

    def read(self, params: QueryDict, name: str) -> str:
        """Return the words of the address, tidied and bounded, or an empty text."""
        text = tidy(params.get(name, "")[:LONGEST_TEXT].replace("\x00", " "))
        return text if words(text) else ""

    def within(self, value: str) -> Q:
        """Return the condition of an index of records in a script whose names stand late in the order, where a word is written in it."""
        return written_late(value, self.column)

    def trigrams(self, value: str) -> tuple[str, ...]:
        """Return the trigrams of the words."""
        return trigrams(value) if self.column == "search_key" else ()

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the records that hold every word."""
        return narrow(queryset, value, self.column, self.by_index)


class SomeOf(Filter[list[str]], forms.MultipleChoiceField):
    """Any of the chosen values of `column`; values that are no choice are ignored. They are `choices`, which may be a function, or the
    entries of the settings list `dictionary`. Where records are marked with their value, marks begin with `letter`.

    The form hands over its `reader` (who looks) and a `memo`, in which each field keeps its choices by its `name`: the database is
    asked once, and only where a choice is needed.
    """

    def __init__(
        self, *, column: str = "", letter: str = "", choices: object = (), dictionary: type[Dictionary] | None = None, **kwargs
    ) -> None:
        super().__init__(required=False, choices=choices, **kwargs)
        self.column, self.name, self.dictionary, self.letter = column, "", dictionary, letter
        # A list with such a filter has an index of the column with the order behind it.
        self.column_in_order = bool(column)
        self.reader: User | None = None
        self.memo = Memo()

    @property
    def known(self) -> list[tuple[str, str]]:
        """The choices as (value, label)."""
        if self.name not in self.memo.choices:
            self.memo.choices[self.name] = self.ask()
        return self.memo.choices[self.name]

    def entries(self) -> QuerySet | None:
        """Return what to ask the database for (EntryRow), or None where the choices do not stand there."""
        if self.dictionary is None:
            return None
        return self.dictionary._default_manager.values_list("pk", "name", Value(""), Value(""), Value(0))

    def ask(self) -> list[tuple[str, str]]:
        """Find the choices out."""
        if self.dictionary:
            return [(str(pk), name) for pk, name, *_more in self.memo.entries(self.name)]
        return [(str(value), str(label)) for value, label in self.choices]  # ty: ignore[not-iterable]

    def read(self, params: QueryDict, name: str) -> list[str]:
        """Return the known values of the address, each once, in the order of the choices."""
        wanted = set(filter(None, params.getlist(name)))
        return [value for value, _ in self.known if value in wanted] if wanted else []

    def meant(self, value: list[str]) -> Iterable[object]:
        """Return what the column may hold where `value` is chosen."""
        return value

    def marks(self, value: list[str]) -> tuple[str, Iterable[object]] | None:
        return (self.letter, self.meant(value)) if self.letter else None

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the records whose column holds one of `value`."""
        return queryset.filter(**{f"{self.column}__in": self.meant(value)})


class OneOf(SomeOf):
    """At most one value of `column`, for long lists of choices."""

    def read(self, params: QueryDict, name: str) -> list[str]:
        """Return the first known value of the address in a list, or an empty list."""
        return super().read(params, name)[:1]


class TreeOf(SomeOf):
    """Any of the chosen entries of the settings tree `tree`; an entry counts for those beneath it (SD3)."""

    def __init__(self, *, tree: type[Tree], column: str, **kwargs) -> None:
        super().__init__(column=column, **kwargs)
        self.tree = tree

    def entries(self) -> QuerySet | None:
        """Return the entries of the tree with those above them."""
        return self.tree._default_manager.values_list("pk", "name", Value(""), Value(""), Coalesce("parent_id", 0))

    def ask(self) -> list[tuple[str, str]]:
        """Find the entries out as (key, path from the top down), in the order of the tree, and the line of keys that leads to each."""
        entries = {pk: (name, parent) for pk, name, _second, _third, parent in self.memo.entries(self.name)}
        lines: dict[int, list[int]] = {}
        for pk in entries:
            line, above = [pk], entries[pk][1]
            while above in entries and above not in line:
                line.insert(0, above)
                above = entries[above][1]
            lines[pk] = line
        self.memo.lines[self.name] = lines
        place = {pk: number for number, pk in enumerate(entries)}
        ordered = sorted(lines, key=lambda pk: [place[step] for step in lines[pk]])
        return [(str(pk), " › ".join(entries[step][0] for step in lines[pk])) for pk in ordered]

    def meant(self, value: list[str]) -> Iterable[object]:
        """Return the keys of the entries `value` and of those beneath them."""
        wanted = {int(pk) for pk in value}
        return [pk for pk, line in self.memo.lines[self.name].items() if wanted & set(line)]


class SearchForm(forms.Form):
    """The filters of one list. `chosen` holds what the address asks for and what exists, by field name.

    `reader` is who looks; forms that share a `memo` ask for their choices only once.
    """

    # The letters of marks in the order in which a mark of two values has them.
    letters = ""
    # Whether one filter alone is found by its mark, too, since it has no index in order.
    marked_alone = False

    def __init__(self, params: QueryDict, reader: User | None = None, memo: Memo | None = None, **kwargs) -> None:
        super().__init__(params, **kwargs)
        memo = memo or Memo()
        for name, field in self.fields.items():
            if isinstance(field, SomeOf):
                field.name, field.reader, field.memo = name, reader, memo
                memo.fields[name] = field
        self.chosen = {name: value for name, field in self.fields.items() if (value := field.read(params, name))}

    def filter(self, queryset: QuerySet, by_index: bool = True) -> QuerySet:
        """Return the records of `queryset` that every chosen filter leaves; each filter is told whether to find them `by_index`."""
        return self.narrow(queryset, self.chosen, by_index)

    def narrow(self, queryset: QuerySet, names: Iterable[str], by_index: bool = True) -> QuerySet:
        """Return the records of `queryset` that the chosen filters `names` leave."""
        for name in names:
            self.fields[name].by_index = by_index
            queryset = self.fields[name].narrow(queryset, self.chosen[name])
        return queryset

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Groups of marks, of each of which every record has one that the filters leave (clientdesk/stretches)."""
        marked = [marks for name, value in self.chosen.items() if (marks := self.fields[name].marks(value))]
        return groups(self.letters, marked) if len(marked) > 1 or (marked and (self.marked_alone or self.has_words)) else ()

    @property
    def has_words(self) -> bool:
        """Whether words are typed."""
        return any(isinstance(self.fields[name], Words) for name in self.chosen)

    @property
    def is_hard(self) -> bool:
        """Whether no index has what the filters leave in order: several filters, or one that asks more than one column."""
        return len(self.chosen) > 1 or any(not getattr(self.fields[name], "column_in_order", False) for name in self.chosen)

    def stream(self, columns: tuple[str, ...]) -> Stream | None:
        """Return what gives the records that one of the filters leaves in the order of `columns`, where an index has them so."""
        streams = (self.fields[name].stream(value, columns) for name, value in self.chosen.items())
        return next((stream for stream in streams if stream), None)

    @property
    def within(self) -> Q:
        """What is true of all records that the filters leave, and an index has the records of which it is true in order."""
        found = Q()
        for name, value in self.chosen.items():
            found &= self.fields[name].within(value)
        return found

    @property
    def trigrams(self) -> tuple[str, ...]:
        """Trigrams and marks that all records have which the filters leave."""
        return tuple(trigram for name, value in self.chosen.items() for trigram in self.fields[name].trigrams(value))

    def chips(self) -> list[Chip]:
        """Return the filters with choices, for the toolbar; one without choices is left out."""
        return [
            self._chip(name, field, self.chosen.get(name, []))
            for name, field in self.fields.items()
            if isinstance(field, SomeOf) and field.known
        ]

    def _chip(self, name: str, field: SomeOf, chosen: Iterable[str]) -> Chip:
        chosen = set(chosen)
        options = [(value, label, value in chosen) for value, label in field.known]
        labels = [label for _, label, is_chosen in options if is_chosen]
        shown = (
            ", ".join(labels) if len(labels) < 4 else ngettext("%(count)d chosen", "%(count)d chosen", len(labels)) % {"count": len(labels)}
        )
        return Chip(name, str(field.label), options, shown, isinstance(field, OneOf))
